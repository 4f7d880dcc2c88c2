"""Before and after estimation: whether the model can be fitted at all, and whether the solution is sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import (
    BoundaryWarning,
    ConvergenceWarning,
    HeywoodWarning,
    IdentificationError,
    LvmodelsWarning,
    NegativeDegreesOfFreedomError,
    RankDeficientWarning,
)
from lvmodels.estimate.constrained import active_jacobian
from lvmodels.estimate.likelihood import GroupState
from lvmodels.estimate.objective import Evaluation, Objective, information
from lvmodels.estimate.solve import Optimum
from lvmodels.model.identification import (
    identification_advice,
    linear_parameters,
    rank_report,
    structural_report,
)
from lvmodels.model.matrices import Template
from lvmodels.model.restrictions import Restrictions, constraint_text
from lvmodels.model.row import Row
from lvmodels.model.table import ParameterTable

_SINGULAR_ROOT = 1e-5
_NO_SHARE = 1e-12
_NO_INFORMATION = 1e-200
_ZERO_VARIANCE = 1e-10  # of the largest: a variance on its bound of 0 is no Heywood case
_SOME_PARAMETERS = 12


def moment_count(template: Template) -> int:
    """Distinct sample moments that the model explains; those among fixed covariates do not count."""
    if template.responses is not None:
        return template.responses.size * len(template.groups)
    if template.levels is not None:
        return template.levels.n_moments * (len(template.groups) // 2)
    p, k = template.n_observed, template.n_covariates
    count = p * (p + 1) // 2 - k * (k + 1) // 2
    if template.meanstructure:
        count += p - k
    return count * len(template.groups)


def check_degrees_of_freedom(template: Template, restrictions: Restrictions) -> None:
    """Refuse models with more parameters than moments."""
    free = restrictions.n_parameters - len(restrictions.equalities)
    free -= int(restrictions.n_parameters - linear_parameters(template, restrictions).sum())
    moments = moment_count(template)
    if free > moments:
        raise NegativeDegreesOfFreedomError(
            f"the model has {free} free parameters, but the data only {moments} moments to tell them "
            f"(df = {moments - free}). Fix or equate at least {free - moments} of them, or add observed variables."
        )


def check_identification(objective: Objective, table: ParameterTable, optimum: Optimum, start: Evaluation) -> bool:
    """Raise when the parameters cannot be told apart from any data; return whether they cannot from these.

    Judged around the solution and around the starting values: a search that ran away is no fault of the model.

    Raises
    ------
    IdentificationError
        With the parameters in the null space of the information, and what to fix.
    """
    singular = singular_information(objective, optimum)
    if optimum.converged and not singular:
        return False
    report = structural_report(
        table, objective.template, objective.restrictions, objective.base, optimum.theta, start.theta
    )
    if not report.deficiency:
        return singular
    names = [_name(table.rows[i], table) for i in report.parameters]
    shown = ", ".join(names[:_SOME_PARAMETERS]) + (", ..." if len(names) > _SOME_PARAMETERS else "")
    raise IdentificationError(
        f"the model is not identified: the data cannot tell {shown} apart "
        f"({report.deficiency} too many free parameter{'s' if report.deficiency > 1 else ''}). "
        f"To fix it, {identification_advice(table, report)}.",
        names,
    )


def _name(row: Row, table: ParameterTable) -> str:
    """How a message names a parameter: by the user's label, else by its formula, with its group and level."""
    if row.label and not row.label.startswith(".p"):
        return row.label
    return f"{row}{_where(table, row.group, row.level)}"


def _where(table: ParameterTable, group: int, level: int) -> str:
    """The group and the level, where there are several."""
    return (f" in group {group}" if table.n_groups > 1 else "") + (f" at level {level}" if table.levels else "")


def singular_information(objective: Objective, optimum: Optimum) -> bool:
    """Whether the expected information is singular within the constraints, or says nothing about some effect."""
    if _without_variance(objective, optimum.evaluation):
        return True
    J = information(objective, optimum.evaluation)
    tangent = constraint_tangent(objective, optimum)
    if tangent is not None:
        J = tangent.T @ J @ tangent
    diagonal = np.diagonal(J)
    if not (diagonal > _NO_INFORMATION).all():
        return True
    unit = 1.0 / np.sqrt(diagonal)
    try:
        root = np.linalg.cholesky(J * unit * unit[:, None])
    except np.linalg.LinAlgError:
        return True
    return bool(np.diagonal(root).min(initial=1.0) < _SINGULAR_ROOT)


def _without_variance(objective: Objective, solution: Evaluation) -> list[int]:
    """Rows of the free effects that come from a variable which explains nothing: any value of them would do.

    The information about such an effect vanishes, which its own scale hides.
    """
    p, found = objective.template.n_observed, []
    for state, part in zip(solution.states, objective.template.groups, strict=True):
        idle = (part.directions.kind == 0) & (_largest_share(state, p)[part.directions.second] < _NO_SHARE)
        found += [int(row) for row in objective.restrictions.free_rows[part.free[idle]]]
    return found


def _largest_share(state: GroupState, p: int) -> NDArray[np.float64]:
    """The largest share of the variance of any observed variable that each variable explains, shape (M,)."""
    variance = np.abs(np.diagonal(state.matrices.V))
    total = np.where(variance[:p] > 0, variance[:p], np.inf)  # a variable of the other level has no variance here
    return np.asarray((state.matrices.Tau[:p] ** 2 * variance / total[:, None]).max(axis=0))


def _least_known(objective: Objective, optimum: Optimum) -> list[int]:
    """Rows of the parameters in the direction about which the information is smallest."""
    J = information(objective, optimum.evaluation)
    diagonal = np.diagonal(J)
    unit = 1.0 / np.sqrt(np.where(diagonal > _NO_INFORMATION, diagonal, 1.0))
    share = np.linalg.eigh(J * unit * unit[:, None])[1][:, 0] ** 2
    return [int(row) for row in objective.restrictions.parameter_rows[share > 0.01 * share.max()]]


def constraint_tangent(objective: Objective, optimum: Optimum) -> NDArray[np.float64] | None:
    """Orthonormal directions in which equalities and active inequalities stay satisfied, shape (q, t)."""
    if not (objective.restrictions.equalities or optimum.active):
        return None
    H = active_jacobian(objective, optimum.theta, optimum.active)
    if not np.isfinite(H).all():
        return None
    _, singular, right = np.linalg.svd(H)
    rank = int((singular > 1e-10 * singular.max(initial=1e-300)).sum())
    return np.asarray(right[rank:].T)


def solution_warnings(
    objective: Objective, table: ParameterTable, optimum: Optimum, singular: bool
) -> tuple[LvmodelsWarning, ...]:
    """Everything dubious about a solution."""
    if not optimum.converged:
        return (
            ConvergenceWarning(
                f"the model did not converge: {optimum.reason}. Estimates are where the search stopped; there are no "
                "standard errors. Try starting values, fewer parameters, or rescaled variables."
            ),
        )
    found: list[LvmodelsWarning] = []
    if singular:
        report = rank_report(table, objective.template, objective.restrictions, optimum.evaluation.values)
        involved = dict.fromkeys([*_without_variance(objective, optimum.evaluation), *report.parameters])
        names = ", ".join(_name(table.rows[i], table) for i in involved or _least_known(objective, optimum))
        found.append(
            RankDeficientWarning(
                f"the information matrix is singular at the solution: these data cannot tell {names} apart, so there "
                "are no standard errors. Fix one of them."
            )
        )
    found += _heywood(objective, table, optimum.evaluation)
    for k in optimum.active:
        text = constraint_text(objective.restrictions.inequalities[k], objective.restrictions, table)
        found.append(
            BoundaryWarning(f"the solution lies on the boundary {text} = 0; its standard errors are doubtful.")
        )
    return tuple(found)


def _heywood(objective: Objective, table: ParameterTable, solution: Evaluation) -> list[LvmodelsWarning]:
    found: list[LvmodelsWarning] = []
    scales = [float(state.matrices.V.diagonal().max()) for state in solution.states]
    template = objective.template
    followed = {int(i) for part in template.groups for i in part.residuals[0]} if template.delta else set()
    for i in np.flatnonzero(solution.values < 0.0):
        row = table.rows[i]
        if (
            row.is_variance
            and (row.free or int(i) in followed)
            and solution.values[i] < -_ZERO_VARIANCE * scales[table.block(row)]
        ):
            where = _where(table, row.group, row.level)
            found.append(
                HeywoodWarning(
                    f"the variance {row.lhs} ~~ {row.rhs}{where} is negative ({solution.values[i]:.4g}, a Heywood "
                    f"case): check the model for '{row.lhs}', or the sample for outliers; bounds='pos.var' keeps "
                    "variances at 0 or above."
                )
            )
    p = objective.template.n_observed
    for b, state in enumerate(solution.states):
        where = _where(table, b // table.n_levels + 1, b % table.n_levels + 1)
        present = p + np.flatnonzero(_largest_share(state, p)[p:] >= _NO_SHARE)
        V = state.matrices.V[np.ix_(present, present)]
        if _indefinite(V) and not any(
            f"{name} ~~ {name}{where}" in str(w) for w in found for name in table.variables.latent
        ):
            pair = _worst_pair(V, tuple(objective.template.names[k] for k in present))
            found.append(
                HeywoodWarning(
                    f"the covariance matrix of the latent variables{where} is not positive definite: {pair}. They may "
                    "not be distinct; consider joining them."
                )
            )
    return found


def _indefinite(V: NDArray[np.float64]) -> bool:
    if not V.size:
        return False
    try:
        np.linalg.cholesky(V)
    except np.linalg.LinAlgError:
        pass
    else:
        return False
    size = np.sqrt(np.abs(np.diagonal(V)))
    size = np.where(size > 0, size, 1.0)
    return bool(np.linalg.eigvalsh(V / size / size[:, None])[0] < -1e-8)


def _worst_pair(V: NDArray[np.float64], names: tuple[str, ...]) -> str:
    size = np.sqrt(np.abs(np.diagonal(V)))
    size = np.where(size > 0, size, 1.0)
    R = np.abs(np.tril(V / np.outer(size, size), -1))
    i, j = np.unravel_index(int(R.argmax()), R.shape)
    return f"{names[i]} and {names[j]} correlate {V[i, j] / (size[i] * size[j]):.3f}"
