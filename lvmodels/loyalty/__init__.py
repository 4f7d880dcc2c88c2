"""What managers do with a model: values of customers, indices, maps and classes."""

from lvmodels.loyalty import lifetime

__all__ = ["lifetime"]
