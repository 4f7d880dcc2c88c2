"""Parallel analysis: eigenvalues of the answers against those of answers that have nothing in common (Horn 1965)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError
from lvmodels.estimate.choices import check_level, check_replicates, choice_of, seed_sequence
from lvmodels.estimate.threads import one_thread
from lvmodels.measurement.factors.sample import Sample, correlations, latent_codes, sample_of, used_answers
from lvmodels.moments.ordinal import response_moments
from lvmodels.moments.polychoric import polychorics
from lvmodels.moments.responses import Responses

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Kind = Literal["factor", "components"]
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class ParallelAnalysis:
    """Eigenvalues and what chance alone would give, made by `parallel_analysis`.

    Attributes
    ----------
    eigenvalues : DataFrame
        A row an eigenvalue, from 1: component, component_mean and component_quantile (of the draws), and the same of
        factor: the correlations with squared multiple correlations on the diagonal.
    suggested : int
        Eigenvalues of the kind asked for that exceed their quantile, before the first that does not.
    n_components, n_factors : int
        The same, by kind.
    kind : {"factor", "components"}
    quantile : float
    n_draws : int
    n : int
        Cases used.
    """

    eigenvalues: pd.DataFrame
    suggested: int
    n_components: int
    n_factors: int
    kind: str
    quantile: float
    n_draws: int
    n: int


@one_thread
def parallel_analysis(
    frame: Any,
    kind: Kind = "factor",
    *,
    n_draws: int = 200,
    quantile: float = 0.95,
    resample: bool = True,
    ordered: bool | str | Sequence[str] | None = None,
    missing: Literal["listwise", "pairwise"] = "listwise",
    seed: int | np.random.Generator | None = 0,
) -> ParallelAnalysis:
    """Count the eigenvalues that are larger than chance.

    Parameters
    ----------
    frame : data frame, Survey or path
        Of a survey all answers.
    kind : {"factor", "components"}
        Which of both counts is the one suggested.
    n_draws : int
    quantile : float
        Of the eigenvalues of the draws that an eigenvalue has to exceed; Horn took the mean.
    resample : bool
        Shuffle each column, which keeps its distribution, or draw normal numbers. Ordinal answers are always shuffled.
    ordered : bool, names or None
        Ordinal items, by polychoric correlations in the answers and in each draw; True for all.
    missing : {"listwise", "pairwise"}
    seed : int, Generator or None

    Returns
    -------
    ParallelAnalysis

    Raises
    ------
    OptionValueError, ConstantVariableError, DataError, EmptyDataError, NonNumericError, UnknownVariableError

    References
    ----------
    Horn, J. L. (1965). A rationale and test for the number of factors in factor analysis. Psychometrika, 30, 179-185.
    Humphreys, L. G., and Montanelli, R. G. (1975). An investigation of the parallel analysis criterion. Multivariate
    Behavioral Research, 10, 193-205 (factors). Buja, A., and Eyuboglu, N. (1992): permutation.

    Examples
    --------
    >>> import lvmodels as lv
    >>> answers = lv.datasets.load("holzinger_swineford").answers
    >>> found = lv.parallel_analysis(answers, "components", n_draws=100)
    >>> found.suggested, found.eigenvalues["component"].head(4).round(2).tolist()
    (3, [3.22, 1.64, 1.37, 0.7])
    """
    import pandas as pd

    which = choice_of("kind", kind, ("factor", "components"))
    choice_of("missing", missing, ("listwise", "pairwise"))
    check_replicates(n_draws, "n_draws")
    check_level(quantile, "quantile")
    if not isinstance(resample, (bool, np.bool_)):
        raise OptionValueError(f"resample={resample!r} is not known; use True or False.")
    sample = sample_of(frame, ordered, missing, False)
    Y = used_answers(frame, missing)
    found = both_eigenvalues(np.array(sample.R)[None])[:, 0]
    drawn = chance_eigenvalues(Y, sample, n_draws, resample, np.random.default_rng(seed_sequence(seed)))
    columns: dict[str, Vector] = {}
    counts: list[int] = []
    for name, own, chance in zip(("component", "factor"), found, drawn, strict=True):
        limit = np.quantile(chance, quantile, axis=0)
        columns |= {name: own, f"{name}_mean": chance.mean(axis=0), f"{name}_quantile": limit}
        counts.append(leading(own > limit))
    for note in sample.warnings:
        warnings.warn(note, stacklevel=3)
    return ParallelAnalysis(
        eigenvalues=pd.DataFrame(columns, index=pd.RangeIndex(1, len(sample.names) + 1)),
        suggested=counts[which == "factor"],
        n_components=counts[0],
        n_factors=counts[1],
        kind=which,
        quantile=float(quantile),
        n_draws=n_draws,
        n=sample.n,
    )


def leading(holds: NDArray[np.bool_]) -> int:
    """How often in a row, from the start, something holds.

    Examples
    --------
    >>> leading(np.array([True, True, False, True]))
    2
    """
    return int(np.argmin(holds)) if not holds.all() else len(holds)


def chance_eigenvalues(Y: Matrix, sample: Sample, n_draws: int, resample: bool, rng: np.random.Generator) -> Matrix:
    """Eigenvalues of both kinds of draws without anything in common, shape (2, n_draws, p)."""
    n, p = Y.shape
    codes, counts = latent_codes(Y, sample.names, sample.ordered)
    drawn = np.empty((n_draws, p, p))
    for k in range(n_draws):
        if sample.ordered:
            drawn[k] = _latent_correlations(rng.permuted(codes, axis=0), counts, sample.names)
        elif resample:
            drawn[k] = correlations(rng.permuted(Y, axis=0))
        else:
            drawn[k] = correlations(np.where(np.isnan(Y), np.nan, rng.standard_normal((n, p))))
    return both_eigenvalues(drawn)


def _latent_correlations(codes: Matrix, counts: list[int], names: tuple[str, ...]) -> Matrix:
    if all(counts):
        return polychorics(np.nan_to_num(codes, nan=-1.0).astype(np.intp), counts).cor
    cov = response_moments(codes, np.zeros((len(codes), 0)), Responses(tuple(counts)), names).cov
    sd = np.sqrt(np.diagonal(cov))
    return np.asarray(cov / np.outer(sd, sd))


def both_eigenvalues(R: Matrix) -> Matrix:
    """Of a stack of correlation matrices, and of the same with squared multiple correlations on the diagonal.

    Where correlations are singular, as polychoric ones may be, they are raised a little for the latter.

    Returns
    -------
    ndarray, shape (2, s, p)
        Largest first.
    """
    values, vectors = np.linalg.eigh(R)
    unique = 1.0 / (vectors**2 @ (1.0 / np.maximum(values, _SMALLEST))[..., None])[..., 0]
    reduced = R.copy()
    k = np.arange(R.shape[-1])
    reduced[:, k, k] = 1.0 - unique
    return np.stack([values[:, ::-1], np.linalg.eigvalsh(reduced)[:, ::-1]])
