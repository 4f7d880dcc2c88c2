"""What managers do with a model: values of customers, indices, maps and classes."""
