"""Sentences on how the estimates came about: likelihood, cases, clusters and weights, standard errors."""

from __future__ import annotations

import platform

import numpy as np

from lvmodels import __version__
from lvmodels.assess.products import has_products
from lvmodels.report.context import Context
from lvmodels.report.headline import name_of_test
from lvmodels.report.missing_answers import keeps_incomplete, lacking, method_of_missing, missingness
from lvmodels.report.number_format import decimal, percent
from lvmodels.report.ordinal_answers import by_ordinal_estimator

_PLAIN_TESTS = ("standard", "bollen.stine", "none")
_PLAIN_ERRORS = ("standard", "first.order", "two.stage", "none")


def estimated(context: Context) -> str:
    """By which software and which likelihood."""
    words, settings = context.words, context.fit.settings
    extras = [] if settings.se in _PLAIN_ERRORS else [words["methods.with_errors"]]
    if settings.se == "bootstrap":
        extras = [words["methods.with_bootstrap"]]
    if settings.test not in _PLAIN_TESTS and not has_products(context.fit):
        extras.append(words["methods.with_test"].format(test=name_of_test(context)))
    likelihood = "two_stage" if settings.two_stage else "fiml" if settings.full_information else "ml"
    kind = f"robust_{likelihood}" if extras else likelihood
    divisor = "n − 1" if settings.unbiased else "n"
    if settings.least_squares and settings.categorical:
        method = by_ordinal_estimator(context)
        method += words["methods.by_extras"].format(extras=words["list_and"].join(extras)) if extras else ""
    elif settings.least_squares:
        method = words[f"methods.by_{settings.estimator.lower()}"]
        method += words["methods.by_extras"].format(extras=words["list_and"].join(extras)) if extras else ""
    elif has_products(context.fit):
        method = words["methods.by_products"]
        method += words["methods.by_extras"].format(extras=words["list_and"].join(extras)) if extras else ""
    else:
        method = words[f"methods.by_{kind}"].format(divisor=divisor, extras=words["list_and"].join(extras))
    return words["methods.estimated"].format(version=__version__, python=platform.python_version(), method=method)


def cases(context: Context) -> list[str]:
    """How many cases were analysed, how many lack values, what binds or weights them; for a methods paragraph."""
    words, fit = context.words, context.fit
    data, found = fit.prepared.data, missingness(context)
    if data is None:
        return [words["methods.given"].format(n=fit.nobs)]
    counts = {"n": fit.nobs, "total": data.n_total, "dropped": data.n_dropped}
    if found is None and not data.n_dropped:
        said = [words["methods.complete"].format(**counts)]
    elif not keeps_incomplete(context):
        said = [words["methods.dropped"].format(**counts)]
    elif data.n_dropped:
        said = [words["methods.fiml_dropped"].format(**counts, lacking=lacking(context, "methods"))]
    else:
        said = [words["methods.fiml_all"].format(**counts)]
    if found is not None:
        text = words["methods.pairwise"] if fit.settings.missing == "pairwise" else words["methods.incomplete"]
        said.append(text.format(**found.texts()))
    if fit.settings.aux:
        said.append(words["methods.auxiliary"].format(names=words["list_comma"].join(fit.settings.aux)))
    if fit.table.levels:
        sizes = _cluster_sizes(context)
        counts = {"count": len(sizes), "smallest": min(sizes), "largest": max(sizes)}
        said.append(words["methods.levels"].format(name=fit.settings.cluster, **counts))
    elif data.clusters is not None:
        said.append(words["methods.clusters"].format(count=len(_cluster_sizes(context)), name=fit.settings.cluster))
    if data.weights is not None:
        said.append(words["methods.weights"].format(name=fit.settings.sampling_weights))
    return said


def sample(context: Context) -> list[str]:
    """The same for the section on the sample, with what it means."""
    words, settings = context.words, context.fit.settings
    data, found = context.fit.prepared.data, missingness(context)
    if data is None:
        return [words["sample.moments"]]
    left_out = {"dropped": data.n_dropped, "total": data.n_total, "share": percent(data.n_dropped / data.n_total)}
    said = []
    if found is not None:
        text = words["sample.pairwise"] if settings.missing == "pairwise" else words["sample.fiml"]
        said.append(text.format(**found.texts(), method=method_of_missing(context)))
    if data.n_dropped and keeps_incomplete(context):
        said.append(words["sample.fiml_dropped"].format(**left_out, lacking=lacking(context, "sample")))
    elif data.n_dropped:
        said.append(words["sample.listwise"].format(**left_out))
    if not said:
        said.append(words["sample.no_missing"].format(count=len(data.names)))
    if data.clusters is not None:
        sizes = _cluster_sizes(context)
        counts = {"count": len(sizes), "smallest": min(sizes), "largest": max(sizes)}
        said.append(words["sample.clusters"].format(name=settings.cluster, **counts))
    if data.weights is not None:
        ratio = decimal(float(data.weights.max() / data.weights.mean()), 1)
        said.append(words["sample.weights"].format(name=settings.sampling_weights, ratio=ratio))
    return said


def errors(context: Context) -> str:
    """Where the standard errors come from."""
    words, settings = context.words, context.fit.settings
    kind = "first.order" if settings.se == "standard" and settings.information == "first.order" else settings.se
    expected = settings.information == "expected"
    information = words["methods.information_expected" if expected else "methods.information_observed"]
    key = kind.replace(".", "_") + ("_ordinal" if settings.categorical and kind == "robust.sem" else "")
    return words[f"methods.errors_{key}"].format(information=information, count=settings.bootstrap)


def _cluster_sizes(context: Context) -> list[int]:
    """Cases of each cluster that has some."""
    data = context.fit.prepared.data
    if data is None or data.clusters is None:
        return []
    return [int(size) for size in np.bincount(data.clusters) if size]
