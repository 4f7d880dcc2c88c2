"""The model text of a framework, and what its constructs are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lvmodels.loyalty.frameworks.record import Framework, Hypothesis

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Language


def model_text(framework: Framework, product: bool = True) -> str:
    """Measurement, constructs of higher order and paths, in the model language."""
    lines = ["# measurement"]
    lines += [f"{name} =~ {' + '.join(items)}" for name, items in framework.blocks.items()]
    lines += [f"{name} =~ {' + '.join(parts)}" for name, parts in framework.second_order.items()]
    if framework.composites:
        lines += ["", "# formed by their parts, without a remainder of their own"]
    for k, (name, parts) in enumerate(framework.composites.items()):
        lines.append(f"{name} <~ {' + '.join([f'1*{parts[0]}', *parts[1:]])}")
        beside = [other for other in exogenous(framework) if other not in framework.composites]
        beside += list(framework.composites)[k + 1 :]
        lines.append(f"{name} ~~ {' + '.join(f'0*{other}' for other in beside)}")
    lines += ["", "# structure"]
    for outcome in dict.fromkeys(h.outcome for h in framework.hypotheses):
        predictors = [h.predictor for h in kept(framework, product) if h.outcome == outcome]
        if predictors:
            lines.append(f"{outcome} ~ {' + '.join(predictors)}")
    return "\n".join(lines)


def kept(framework: Framework, product: bool) -> tuple[Hypothesis, ...]:
    """The hypotheses that a model with or without products is about."""
    return tuple(h for h in framework.hypotheses if product or len(h.factors) == 1)


def exogenous(framework: Framework) -> list[str]:
    """Constructs that nothing explains."""
    explained = {h.outcome for h in framework.hypotheses}
    explained |= {part for parts in framework.second_order.values() for part in parts}
    return [name for name in framework.constructs if name not in explained]


def label(framework: Framework, construct: str, language: Language = "en") -> str:
    """What a construct is called: as in the instrument, or its name as words."""
    if construct in {known.name for known in framework.instrument.constructs}:
        return framework.instrument.label(construct, language)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", construct)
    return words[:1] + words[1:].lower()
