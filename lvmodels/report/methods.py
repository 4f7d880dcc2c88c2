"""The methods paragraph of a paper, and how to repeat the analysis."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from importlib.metadata import version

from lvmodels import __version__
from lvmodels.assess.products import has_products
from lvmodels.estimate.settings import DERIVED, Settings
from lvmodels.report.context import Context
from lvmodels.report.estimation_text import cases, errors, estimated
from lvmodels.report.fit_tables import chi_square_text
from lvmodels.report.headline import chi_square_sign, correction_notes, headline_measures
from lvmodels.report.number_format import decimal
from lvmodels.report.ordinal_answers import ordinal_sentences
from lvmodels.report.records import Block, Code, Facts, Paragraph
from lvmodels.report.sample_tables import data_hash, text_hash

_PACKAGES = ("numpy", "scipy", "pandas", "matplotlib")
_IMPLIED = ("se", "test", "information")  # by the estimator and by what is done with missing values
_GIVEN = ("sample_cov", "sample_mean", "sample_nobs")


def methods_paragraph(context: Context) -> Paragraph:
    """What was done, in the words of a methods section."""
    words, fit = context.words, context.fit
    sentences = [estimated(context), *cases(context)]
    if context.several_groups:
        sentences.append(_groups(context))
    sentences += ordinal_sentences(context)
    if has_products(fit):
        terms = [term.replace(":", " × ") for term in fit.table.variables.products]
        sentences.append(words["methods.products"].format(terms=words["list_comma"].join(terms)))
    if fit.table.variables.latent:
        sentences.append(words["methods.scale_variance" if fit.settings.std_lv else "methods.scale_loading"])
    if not fit.converged:
        sentences.append(words["methods.not_converged"])
    else:
        sentences += [errors(context)] if context.tested else []
        sentences += [*correction_notes(context), _fit(context)]
        if context.tested and any(row.op == "~" for row in fit.table.rows):
            sentences.append(words["methods.delta"])
    return Paragraph(("" if context.language == "zh" else " ").join(sentences), quotable=True)


def _groups(context: Context) -> str:
    words, settings = context.words, context.fit.settings
    text = words["methods.groups"].format(
        groups=context.fit.table.n_groups,
        variable=settings.group or words["column.group"],
        names=words["list_comma"].join(context.group_names),
    )
    if settings.group_equal:
        text += words["methods.equal"].format(kinds=words["list_comma"].join(settings.group_equal))
    return text + words["stop"]


def _fit(context: Context) -> str:
    words, m = context.words, headline_measures(context.fit)
    if has_products(context.fit):
        return words["methods.products_fit"].format(**{name: decimal(value, 1) for name, value in m.items()})
    if context.fit.df == 0:
        return words["methods.saturated"]
    index = {
        name: decimal(m[name], leading_zero=False)
        for name in ("cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr")
    }
    return words["methods.fit"].format(chisq=chi_square_text(m, context.fit.nobs, chi_square_sign(context)), **index)


def software_versions() -> dict[str, str]:
    """Versions of everything that takes part in the numbers."""
    return {
        "lvmodels": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
    }


def reproduction(context: Context, command: str, created: datetime) -> tuple[Block, ...]:
    """How to get the same numbers again."""
    words, fit = context.words, context.fit
    survey = fit.prepared.survey
    facts = [
        (words["fact.created"], created.strftime("%Y-%m-%d %H:%M UTC")),
        *((name, number) for name, number in software_versions().items()),
        (words["fact.source"], survey.source if survey is not None else words["fact.frame"]),
        (words["fact.data_hash"], data_hash(fit)),
        (words["fact.model_hash"], text_hash(fit.text.text)),
    ]
    shown = Code(command, words["code.command"]) if command else Code(python_call(fit.settings), words["code.python"])
    return Paragraph(words["reproduce.how"]), shown, Facts(tuple(facts))


def python_call(settings: Settings) -> str:
    """The call that made a fit; only options that differ from the defaults are shown.

    Examples
    --------
    >>> from lvmodels.estimate.settings import settle
    >>> print(python_call(settle("cfa", {"group": "school", "group_equal": ("loadings",)})))
    import lvmodels as lv
    <BLANKLINE>
    fit = lv.cfa(model, data, group='school', group_equal=('loadings',))
    fit.report("results")
    """
    options = "".join(f", {name}={value!r}" for name, value in given_options(settings).items() if name not in _GIVEN)
    options += "".join(f", {name}={name}" for name in _GIVEN if getattr(settings, name) is not None)
    data = "" if settings.sample_cov is not None else ", data"
    return f'import lvmodels as lv\n\nfit = lv.{settings.kind}(model{data}{options})\nfit.report("results")'


def given_options(settings: Settings) -> Mapping[str, object]:
    """Options that differ from what the function of that kind takes by default."""
    from lvmodels.estimate.settings import settle

    usual = settle(settings.kind, {})
    implied = settle(settings.kind, {"estimator": settings.estimator, "missing": settings.missing})
    names = [field.name for field in fields(Settings) if field.name not in DERIVED]
    values = {name: getattr(settings, name) for name in names}
    values["test"] = settings.residual_test or settings.test
    return {
        name: value
        for name, value in values.items()
        if (value is not None if name in _GIVEN else value != getattr(implied if name in _IMPLIED else usual, name))
    }
