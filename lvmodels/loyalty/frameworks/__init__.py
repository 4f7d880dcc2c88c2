"""Frameworks: models that the literature knows by name, each with instrument, hypotheses and simulated population."""

from lvmodels.loyalty.frameworks.catalogue import Catalogue, frameworks
from lvmodels.loyalty.frameworks.facets import FacetRegression, facet_regression
from lvmodels.loyalty.frameworks.hypotheses import hypotheses_table
from lvmodels.loyalty.frameworks.record import Framework, Hypothesis
from lvmodels.loyalty.frameworks.units import join_units
from lvmodels.loyalty.frameworks.waves import wave_changes

__all__ = [
    "Catalogue",
    "FacetRegression",
    "Framework",
    "Hypothesis",
    "facet_regression",
    "frameworks",
    "hypotheses_table",
    "join_units",
    "wave_changes",
]
