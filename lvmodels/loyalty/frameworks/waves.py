"""Which paths change from one wave to the next: gradually, or by entering and dropping out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Unpack

from lvmodels.errors import OptionValueError
from lvmodels.fit.pipeline import sem
from lvmodels.loyalty.frameworks.record import Framework
from lvmodels.loyalty.frameworks.text import kept

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.estimate.settings import FitOptions

Change = Literal["gradual", "enters", "drops out", "none"]


def wave_changes(
    framework: Framework,
    data: Any,
    wave: str = "wave",
    alpha: float = 0.05,
    **options: Unpack[FitOptions],
) -> pd.DataFrame:
    """Compare the paths of a framework between waves of different respondents.

    The waves are groups of one model with equal loadings, so that paths are in the same units. Products of constructs
    are left out. Waves of the same respondents are not independent, which this leaves aside.

    Parameters
    ----------
    framework : Framework
    data : Survey, data frame or path
        With the items and a column of waves, in their order of appearance.
    wave : str
        That column.
    alpha : float
        Level of the two-sided tests.
    **options
        Those of `lvmodels.sem`.

    Returns
    -------
    DataFrame
        A row a path and pair of neighbouring waves: hypothesis, path, before, after (labels of the waves), est_before,
        est_after, difference, se, pvalue, change. Where the difference is significant the change is "gradual" when the
        path is significant in both waves or in neither, "enters" or "drops out" when in one of them only; else "none".

    Raises
    ------
    OptionValueError
        When there is but one wave.
    ModelError, DataError
        As in `lvmodels.sem`.

    Examples
    --------
    >>> import pandas as pd
    >>> import lvmodels as lv
    >>> chain = lv.frameworks["loyalty_chain"]
    >>> first, second = chain.simulate(300, seed=1).answers, chain.simulate(300, seed=2).answers
    >>> both = pd.concat([first.assign(wave="2024"), second.assign(wave="2025")], ignore_index=True)
    >>> wave_changes(chain, both)["change"].tolist()
    ['none', 'none', 'none']
    """
    import pandas as pd

    from lvmodels.loyalty.frameworks.fitting import checked_answers

    survey = checked_answers(framework, data)
    place = survey.answers if wave in survey.answers.columns else survey.respondents
    if wave not in place.columns:
        raise OptionValueError(f"wave={wave!r} is no column of the answers; name the column that holds the waves.")
    count = place[wave].nunique()
    if count < 2:
        raise OptionValueError(f"column '{wave}' has {count} wave; a change needs at least two.")
    chosen: FitOptions = {"missing": framework.missing, **options, "group": wave, "group_equal": ["loadings"]}
    fit = sem(_text(framework, count), survey, **chosen)
    estimates = fit.estimates()
    named = estimates[estimates["label"] != ""].drop_duplicates("label").set_index("label")
    labels = fit.prepared.group_labels
    rows = []
    for k, h in enumerate(kept(framework, product=False)):
        for w in range(1, count):
            before, after = named.loc[f"path{k}_{w}"], named.loc[f"path{k}_{w + 1}"]
            gap = named.loc[f"change{k}_{w}"]
            lead = (h.name, h.path, labels[w - 1], labels[w], before["est"], after["est"])
            sure = (bool(before["pvalue"] < alpha), bool(after["pvalue"] < alpha))
            change = _change(*sure, bool(gap["pvalue"] < alpha))
            rows.append((*lead, gap["est"], gap["se"], gap["pvalue"], change))
    columns = [
        "hypothesis",
        "path",
        "before",
        "after",
        "est_before",
        "est_after",
        "difference",
        "se",
        "pvalue",
        "change",
    ]
    return pd.DataFrame(rows, columns=columns)


def _text(framework: Framework, waves: int) -> str:
    """The linear model with a label for each path in each wave, and their differences."""
    lines = [framework.model(product=False).split("# structure")[0]]
    for k, h in enumerate(kept(framework, product=False)):
        labels = [f"path{k}_{w}" for w in range(1, waves + 1)]
        lines.append(f"{h.outcome} ~ c({', '.join(labels)})*{h.predictor}")
        lines += [f"change{k}_{w} := {labels[w]} - {labels[w - 1]}" for w in range(1, waves)]
    return "\n".join(lines)


def _change(before: bool, after: bool, differs: bool) -> Change:
    if not differs:
        return "none"
    return "gradual" if before == after else "enters" if after else "drops out"
