"""The finding in plain words: what was fitted to what, how well, and what drives the outcome most."""

from __future__ import annotations

from typing import Any

from lvmodels.assess.products import has_products
from lvmodels.report.context import Context, cluster_count
from lvmodels.report.fit_tables import chi_square_text, verdicts
from lvmodels.report.headline import chi_square_sign, degrees, headline_measures, is_scaled
from lvmodels.report.missing_answers import missingness
from lvmodels.report.number_format import decimal, p_equation, percent
from lvmodels.report.records import Facts, Paragraph

_MOST_GROUPS = 4
_MOST_OUTCOMES = 2
_DETECTABLE = 0.05


def finding(context: Context) -> Paragraph:
    """One paragraph that stands for the report."""
    sentences = [_model(context)]
    if not context.fit.converged:
        sentences.append(context.words["finding.not_converged"])
    else:
        sentences += [_fit(context), *_drivers(context)]
        if any(_outcomes(context, level) for *_, level in context.blocks):
            sentences.append(context.words["finding.caution"])
    gap = "" if context.language == "zh" else " "
    return Paragraph(gap.join(sentences))


def key_numbers(context: Context) -> Facts:
    """The numbers that a reader looks for first."""
    words, fit = context.words, context.fit
    pairs = [(words["fact.n"], str(fit.nobs))]
    if fit.converged and has_products(fit):
        pairs += [(name.upper(), decimal(value, 1)) for name, value in headline_measures(fit).items()]
    elif fit.converged:
        m = headline_measures(fit)
        df, sign = degrees(m["df"]), chi_square_sign(context)
        pairs += [(f"{sign}({df})" if is_scaled(fit) else f"{sign} (df = {df})", decimal(m["chisq"]))]
        if fit.df > 0:
            pairs += [(name.upper(), decimal(m[name], leading_zero=False)) for name in ("cfi", "rmsea", "srmr")]
    if fit.converged and not context.several_groups:
        r2 = context.r2()
        for number, _, level in context.blocks:
            for name in _outcomes(context, level):
                share = r2.get((number, name), float("nan"))
                if share == share:
                    pairs.append((_r2_name(context, name, number), decimal(share, leading_zero=False)))
    return Facts(tuple(pairs), prominent=True)


def _r2_name(context: Context, name: str, block: int) -> str:
    where = f" ({context.block_names[block - 1]})" if context.several_blocks else ""
    return f"R² {context.label(name)}{where}"


def _model(context: Context) -> str:
    words, fit = context.words, context.fit
    variables = fit.table.variables
    paths = sum(row.op == "~" and row.group == 1 for row in fit.table.rows)
    key = "path_model" if not variables.latent else "structural_model" if paths else "measurement_model"
    numbers = {
        "constructs": len(variables.latent),
        "observed": len(variables.observed) - len(variables.auxiliary),
        "paths": paths,
    }
    counts = {
        name: words[f"count.{name}.one" if number == 1 else f"count.{name}.many"].format(count=number)
        for name, number in numbers.items()
    }
    data = fit.prepared.data
    dropped = data.n_dropped if data is not None else 0
    cases = words["finding.some_cases" if dropped else "finding.all_cases"].format(n=fit.nobs, total=fit.nobs + dropped)
    if (missing := missingness(context)) is not None:
        cases += words["finding.incomplete"].format(incomplete=missing.incomplete)
    if context.several_groups:
        cases += words["finding.in_groups"].format(groups=fit.table.n_groups)
    if fit.table.levels:
        cases += words["finding.in_clusters"].format(clusters=cluster_count(fit))
    return words[f"finding.{key}"].format(**counts) + cases + words["stop"]


def _fit(context: Context) -> str:
    words, m = context.words, headline_measures(context.fit)
    if has_products(context.fit):
        return words["finding.products"]
    if context.fit.df == 0:
        return words["finding.saturated"]
    found = verdicts(m)
    numbers = {
        "cfi": decimal(m["cfi"], leading_zero=False),
        "rmsea": decimal(m["rmsea"], leading_zero=False),
        "lower": decimal(m["rmsea_ci_lower"], leading_zero=False),
        "upper": decimal(m["rmsea_ci_upper"], leading_zero=False),
        "srmr": decimal(m["srmr"], leading_zero=False),
        "short": words["list_and"].join(found.short_of),
    }
    exact = "finding.exact_rejected" if m["pvalue"] < 0.05 else "finding.exact_kept"
    return words[f"finding.fit_{found.overall}"].format(**numbers) + words[exact].format(
        chisq=chi_square_text(m, sign=chi_square_sign(context))
    )


def _outcomes(context: Context, level: int = 1) -> tuple[str, ...]:
    """Where the arrows of a level end: variables that are predicted and predict nothing."""
    table = context.fit.table
    variables = table.levels[level - 1] if table.levels else table.variables
    if variables.last_endogenous:
        return variables.last_endogenous[:_MOST_OUTCOMES]
    predicted = [
        row.lhs for row in table.rows if row.op == "~" and row.level == level
    ]  # arrows in a circle: the last one written
    return (predicted[-1],) if predicted else ()


def _drivers(context: Context) -> list[str]:
    if not any(_outcomes(context, level) for *_, level in context.blocks):
        return []
    effects = context.by_block(context.fit.effects())
    r2 = context.r2()
    found = []
    for number, group, level in context.blocks:
        if group > _MOST_GROUPS:
            continue
        for outcome in _outcomes(context, level):
            rows = effects[(effects["outcome"] == outcome) & (effects["effect"] == "total")]
            rows = rows[rows["group"] == number] if context.several_blocks else rows
            share = r2.get((number, outcome), float("nan"))
            found.append(_in_block(context, number) + _driver(context, outcome, share, rows.to_dict("records")))
    if context.fit.table.n_groups > _MOST_GROUPS:
        found.append(context.words["finding.more_groups"])
    return found


def _in_block(context: Context, number: int) -> str:
    if not context.several_blocks:
        return ""
    key = "finding.at_level" if context.fit.table.levels else "finding.in_group"
    return context.words[key].format(group=context.block_names[number - 1])


def _driver(context: Context, outcome: str, share: float, rows: list[Any]) -> str:
    words, name = context.words, context.label(outcome)
    said = words["finding.explained"].format(outcome=name, share=percent(share)) if share == share else ""
    if not rows:
        return said
    rows = sorted(rows, key=lambda row: -abs(row["std_all"]))
    if not context.tested:
        return said
    sure = [row for row in rows if row["pvalue"] < _DETECTABLE]
    if not sure:
        return said + words["finding.no_driver"].format(outcome=name)
    best = sure[0]
    values = {
        "outcome": name,
        "driver": context.label(best["predictor"]),
        "effect": decimal(best["std_all"], 2),
        "p": p_equation(best["pvalue"]),
    }
    text = words["finding.driver"].format(**values)
    if len(sure) > 1:
        second = sure[1]
        text += words["finding.second"].format(
            driver=context.label(second["predictor"]), effect=decimal(second["std_all"], 2)
        )
    return said + text + words["stop"]
