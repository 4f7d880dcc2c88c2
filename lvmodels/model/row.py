"""One parameter of a model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter: `lhs op rhs` in one group, free or fixed.

    Attributes
    ----------
    lhs, op, rhs : str
        `op` is one of ``=~ <~ ~ ~~ ~1 | ~*~``; `rhs` of an intercept is empty, of a threshold ``t1``, ``t2``, ...
    group, level : int
        From 1.
    label : str
        Rows of one label share one value.
    free : bool
        Whether the parameter is estimated.
    value : float or None
        Of a fixed parameter; None when it comes from the data (moments of covariates).
    start, lower, upper : float or None
    user : bool
        Written in the model text, not added automatically.
    covariate : bool
        A moment of a covariate, held at its sample value.
    equal_to : str
        The parameter an ``equal()`` modifier names.
    starred : bool
        Written with a number or NA, so that automatic scaling leaves it alone.
    auxiliary : bool
        Of an auxiliary variable, which is no part of the model.
    factors : tuple of str
        The two variables whose product predicts, at least one of them latent; empty for all other parameters.
    """

    lhs: str
    op: str
    rhs: str
    group: int = 1
    label: str = ""
    free: bool = True
    value: float | None = None
    start: float | None = None
    lower: float | None = None
    upper: float | None = None
    user: bool = False
    covariate: bool = False
    equal_to: str = ""
    starred: bool = False
    level: int = 1
    auxiliary: bool = False
    factors: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies the parameter within its group."""
        return (self.lhs, self.op, self.rhs)

    @property
    def plain(self) -> bool:
        """Whether it was written without any modifier."""
        return not (self.label or self.starred or self.equal_to) and (self.start, self.lower, self.upper) == (None,) * 3

    @property
    def is_variance(self) -> bool:
        """Whether this is a (residual) variance."""
        return self.op == "~~" and self.lhs == self.rhs

    @property
    def threshold(self) -> int:
        """Which threshold of its variable this is, from 0."""
        return int(self.rhs[1:]) - 1

    def __str__(self) -> str:
        return f"{self.lhs}{self.op}{self.rhs}"
