"""What managers do with a model: values of customers, indices, maps and classes."""

from lvmodels.loyalty import indices, lifetime

__all__ = ["indices", "lifetime"]
