"""Results of a fit are computed once, when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from lvmodels.composites.record import PlsRecord
from lvmodels.estimate.threads import one_thread

P = ParamSpec("P")
T = TypeVar("T")


def derived(function: Callable[Concatenate[PlsRecord, P], T]) -> Callable[Concatenate[PlsRecord, P], T]:
    """Compute a function of a fit once, and keep it with the fit."""

    @wraps(function)
    def kept(fit: PlsRecord, /, *args: P.args, **named: P.kwargs) -> T:
        key = (function, *args, *sorted(named.items()))
        if key not in fit._derived:
            with one_thread:
                fit._derived[key] = function(fit, *args, **named)
        found: T = fit._derived[key]
        return found

    return kept
