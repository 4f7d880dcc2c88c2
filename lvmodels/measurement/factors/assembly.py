"""Everything about rotated factors put into one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import ConvergenceWarning, DataWarning, HeywoodWarning, LvmodelsWarning, RankDeficientWarning
from lvmodels.measurement.factors.extraction import Extracted
from lvmodels.measurement.factors.goodness import fit_measures, scaled_tests
from lvmodels.measurement.factors.record import FactorAnalysis
from lvmodels.measurement.factors.sample import Sample
from lvmodels.measurement.factors.turning import Turned
from lvmodels.measurement.factors.uncertainty import slopes, standard_errors

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]


def assembled(
    sample: Sample, extracted: Extracted, placed: Turned, method: str, rotation: str, named: list[str]
) -> tuple[FactorAnalysis, list[LvmodelsWarning]]:
    """The record, and what there is to warn of."""
    import pandas as pd

    R, Lambda, Phi, psi = np.array(sample.R), placed.Lambda, placed.Phi, extracted.psi
    p, m = Lambda.shape
    Sigma = placed.solution.implied
    gamma = None if sample.Gamma is None else np.array(sample.Gamma)
    moved = slopes(placed.solution, gamma is not None)
    errors = np.full(p * m + m * (m - 1) // 2, np.nan)
    if moved is not None:
        size = len(moved.by_r)
        errors[:size], errors[size:] = standard_errors(moved, Sigma, sample.n, gamma), 0.0
    test = None
    if gamma is not None:
        U = np.full_like(gamma, np.nan) if moved is None or moved.U is None else moved.U
        test = scaled_tests(R, Sigma, m, sample.n, method, U, gamma)
    items = list(sample.names)
    shared = np.einsum("ir,rs,is->i", Lambda, Phi, Lambda)
    residuals = R - Sigma
    np.fill_diagonal(residuals, 0.0)
    phi_errors = np.zeros((m, m))
    phi_errors[np.tril_indices(m, -1)] = errors[p * m :]

    def by_factor(values: Matrix) -> pd.DataFrame:
        return pd.DataFrame(values, index=items, columns=named)

    found = FactorAnalysis(
        loadings=by_factor(Lambda),
        standard_errors=by_factor(errors[: p * m].reshape(p, m)),
        structure=by_factor(Lambda @ Phi),
        phi=pd.DataFrame(Phi, index=named, columns=named),
        phi_errors=pd.DataFrame(phi_errors + phi_errors.T, index=named, columns=named),
        uniquenesses=pd.Series(psi, index=items),
        communalities=pd.Series(shared, index=items),
        variance=_variance(Lambda, Phi, named),
        fit_measures=pd.Series(fit_measures(R, Sigma, m, sample.n - (test is not None and method != "ml"), test)),
        correlations=pd.DataFrame(R, index=items, columns=items),
        residuals=pd.DataFrame(residuals, index=items, columns=items),
        n=sample.n, n_factors=m, method=method, rotation=rotation, criterion=placed.value, starts=placed.starts,
        starts_at_best=placed.found, converged=extracted.converged and placed.converged, ordered=sample.ordered,
        mean=sample.mean, sd=sample.sd,
    )  # fmt: skip
    return found, _notes(sample, extracted, placed, moved is None)


def _variance(Lambda: Matrix, Phi: Matrix, named: list[str]) -> pd.DataFrame:
    import pandas as pd

    explained = np.diagonal(Phi @ Lambda.T @ Lambda)
    share = explained / len(Lambda)
    columns = {"ss_loadings": explained, "proportion": share, "cumulative": np.cumsum(share)}
    return pd.DataFrame({**columns, "share": explained / explained.sum()}, index=named)


def _notes(sample: Sample, extracted: Extracted, placed: Turned, undetermined: bool) -> list[LvmodelsWarning]:
    notes: list[LvmodelsWarning] = []
    if sample.n < len(sample.names):
        notes.append(
            DataWarning(f"{sample.n} cases are fewer than {len(sample.names)} items; expect unstable factors.")
        )
    at_bound = [name for name, at in zip(sample.names, extracted.at_bound, strict=True) if at]
    if at_bound:
        notes.append(
            HeywoodWarning(
                f"the uniqueness of {', '.join(map(repr, at_bound))} reached its bound of .005 (a Heywood case); try "
                "fewer factors, or drop the item."
            )
        )
    if not extracted.converged:
        notes.append(ConvergenceWarning("extraction did not settle; try method='minres', or fewer factors."))
    if not placed.converged:
        notes.append(ConvergenceWarning("no start of the rotation settled; use more starts, or another rotation."))
    if undetermined:
        notes.append(
            RankDeficientWarning("the rotation does not determine all loadings; they have no standard errors.")
        )
    return notes
