"""Moments of groups with ordinal outcomes: categories found in the data, checked, and put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only
from lvmodels.errors import (
    BoundaryWarning,
    ConstantVariableError,
    DataError,
    DataWarning,
    LvmodelsWarning,
    TooFewCasesError,
)
from lvmodels.estimate.choices import names_of
from lvmodels.estimate.settings import FitOptions, Settings
from lvmodels.model.variables import Variables
from lvmodels.moments.checks import check_pairs, check_spread
from lvmodels.moments.complete import Moments
from lvmodels.moments.ordinal import ResponseMoments, response_moments
from lvmodels.moments.responses import Responses
from lvmodels.survey.columns import columns_of, ordered_names
from lvmodels.survey.matrix import DataMatrix, check_known

Matrix = NDArray[np.float64]
MOST_CATEGORIES = 20
_SPARSE = 2  # cases in a category below which its threshold hangs on single answers


def with_ordered_columns(options: FitOptions, data: Any, variables: Variables) -> FitOptions:
    """The options with columns of ordered categories added to `ordered`.

    Raises
    ------
    UnknownVariableError
        When `ordered` names what is neither in the model nor in the data.
    """
    given = options.get("ordered")
    if data is None or isinstance(given, (bool, np.bool_)):
        return options
    names = names_of(given)
    if not set(names) <= {*variables.observed, *variables.latent}:
        check_known(names, columns_of(data).names, "ordered= takes names of ordinal variables.")
    found = [name for name in ordered_names(data, variables.observed) if name not in names]
    return {**options, "ordered": [*names, *found]} if found else options


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """The categories of ordinal variables.

    Attributes
    ----------
    values : dict of str to tuple of float
        Values that occur, by variable, ascending.
    """

    values: Mapping[str, tuple[float, ...]]

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """Names with numbers of categories."""
        return tuple((name, len(values)) for name, values in self.values.items())

    def codes(self, Y: Matrix, names: Sequence[str]) -> Matrix:
        """Y with ordinal columns as categories from 0."""
        found = Y.copy()
        for j, name in enumerate(names):
            if name in self.values:
                answered = ~np.isnan(Y[:, j])
                found[answered, j] = np.searchsorted(self.values[name], Y[answered, j])
        return found


def categories_of(matrix: DataMatrix, ordered: Sequence[str]) -> Categories:
    """The categories that occur in the data.

    Raises
    ------
    ConstantVariableError
        When a variable has one category only.
    DataError
        When a variable has too many different values to be ordinal, or a category is empty in one of the groups.
    """
    found = {}
    for name in ordered:
        column = matrix.Y[:, matrix.names.index(name)]
        values = np.unique(column[~np.isnan(column)])
        if len(values) < 2:
            raise ConstantVariableError(f"the ordinal variable '{name}' has one category only; drop it.")
        if len(values) > MOST_CATEGORIES:
            raise DataError(
                f"'{name}' has {len(values)} different values, too many for an ordinal variable; leave it out of "
                "ordered=, or group its values."
            )
        for g, label in enumerate(matrix.group_labels):
            absent = sorted(set(values.tolist()) - set(column[matrix.groups == g].tolist()))
            if absent:
                raise DataError(
                    f"nobody in group '{label}' chose category {', '.join(f'{v:g}' for v in absent)} of '{name}', so "
                    "its threshold cannot be estimated there; join it with the next category in all groups."
                )
        found[name] = tuple(values.tolist())
    return Categories(found)


def categorical_moments(
    settings: Settings, matrix: DataMatrix, variables: Variables, categories: Categories
) -> tuple[tuple[Moments, ...], list[LvmodelsWarning]]:
    """Moments of all groups, their weights included, and what is dubious about them.

    Raises
    ------
    TooFewCasesError
        When the full weight matrix of WLS cannot be inverted.
    """
    k = len(variables.covariates) if settings.given_x else 0
    names = matrix.names
    split = len(names) - k
    counts = dict(categories.counts)
    layout = Responses(tuple(counts.get(name, 0) for name in names[:split]), k)
    codes = categories.codes(matrix.Y, names)
    found, warnings = [], []
    for g, label in enumerate(matrix.group_labels):
        Y = codes[matrix.groups == g]
        check_spread(Y, names, label)
        check_pairs(Y, names, label)
        responses = response_moments(Y[:, :split], Y[:, split:], layout, names)
        found.append(_joined(responses, Y, split, settings.discrepancy, label))
        where = f" in group '{label}'" if label else ""
        warnings += _dubious(responses, Y, names, categories, where)
    return tuple(found), warnings


def _joined(responses: ResponseMoments, Y: Matrix, split: int, discrepancy: str, label: str) -> Moments:
    """Moments of outcomes and covariates together, from those of the outcomes given the covariates."""
    p = Y.shape[1]
    X, slopes = Y[:, split:], responses.slopes
    cov, mean = np.empty((p, p)), np.zeros(p)
    cov[split:, split:] = np.cov(X, rowvar=False) if X.shape[1] else 0.0
    cov[:split, split:] = slopes @ cov[split:, split:]
    cov[split:, :split] = cov[:split, split:].T
    cov[:split, :split] = responses.cov + cov[:split, split:] @ slopes.T
    mean[split:] = X.mean(axis=0)
    mean[responses.layout.continuous] = np.nanmean(Y[:, responses.layout.continuous], axis=0)
    weight = _weight(responses, discrepancy, len(Y), label)
    return Moments(float(len(Y)), read_only(mean), read_only(cov), weight=weight, responses=responses)


def _weight(responses: ResponseMoments, discrepancy: str, n: int, label: str) -> Matrix:
    diagonal = np.diagonal(responses.Gamma)
    if discrepancy == "ULS":
        return np.ones(len(diagonal))
    if discrepancy == "DWLS":
        return np.asarray(1.0 / np.maximum(diagonal, 1e-10 * diagonal.max()))
    if n <= len(diagonal):
        where = f" in group '{label}'" if label else ""
        raise TooFewCasesError(
            f"estimator='WLS' inverts a matrix of {len(diagonal)} moments, for which {n} cases{where} are too few; use "
            "estimator='WLSMV', or fewer variables or categories."
        )
    return np.asarray(np.linalg.pinv(responses.Gamma, hermitian=True))


def _dubious(
    responses: ResponseMoments, Y: Matrix, names: Sequence[str], categories: Categories, where: str
) -> list[LvmodelsWarning]:
    found: list[LvmodelsWarning] = [
        BoundaryWarning(
            f"the polychoric correlation of '{names[i]}' and '{names[j]}'{where} is as high as it can be; one may be a "
            "copy of the other. Leave one out."
        )
        for i, j in responses.at_limit
    ]
    sparse = []
    for name, values in categories.values.items():
        column = Y[:, list(names).index(name)]
        counts = np.bincount(column[~np.isnan(column)].astype(np.intp), minlength=len(values))
        sparse += [f"'{name}' = {v:g} ({c})" for v, c in zip(values, counts, strict=True) if c < _SPARSE]
    if sparse:
        found.append(
            DataWarning(
                f"categories chosen by fewer than {_SPARSE} cases{where}: {', '.join(sparse)}. Their thresholds hang "
                "on single answers; join them with the next category."
            )
        )
    return found
