"""What managers do with a model: values of customers, indices, maps and classes."""

from lvmodels.loyalty import indices, lifetime, segments

__all__ = ["indices", "lifetime", "segments"]
