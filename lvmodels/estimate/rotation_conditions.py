"""What rotation demands of loadings, as constraints between parameters of a model.

With G the derivative of the criterion by the loadings, oblique factors of unit variance satisfy, for all r != s,
(Lambda'G)_rs = phi_rs (Lambda'G)_rr (Jennrich 1973), and orthogonal ones (Lambda'G)_rs = (Lambda'G)_sr (Archer and
Jennrich 1973). Written as expressions, they take part in estimation, errors and tests like any other constraint.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations

import numpy as np

from lvmodels.estimate.rotation_criteria import Criterion
from lvmodels.model.expression_tree import Binary, Call, Expression, Name, Number

Table = Sequence[Sequence[Expression]]


def rotation_conditions(
    criterion: Criterion, loadings: Sequence[Sequence[str]], weights: Sequence[float], phi: Sequence[Sequence[str]]
) -> tuple[Expression, ...]:
    """Expressions that are zero where the criterion is stationary.

    Parameters
    ----------
    criterion : Criterion
    loadings : p by m names
    weights : p numbers
        By which loadings are multiplied before rotation.
    phi : m by m names
        Of factor correlations; not used when factors are orthogonal.

    Examples
    --------
    >>> from lvmodels.model.expression_tree import to_text
    >>> names = (("a", "b"), ("c", "d"))
    >>> len(rotation_conditions(Criterion("oblimin"), names, (1.0, 1.0), (("", "r"), ("r", ""))))
    2
    >>> len(rotation_conditions(Criterion("varimax"), names, (1.0, 1.0), ()))
    1
    """
    L = [[_times(Number(float(w)), Name(name)) for name in row] for row, w in zip(loadings, weights, strict=True)]
    m = len(L[0])
    G = _slopes(criterion, L)

    def product(r: int, s: int) -> Expression:
        return _sum([_times(L[i][r], G[i][s]) for i in range(len(L))])

    if criterion.orthogonal:
        return tuple(_minus(product(r, s), product(s, r)) for r, s in combinations(range(m), 2))
    return tuple(_minus(product(r, s), _times(Name(phi[r][s]), product(r, r))) for r, s in permutations(range(m), 2))


def _slopes(criterion: Criterion, L: Table) -> Table:
    """Derivatives of the criterion, shape (p, m)."""
    p, m = len(L), len(L[0])
    squares = [[_times(x, x) for x in row] for row in L]
    if criterion.name == "geomin":
        return [_geomin(L[i], squares[i], criterion.epsilon) for i in range(p)]
    if criterion.name == "target":
        assert criterion.target is not None
        goal = criterion.target
        zero = Number(0.0)
        return [
            [zero if np.isnan(goal[i, r]) else _minus(L[i][r], Number(float(goal[i, r]))) for r in range(m)]
            for i in range(p)
        ]
    rows, columns = _crawford_ferguson(criterion, p, m)
    first = 1 if criterion.name == "bifactor" else 0
    found: list[list[Expression]] = []
    for i in range(p):
        line: list[Expression] = []
        for r in range(m):
            terms = [_times(Number(rows), squares[i][t]) for t in range(first, m) if t != r]
            if columns:
                terms += [_times(Number(columns), squares[k][r]) for k in range(p) if k != i]
            line.append(_times(L[i][r], _sum(terms)) if r >= first and terms else Number(0.0))
        found.append(line)
    if criterion.name == "oblimin" and criterion.gamma:
        return _less_means(L, squares, criterion.gamma)
    return found


def _crawford_ferguson(criterion: Criterion, p: int, m: int) -> tuple[float, float]:
    """Weights of row and of column complexity."""
    kappa = {"varimax": 1.0 / p, "equamax": m / (2.0 * p)}.get(criterion.name, 0.0)
    return 1.0 - kappa, kappa


def _geomin(line: Sequence[Expression], squares: Sequence[Expression], epsilon: float) -> list[Expression]:
    m = len(line)
    shifted = [Binary("+", square, Number(epsilon)) for square in squares]
    mean = _times(Number(2.0 / m), Call("exp", _times(Number(1.0 / m), _sum([Call("log", x) for x in shifted]))))
    return [_times(Binary("/", x, s), mean) for x, s in zip(line, shifted, strict=True)]


def _less_means(L: Table, squares: Table, gamma: float) -> Table:
    """Oblimin: squared loadings on other factors, less gamma times their mean over items."""
    p, m = len(L), len(L[0])
    found = []
    for i in range(p):
        line = []
        for r in range(m):
            others = [t for t in range(m) if t != r]
            own = _sum([squares[i][t] for t in others])
            mean = _sum([squares[k][t] for k in range(p) for t in others])
            line.append(_times(L[i][r], _minus(own, _times(Number(gamma / p), mean))))
        found.append(line)
    return found


def _times(a: Expression, b: Expression) -> Expression:
    return Binary("*", a, b)


def _minus(a: Expression, b: Expression) -> Expression:
    return Binary("-", a, b)


def _sum(terms: Sequence[Expression]) -> Expression:
    """Halved again and again, so that the tree of a long sum stays low."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return Binary("+", _sum(terms[:half]), _sum(terms[half:]))
