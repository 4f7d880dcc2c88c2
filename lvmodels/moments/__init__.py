"""Sufficient statistics of the data, and whether they can be analysed."""
