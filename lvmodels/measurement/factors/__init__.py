"""Exploratory factors: correlations, extraction, errors, fit, scores, and how many factors there are."""
