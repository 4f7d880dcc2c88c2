"""The whole pipeline on one screen.

model text -> ModelText -> ParameterTable -> Template ┐
                                                      ├─ Objective -> Optimum -> Fit
data -> DataMatrix -> Moments ────────────────────────┘
"""

from __future__ import annotations

import inspect
import warnings as python_warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Unpack

from lvmodels.errors import ModelTypeError
from lvmodels.estimate.choices import AVAILABLE, choice_of
from lvmodels.estimate.contradictions import refuse_contradictions
from lvmodels.estimate.objective import make_objective
from lvmodels.estimate.rotation_settings import rotation_settings
from lvmodels.estimate.settings import DERIVED, FitOptions, Kind, Settings, settle
from lvmodels.estimate.threads import one_thread
from lvmodels.fit.categories import with_ordered_columns
from lvmodels.fit.exploratory import rotated_start
from lvmodels.fit.inspection import check_degrees_of_freedom, check_identification, solution_warnings
from lvmodels.fit.latent_products import on_own_nodes, searched, with_cases
from lvmodels.fit.preparation import first_evaluation, prepare_data, table_options, with_weights
from lvmodels.fit.record import Fit
from lvmodels.fit.rescue import search_again
from lvmodels.fit.saturated import with_saturated_covariates
from lvmodels.model.levels import level_numbers, level_roles
from lvmodels.model.product_indicators import ProductIndicators, product_indicators
from lvmodels.model.records import ModelText
from lvmodels.model.specification import specify
from lvmodels.model.syntax import parse_model
from lvmodels.model.table import model_variables
from lvmodels.model.variables import Variables


@one_thread
def _fit(kind: Kind, model: str, data: Any, options: FitOptions) -> Fit:
    if not isinstance(model, str):
        raise ModelTypeError(f"the model is a {type(model).__name__}; pass its text, such as 'y ~ x1 + x2'.")
    more = options.get("constraints")
    full = f"{model}\n{more}" if more and isinstance(more, str) else model
    text = parse_model(full)
    variables = model_variables(text)
    indicators = _product_indicators(text, variables, options)
    if indicators is not None:
        full = f"{full}\n{indicators.lines}"
        text = parse_model(full)
        variables = model_variables(text)
    roles = level_roles(text) if level_numbers(text) else ()
    outcomes = tuple(name for name in variables.observed if name not in variables.covariates)
    options = with_ordered_columns(options, data, variables)
    settings = settle(kind, options, outcomes, two_level=bool(roles), products=bool(variables.products))
    refuse_contradictions(settings, two_level=bool(roles), products=variables.products)
    prepared = prepare_data(settings, variables, data, roles, indicators.columns if indicators is not None else ())
    labels = prepared.group_labels
    automatic = table_options(settings, text, len(labels), prepared.ordered)
    prepared = with_weights(settings, prepared, automatic.meanstructure)
    specification = specify(full, automatic, labels)
    moments = with_saturated_covariates(specification.table, prepared.moments)
    prepared = replace(prepared, moments=with_cases(specification.template, moments, prepared.data))
    turned = None
    if specification.table.exploratory:
        rotation = rotation_settings(settings.rotation, settings.rotation_args)
        specification, turned = rotated_start(specification, prepared.moments, rotation, settings.unbiased)
    check_degrees_of_freedom(specification.template, specification.restrictions)
    objective = make_objective(specification, prepared.moments, unbiased=settings.unbiased)
    start = turned or first_evaluation(objective, specification.table)
    bound = specification.restrictions.equalities or specification.restrictions.inequalities
    optimum = searched(objective, start)
    if not (optimum.converged or bound):
        optimum = search_again(specification, objective, optimum, settings.unbiased)
    objective, optimum = on_own_nodes(objective, optimum)
    singular = check_identification(objective, specification.table, optimum, start)
    dubious = solution_warnings(objective, specification.table, optimum, singular)
    found = (*prepared.warnings, *dubious)
    fit = Fit(settings, text, prepared, specification.table, objective, optimum, singular, found)
    for warning in found:
        python_warnings.warn(warning, stacklevel=4)
    return fit


def _product_indicators(text: ModelText, variables: Variables, options: FitOptions) -> ProductIndicators | None:
    """What measures the products of latent variables, where that is asked for."""
    scheme = choice_of("latent_product", options.get("latent_product", "lms"), AVAILABLE["latent_product"])
    if scheme == "lms" or not variables.products:
        return None
    return product_indicators(text, variables, all_pairs=scheme == "product.indicator.all")


def sem(model: str, data: Any = None, **options: Unpack[FitOptions]) -> Fit:
    """Fit a structural equation model.

    Parameters
    ----------
    model : str
        The model in lavaan's language: ``=~`` is measured by, ``~`` is regressed on, ``~~`` covaries with, ``~ 1``
        intercept, ``:=`` defined parameter, ``==`` ``<`` ``>`` constraints. ``x:z`` on the right of ``~`` is a product,
        of columns or of latent variables.
    data : data frame, Survey or path, optional
        Any frame that narwhals knows (pandas, Polars, PyArrow, DuckDB, ...), or moments through `sample_cov`.
    **options
        The options of `lvmodels.estimate.settings.Settings`, under lavaan's names with ``_`` for ``.``.

    Returns
    -------
    Fit

    Raises
    ------
    ModelError
        When the model cannot be read, or cannot be identified from any data.
    DataError
        When the data cannot be analysed.
    UnknownOptionError, OptionValueError
        For options that do not exist.

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.sem("ind60 =~ x1 + x2 + x3", lv.datasets.load("political_democracy"))
    >>> fit.df
    0
    >>> round(float(fit.estimates().loc[1, "est"]), 3)
    2.193
    """
    return _fit("sem", model, data, options)


def cfa(model: str, data: Any = None, **options: Unpack[FitOptions]) -> Fit:
    """Fit a confirmatory factor analysis; the same as `sem`, under the name of its use.

    Examples
    --------
    >>> import lvmodels as lv
    >>> data = lv.datasets.load("holzinger_swineford")
    >>> fit = lv.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", data)
    >>> round(float(fit.fit_measures()["chisq"]), 3)
    24.361
    """
    return _fit("cfa", model, data, options)


def growth(model: str, data: Any = None, **options: Unpack[FitOptions]) -> Fit:
    """Fit a growth curve model: intercepts of observed variables are 0, means of latent variables free.

    Parameters and returns are those of `sem`.
    """
    return _fit("growth", model, data, options)


def lavaan(model: str, data: Any = None, **options: Unpack[FitOptions]) -> Fit:
    """Fit a model exactly as written: no parameter is added or fixed unless an ``auto_`` option asks for it.

    Parameters and returns are those of `sem`.
    """
    return _fit("lavaan", model, data, options)


def _show_options(function: Callable[..., Fit]) -> None:
    """List every option, with its default, in the signature that help() and editors show."""
    shown = list(inspect.signature(function).parameters.values())[:2]
    known = inspect.signature(Settings).parameters.values()
    keywords = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in known if p.name not in DERIVED]
    function.__signature__ = inspect.Signature([*shown, *keywords], return_annotation="Fit")  # type: ignore[attr-defined]


for _function in (sem, cfa, growth, lavaan):
    _show_options(_function)
