"""Fitting a model: `sem`, `cfa`, `growth`, `lavaan`, and the record `Fit` that they return."""

from lvmodels.estimate.derived import derived
from lvmodels.fit.pipeline import cfa, growth, lavaan, sem
from lvmodels.fit.record import Fit

__all__ = ["Fit", "cfa", "derived", "growth", "lavaan", "sem"]
