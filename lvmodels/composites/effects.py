"""Effects among constructs: direct, indirect, total, chain by chain; what mediates; slopes under moderation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.estimates import construct_frame
from lvmodels.composites.quantities import Of, effect_places, effects_at, quantity, reachable
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.regression import total_effects
from lvmodels.composites.replicates import latest_bootstrap, tests
from lvmodels.errors import OptionValueError

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]


def tested(fit: PlsRecord, of: Of, level: float) -> pd.DataFrame:
    """Numbers of one kind with the errors, tests and percentile intervals of the latest bootstrap."""
    import pandas as pd

    wanted, replicates = quantity(fit, of), latest_bootstrap(fit)
    estimate = wanted.values(fit.solutions)[0]
    draws = None if replicates is None else wanted.values(replicates.solutions)
    return pd.DataFrame({**wanted.keys, "est": estimate, **tests(estimate, draws, level)})


def effects(fit: PlsRecord, level: float) -> pd.DataFrame:
    """The frame behind `PlsFit.effects`."""
    scale = fit.solution.scale[0]
    standard = fit.solution.B * scale[:, None] / scale
    return tested(fit, "effects", level).assign(std_all=effects_at(effect_places(fit.stage), standard)[0])


def total_effects_frame(fit: PlsRecord) -> pd.DataFrame:
    """The frame behind `PlsFit.total_effects`."""
    return construct_frame(fit, total_effects(fit.solution.B)[0])


def indirect_effects_frame(fit: PlsRecord) -> pd.DataFrame:
    """The frame behind `PlsFit.indirect_effects`."""
    return construct_frame(fit, (total_effects(fit.solution.B) - fit.solution.B)[0])


def mediation(fit: PlsRecord, level: float) -> pd.DataFrame:
    """The frame behind `PlsFit.mediation`."""
    import pandas as pd

    if latest_bootstrap(fit) is None:
        raise OptionValueError("mediation needs intervals of the indirect effects; call fit.bootstrap(seed=1) first.")
    table = effects(fit, level).set_index(["predictor", "outcome", "effect"])
    rows = []
    names, beyond = fit.stage.names, reachable(fit.stage)
    for i, j in zip(*np.nonzero((fit.stage.paths.astype(int) @ beyond.astype(int)) > 0), strict=True):
        parts = {kind: table.loc[(names[i], names[j], kind)] for kind in ("direct", "indirect", "total")}
        direct, indirect = parts["direct"], parts["indirect"]
        there = bool(fit.stage.paths[i, j]) and _differs(direct)
        rows.append(
            {
                "predictor": names[i],
                "outcome": names[j],
                **{kind: float(row["est"]) for kind, row in parts.items()},
                "indirect_ci_lower": float(indirect["ci_lower"]),
                "indirect_ci_upper": float(indirect["ci_upper"]),
                "type": _type(there, _differs(indirect), float(direct["est"]) * float(indirect["est"])),
                "variance_accounted_for": float(indirect["est"]) / float(parts["total"]["est"]),
            }
        )
    return pd.DataFrame(rows)


def _differs(row: pd.Series[float]) -> bool:
    """Whether the interval leaves zero out."""
    return bool(row["ci_lower"] > 0 or row["ci_upper"] < 0)


def _type(direct: bool, indirect: bool, product: float) -> str:
    if direct and indirect:
        return "complementary" if product > 0 else "competitive"
    if indirect:
        return "indirect only"
    return "direct only" if direct else "no effect"


def slopes(fit: PlsRecord, at: tuple[float, ...]) -> pd.DataFrame:
    """The frame behind `PlsFit.slopes`."""
    import pandas as pd

    stage, replicates = fit.stage, latest_bootstrap(fit)
    rows: list[tuple[str, str, str, float]] = []
    places: list[tuple[int, int, int, float]] = []
    for a, b in fit.declared.products:
        product = stage.names.index(f"{a}:{b}")
        for name, moderator in dict.fromkeys(((a, b), (b, a))):
            focal = stage.names.index(name)
            for outcome in np.flatnonzero(stage.paths[product]):
                rows += [(stage.names[outcome], name, moderator, float(value)) for value in at]
                twice = 2.0 if a == b else 1.0
                places += [(focal, product, int(outcome), twice * float(value)) for value in at]
    if not rows:
        raise OptionValueError(
            "the model has no product of constructs, and so no slopes; write one as y ~ x + z + x:z."
        )

    def values(B: Matrix) -> Matrix:
        return np.stack([B[:, i, j] + value * B[:, product, j] for i, product, j, value in places], axis=1)

    estimate = values(fit.solution.B)[0]
    draws = None if replicates is None else values(replicates.solutions[-1].B)
    frame = pd.DataFrame(rows, columns=["outcome", "predictor", "moderator", "at"])
    return frame.assign(est=estimate, **tests(estimate, draws, fit.settings.level))
