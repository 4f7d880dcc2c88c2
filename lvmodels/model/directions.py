"""Where parameters act: columns of Z, and positions at which derivatives are read (see `lvmodels.model.matrices`).

Index arrays are made once for a model; gradient and information matrices are then read by single takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.model.row import Row

Index = NDArray[np.intp]
Vector = NDArray[np.float64]
DIRECTED, SYMMETRIC, INTERCEPT, THRESHOLD, SCALE, PRODUCT = range(6)


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """Where parameters act: one entry a parameter.

    Attributes
    ----------
    u, v : ndarray of int, shape (k,)
        Columns of Z = [E, C].
    c : ndarray, shape (k,)
        0.5 for variances, 0 for intercepts (which do not move Sigma), 1 otherwise.
    m : ndarray of int, shape (k,)
        Index into [eta, 1, 0]: how the parameter moves mu along E_u.
    kind : ndarray of int, shape (k,)
        0 directed, 1 symmetric, 2 intercept, 3 threshold, 4 scale factor, 5 product of latent variables; the last three
        move neither Sigma nor mu.
    first, second : ndarray of int, shape (k,)
        The variables a and b of Beta[a, b], Psi[a, b], alpha[a] (b = a, also for thresholds and scale factors).
    order : ndarray of int, shape (k,)
        Of a threshold among those of its variable; else 0.
    """

    u: Index
    v: Index
    c: Vector
    m: Index
    kind: Index
    first: Index
    second: Index
    order: Index


@dataclass(frozen=True, slots=True, eq=False)
class Bends:
    """Flat positions for second derivatives: those of Beta with Beta, Psi and alpha do not vanish.

    With D directed and S symmetric parameters, and I intercepts, among the k of a group:

    Attributes
    ----------
    a, b : ndarray of int, shape (D,)
        Beta[a, b] of the directed ones.
    tau, ec, bb, aa : ndarray of int, shape (D, D)
        Of Tau[b_l, a_k] and V[b_k, b_l] in (M, M), and of K[E_a_l, C_b_k] and K[E_a_k, E_a_l] in (2M, 2M) matrices.
    tau_d, tau_c, k_c, k_d : ndarray of int, shape (D, S)
        Of Tau[b_k, d_l], Tau[b_k, c_l], K[E_a_k, E_c_l], K[E_a_k, E_d_l].
    c : ndarray, shape (S,)
        Factors of the symmetric ones.
    tau_i : ndarray of int, shape (D, I)
        Of Tau[b_k, a_l].
    dd, ds, sd, di, id : ndarray of int
        Of the blocks of the result in a (k, k) matrix.
    """

    a: Index
    b: Index
    tau: Index
    ec: Index
    bb: Index
    aa: Index
    tau_d: Index
    tau_c: Index
    k_c: Index
    k_d: Index
    c: Vector
    tau_i: Index
    dd: Index
    ds: Index
    sd: Index
    di: Index
    id: Index


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Flat positions of all pairs of columns in a (2M, 2M) matrix: information matrices are read with single takes.

    Attributes
    ----------
    uu, uv, vv : ndarray of int, shape (k, k)
        Of the columns (u_k, u_l), (u_k, v_l), (v_k, v_l).
    cc : ndarray, shape (k, k)
        Products of the factors c.
    bends : Bends
        Where second derivatives of Sigma and mu are read.
    """

    uu: Index
    uv: Index
    vv: Index
    cc: Vector
    bends: Bends


def arrow(row: Row, place: dict[str, int]) -> tuple[int, int]:
    """Head and tail (a, b) of the entry Beta[a, b] that a directed parameter fills."""
    return (place[row.rhs], place[row.lhs]) if row.op == "=~" else (place[row.lhs], place[row.rhs])


def directions_of(
    rows: Iterable[Row], place: dict[str, int], tails: Mapping[tuple[str, ...], int] | None = None
) -> Directions:
    """The derivative directions of parameters, free or not (for modification indices).

    Parameters
    ----------
    tails : mapping, optional
        For products of latent variables the factor from which they are an arrow, once the other one is given; without
        it they have no direction.
    """
    M = len(place)
    found: list[tuple[int, int, float, int, int, int, int, int]] = []
    for row in rows:
        a = place[row.lhs]
        if row.factors and tails is None:
            found.append((a, a, 0.0, M + 1, PRODUCT, a, a, 0))
        elif row.factors and tails is not None:
            found.append((a, M + tails[row.factors], 1.0, tails[row.factors], DIRECTED, a, tails[row.factors], 0))
        elif row.op == "~1":
            found.append((a, a, 0.0, M, INTERCEPT, a, a, 0))
        elif row.op == "|":
            found.append((a, a, 0.0, M + 1, THRESHOLD, a, a, row.threshold))
        elif row.op == "~*~":
            found.append((a, a, 0.0, M + 1, SCALE, a, a, 0))
        elif row.op == "~~":
            b = place[row.rhs]
            found.append((a, b, 0.5 if a == b else 1.0, M + 1, SYMMETRIC, a, b, 0))
        else:
            a, b = arrow(row, place)
            found.append((a, M + b, 1.0, b, DIRECTED, a, b, 0))
    columns = list(zip(*found, strict=True)) if found else [()] * 8
    integers = [np.array(column, dtype=np.intp) for column in columns]
    return Directions(
        u=integers[0],
        v=integers[1],
        c=np.array(columns[2], dtype=np.float64),
        m=integers[3],
        kind=integers[4],
        first=integers[5],
        second=integers[6],
        order=integers[7],
    )


def variances_of(variables: Index, M: int) -> Directions:
    """The directions of (residual) variances of M variables."""
    k = len(variables)
    kind, still = np.full(k, SYMMETRIC), np.full(k, M + 1)
    return Directions(
        variables, variables, np.full(k, 0.5), still, kind, variables, variables, np.zeros(k, dtype=np.intp)
    )


def pairs_of(at: Directions, M: int) -> Pairs:
    """All pairs of parameters, for matrices of 2M columns."""
    width = 2 * M
    return Pairs(
        uu=at.u[:, None] * width + at.u,
        uv=at.u[:, None] * width + at.v,
        vv=at.v[:, None] * width + at.v,
        cc=at.c[:, None] * at.c,
        bends=_bends(at, M),
    )


def _bends(at: Directions, M: int) -> Bends:
    directed, symmetric, intercept = (np.flatnonzero(at.kind == kind) for kind in range(3))
    k, width = len(at.kind), 2 * M
    a, b = at.first[directed], at.second[directed]
    A, B = a[:, None], b[:, None]
    c, d, i = at.first[symmetric], at.second[symmetric], at.first[intercept]
    return Bends(
        a=a,
        b=b,
        tau=b * M + A,
        ec=a * width + M + B,
        bb=B * M + b,
        aa=A * width + a,
        tau_d=B * M + d,
        tau_c=B * M + c,
        k_c=A * width + c,
        k_d=A * width + d,
        c=at.c[symmetric],
        tau_i=B * M + i,
        dd=directed[:, None] * k + directed,
        ds=directed[:, None] * k + symmetric,
        sd=symmetric[:, None] * k + directed,
        di=directed[:, None] * k + intercept,
        id=intercept[:, None] * k + directed,
    )
