"""Results of a fit are computed once, when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from lvmodels.estimate.threads import one_thread

__all__ = ["derived"]


class _Keeps(Protocol):
    """A fit of any engine that keeps what was derived from it."""

    @property
    def _derived(self) -> dict[tuple[Any, ...], Any]: ...


F = TypeVar("F", bound=_Keeps)
P = ParamSpec("P")
T = TypeVar("T")


def derived(function: Callable[Concatenate[F, P], T]) -> Callable[Concatenate[F, P], T]:
    """Compute a function of a fit once, and keep it with the fit."""

    @wraps(function)
    def kept(fit: F, /, *args: P.args, **named: P.kwargs) -> T:
        key = (function, *args, *sorted(named.items()))
        if key not in fit._derived:
            with one_thread:
                fit._derived[key] = function(fit, *args, **named)
        found: T = fit._derived[key]
        return found

    return kept
