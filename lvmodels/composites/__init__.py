"""Partial least squares: constructs as weighted sums of their items, and paths among them."""
