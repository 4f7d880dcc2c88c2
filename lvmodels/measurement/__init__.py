"""Whether the scales measure anything: correlations of ordinal answers, reliability, validity, factors."""
