"""Before estimation: data or given moments, automatic settings, a first evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.errors import (
    DataError,
    DroppedRowsWarning,
    LvmodelsWarning,
    ModelError,
    NaiveErrorsWarning,
    StartingValuesError,
    UnequalVariancesWarning,
)
from lvmodels.estimate.objective import Evaluation, Objective, evaluate
from lvmodels.estimate.rotation_criteria import ORTHOGONAL
from lvmodels.estimate.settings import Settings
from lvmodels.fit.categories import Categories, categorical_moments, categories_of
from lvmodels.fit.clusters import clustered_moments, covariates_of
from lvmodels.fit.product_columns import centred_products
from lvmodels.model.auxiliary import with_auxiliaries
from lvmodels.model.options import TableOptions
from lvmodels.model.records import ModelText
from lvmodels.model.restrictions import nearest_parameters
from lvmodels.model.starts import simple_starting_values, starting_values
from lvmodels.model.table import ParameterTable, model_variables
from lvmodels.model.variables import Variables
from lvmodels.moments.checks import (
    check_count,
    check_moments,
    check_pairs,
    check_settled,
    check_spread,
    unequal_variances,
)
from lvmodels.moments.complete import Moments, complete_moments, incomplete_moments, two_stage_moments
from lvmodels.moments.given import moments_given
from lvmodels.moments.weight import moment_weight
from lvmodels.survey.columns import as_survey
from lvmodels.survey.matrix import DataMatrix, data_matrix

if TYPE_CHECKING:
    from lvmodels.survey.answers import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Data as far as they are ready before the model is built.

    Attributes
    ----------
    data : DataMatrix or None
        None when moments were given.
    survey : Survey or None
        Where the data came as a survey, or as the path of one.
    moments : tuple of Moments
        One a group.
    group_labels : tuple of str
    warnings : tuple of LvmodelsWarning
    categories : Categories or None
        Of ordinal variables.
    """

    data: DataMatrix | None
    survey: Survey | None
    moments: tuple[Moments, ...]
    group_labels: tuple[str, ...]
    warnings: tuple[LvmodelsWarning, ...]
    categories: Categories | None = None

    @property
    def ordered(self) -> tuple[tuple[str, int], ...]:
        """Ordinal variables with their numbers of categories."""
        return () if self.categories is None else self.categories.counts


def prepare_data(
    settings: Settings,
    variables: Variables,
    data: Any,
    roles: tuple[Variables, ...] = (),
    products: tuple[str, ...] = (),
) -> Prepared:
    """Moments of every group, checked, with what there is to warn about; `products` of items are centred twice."""
    names = variables.observed
    if not names:
        raise ModelError("the model names no variable of the data; write a formula such as 'y ~ x'.")
    if data is not None and settings.sample_cov is not None:
        raise DataError("both data and sample_cov were given; pass one of them.")
    if products and data is None:
        raise DataError("product indicators need the answers of each case; pass data= instead of sample_cov.")
    if data is None and settings.sample_cov is None:
        raise DataError("neither data nor sample_cov was given; pass a data frame, or a covariance matrix.")
    unbiased = settings.unbiased
    found: list[LvmodelsWarning] = []
    survey = as_survey(data)
    if data is None:
        matrix = None
        moments = moments_given(settings.sample_cov, settings.sample_mean, settings.sample_nobs, names, unbiased)
        labels = tuple(f"Group {g}" for g in range(1, len(moments) + 1)) if len(moments) > 1 else ("",)
    else:
        matrix = data_matrix(
            data if survey is None else survey,
            _columns(settings, variables),
            settings.group,
            settings.cluster,
            settings.sampling_weights,
            _needed(settings, covariates_of(roles) if roles else variables.covariates),
            variables.latent,
            settings.aux,
        )
        matrix = centred_products(matrix, products)
        labels = matrix.group_labels
        if matrix.n_dropped:
            found.append(DroppedRowsWarning(_dropped(matrix, settings.missing == "listwise")))
        if settings.categorical:
            categories = categories_of(matrix, settings.ordered)
            moments, dubious = categorical_moments(settings, matrix, variables, categories)
            return Prepared(matrix, survey, moments, labels, (*found, *dubious), categories)
        if roles:
            moments, few = clustered_moments(settings, matrix, variables, roles)
            return Prepared(matrix, survey, moments, labels, (*found, *few))
        moments, unequal = moments_of_groups(settings, matrix)
        return Prepared(matrix, survey, moments, labels, (*found, *unequal))
    for label, sample in zip(labels, moments, strict=True):
        found += _checked(sample, names, label, given=True)
    return Prepared(matrix, survey, moments, labels, tuple(found))


def moments_of_groups(
    settings: Settings, matrix: DataMatrix
) -> tuple[tuple[Moments, ...], tuple[UnequalVariancesWarning, ...]]:
    """Moments of all groups of continuous answers, checked, and what is dubious about them."""
    labels = matrix.group_labels
    moments = tuple(_of_group(matrix, g, label, settings) for g, label in enumerate(labels))
    found: list[UnequalVariancesWarning] = []
    for label, sample in zip(labels, moments, strict=True):
        found += _checked(sample, matrix.names[: len(sample.mean)], label, given=False)
    return moments, tuple(found)


def _checked(sample: Moments, names: Sequence[str], label: str, given: bool) -> list[UnequalVariancesWarning]:
    check_moments(sample, names, label, given=given)
    sentence = unequal_variances(sample, names)
    return [UnequalVariancesWarning(sentence)] if sentence else []


def _columns(settings: Settings, variables: Variables) -> tuple[str, ...]:
    """The variables of the data: with full information in the order of the model, else auxiliary ones last."""
    joined = with_auxiliaries(variables, settings.aux)
    return joined.observed if settings.full_information else (*variables.observed, *settings.aux)


def _of_group(matrix: DataMatrix, g: int, label: str, settings: Settings) -> Moments:
    of_group = slice(None) if len(matrix.group_labels) == 1 else matrix.groups == g
    Y = matrix.Y[of_group]
    check_count(len(Y), len(matrix.names), label, complete=settings.missing == "listwise")
    weights = None if matrix.weights is None else matrix.weights[of_group]
    if weights is not None and not weights.sum() > 0:
        raise DataError(
            f"all sampling weights in group '{label}' are 0; leave the group out, or give its cases weight."
        )
    if not (settings.two_stage or np.isnan(Y).any()):
        return complete_moments(Y, settings.unbiased, weights)
    check_spread(Y, matrix.names, label)
    check_pairs(Y, matrix.names, label)
    if settings.two_stage:
        moments, settled = two_stage_moments(Y, Y.shape[1] - len(settings.aux))
    else:
        moments, settled = incomplete_moments(Y, weights)
    check_settled(settled, Y, matrix.names, label)
    return moments


def with_weights(settings: Settings, prepared: Prepared, means: bool) -> Prepared:
    """The moments with the weight matrix that a least-squares estimator gives them; unchanged for others.

    Raises
    ------
    DataError
        When the weights need single cases, but moments were given.
    """
    if not settings.least_squares:
        return prepared
    if settings.categorical:
        return _with_warning(settings, prepared)
    data = prepared.data
    if data is None and settings.discrepancy in ("WLS", "DWLS"):
        raise DataError(f"estimator='{settings.estimator}' needs the answers of each case; pass data=, or use 'GLS'.")
    moments = tuple(
        replace(
            sample,
            weight=moment_weight(
                settings.discrepancy, None if data is None else data.Y[data.groups == g], sample.cov, means, label
            ),
        )
        for g, (sample, label) in enumerate(zip(prepared.moments, prepared.group_labels, strict=True))
    )
    return _with_warning(settings, replace(prepared, moments=moments))


def _with_warning(settings: Settings, prepared: Prepared) -> Prepared:
    """Told when naive errors or a naive test were asked for."""
    naive = [name for name in ("se", "test") if getattr(settings, name) == "standard"]
    if settings.discrepancy not in ("ULS", "DWLS") or not naive:
        return prepared
    warning = NaiveErrorsWarning(
        f"{' and '.join(f'{name}=' + repr('standard') for name in naive)} with estimator='{settings.estimator}' treats "
        "the moments as independent and is wrong; leave it out to get the sandwich errors and a scaled test."
    )
    return replace(prepared, warnings=(*prepared.warnings, warning))


def _needed(settings: Settings, covariates: tuple[str, ...]) -> tuple[str, ...] | None:
    """Variables without which a case is left out: all, or with full information only fixed covariates."""
    if settings.missing == "listwise":
        return None
    if settings.missing == "pairwise":
        return covariates
    return covariates if settings.hold_x else ()


def _dropped(matrix: DataMatrix, listwise: bool) -> str:
    worst = np.argsort(-matrix.missing, kind="stable")[:3]
    most = ", ".join(f"{matrix.names[k]} {int(matrix.missing[k])}" for k in worst if matrix.missing[k])
    why = "because a value is missing (listwise deletion)"
    if not listwise:
        why = "because they have no answer at all, or lack a fixed covariate, the group, the cluster or the weight"
    return (
        f"{matrix.n_dropped} of {matrix.n_total} cases were left out {why}; "
        f"{len(matrix.rows)} are analysed. Most missing: {most or 'the grouping variable'}."
    )


def table_options(
    settings: Settings, text: ModelText, n_groups: int, ordered: tuple[tuple[str, int], ...] = ()
) -> TableOptions:
    """What is automatic, with the defaults that depend on the model and the groups settled."""
    written = any(f.op == "~" and not t.names for b in text.blocks for f in b.formulas for t in f.rhs)
    asked = written or settings.kind == "growth" or n_groups > 1 or "intercepts" in settings.group_equal
    asked = asked or settings.cluster is not None or settings.missing != "listwise" or settings.categorical
    asked = asked or bool(model_variables(text).products)
    means = asked if settings.meanstructure == "default" else bool(settings.meanstructure) or written
    if means and settings.sample_cov is not None and settings.sample_mean is None:
        if settings.meanstructure is True or written or settings.kind == "growth":
            raise DataError("the model has intercepts or means, so sample_cov needs sample_mean beside it.")
        means = False
    return TableOptions(
        meanstructure=means,
        fixed_x=settings.hold_x,
        std_lv=settings.std_lv,
        orthogonal=settings.orthogonal,
        auto_var=settings.auto_var,
        auto_fix_first=settings.auto_fix_first,
        auto_fix_single=settings.auto_fix_single,
        auto_cov_lv_x=settings.auto_cov_lv_x,
        auto_cov_y=settings.auto_cov_y,
        int_ov_free=settings.int_ov_free,
        int_lv_free=settings.int_lv_free,
        group_equal=settings.group_equal,
        group_partial=settings.group_partial,
        bounds=settings.bounds,
        ordered=ordered,
        parameterization=settings.parameterization,
        conditional_x=settings.given_x,
        id_cat=settings.id_cat,
        auto_th=settings.auto_th,
        auto_delta=settings.auto_delta,
        auxiliary=settings.aux if settings.full_information else (),
        orthogonal_blocks=settings.rotation in ORTHOGONAL,
    )


def first_evaluation(objective: Objective, table: ParameterTable) -> Evaluation:
    """The objective at starting values; a cautious second set is tried when the first is not admissible.

    Raises
    ------
    StartingValuesError
    """
    for make in (starting_values, simple_starting_values):
        values = make(table, objective.template, objective.moments)
        theta = nearest_parameters(objective.restrictions, values)
        for k, i in enumerate(objective.restrictions.parameter_rows):
            theta[k] = values[i] if table.rows[i].start is not None else theta[k]
        start = evaluate(objective, theta)
        if start is not None:
            return start
    raise StartingValuesError(
        "the implied covariance matrix is not positive definite at the starting values. "
        "Check parameters fixed by hand (a variance fixed to 0, a covariance larger than its variances allow), or give "
        "starting values such as 'f ~~ start(0.5)*f'."
    )
