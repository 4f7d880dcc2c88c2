"""How the search for the estimates ended, and how well the data tell the parameters apart."""

from __future__ import annotations

import numpy as np

from lvmodels.assess.products import has_products
from lvmodels.fit.record import Fit
from lvmodels.report.context import Context
from lvmodels.report.number_format import NONE, decimal
from lvmodels.report.records import Facts

_RANK = 1e-10


def convergence_facts(context: Context) -> Facts:
    """Iterations, gradient, counts and conditioning."""
    words, fit = context.words, context.fit
    measures = fit.fit_measures()
    gradient = float(np.abs(fit.optimum.gradient).max(initial=0.0))
    npar, df = int(measures["npar"]), fit.df
    condition = condition_number(fit) if context.tested else float("nan")
    return Facts(
        (
            (words["fact.converged"], words["yes"] if fit.converged else words["no"]),
            (words["fact.iterations"], str(fit.optimum.iterations)),
            (words["fact.gradient"], _tiny(gradient)),
            *(() if has_products(fit) else ((words["fact.moments"], str(npar + df)),)),
            (words["fact.parameters"], str(npar)),
            *(() if has_products(fit) else ((words["fact.df"], str(df)),)),
            (words["fact.condition"], NONE if np.isnan(condition) else f"{condition:,.0f}"),
        )
    )


def condition_number(fit: Fit) -> float:
    """Condition number of the correlation matrix of the estimates; parameters of one label count once.

    The same as that of the information matrix scaled to a unit diagonal of its inverse: 1 when the data tell all
    parameters apart independently, infinite when some cannot be told apart at all.

    Examples
    --------
    >>> import lvmodels as lv
    >>> fit = lv.cfa("visual =~ x1 + x2 + x3", lv.datasets.load("holzinger_swineford"))
    >>> 1 < condition_number(fit) < 1000
    True
    """
    C = fit.vcov().to_numpy(dtype=float)
    variance = np.diagonal(C)
    used = np.flatnonzero(variance > 0)
    if not used.size:
        return float("nan")
    size = np.sqrt(variance[used])
    eigenvalues = np.linalg.eigvalsh(C[np.ix_(used, used)] / np.outer(size, size))
    eigenvalues = eigenvalues[eigenvalues > _RANK * eigenvalues[-1]]
    return float(eigenvalues[-1] / eigenvalues[0])


def _tiny(value: float) -> str:
    return decimal(value) if value >= 1e-12 else "< 10⁻¹²"
