"""What a fit says of the hypotheses of a framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.frameworks.record import Framework, Hypothesis

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["supported", "not supported", "contrary", "not tested"]


class _Estimated(Protocol):
    def estimates(self) -> pd.DataFrame: ...


def hypotheses_table(fit: _Estimated, framework: Framework, level: float = 0.95) -> pd.DataFrame:
    """Hold the paths of a fit against the hypotheses of a framework.

    Parameters
    ----------
    fit : Fit or PlsFit
        Of the framework, or of any model with paths between constructs of the same names.
    framework : Framework
    level : float
        A hypothesis is supported when its path has the expected sign and p < 1 - level, two-sided; contrary when it
        has the other sign and p < 1 - level. The intervals are those of the fit.

    Returns
    -------
    DataFrame
        Columns hypothesis, path, expected, [group], estimate, ci_lower, ci_upper, pvalue, standardized, verdict
        ("supported", "not supported", "contrary"; "not tested" where the model lacks the path or has no test), source.

    Raises
    ------
    OptionValueError
        When `level` is not between 0 and 1.

    Examples
    --------
    >>> import lvmodels as lv
    >>> framework = lv.frameworks["reputation"]
    >>> table = lv.hypotheses_table(framework.fit(missing="fiml"), framework)
    >>> table[["hypothesis", "path", "verdict"]].iloc[[1, 4]].values.tolist()
    [['H2', 'Satisfaction ~ Likeability', 'supported'], ['H5', 'Loyalty ~ Satisfaction', 'supported']]
    """
    import pandas as pd

    if not 0 < level < 1:
        raise OptionValueError(f"level={level!r} is not between 0 and 1; use, for example, level=0.95.")
    estimates = fit.estimates()
    paths = estimates[estimates["op"] == "~"]
    rows: list[dict[str, Any]] = []
    for h in framework.hypotheses:
        found = paths[(paths["lhs"] == h.outcome) & paths["rhs"].isin(_spellings(h))]
        lead = {"hypothesis": h.name, "path": h.path, "expected": h.sign}
        if found.empty:
            rows.append({**lead, "verdict": "not tested", "source": h.source})
        judged = (_judged(row, h, 1 - level, "group" in paths.columns) for row in found.to_dict("records"))
        rows += [{**lead, **verdict, "source": h.source} for verdict in judged]
    columns = ["hypothesis", "path", "expected", *(["group"] if "group" in paths.columns else [])]
    columns += ["estimate", "ci_lower", "ci_upper", "pvalue", "standardized", "verdict", "source"]
    return pd.DataFrame(rows).reindex(columns=columns)


def _judged(row: dict[Any, Any], h: Hypothesis, alpha: float, grouped: bool) -> dict[str, Any]:
    estimate, p = float(row["est"]), float(row["pvalue"])
    verdict: Verdict = "not tested"
    if p == p:
        as_expected = (estimate > 0) == (h.sign == "+")
        verdict = "not supported" if p >= alpha else "supported" if as_expected else "contrary"
    return {
        **({"group": row["group"]} if grouped else {}),
        "estimate": estimate,
        "ci_lower": float(row["ci_lower"]),
        "ci_upper": float(row["ci_upper"]),
        "pvalue": p,
        "standardized": float(row["std_all"]),
        "verdict": verdict,
    }


def _spellings(h: Hypothesis) -> set[str]:
    """The predictor as it may stand in a table: factors of a product in either order."""
    return {h.predictor, ":".join(reversed(h.factors))}
