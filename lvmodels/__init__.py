"""Structural equation models for customer surveys: from answers to a value–loyalty report.

The public names load on first use, so `import lvmodels` costs next to nothing.

Examples
--------
>>> import lvmodels as lv
>>> "sem" in dir(lv)
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lvmodels import datasets as datasets
    from lvmodels import errors as errors
    from lvmodels import instruments as instruments
    from lvmodels.assess.compare import compare as compare
    from lvmodels.assess.invariance import invariance as invariance
    from lvmodels.assess.longitudinal import longitudinal_invariance as longitudinal_invariance
    from lvmodels.assess.ranking import rank_models as rank_models
    from lvmodels.assess.score_tests import score_tests as score_tests
    from lvmodels.assess.slopes import johnson_neyman as johnson_neyman
    from lvmodels.assess.slopes import simple_slopes as simple_slopes
    from lvmodels.composites.fit import PlsFit as PlsFit
    from lvmodels.composites.pipeline import pls as pls
    from lvmodels.fit import Fit as Fit
    from lvmodels.fit import cfa as cfa
    from lvmodels.fit import growth as growth
    from lvmodels.fit import lavaan as lavaan
    from lvmodels.fit import sem as sem
    from lvmodels.loyalty import indices as indices
    from lvmodels.loyalty import lifetime as lifetime
    from lvmodels.loyalty import segments as segments
    from lvmodels.loyalty.frameworks.catalogue import frameworks as frameworks
    from lvmodels.loyalty.frameworks.facets import facet_regression as facet_regression
    from lvmodels.loyalty.frameworks.hypotheses import hypotheses_table as hypotheses_table
    from lvmodels.loyalty.frameworks.record import Framework as Framework
    from lvmodels.loyalty.frameworks.units import join_units as join_units
    from lvmodels.loyalty.frameworks.waves import wave_changes as wave_changes
    from lvmodels.loyalty.improvement import value_of_improvement as value_of_improvement
    from lvmodels.measurement.alpha import cronbach_alpha as cronbach_alpha
    from lvmodels.measurement.collinearity import vif as vif
    from lvmodels.measurement.discriminant import cross_loadings as cross_loadings
    from lvmodels.measurement.discriminant import fornell_larcker as fornell_larcker
    from lvmodels.measurement.factorability import factorability as factorability
    from lvmodels.measurement.factors.bifactor import bifactor as bifactor
    from lvmodels.measurement.factors.efa import efa as efa
    from lvmodels.measurement.factors.hull import hull as hull
    from lvmodels.measurement.factors.parallel import parallel_analysis as parallel_analysis
    from lvmodels.measurement.factors.retention import empirical_kaiser as empirical_kaiser
    from lvmodels.measurement.factors.retention import map_test as map_test
    from lvmodels.measurement.htmt import htmt as htmt
    from lvmodels.measurement.marker import marker_variable as marker_variable
    from lvmodels.measurement.method_bias import harman as harman
    from lvmodels.measurement.method_bias import method_factor as method_factor
    from lvmodels.measurement.missing import little_mcar as little_mcar
    from lvmodels.measurement.missing import missing_patterns as missing_patterns
    from lvmodels.measurement.normality import mardia as mardia
    from lvmodels.measurement.polychoric import polychoric as polychoric
    from lvmodels.measurement.reliability import reliability as reliability
    from lvmodels.measurement.tetrads import tetrads as tetrads
    from lvmodels.report.codebook import codebook as codebook
    from lvmodels.report.loyalty_figures import draw as draw
    from lvmodels.report.measurement_plan import write_plan as write_plan
    from lvmodels.report.moderation_plot import moderation_plot as moderation_plot
    from lvmodels.report.questionnaire_files import write_questionnaire as write_questionnaire
    from lvmodels.report.side_by_side import side_by_side as side_by_side
    from lvmodels.report.validity import validity as validity
    from lvmodels.survey.drafting import draft_instrument as draft_instrument
    from lvmodels.survey.files import Survey as Survey
    from lvmodels.survey.files import read_survey as read_survey
    from lvmodels.survey.instrument import Instrument as Instrument
    from lvmodels.survey.platforms.writing import write_export as write_export
    from lvmodels.survey.scale_scores import scale_scores as scale_scores
    from lvmodels.survey.screening.screening import screen as screen

__version__ = "0.1.0"

# Public name → the module it lives in. A name that is a module itself maps to its own path.
_HOME = {
    "sem": "lvmodels.fit",
    "cfa": "lvmodels.fit",
    "growth": "lvmodels.fit",
    "lavaan": "lvmodels.fit",
    "Fit": "lvmodels.fit",
    "compare": "lvmodels.assess.compare",
    "invariance": "lvmodels.assess.invariance",
    "longitudinal_invariance": "lvmodels.assess.longitudinal",
    "score_tests": "lvmodels.assess.score_tests",
    "simple_slopes": "lvmodels.assess.slopes",
    "johnson_neyman": "lvmodels.assess.slopes",
    "moderation_plot": "lvmodels.report.moderation_plot",
    "efa": "lvmodels.measurement.factors.efa",
    "bifactor": "lvmodels.measurement.factors.bifactor",
    "parallel_analysis": "lvmodels.measurement.factors.parallel",
    "hull": "lvmodels.measurement.factors.hull",
    "map_test": "lvmodels.measurement.factors.retention",
    "empirical_kaiser": "lvmodels.measurement.factors.retention",
    "cronbach_alpha": "lvmodels.measurement.alpha",
    "factorability": "lvmodels.measurement.factorability",
    "little_mcar": "lvmodels.measurement.missing",
    "missing_patterns": "lvmodels.measurement.missing",
    "mardia": "lvmodels.measurement.normality",
    "polychoric": "lvmodels.measurement.polychoric",
    "pls": "lvmodels.composites.pipeline",
    "PlsFit": "lvmodels.composites.fit",
    "Instrument": "lvmodels.survey.instrument",
    "Survey": "lvmodels.survey.files",
    "read_survey": "lvmodels.survey.files",
    "write_export": "lvmodels.survey.platforms.writing",
    "htmt": "lvmodels.measurement.htmt",
    "fornell_larcker": "lvmodels.measurement.discriminant",
    "cross_loadings": "lvmodels.measurement.discriminant",
    "vif": "lvmodels.measurement.collinearity",
    "harman": "lvmodels.measurement.method_bias",
    "method_factor": "lvmodels.measurement.method_bias",
    "marker_variable": "lvmodels.measurement.marker",
    "tetrads": "lvmodels.measurement.tetrads",
    "reliability": "lvmodels.measurement.reliability",
    "scale_scores": "lvmodels.survey.scale_scores",
    "codebook": "lvmodels.report.codebook",
    "side_by_side": "lvmodels.report.side_by_side",
    "validity": "lvmodels.report.validity",
    "screen": "lvmodels.survey.screening.screening",
    "draft_instrument": "lvmodels.survey.drafting",
    "write_questionnaire": "lvmodels.report.questionnaire_files",
    "rank_models": "lvmodels.assess.ranking",
    "frameworks": "lvmodels.loyalty.frameworks.catalogue",
    "hypotheses_table": "lvmodels.loyalty.frameworks.hypotheses",
    "facet_regression": "lvmodels.loyalty.frameworks.facets",
    "join_units": "lvmodels.loyalty.frameworks.units",
    "wave_changes": "lvmodels.loyalty.frameworks.waves",
    "Framework": "lvmodels.loyalty.frameworks.record",
    "datasets": "lvmodels.datasets",
    "instruments": "lvmodels.instruments",
    "lifetime": "lvmodels.loyalty",
    "segments": "lvmodels.loyalty",
    "indices": "lvmodels.loyalty",
    "draw": "lvmodels.report.loyalty_figures",
    "write_plan": "lvmodels.report.measurement_plan",
    "value_of_improvement": "lvmodels.loyalty.improvement",
    "errors": "lvmodels.errors",
}

__all__ = ["__version__", *_HOME]  # noqa: PLE0604


def __getattr__(name: str) -> object:
    """Load a public name the first time it is asked for (PEP 562)."""
    home = _HOME.get(name)
    if home is None:
        from lvmodels.errors import nearest

        message = f"module 'lvmodels' has no attribute {name!r}. {nearest(name, __all__)}"
        raise AttributeError(message.rstrip())
    module = import_module(home)
    value: object = module if home == f"{__name__}.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__} - {"TYPE_CHECKING", "annotations", "import_module"})
