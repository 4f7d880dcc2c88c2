"""The texts of a report in English."""

from __future__ import annotations

from lvmodels.report.wording_codebook import CODEBOOK_ENGLISH
from lvmodels.report.wording_loyalty_figures import LOYALTY_FIGURES_ENGLISH
from lvmodels.report.wording_measures import MEASURES_ENGLISH
from lvmodels.report.wording_methods_en import METHODS_ENGLISH
from lvmodels.report.wording_moderation import MODERATION_ENGLISH
from lvmodels.report.wording_plan import PLAN_ENGLISH
from lvmodels.report.wording_questionnaire import QUESTIONNAIRE_ENGLISH
from lvmodels.report.wording_screening_en import SCREENING_ENGLISH
from lvmodels.report.wording_segments import SEGMENTS_ENGLISH
from lvmodels.report.wording_side_by_side import SIDE_BY_SIDE_ENGLISH
from lvmodels.report.wording_validity import VALIDITY_ENGLISH

ENGLISH: dict[str, str] = {
    **METHODS_ENGLISH,
    **MEASURES_ENGLISH,
    **CODEBOOK_ENGLISH,
    **LOYALTY_FIGURES_ENGLISH,
    **SEGMENTS_ENGLISH,
    **PLAN_ENGLISH,
    **SIDE_BY_SIDE_ENGLISH,
    **VALIDITY_ENGLISH,
    **QUESTIONNAIRE_ENGLISH,
    **MODERATION_ENGLISH,
    **SCREENING_ENGLISH,
    # signs
    "yes": "yes",
    "no": "no",
    "stop": ".",
    "list_and": " and ",
    "list_comma": ", ",
    # the page
    "page.title": "{subject}: structural equation model",
    "page.untitled": "Structural equation model",
    "page.contents": "Contents",
    "page.finding": "The finding",
    "page.made_by": "Made by lvmodels {version} on {date}.",
    "page.warnings": "To be considered before these results are used",
    "page.not_converged": "The model did not converge",
    # titles of sections
    "section.sample": "Sample and missing data",
    "section.items": "Items",
    "section.model": "The model",
    "section.convergence": "Convergence and identification",
    "section.fit": "Fit",
    "section.measurement": "Measurement",
    "section.structure": "Structure",
    "section.variances": "Variances and covariances",
    "section.hypotheses": "Hypotheses",
    "table.hypotheses": "Hypotheses and what the data say of them",
    "hypotheses.count": "Of {all} hypotheses {supported} are supported (expected sign, two-sided test, "
    "confidence {level}); {contrary} came out with the opposite sign, and as surely.",
    "column.hypothesis": "Hypothesis",
    "column.hypothesis_path": "Path",
    "column.expected_sign": "Expected",
    "column.hypothesis_lower": "CI lower",
    "column.hypothesis_upper": "CI upper",
    "column.verdict": "Verdict",
    "column.hypothesis_source": "Source",
    "verdict.supported": "supported",
    "verdict.not_supported": "not supported",
    "verdict.contrary": "contrary",
    "verdict.not_tested": "not tested",
    "legend.hypotheses": "H: hypothesis with the expected sign of its path",
    "section.effects": "Direct, indirect and total effects",
    "section.misfit": "Where the model does not fit",
    "section.methods": "Methods paragraph",
    "section.references": "References",
    "section.reproduce": "How to reproduce this report",
    # titles of tables and figures
    "table.groups": "Cases by group",
    "table.icc": "Variance within and between clusters",
    "table.missing": "Missing values by variable",
    "table.missing_patterns": "Patterns of missing values",
    "table.items": "Wording and distribution of the items",
    "table.constructs": "Constructs and their items",
    "table.fit": "Fit measures",
    "table.fit_measures": "All fit measures",
    "table.measurement": "Loadings",
    "table.structure": "Paths",
    "table.variances": "Variances and residual variances",
    "table.covariances": "Covariances",
    "table.intercepts": "Intercepts and means",
    "table.thresholds": "Thresholds of the ordinal answers",
    "table.scales": "Scale factors of the ordinal answers",
    "column.threshold": "Threshold",
    "note.thresholds": "Where one category ends and the next begins, on the scale of the response behind the answer.",
    "note.scales": "One over the standard deviation of the response behind the answer.",
    "table.defined": "Defined parameters",
    "table.r2": "Explained variance",
    "table.effects": "Effects",
    "table.residuals": "Largest standardized residuals",
    "table.modification": "Largest modification indices",
    "figure.path_diagram": "Path diagram",
    "figure.group": ", {variable}: {group}",
    "figure.description": (
        "Diagram of the model with {nodes} latent and {observed} observed variables and the estimates beside the "
        "arrows. "
        "The tables of loadings, paths and covariances hold the same numbers."
    ),
    "figure.how_to_read": (
        "Ellipses are latent variables, rectangles are observed ones. A straight arrow is an effect or a loading, "
        "a bent "
        "arrow with two heads a covariance, a short arrow the variance that remains unexplained."
    ),
    "figure.files": "Also in figures/{name}.svg, .pdf and .png.",
    "legend.dashed": "dashed: p ≥ .05",
    "legend.fixed": "{mark} fixed parameter",
    "legend.standardized": "standardized estimates",
    "legend.unstandardized": "unstandardized estimates",
    "legend.no_estimates": "no estimates: the model did not converge",
    "legend.gap": "; ",
    # columns
    "column.answered": "Answered",
    "column.benchmark": "Customary benchmark",
    "column.construct": "Construct",
    "column.definition": "Definition",
    "column.epc": "Expected change",
    "column.error": "SE",
    "column.estimate": "Estimate",
    "column.expression": "Expression",
    "column.group": "Group",
    "column.level": "Level",
    "column.within": "Within",
    "column.between": "Between",
    "column.icc": "ICC",
    "level.within": "within clusters",
    "level.between": "between clusters",
    "column.interval": "{level}% CI",
    "column.item": "Item",
    "column.items": "Items",
    "column.kind": "Kind",
    "column.kurtosis": "Kurtosis",
    "column.label": "Label",
    "column.lower": "lower",
    "column.max": "Max",
    "column.measure": "Measure",
    "column.mi": "MI",
    "column.min": "Min",
    "column.missing": "Missing",
    "column.missing_count": "Number missing",
    "column.missing_share": "Share missing",
    "column.missing_variables": "Missing variables",
    "column.name": "Name",
    "column.number": "Number",
    "column.outcome": "Outcome",
    "column.parameter": "Parameter",
    "column.predictor": "Predictor",
    "column.residual_correlation": "Residual correlation",
    "column.says": "What it says",
    "column.share": "Share",
    "column.sepc": "Standardized change",
    "column.skew": "Skew",
    "column.standardized": "Std.",
    "column.standardized_residual": "Standardized residual",
    "column.upper": "upper",
    "column.value": "Value",
    "column.variable": "Variable",
    "column.with": "with",
    "column.wording": "Wording",
    # kinds of rows
    "kind.variance": "variance",
    "kind.residual_variance": "residual variance",
    "kind.covariance": "covariance",
    "kind.residual_covariance": "residual covariance",
    "part.constructs": "Constructs",
    "part.outcomes": "Observed outcomes",
    "part.items": "Items",
    "part.observed": "Observed variables",
    "effect.direct": "Direct",
    "effect.indirect": "Indirect",
    "effect.total": "Total",
    # notes below tables
    "note.correlation": "Std. is the correlation (of the residuals, for residual covariances).",
    "note.defined": "Standard errors by the delta method.",
    "note.effects": (
        "Std.: in standard deviations of outcome and predictor. An indirect effect runs through other constructs; the "
        "total effect is the sum of both (Bollen 1987)."
    ),
    "note.effects_tests": (
        "p of indirect and total effects by the delta method (Sobel 1982). In small samples their distribution is "
        "skewed, and bootstrap intervals are safer."
    ),
    "note.fit": (
        "The benchmarks are habits that come from simulations of particular models. None of them decides alone whether "
        "a model is right (Marsh et al. 2004). Every measure is in tables/fit_measures.csv."
    ),
    "note.fixed": "–: fixed, so not estimated or tested.",
    "note.items": "Over the cases analysed. Skew and kurtosis (excess) are adjusted for small samples.",
    "note.items_answered": "n: cases that answered.",
    "note.items_normal": (
        "Maximum likelihood takes the answers as normal; beyond a skew of 2 or a kurtosis of 7 its χ² and standard "
        "errors can mislead (Curran et al. 1996)."
    ),
    "note.marker": "A loading of 1.000 without a standard error gives its construct the scale of that item.",
    "note.none_missing": "none",
    "note.missing": "Over all cases of the data, in the variables of the model.",
    "note.missing_patterns": "Over the cases analysed. Each case belongs to one pattern.",
    "note.missing_rest": "The {shown} most frequent of {count}; the CSV file has all.",
    "note.modification": (
        "MI is the fall of χ² to be expected if the parameter were freed (Sörbom 1989), expected change the value that "
        "it would take. A model that is changed because of this table is no longer tested by the same data: changes "
        "picked by their size often do not hold in another sample (MacCallum et al. 1992). Free only what a theory "
        "asks for, and say so."
    ),
    "note.r2": "Share of a variable's variance that its predictors in the model explain.",
    "note.r2_missing": "–: the residual variance is negative, so that no share is defined.",
    "note.residuals": (
        "Sample minus model; a standardized residual is divided by its standard error. Positive: the two variables "
        "go together more closely than the model says."
    ),
    "note.icc": (
        "Variances of the saturated model. ICC, the intraclass correlation, is the share of the variance that lies "
        "between clusters: how much alike two cases of one cluster are."
    ),
    "note.rest": "The {shown} largest of {count}; the CSV file has all.",
    "note.structure": "Estimates are in the units of the variables; Std. is in standard deviations.",
    "note.weights": "Rows of a composite are weights.",
    # facts
    "fact.condition": "Condition number of the estimates",
    "fact.converged": "Converged",
    "fact.patterns": "Patterns of missing values",
    "fact.created": "Made on",
    "fact.data_hash": "SHA-256 of the data analysed",
    "fact.df": "Degrees of freedom",
    "fact.dropped": "Left out",
    "fact.frame": "data frame or moments",
    "fact.gradient": "Largest gradient",
    "fact.incomplete": "Cases with missing values",
    "fact.iterations": "Iterations",
    "fact.model_hash": "SHA-256 of the model text",
    "fact.missing_cells": "Share of values missing",
    "fact.moments": "Sample moments",
    "fact.n": "Cases analysed",
    "fact.parameters": "Free parameters",
    "fact.source": "Data",
    "fact.total": "Cases in the data",
    "code.command": "Command",
    "code.model": "Model text",
    "code.python": "Python",
    # the finding
    "finding.path_model": "The model links {observed} by {paths}",
    "finding.structural_model": ("The model has {constructs} and {observed}, linked by {paths}"),
    "finding.measurement_model": "The model measures {constructs} by {observed}",
    "finding.all_cases": "; all {n} cases were analysed",
    "finding.some_cases": "; {n} of {total} cases were analysed, the others lack an answer",
    "finding.incomplete": ", {incomplete} of them with some values missing",
    "finding.in_groups": ", in {groups} groups",
    "finding.in_clusters": ", in {clusters} clusters",
    "finding.not_converged": (
        "The search for the estimates did not reach a minimum, so nothing can be concluded: there are no standard "
        "errors, no tests and no fit measures."
    ),
    "finding.fit_good": (
        "By customary benchmarks it fits well (CFI {cfi}, RMSEA {rmsea}, 90% CI {lower} to {upper}, SRMR {srmr})"
    ),
    "finding.fit_acceptable": (
        "By customary benchmarks its fit is acceptable (CFI {cfi}, RMSEA {rmsea}, 90% CI {lower} to {upper}, SRMR "
        "{srmr})"
    ),
    "finding.fit_poor": (
        "Its fit falls short of customary benchmarks in {short} (CFI {cfi}, RMSEA {rmsea}, 90% CI {lower} to {upper}, "
        "SRMR {srmr}), so what follows stands on weak ground"
    ),
    "finding.exact_rejected": "; that it holds exactly is rejected, {chisq}.",
    "finding.exact_kept": "; that it holds exactly is not rejected, {chisq}.",
    "finding.saturated": (
        "It has no degrees of freedom: it reproduces any data perfectly, so its fit says nothing about it."
    ),
    "finding.in_group": "Group {group}: ",
    "finding.at_level": "At the level {group}: ",
    "finding.more_groups": "The tables have the other groups.",
    "finding.explained": "{outcome} is explained to {share}. ",
    "finding.driver": "The strongest driver of {outcome} is {driver} (standardized total effect {effect}, {p})",
    "finding.second": ", followed by {driver} ({effect})",
    "finding.no_driver": "No effect on {outcome} can be told from zero at the 5% level.",
    "finding.caution": (
        "The direction of the arrows is an assumption of the model: the data can contradict it, but they cannot "
        "prove it."
    ),
    "count.constructs.one": "one latent variable",
    "count.constructs.many": "{count} latent variables",
    "count.observed.one": "one observed variable",
    "count.observed.many": "{count} observed variables",
    "count.paths.one": "one path",
    "count.paths.many": "{count} paths",
    # sentences of sections
    "convergence.good": "The search for the estimates reached a minimum after {iterations} iterations.",
    "convergence.bad": (
        "The search for the estimates ended without a minimum: {reason}. The values below are those at which it "
        "stopped. Try starting values, fewer parameters, or rescaled variables."
    ),
    "convergence.identified": (
        "The degrees of freedom are the sample moments less the free parameters. The condition number says how well "
        "the data tell the parameters apart: 1 would be perfect; the larger, the more some estimates depend on others."
    ),
    "convergence.unidentified": (
        "There are no standard errors, so how well the data tell the parameters apart is unknown."
    ),
    "fit.none": "A model that did not converge has no fit measures.",
    "structure.count": "{sure} of {all} estimated paths differ from zero at the 5% level.",
    "misfit.none": "The model reproduces the sample moments exactly, so there is nothing to look for.",
    "misfit.count": (
        "{beyond} of {total} pairs of variables have a standardized residual beyond ±2.58; about {expected} would be "
        "expected by chance if the model held exactly."
    ),
    "reproduce.how": (
        "The same command on the same data with the same versions gives the same numbers. results.json holds all of "
        "them with all their digits, the folder tables holds every table as CSV."
    ),
}
"""Key → text; the part before the point says where it is used."""
