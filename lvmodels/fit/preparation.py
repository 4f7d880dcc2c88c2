"""Before estimation: data or given moments, automatic settings, a first evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import (
    DataError,
    DroppedRowsWarning,
    LvmodelsWarning,
    StartingValuesError,
    UnequalVariancesWarning,
    UnknownVariableError,
)
from lvmodels.estimate.objective import Evaluation, Objective, evaluate
from lvmodels.estimate.settings import Settings
from lvmodels.model.options import TableOptions
from lvmodels.model.records import ModelText
from lvmodels.model.starts import simple_starting_values, starting_values
from lvmodels.model.table import ParameterTable
from lvmodels.model.variables import Variables
from lvmodels.moments.checks import check_moments, unequal_variances
from lvmodels.moments.complete import Moments, complete_moments, given_moments
from lvmodels.survey.matrix import DataMatrix, as_survey, data_matrix

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
    """

    data: DataMatrix | None
    survey: Survey | None
    moments: tuple[Moments, ...]
    group_labels: tuple[str, ...]
    warnings: tuple[LvmodelsWarning, ...]


def prepare_data(settings: Settings, variables: Variables, data: Any) -> Prepared:
    """Moments of every group, checked, with what there is to warn about."""
    names = variables.observed
    if data is None and settings.sample_cov is None:
        raise DataError("neither data nor sample_cov was given; pass a data frame, or a covariance matrix.")
    unbiased = settings.likelihood == "wishart"
    found: list[LvmodelsWarning] = []
    survey = as_survey(data)
    if data is None:
        matrix, moments = None, _given(settings, names, unbiased)
        labels = tuple(f"Group {g}" for g in range(1, len(moments) + 1)) if len(moments) > 1 else ("",)
    else:
        matrix = data_matrix(data if survey is None else survey, names, settings.group)
        labels = matrix.group_labels
        moments = tuple(complete_moments(matrix.Y[matrix.groups == g], unbiased) for g in range(len(labels)))
        if matrix.n_dropped:
            found.append(DroppedRowsWarning(_dropped(matrix)))
    for label, sample in zip(labels, moments, strict=True):
        check_moments(sample, names, label, given=data is None)
        if sentence := unequal_variances(sample, names):
            found.append(UnequalVariancesWarning(sentence))
    return Prepared(matrix, survey, moments, labels, tuple(found))


def _dropped(matrix: DataMatrix) -> str:
    worst = np.argsort(-matrix.missing, kind="stable")[:3]
    most = ", ".join(f"{matrix.names[k]} {int(matrix.missing[k])}" for k in worst if matrix.missing[k])
    return (
        f"{matrix.n_dropped} of {matrix.n_total} cases were left out because a value is missing (listwise deletion); "
        f"{len(matrix.rows)} are analysed. Most missing: {most or 'the grouping variable'}."
    )


def _given(settings: Settings, names: Sequence[str], unbiased: bool) -> tuple[Moments, ...]:
    covs = settings.sample_cov if isinstance(settings.sample_cov, (list, tuple)) else [settings.sample_cov]
    if settings.sample_nobs is None:
        raise DataError("sample_cov needs sample_nobs, the number of cases.")
    counts = settings.sample_nobs if isinstance(settings.sample_nobs, (list, tuple)) else [settings.sample_nobs]
    several = isinstance(settings.sample_mean, (list, tuple)) and isinstance(settings.sample_cov, (list, tuple))
    means = settings.sample_mean if several else [settings.sample_mean] * len(covs)
    if len(counts) != len(covs) or len(means) != len(covs):
        raise DataError(
            f"sample_cov has {len(covs)} groups, sample_nobs {len(counts)} and sample_mean {len(means)}; give one a group."
        )
    return tuple(
        given_moments(
            _matrix_of(cov, names), None if mean is None else _vector_of(mean, names, cov), float(n), unbiased
        )
        for cov, mean, n in zip(covs, means, counts, strict=True)
    )


def _matrix_of(cov: Any, names: Sequence[str]) -> NDArray[np.float64]:
    if not (hasattr(cov, "loc") and hasattr(cov, "columns")):
        raise DataError("sample_cov must be a data frame with the variables' names as index and columns.")
    _check_names([str(c) for c in cov.columns], names, "sample_cov")
    _check_names([str(c) for c in cov.index], names, "the index of sample_cov")
    matrix: NDArray[np.float64] = cov.loc[list(names), list(names)].to_numpy(dtype=float)
    if not np.isfinite(matrix).all():
        raise DataError("sample_cov holds a missing or infinite entry; give the full matrix, both triangles.")
    if not np.allclose(matrix, matrix.T, rtol=1e-6, atol=1e-8):
        raise DataError("sample_cov is not symmetric; give the full matrix, both triangles.")
    return matrix


def _vector_of(mean: Any, names: Sequence[str], cov: Any) -> NDArray[np.float64]:
    if hasattr(mean, "loc") and hasattr(mean, "index"):
        _check_names([str(c) for c in mean.index], names, "sample_mean")
        return np.asarray(mean.loc[list(names)].to_numpy(dtype=float))
    if isinstance(mean, dict):
        _check_names(list(mean), names, "sample_mean")
        return np.array([float(mean[name]) for name in names])
    values = dict(zip(map(str, cov.columns), mean, strict=False))
    _check_names(list(values), names, "sample_mean")
    return np.array([float(values[name]) for name in names])


def _check_names(known: Sequence[str], names: Sequence[str], where: str) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownVariableError(f"{where} has no variable {', '.join(map(repr, unknown))}; it has {', '.join(known)}.")


def table_options(settings: Settings, text: ModelText, n_groups: int) -> TableOptions:
    """What is automatic, with the defaults that depend on the model and the groups settled."""
    written = any(f.op == "~" and not t.names for b in text.blocks for f in b.formulas for t in f.rhs)
    asked = written or settings.kind == "growth" or n_groups > 1 or "intercepts" in settings.group_equal
    means = asked if settings.meanstructure == "default" else bool(settings.meanstructure) or written
    if means and settings.sample_cov is not None and settings.sample_mean is None:
        if settings.meanstructure is True or written or settings.kind == "growth":
            raise DataError("the model has intercepts or means, so sample_cov needs sample_mean beside it.")
        means = False
    return TableOptions(
        meanstructure=means,
        fixed_x=settings.fixed_x is not False,
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
    )


def first_evaluation(objective: Objective, table: ParameterTable) -> Evaluation:
    """The objective at starting values; a cautious second set is tried when the first is not admissible.

    Raises
    ------
    StartingValuesError
    """
    for make in (starting_values, simple_starting_values):
        values = make(table, objective.template, objective.moments)
        start = evaluate(objective, values[objective.restrictions.parameter_rows])
        if start is not None:
            return start
    raise StartingValuesError(
        "the implied covariance matrix is not positive definite at the starting values. "
        "Check parameters fixed by hand (a variance fixed to 0, a covariance larger than its variances allow), or give "
        "starting values such as 'f ~~ start(0.5)*f'."
    )
