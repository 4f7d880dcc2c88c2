"""Score tests of equality constraints: what would be gained by releasing them, without fitting again.

With s the score and J the expected information of all free rows of the table before they are tied together, T the
directions that the constraints leave open and E one direction for each constraint that breaks it alone,

    x2 = n s'E [E'JE - E'JT (T'JT)^-1 T'JE]^-1 E's

is a chi-square with as many degrees of freedom as constraints are released (the Lagrange multiplier test of Aitchison
and Silvey 1958; Sörbom 1989). The expected changes of the rows are the step that Fisher scoring would take next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.modification import information_weight
from lvmodels.assess.products import refuse_products
from lvmodels.assess.vcov import effective_n
from lvmodels.errors import ModelError, NotConvergedError
from lvmodels.estimate.derived import derived
from lvmodels.estimate.likelihood import gradient
from lvmodels.estimate.objective import row_information
from lvmodels.estimate.threads import one_thread
from lvmodels.fit.record import Fit
from lvmodels.model.expression import Binary, substitute, to_text
from lvmodels.model.restrictions import row_gradient

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SINGULAR = 1e-8


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ScoreTests:
    """Tests of releasing equality constraints.

    Attributes
    ----------
    univariate : DataFrame
        One row a constraint released alone: lhs, op, rhs, group of the row set free, `equal_to` (the row it is tied to)
        with `equal_to_group`, x2, df, pvalue, est, epc (expected change of the row) and epc_others (of what it was tied
        to). For a constraint written with ``==`` its text is in lhs and rhs.
    x2, df, pvalue : float
        All constraints released together.
    changes : DataFrame
        Expected changes of all free rows then: lhs, op, rhs, group, est, epc, epv (est + epc).
    """

    univariate: pd.DataFrame
    x2: float
    df: int
    pvalue: float
    changes: pd.DataFrame

    def __repr__(self) -> str:
        together = f"all together: x2 = {self.x2:.3f}, df = {self.df}, p = {self.pvalue:.3f}"
        return f"{self.univariate.round(3).to_string(index=False)}\n{together}"


@dataclass(frozen=True, slots=True, eq=False)
class Constraints:
    """The equality constraints of a fit, on all free rows of its table.

    Attributes
    ----------
    A : ndarray, shape (c, r)
        Their derivatives by the rows.
    tied : tuple of (int, int) or None
        For each the row of the table and the one it equals; None for those written as formulas.
    texts : tuple of (str, str)
        Both sides.
    held : ndarray, shape (h, r)
        Derivatives of active inequalities, which are not released.
    """

    A: Matrix
    tied: tuple[tuple[int, int] | None, ...]
    texts: tuple[tuple[str, str], ...]
    held: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Released:
    """A score test, and the expected changes of all free rows, shape (r,)."""

    x2: float
    df: int
    pvalue: float
    changes: Vector


@one_thread
def score_tests(fit: Fit) -> ScoreTests:
    """Test each equality constraint of a fit, alone and all together, by the gain its release would bring.

    Constraints are equal labels, equality across groups, and formulas with ``==``.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    ScoreTests

    Raises
    ------
    ModelError
        When the model has no equality constraint.
    NotConvergedError

    Notes
    -----
    The numbers are those of lavaan's lavTestScore, which are not corrected for non-normality either, with these
    differences. The degrees of freedom of the joint test count what is identified once all constraints are gone: with
    equal intercepts and free latent means that is less than the number of constraints, which lavaan reports. `epc` is
    the change when one constraint is released; lavaan's table of changes, for all together, is `changes`. For least
    squares lavaan 0.6-14 prints tests smaller by (n - groups) / n, and changes with the opposite sign.

    Examples
    --------
    >>> import lvmodels as lv
    >>> data = lv.datasets.load("holzinger_swineford")
    >>> fit = lv.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", data, group="school", group_equal="loadings")
    >>> lv.score_tests(fit).univariate[["lhs", "op", "rhs", "x2", "pvalue"]].round(3)
           lhs  op rhs     x2  pvalue
    0   visual  =~  x2  0.703   0.402
    1   visual  =~  x3  1.065   0.302
    2  textual  =~  x5  5.344   0.021
    3  textual  =~  x6  3.051   0.081
    """
    import pandas as pd

    if not fit.converged:
        raise NotConvergedError("score tests need a model that converged; " + fit.optimum.reason + ".")
    refuse_products(fit, "score tests are", "Fit the model without the constraint, and compare() the two.")
    found = constraints_of(fit)
    if not len(found.A):
        raise ModelError(
            "the model has no equality constraint to release; score tests are about equal labels, '==' and group_equal."
        )
    tests = [release(fit, [k]) for k in range(len(found.A))]
    position = {int(row): k for k, row in enumerate(fit.objective.restrictions.free_rows)}
    univariate = pd.DataFrame([_univariate(fit, found, k, test, position) for k, test in enumerate(tests)])
    together = _all_together(fit)
    return ScoreTests(univariate, together.x2, together.df, together.pvalue, _changes(fit, _shortest(fit, together)))


def _shortest(fit: Fit, test: Released) -> Vector:
    """The changes without what the data could not tell once nothing is equal: the shortest of all such steps."""
    values, vectors = np.linalg.eigh(_row_information(fit))
    idle = vectors[:, values < 1e-7 * values.max()]
    return np.asarray(test.changes - idle @ (idle.T @ test.changes))


def _univariate(fit: Fit, found: Constraints, k: int, test: Released, position: dict[int, int]) -> dict[str, object]:
    """A row of the table of single constraints."""
    tests: dict[str, object] = {"x2": test.x2, "df": test.df, "pvalue": test.pvalue}
    tied = found.tied[k]
    if tied is None:
        lhs, rhs = found.texts[k]
        nothing = float("nan")
        return {
            "lhs": lhs, "op": "==", "rhs": rhs, "group": 0, "equal_to": "", "equal_to_group": 0, **tests,
            "est": nothing, "epc": nothing, "epc_others": nothing,
        }  # fmt: skip
    row, first = fit.table.rows[tied[0]], fit.table.rows[tied[1]]
    return {
        "lhs": row.lhs, "op": row.op, "rhs": row.rhs, "group": row.group,
        "equal_to": str(first), "equal_to_group": first.group, **tests,
        "est": fit.solution.values[tied[0]],
        "epc": test.changes[position[tied[0]]],
        "epc_others": test.changes[position[tied[1]]] if tied[1] in position else 0.0,
    }  # fmt: skip


def _changes(fit: Fit, changes: Vector) -> pd.DataFrame:
    import pandas as pd

    rows = [fit.table.rows[i] for i in fit.objective.restrictions.free_rows]
    est = fit.solution.values[fit.objective.restrictions.free_rows]
    columns = {name: [getattr(row, name) for row in rows] for name in ("lhs", "op", "rhs", "group")}
    return pd.DataFrame({**columns, "est": est, "epc": changes, "epv": est + changes})


@derived
def constraints_of(fit: Fit) -> Constraints:
    """All equality constraints of a fit: labels, then formulas."""
    restrictions, table = fit.objective.restrictions, fit.table
    position = {int(row): k for k, row in enumerate(restrictions.free_rows)}
    A: list[Vector] = []
    tied: list[tuple[int, int] | None] = []
    texts: list[tuple[str, str]] = []
    for i, row in enumerate(table.rows):
        if not row.label or restrictions.lookup[row.label] == i or i not in position:
            continue
        first = restrictions.lookup[row.label]
        line = np.zeros(len(position))
        line[position[i]] = 1.0
        if first in position:
            line[position[first]] = -1.0
        A, tied, texts = [*A, line], [*tied, (i, first)], [*texts, (str(row), str(table.rows[first]))]
    for constraint in table.constraints:
        if constraint.op != "==":
            continue
        expression = substitute(Binary("-", constraint.lhs, constraint.rhs), dict(restrictions.definitions))
        line = row_gradient(restrictions, expression, fit.solution.values)[restrictions.free_rows]
        if line.any():
            A, tied = [*A, line], [*tied, None]
            texts = [*texts, (to_text(constraint.lhs), to_text(constraint.rhs))]
    r = len(position)
    return Constraints(np.array(A).reshape(len(A), r), tuple(tied), tuple(texts), _active(fit, r))


def _active(fit: Fit, r: int) -> Matrix:
    """Derivatives of the active inequalities by all free rows, shape (h, r)."""
    restrictions = fit.objective.restrictions
    active = tuple(restrictions.inequalities[k] for k in fit.optimum.active)
    if not active:
        return np.zeros((0, r))
    return np.array([row_gradient(restrictions, e, fit.solution.values)[restrictions.free_rows] for e in active])


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What score tests along directions E are read from.

    Attributes
    ----------
    gain : ndarray, shape (c,)
        E's; NaN for a constraint that others imply.
    M : ndarray, shape (c, c)
        E'JE less what the parameters inside the constraints explain of it.
    D : ndarray, shape (r, c)
        How all rows move along, when one constraint is broken and the others adjust.
    unit : ndarray, shape (c,)
        One over the square roots of the diagonal of E'JE.
    """

    gain: Vector
    M: Matrix
    D: Matrix
    unit: Vector


def release(fit: Fit, which: Sequence[int]) -> Released:
    """The score test of some of the constraints, by their number in `constraints_of`.

    NaN where nothing is gained because others imply the constraint, or the data could not tell the parameters apart.
    """
    return _test(fit, _alone(fit), np.array(which, dtype=np.intp))


def _test(fit: Fit, pieces: Pieces, some: NDArray[np.intp]) -> Released:
    gain, unit = pieces.gain[some], pieces.unit[some]
    nothing = Released(float("nan"), 0, float("nan"), np.full(len(pieces.D), np.nan))
    if not np.isfinite(gain).all():
        return nothing
    values, vectors = np.linalg.eigh(pieces.M[np.ix_(some, some)] * unit * unit[:, None])
    kept = values > _SINGULAR
    if not kept.any():
        return nothing
    turned = vectors[:, kept].T @ (gain * unit)
    x2, df = effective_n(fit) * float((turned**2 / values[kept]).sum()), int(kept.sum())
    step = pieces.D[:, some] @ (unit * (vectors[:, kept] @ (turned / values[kept])))
    return Released(x2, df, chi_square_tail(x2, df), np.asarray(step))


@derived
def _alone(fit: Fit) -> Pieces:
    """The pieces for directions that break one constraint each."""
    found = constraints_of(fit)
    c, every = len(found.A), np.concatenate([found.A, found.held])
    E = np.linalg.pinv(every)[:, :c]
    exact = np.abs(every @ E - np.eye(len(every))[:, :c]).max(axis=0, initial=0.0) < 1e-8
    pieces = _pieces(fit, E, _null_space(every))
    return replace(pieces, gain=np.where(exact, pieces.gain, np.nan))


def _all_together(fit: Fit) -> Released:
    """The score test of all constraints at once; constraints that others imply do no harm here."""
    found = constraints_of(fit)
    inside, open_ = _null_space(np.concatenate([found.A, found.held])), _null_space(found.held)
    left, singular, _ = np.linalg.svd(open_ - inside @ (inside.T @ open_), full_matrices=False)
    E = left[:, singular > 1e-8]
    return _test(fit, _pieces(fit, E, inside), np.arange(E.shape[1]))


def _null_space(A: Matrix) -> Matrix:
    """Orthonormal directions along which A x does not change, shape (r, t)."""
    _, singular, right = np.linalg.svd(A, full_matrices=True)
    return np.asarray(right[int((singular > 1e-10).sum()) :].T)


def _pieces(fit: Fit, E: Matrix, T: Matrix) -> Pieces:
    J = _row_information(fit)
    T = T / np.sqrt(np.maximum(np.einsum("ij,ij->j", T, J @ T), np.finfo(float).tiny))
    JE = J @ E
    D = E - T @ (np.linalg.pinv(T.T @ J @ T, hermitian=True) @ (T.T @ JE))
    own = np.einsum("ij,ij->j", E, JE)
    return Pieces(E.T @ _row_scores(fit), E.T @ J @ D, D, 1.0 / np.sqrt(np.maximum(own, np.finfo(float).tiny)))


def _row_scores(fit: Fit) -> Vector:
    """Scores of one case by all free rows, shape (r,)."""
    objective = fit.objective
    score = np.zeros(len(objective.restrictions.free_rows))
    for share, state, part in zip(objective.weights, fit.solution.states, objective.template.groups, strict=True):
        score[part.free] = -0.5 * share * gradient(state, part.directions)
    return score


@derived
def _row_information(fit: Fit) -> Matrix:
    """Expected information of one case about all free rows, shape (r, r)."""
    if not fit.settings.two_stage:
        return row_information(fit.objective, fit.solution)
    objective = fit.objective
    found = np.zeros((len(objective.restrictions.free_rows),) * 2)
    for g, (share, part) in enumerate(zip(objective.weights, objective.template.groups, strict=True)):
        slopes, V = fit.solution.states[g].slopes(part.directions), information_weight(fit, g)
        assert V is not None
        found[np.ix_(part.free, part.free)] = share * slopes.T @ V @ slopes
    return found
