"""The texts of the screening report in English."""

from __future__ import annotations

SCREENING_ENGLISH: dict[str, str] = {
    "screen.title": "{subject}: screening of the answers",
    "screen.untitled": "Screening of the answers",
    # the finding
    "screen.finding_some": "Of {n} respondents {out} ({share}) were excluded; {left} remain.",
    "screen.finding_none": "Of {n} respondents none was excluded.",
    "screen.finding_rules": "Excluded by rule: {rules}. One respondent may fall under several rules.",
    "screen.finding_flagged": (
        "{flagged} ({share}) have at least one flag and remain: a flag alone is no reason to exclude."
    ),
    "screen.finding_same": (
        "With or without the excluded, no standardized path, loading or defined parameter of the model has another "
        "sign or another significance at the 5% level."
    ),
    "screen.finding_differ": (
        "Without the excluded, {differ} of {total} standardized paths, loadings and defined parameters of the model "
        "have another sign or another significance at the 5% level."
    ),
    "screen.not_applied": "Rules that lack something",
    "screen.fact.respondents": "Respondents",
    "screen.fact.excluded": "Excluded",
    "screen.fact.left": "Remain",
    "screen.fact.flagged": "Flagged and kept",
    "screen.fact.items": "Items",
    "screen.fact.missing": "Answers missing",
    # titles
    "screen.section.rules": "The rules and whom they hit",
    "screen.section.excluded": "Who was excluded",
    "screen.section.scores": "The scores",
    "screen.section.sensitivity": "The model with and without the exclusions",
    "screen.section.items": "The items",
    "screen.section.missing": "Missing answers",
    "screen.section.methods": "Methods paragraph",
    "screen.section.log": "Log",
    "screen.section.references": "References",
    "screen.section.reproduce": "How to reproduce this report",
    "screen.table.rules": "Rules",
    "screen.table.sources": "What the rules mean, and where they come from",
    "screen.table.excluded": "Excluded respondents",
    "screen.table.samples": "The model in each sample",
    "screen.table.figures": "Parameters of the model",
    "screen.table.items": "Distribution of the items that remain",
    # columns
    "screen.column.rule": "Rule",
    "screen.column.criterion": "Criterion",
    "screen.column.follows": "What follows",
    "screen.column.flagged": "Flagged",
    "screen.column.excluded": "Excluded",
    "screen.column.only": "By it alone",
    "screen.column.note": "Not applied, because",
    "screen.column.meaning": "Meaning",
    "screen.column.source": "Source",
    "screen.column.respondent": "Respondent",
    "screen.column.row": "Row",
    "screen.column.rules": "Rules",
    "screen.column.sample": "Sample",
    "screen.column.left_out": "Left out",
    "screen.column.figure": "Figure",
    "screen.column.all": "All",
    "screen.column.clean": "Without excluded",
    "screen.column.change": "Change",
    "screen.column.p_all": "p, all",
    "screen.column.p_clean": "p, without",
    "screen.column.differs": "Differs",
    "screen.column.largest": "Largest change",
    "screen.column.floor": "Floor",
    "screen.column.ceiling": "Ceiling",
    "screen.column.outliers": "Outliers",
    # notes
    "screen.note.rules": (
        "Flagged: respondents whose score meets the criterion. By it alone: excluded by no other rule. Counted rules "
        "are evidence of carelessness of a kind (speed, pattern, consistency, outlier); evidence of one kind counts "
        "once."
    ),
    "screen.note.excluded": "{shown} of {count} are shown; decisions.csv holds every flag with score and criterion.",
    "screen.note.decisions": "decisions.csv holds every flag of every respondent with score and criterion.",
    "screen.note.samples": (
        "Without those whom the rule flags, whether or not it excludes them. Largest change: of a standardized path, "
        "loading or defined parameter, against all respondents."
    ),
    "screen.note.figures": (
        "Paths, loadings and defined parameters are standardized. Differs: another sign, or another side of p = .05. "
        "screening_figures.csv also has the figures without those whom each rule flags."
    ),
    "screen.note.items": (
        "Over the respondents that remain. Skew and kurtosis (excess) are adjusted for small samples (Joanes and "
        "Gill 1998). Floor and ceiling: share of the answers at the lowest and highest code. Outliers: answers more "
        "than 3.29 standard deviations from the mean."
    ),
    "screen.note.ends": "More than 15% of the answers stand at one end (Terwee et al. 2007): {names}.",
    "screen.note.skewed": "Beyond a skew of 2 or a kurtosis of 7 (Curran et al. 1996): {names}.",
    "screen.note.scores": (
        "The line is the criterion of the rule; the count, whom it flags. The whole sample is drawn."
    ),
    # sentences
    "screen.sensitivity.none": "Nobody was excluded, so that both columns are the same fit.",
    "screen.sensitivity.failed": "Without those whom rule “{rule}” flags the model cannot be fitted: {problem}",
    "screen.sensitivity.command": "lvmodels screen with --model shows what the exclusions do to a model.",
    "screen.items.mardia": (
        "Mardia's multivariate skewness is {skew} ({test}), kurtosis {kurtosis} (z = {z}, {p}), over {n} complete "
        "cases (Mardia 1970). {reading}"
    ),
    "screen.items.mardia_normal": "The items are not clearly other than multivariate normal.",
    "screen.items.mardia_other": (
        "The items are not multivariate normal: prefer robust standard errors and test (estimator MLR), or ordinal "
        "answers."
    ),
    "screen.items.mardia_failed": "Mardia's test could not be computed: {problem}",
    "screen.items.mardia_large": "Mardia's test was not computed, because there are too many answers.",
    "screen.missing.none": "No answer is missing.",
    "screen.missing.some": "{cells} of the answers are missing; {complete} of {n} respondents answered every item.",
    "screen.missing.large": "Patterns and Little's test were not computed, because there are too many answers.",
    "screen.missing.failed": "Little's test could not be computed: {problem}",
    # the methods paragraph
    "screen.method.indices": (
        "Before analysis the answers of {n} respondents to {items} items were screened for {indices}."
    ),
    "screen.method.index": "{label} ({source})",
    "screen.method.exclude": "Respondents were excluded for: {rules}.",
    "screen.method.careless": (
        "No index of carelessness excluded anybody by itself; evidence of at least {cut} kinds (speed, pattern, "
        "consistency, outlier) together did."
    ),
    "screen.method.result": "This excluded {out} of {n} respondents ({share}); {left} remain.",
    "screen.method.sensitivity": (
        "The model was fitted with and without them (Aguinis et al. 2013): {differ} of {total} standardized paths, "
        "loadings and defined parameters have another sign or significance, and the largest change is {largest}."
    ),
    "screen.reproduce": (
        "The same command on the same data with the same versions gives the same numbers. decisions.csv holds every "
        "flag, scores.csv every score, clean_answers.csv the respondents that remain, the folder tables every table."
    ),
    # rules
    "screen.rule.completeness": "Completeness",
    "screen.rule.unfinished": "Unfinished",
    "screen.rule.preview": "Preview",
    "screen.rule.attention": "Attention check",
    "screen.rule.impossible": "Impossible codes",
    "screen.rule.speed": "Speed",
    "screen.rule.relative_speed": "Relative speed",
    "screen.rule.longstring": "Straight line",
    "screen.rule.longstring_average": "Straight lines by page",
    "screen.rule.variability": "Variability",
    "screen.rule.even_odd": "Even–odd consistency",
    "screen.rule.synonyms": "Psychometric synonyms",
    "screen.rule.antonyms": "Psychometric antonyms",
    "screen.rule.person_total": "Agreement with others",
    "screen.rule.mahalanobis": "Mahalanobis distance",
    "screen.rule.same_answers": "Same answers",
    "screen.rule.same_device": "Same device",
    "screen.rule.duplicate": "Duplicate",
    "screen.rule.careless": "Careless",
    "screen.meaning.completeness": "Answered fewer than half of the items: an interview broken off.",
    "screen.meaning.unfinished": "Did not reach the end of the questionnaire, as the survey platform says.",
    "screen.meaning.preview": (
        "Is a preview or test of the questionnaire, as the survey platform says: no respondent."
    ),
    "screen.meaning.attention": "Gave another answer than an attention check asked for.",
    "screen.meaning.impossible": "Has codes that the answer scale does not have; they were made missing.",
    "screen.meaning.speed": "Took too little time an item to read it.",
    "screen.meaning.relative_speed": "Needed a fraction of the median time an item.",
    "screen.meaning.longstring": "Gave one and the same answer to many items in a row.",
    "screen.meaning.longstring_average": "Longest run of equal answers, on average over the pages.",
    "screen.meaning.variability": "Varies less over the items than most respondents.",
    "screen.meaning.even_odd": "Answers the two halves of the scales inconsistently.",
    "screen.meaning.synonyms": "Answers items that belong together (r ≥ .60) as if they were opposites.",
    "screen.meaning.antonyms": "Answers items that are opposites (r ≤ −.60) alike.",
    "screen.meaning.person_total": (
        "How well the answers rise and fall over the items with those of all others; where the items have equal "
        "means that is mostly chance."
    ),
    "screen.meaning.mahalanobis": "Lies far from all others, given how the items go together.",
    "screen.meaning.same_answers": "Gave exactly the answers that another respondent gave.",
    "screen.meaning.same_device": "Answered from a device or address that another respondent used.",
    "screen.meaning.duplicate": "Repeats the answers of an earlier respondent from the same device.",
    "screen.meaning.careless": (
        "Several kinds of evidence of carelessness (speed, pattern, consistency, outlier) come together."
    ),
    "screen.index.answered": "share answered",
    "screen.index.unfinished": "unfinished",
    "screen.index.preview": "preview",
    "screen.index.attention_failed": "checks failed",
    "screen.index.impossible": "impossible codes",
    "screen.index.seconds_per_item": "seconds an item",
    "screen.index.relative_speed": "times the median speed",
    "screen.index.longstring": "equal answers in a row",
    "screen.index.longstring_average": "equal answers in a row",
    "screen.index.irv": "standard deviation over items",
    "screen.index.even_odd": "consistency",
    "screen.index.synonyms": "r within the person",
    "screen.index.antonyms": "r within the person",
    "screen.index.person_total": "r with the others",
    "screen.index.mahalanobis": "squared distance",
    "screen.index.mahalanobis_p": "p of the distance",
    "screen.index.same_answers": "others with the same",
    "screen.index.same_device": "others with the same",
    "screen.index.repeats": "earlier ones",
    "screen.index.careless": "kinds of evidence",
    "screen.action.exclude": "excludes",
    "screen.action.count": "counts",
    "screen.action.flag": "flags",
    "screen.action.score": "score alone",
    "screen.action.off": "turned off",
    "screen.why.off": "turned off",
    "screen.why.cut": "no cut is established",
    "screen.why.values": "nobody has a score",
    "screen.why.basis": "too few items, scales or pairs for a flag",
    "screen.why.duration": "no duration was named",
    "screen.why.attention": "no attention check was named",
    "screen.why.platform": "no column of a survey platform says so",
    "screen.why.device": "no device or address was named",
    "screen.why.codes": "the possible codes are unknown",
    "screen.why.items": "too few items",
    "screen.why.scales": "fewer than three scales of two items",
    "screen.why.pairs": "fewer than three such pairs of items",
    "screen.why.variance": "too few items vary, or too few respondents",
    "screen.source.both": "{index}; cut: {cut}",
    "screen.source.own": "{index}; cut: our default",
    "screen.source.given": "{index}; cut: given by the user",
    "screen.kind.path": "Paths",
    "screen.kind.loading": "Loadings",
    "screen.kind.defined": "Defined parameters",
    "screen.kind.r2": "Explained variance",
    "screen.differs.sign": "sign",
    "screen.differs.significance": "significance",
    "screen.sample.all": "All respondents",
    "screen.sample.clean": "Without the excluded",
    "screen.sample.rule": "Without: {rule}",
    "screen.figure.scores": "How the scores are distributed",
    "screen.figure.description": "{panels} histograms of scores, each with the criterion of its rule as a line.",
    "screen.figure.flagged": "{n} flagged",
    "screen.figure.respondents": "Respondents",
}
"""Key → text; the second part of the key says where it is used."""
