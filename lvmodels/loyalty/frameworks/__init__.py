"""Frameworks: models that the literature knows by name, each with instrument, hypotheses and simulated population."""

from lvmodels.loyalty.frameworks.catalogue import Catalogue, frameworks
from lvmodels.loyalty.frameworks.record import Framework, Hypothesis

__all__ = ["Catalogue", "Framework", "Hypothesis", "frameworks"]
