"""A record made only to be shown: what a reader wants first of a fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lvmodels.assess.estimates import estimates
from lvmodels.assess.measures import fit_measures
from lvmodels.fit.record import Fit
from lvmodels.model.variables import Variables

if TYPE_CHECKING:
    import pandas as pd

_SECTIONS = (
    ("Loadings", ("=~",)),
    ("Composite weights", ("<~",)),
    ("Regressions", ("~",)),
    ("Covariances", ("~~",)),
    ("Intercepts", ("~1",)),
    ("Thresholds", ("|",)),
    ("Scale factors", ("~*~",)),
    ("Variances", ("~~",)),
    ("Defined parameters", (":=",)),
)


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """The parts of a printed summary.

    Attributes
    ----------
    heading : str
    measures : Series
        Fit measures.
    estimates : DataFrame
    warnings : tuple of str
    variables : Variables
    group_labels : tuple of str
    """

    heading: str
    measures: pd.Series[float]
    estimates: pd.DataFrame
    warnings: tuple[str, ...]
    variables: Variables
    group_labels: tuple[str, ...]

    def __str__(self) -> str:
        parts = [self.heading, _measure_lines(self.measures)]
        parts += [f"Note: {warning}" for warning in self.warnings]
        blocks = [name for name in ("group", "level") if name in self.estimates.columns]
        if not blocks:
            return "\n\n".join([*parts, *_section_texts(self.estimates)])
        defined = self.estimates["op"] == ":="
        for key, of_block in self.estimates[~defined].groupby(blocks, sort=False):
            title = _block_title(dict(zip(blocks, map(int, key), strict=True)), self.group_labels)
            parts += [title, *_section_texts(of_block)]
        return "\n\n".join([*parts, *_section_texts(self.estimates[defined])])

    def __repr__(self) -> str:
        return str(self)


def _block_title(block: dict[str, int], group_labels: tuple[str, ...]) -> str:
    parts = [f"Group {block['group']}: {group_labels[block['group'] - 1]}"] if "group" in block else []
    if "level" in block:
        parts.append(f"Level {block['level']}: {'within clusters' if block['level'] == 1 else 'between clusters'}")
    return ", ".join(parts)


def summary(fit: Fit) -> Summary:
    """The record behind `Fit.summary`."""
    from lvmodels import __version__

    state = (
        f"converged after {fit.optimum.iterations} iterations"
        if fit.converged
        else f"DID NOT CONVERGE: {fit.optimum.reason}"
    )
    return Summary(
        heading=f"lvmodels {__version__} · {fit.settings.kind} · {_method(fit)} · n = {fit.nobs} · {state}",
        measures=fit_measures(fit),
        estimates=_of_model(estimates(fit, True, fit.settings.level)),
        warnings=tuple(map(str, fit.warnings)),
        variables=fit.table.variables,
        group_labels=fit.prepared.group_labels,
    )


def _of_model(table: pd.DataFrame) -> pd.DataFrame:
    """Without the parameters of auxiliary variables, which say nothing about the model."""
    if "auxiliary" not in table:
        return table
    return table[~table["auxiliary"]].drop(columns="auxiliary").reset_index(drop=True)


def _method(fit: Fit) -> str:
    """The estimator, with what makes its errors and its handling of missing values different from plain ML."""
    settings = fit.settings
    named = "maximum likelihood" if settings.estimator == "ML" else settings.estimator
    if fit.objective.template.given:
        named = f"latent moderated structural equations, {named}"
    if settings.full_information:
        named += ", full information"
    elif settings.missing != "listwise":
        named += ", pairwise" if settings.missing == "pairwise" else f", missing='{settings.missing}'"
    if settings.se not in ("standard", "none"):
        named += f", {settings.se} errors"
    if settings.aux:
        named += f", auxiliary variables {', '.join(settings.aux)}"
    return named + (f", clusters '{settings.cluster}'" if settings.cluster else "")


def _measure_lines(m: pd.Series[float]) -> str:
    if "chisq" not in m.index:
        return (
            f"Log-likelihood {m['logl']:.3f}, AIC {m['aic']:.1f}, BIC {m['bic']:.1f}; {m['npar']:.0f} free parameters\n"
            "Products of latent variables leave no chi-square; compare() tests them against the model without."
        )
    lines = [f"Chi-square {m['chisq']:.3f}, df {m['df']:.0f}, p {_p(m['pvalue'])}; {m['npar']:.0f} free parameters"]
    if "chisq_scaled" in m.index:
        lines.append(
            f"Scaled chi-square {m['chisq_scaled']:.3f}, df {m['df_scaled']:.6g}, p {_p(m['pvalue_scaled'])}; "
            f"scaling factor {m['chisq_scaling_factor']:.3f}"
        )
    if "pvalue_bollen_stine" in m.index:
        lines.append(f"Bollen-Stine bootstrap p {_p(m['pvalue_bollen_stine'])}")
    for kind, name in (("adf", "ADF"), ("nt", "normal theory")):
        if f"chisq_browne_residual_{kind}" in m.index:
            chisq, df, p = (m[f"{part}_browne_residual_{kind}"] for part in ("chisq", "df", "pvalue"))
            lines.append(f"Browne's residual-based test ({name}) {chisq:.3f}, df {df:.0f}, p {_p(p)}")
    lines.append(_approximate(m, ""))
    kinds = [kind for kind in ("scaled", "robust") if f"rmsea_{kind}" in m.index]
    lines += [f"{kind.capitalize()} {_approximate(m, '_' + kind)}" for kind in kinds]
    if "logl" in m.index:
        lines.append(f"Log-likelihood {m['logl']:.3f}, AIC {m['aic']:.1f}, BIC {m['bic']:.1f}")
    return "\n".join(lines)


def _approximate(m: pd.Series[float], kind: str) -> str:
    """CFI, TLI and RMSEA of one kind; SRMR beside the plain ones."""
    text = (
        f"CFI {m['cfi' + kind]:.3f}, TLI {m['tli' + kind]:.3f}, RMSEA {m['rmsea' + kind]:.3f} "
        f"(90 % CI {m['rmsea_ci_lower' + kind]:.3f} to {m['rmsea_ci_upper' + kind]:.3f})"
    )
    return text if kind else f"{text}, SRMR {m['srmr']:.3f}"


def _p(value: float) -> str:
    return "–" if value != value else "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def _section_texts(table: pd.DataFrame) -> list[str]:
    texts = []
    for title, ops in _SECTIONS:
        part = table[table["op"].isin(ops) & ~_customary(table)]
        if ops == ("~~",):
            variance = part["lhs"] == part["rhs"]
            part = part[variance if title == "Variances" else ~variance]
        if len(part):
            texts.append(f"{title}\n{_table_text(part)}")
    return texts


def _customary(table: pd.DataFrame) -> pd.Series[bool]:
    """Rows fixed where everyone expects it: intercepts at 0, scale factors at 1."""
    fixed = table["se"] == 0
    return fixed & (((table["op"] == "~1") & (table["est"] == 0)) | ((table["op"] == "~*~") & (table["est"] == 1)))


def _table_text(part: pd.DataFrame) -> str:
    shown = {
        "": [_name(*key) for key in zip(part["lhs"], part["op"], part["rhs"], strict=True)],
        "est": [f"{v:.3f}" for v in part["est"]],
        "se": ["" if v == 0 else f"{v:.3f}" for v in part["se"]],
        "z": ["" if v != v else f"{v:.3f}" for v in part["z"]],
        "p": ["" if v != v else _p(v) for v in part["pvalue"]],
        "std": [f"{v:.3f}" for v in part["std_all"]],
    }
    widths = {name: max(len(name), *map(len, cells)) for name, cells in shown.items()}
    lines = ["  ".join(n.ljust(w) if not n else n.rjust(w) for n, w in widths.items())]
    for k in range(len(part)):
        cells = ((name, shown[name][k]) for name in shown)
        lines.append("  ".join(c.rjust(widths[n]) if n else c.ljust(widths[n]) for n, c in cells).rstrip())
    return "\n".join(lines)


def _name(lhs: str, op: str, rhs: str) -> str:
    return f"{lhs} ~ 1" if op == "~1" else f"{lhs} := {rhs}" if op == ":=" else f"{lhs} {op} {rhs}"
