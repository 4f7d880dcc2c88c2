"""What a model of composites cannot be estimated from, and what is dubious about a solution."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lvmodels.composites.answers import Answers
from lvmodels.composites.declaration import Declaration
from lvmodels.composites.layout import Stage
from lvmodels.composites.moments import correlations, item_covariances
from lvmodels.composites.options import PlsSettings
from lvmodels.composites.solution import Solution
from lvmodels.errors import (
    ConvergenceWarning,
    IgnoredFormulaWarning,
    InadmissibleWarning,
    LvmodelsWarning,
    ModelError,
    NotEstimableError,
    SingularBlockError,
    TooFewCasesError,
)

_SINGULAR = 1e-10


def check_stages(stages: tuple[Stage, ...], declared: Declaration, answers: Answers, settings: PlsSettings) -> None:
    """Refuse combinations that have no estimate, and blocks that data make singular.

    Raises
    ------
    NotEstimableError, ModelError, SingularBlockError, TooFewCasesError
    """
    _check_combinations(declared, settings)
    for stage in stages:
        alone = [name for name, has in zip(stage.names, stage.linked, strict=True) if not has]
        if alone:
            raise ModelError(
                f"{', '.join(map(repr, alone))} {'has' if len(alone) == 1 else 'have'} no path; outer weights come "
                f"from neighbours. Give {'it' if len(alone) == 1 else 'them'} a path, or leave "
                f"{'it' if len(alone) == 1 else 'them'} out."
            )
    most = max(int(stage.paths.sum(axis=0).max()) for stage in stages)
    if answers.n <= most + 1:
        raise TooFewCasesError(
            f"{answers.n} cases are too few for a regression on {most} constructs; use fewer paths, or more cases."
        )
    _check_blocks(declared, answers)


def _check_combinations(declared: Declaration, settings: PlsSettings) -> None:
    if settings.consistent and declared.products:
        raise NotEstimableError(
            "consistent=True has no correction for products of constructs; fit products with consistent=False, or by "
            "latent interactions in lv.sem."
        )
    if settings.consistent and declared.higher:
        raise NotEstimableError(
            "consistent=True is for one order of constructs; use consistent=False for higher orders."
        )
    if declared.products and declared.higher and settings.interaction != "two_stage":
        raise NotEstimableError(
            f"interaction='{settings.interaction}' needs constructs measured by items, but the model has some measured "
            "by constructs; use interaction='two_stage'."
        )


def _check_blocks(declared: Declaration, answers: Answers) -> None:
    blocks = [block for block in declared.blocks if block.mode == "B" and len(block.items) > 1]
    if not blocks:
        return
    R = correlations(item_covariances(answers, np.ones((1, answers.n))))[0]
    place = {name: k for k, name in enumerate(answers.names)}
    for block in blocks:
        own = [place[item] for item in block.items]
        values, vectors = np.linalg.eigh(R[np.ix_(own, own)])
        if values[0] < _SINGULAR:
            involved = [block.items[int(k)] for k in np.flatnonzero(np.abs(vectors[:, 0]) > 0.1)]
            raise SingularBlockError(
                f"{', '.join(map(repr, involved))} of '{block.name}' are exactly collinear, so that mode B has no "
                f"weights; drop one of them, or use modes={{'{block.name}': 'A'}}."
            )


def dubious(
    stages: tuple[Stage, ...], declared: Declaration, solutions: tuple[Solution, ...], settings: PlsSettings
) -> tuple[LvmodelsWarning, ...]:
    """What is worth a warning."""
    found: list[LvmodelsWarning] = []
    if declared.ignored:
        found.append(
            IgnoredFormulaWarning(
                f"partial least squares has no parameter for {'; '.join(declared.ignored)}; "
                f"{'the formula was' if len(declared.ignored) == 1 else 'these formulas were'} left out."
            )
        )
    if not all(solution.converged[0] for solution in solutions):
        found.append(
            ConvergenceWarning(
                f"the weights did not settle in {settings.max_iterations} iterations; try scheme='path', more "
                "max_iterations, or leave out constructs that hardly correlate with their neighbours."
            )
        )
    if settings.consistent:
        found += [InadmissibleWarning(sentence) for sentence in _inadmissible(stages[-1], solutions[-1])]
    return tuple(found)


def _inadmissible(stage: Stage, solution: Solution) -> Iterator[str]:
    remedy = "The common-factor model does not hold here; use consistent=False, or write the block with <~."
    rho, latent = solution.rho[0], solution.latent[0]
    wrong = [f"{stage.names[j]} {rho[j]:.3f}" for j in range(len(rho)) if not 0.0 < rho[j] <= 1.0 + 1e-12]
    if wrong:
        yield f"rho_A lies outside 0 and 1 for {', '.join(wrong)}. {remedy}"
        return
    over = [
        j for j in np.flatnonzero(stage.reflective) if (np.abs(solution.loadings[0, stage.slots_of(int(j))]) > 1).any()
    ]
    if over:
        yield f"some loadings of {', '.join(stage.names[j] for j in over)} are beyond 1. {remedy}"
    rows, columns = np.nonzero(np.tril(np.abs(latent), -1) > 1.0)
    if len(rows):
        pairs = [
            f"{stage.names[i]} and {stage.names[j]} ({latent[i, j]:.3f})" for i, j in zip(rows, columns, strict=True)
        ]
        yield f"correlations of constructs are beyond 1: {', '.join(pairs)}. {remedy}"
    elif np.linalg.eigvalsh(latent)[0] < -1e-10:
        yield f"the correlation matrix of the constructs is not positive definite. {remedy}"
    above = [stage.names[j] for j in range(len(rho)) if solution.r2[0, j] > 1.0]
    if above:
        yield f"R² of {', '.join(above)} is above 1. {remedy}"
