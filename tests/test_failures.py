"""When things go wrong: bad input → a named exception with the remedy; dubious input → a named warning."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels import errors
from lvmodels.errors import LvmodelsError, LvmodelsWarning

TWO = "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9"
FOUR = "f =~ x1 + a*x2 + x3 + x4\n"
ITEMS = [f"x{i}" for i in range(1, 10)]


def pupils() -> pd.DataFrame:
    survey = lv.datasets.load("holzinger_swineford")
    return pd.concat([survey.answers, survey.respondents], axis=1)


DATA = pupils()
USED = ["x1", "x2", "x3", "x7", "x8", "x9"]
COV = DATA[USED].cov()


def raised(function: Callable[[], Any], error: type[Exception], fragments: tuple[str, ...]) -> None:
    """The call raises exactly this error, and its message holds all fragments."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(LvmodelsError) as caught:
            function()
    assert type(caught.value) is error, f"{type(caught.value).__name__}: {caught.value}"
    for fragment in fragments:
        assert fragment in str(caught.value), str(caught.value)


def changed(matrix: pd.DataFrame, row: str, column: str, value: float, both: bool = True) -> pd.DataFrame:
    found = matrix.copy()
    found.loc[row, column] = value
    if both:
        found.loc[column, row] = value
    return found


# ---- data -----------------------------------------------------------------------------------------------------------

BAD_DATA: dict[str, tuple[Any, type[Exception], tuple[str, ...]]] = {
    "a variable that is not there": (
        DATA.rename(columns={"x1": "X_1"}), errors.UnknownVariableError, ("'x1'", "did you mean", "Correct the name"),
    ),
    "a constant column": (DATA.assign(x1=3), errors.ConstantVariableError, ("'x1' does not vary", "drop it")),
    "a constant column of fractions": (DATA.assign(x1=0.1), errors.ConstantVariableError, ("'x1'", "drop it")),
    "a constant column of large numbers": (
        DATA.assign(x1=1e9 + 0.1), errors.ConstantVariableError, ("'x1'", "drop it"),
    ),
    "two identical columns": (
        DATA.assign(x2=DATA["x1"]), errors.CollinearVariablesError, ("'x1', 'x2'", "a copy", "drop one"),
    ),
    "a column that is the sum of two": (
        DATA.assign(x3=DATA["x1"] + DATA["x2"]),
        errors.CollinearVariablesError, ("'x3'", "linear combination", "drop one"),
    ),
    "a text column": (DATA.assign(x2="often"), errors.NonNumericError, ("'x2'", "row 1", "'often'", "numeric codes")),
    "numbers as text": (DATA.assign(x2=DATA["x2"].astype(str)), errors.NonNumericError, ("'x2'", "astype(float)")),
    "dates": (DATA.assign(x2=pd.Timestamp("2020-01-01")), errors.NonNumericError, ("'x2'",)),
    "an infinite value": (
        DATA.assign(x2=DATA["x2"].where(DATA.index != 4, np.inf)),
        errors.InfiniteValueError, ("'x2'", "row 5", "replace it"),
    ),
    "a column without values": (DATA.assign(x2=np.nan), errors.EmptyDataError, ("'x2' has no value", "drop it")),
    "no complete case": (
        DATA.assign(x2=DATA["x2"].where(DATA.index % 2 == 0), x3=DATA["x3"].where(DATA.index % 2 == 1)),
        errors.EmptyDataError, ("no case is complete", "drop the variables", "x2"),
    ),
    "no rows": (DATA.head(0), errors.EmptyDataError, ("no rows", "filter")),
    "one row": (DATA.head(1), errors.TooFewCasesError, ("1 complete case", "6 variables", "more cases")),
    "as many cases as variables": (DATA.head(6), errors.TooFewCasesError, ("6 complete cases", "Use fewer variables")),
    "a variance beyond all bounds": (DATA.assign(x1=DATA["x1"] * 1e60), errors.DataError, ("'x1'", "power of ten")),
    "an overflow": (DATA.assign(x1=DATA["x1"] * 1e200), errors.DataError, ("'x1'", "power of ten")),
    "a name twice": (pd.concat([DATA, DATA[["x1"]]], axis=1), errors.DataError, ("x1", "rename or drop")),
    "a list": ([1, 2, 3], errors.DataError, ("a list", "pass a data frame")),
    "a dictionary": ({"x1": [1.0, 2.0]}, errors.DataError, ("a dict", "pass a data frame")),
    "an array": (DATA[ITEMS].to_numpy(), errors.DataError, ("array", "named columns")),
    "a column": (DATA["x1"], errors.DataError, ("Series", "pass a data frame")),
    "nothing": (None, errors.DataError, ("neither data nor sample_cov", "pass a data frame")),
    "a file that is not there": (
        "answers_of_nobody.csv", errors.MissingFileError, ("answers_of_nobody.csv", "Check the name"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_DATA)
def test_bad_data_are_refused_with_the_remedy(case: str) -> None:
    data, error, fragments = BAD_DATA[case]
    raised(lambda: lv.cfa(TWO, data), error, fragments)


BAD_FILES = {
    "an empty file": (b"", errors.FileFormatError, ("empty",)),
    "only blank lines": (b"\n\n  \n", errors.FileFormatError, ("empty",)),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), errors.FileFormatError, ()),
    "a web page": (b"<!DOCTYPE html><html><body>Not found</body></html>", errors.LvmodelsError, ()),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_files_are_refused_with_the_remedy(tmp_path: Path, case: str) -> None:
    content, error, fragments = BAD_FILES[case]
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        lv.cfa(TWO, path)
    for fragment in ("answers.csv", *fragments):
        assert fragment in str(caught.value)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    fit = lv.cfa(TWO, DATA)
    taken = tmp_path / "results"
    taken.write_text("a file stands where the folder should be")
    raised(lambda: fit.report(taken), errors.OutputError, ("results",))
    raised(lambda: fit.report(taken / "below"), errors.OutputError, ("results",))
    raised(lambda: fit.to_json(taken / "fit.json"), errors.OutputError, ("fit.json",))


# ---- moments instead of data ----------------------------------------------------------------------------------------

BAD_MOMENTS: dict[str, tuple[dict[str, Any], type[Exception], tuple[str, ...]]] = {
    "not positive definite": (
        {"sample_cov": changed(COV, "x1", "x2", 5.0), "sample_nobs": 100},
        errors.NotPositiveDefiniteError, ("'x1', 'x2'", "check the entries"),
    ),
    "a negative variance": (
        {"sample_cov": changed(COV, "x1", "x1", -1.0), "sample_nobs": 100},
        errors.NotPositiveDefiniteError, ("'x1'", "diagonal"),
    ),
    "without a number of cases": ({"sample_cov": COV}, errors.DataError, ("needs sample_nobs",)),
    "a number of cases in words": (
        {"sample_cov": COV, "sample_nobs": "many"}, errors.DataError, ("'many'", "such as 250"),
    ),
    "no cases": ({"sample_cov": COV, "sample_nobs": 0}, errors.DataError, ("sample_nobs=0", "such as 250")),
    "too few cases": ({"sample_cov": COV, "sample_nobs": 6}, errors.TooFewCasesError, ("Use fewer variables",)),
    "not symmetric": (
        {"sample_cov": changed(COV, "x1", "x2", 0.1, both=False), "sample_nobs": 100},
        errors.DataError, ("not symmetric", "both triangles"),
    ),
    "one triangle": (
        {"sample_cov": COV.where(np.tri(6) > 0), "sample_nobs": 100}, errors.DataError, ("missing", "both triangles"),
    ),
    "other names": (
        {"sample_cov": COV.rename(index={"x1": "X1"}, columns={"x1": "X1"}), "sample_nobs": 100},
        errors.UnknownVariableError, ("'x1'", "Did you mean 'X1'?"),
    ),
    "other names in the index": (
        {"sample_cov": COV.rename(index={"x1": "X1"}), "sample_nobs": 100}, errors.UnknownVariableError, ("index",),
    ),
    "a name twice": (
        {"sample_cov": pd.concat([COV, COV[["x1"]]], axis=1), "sample_nobs": 100},
        errors.DataError, ("'x1'", "more than once"),
    ),
    "a bare array": ({"sample_cov": COV.to_numpy(), "sample_nobs": 100}, errors.DataError, ("data frame", "ndarray")),
    "text": (
        {"sample_cov": COV.map(str).replace(str(COV.iloc[0, 0]), "?"), "sample_nobs": 100},
        errors.DataError, ("number",),
    ),
    "an empty list": ({"sample_cov": [], "sample_nobs": []}, errors.DataError, ("empty list",)),
    "two groups, one count": (
        {"sample_cov": [COV, COV], "sample_nobs": [100]}, errors.DataError, ("2 groups", "a group"),
    ),
    "means of the wrong length": (
        {"sample_cov": COV, "sample_nobs": 100, "sample_mean": [1, 2]}, errors.DataError, ("2 entries", "6 variables"),
    ),
    "means with a gap": (
        {"sample_cov": COV, "sample_nobs": 100, "sample_mean": [1, 2, np.nan, 4, 5, 6]}, errors.DataError, ("missing",),
    ),
    "no means for intercepts": (
        {"sample_cov": COV, "sample_nobs": 100, "meanstructure": True}, errors.DataError, ("needs sample_mean",),
    ),
    "data as well": ({"data": DATA, "sample_cov": COV, "sample_nobs": 100}, errors.DataError, ("both", "pass one")),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_MOMENTS)
def test_bad_moments_are_refused_with_the_remedy(case: str) -> None:
    options, error, fragments = BAD_MOMENTS[case]
    raised(lambda: lv.cfa(TWO, **options), error, fragments)


# ---- options --------------------------------------------------------------------------------------------------------

BAD_OPTIONS: dict[str, tuple[dict[str, Any], type[Exception], tuple[str, ...]]] = {
    "a misspelt option": ({"estimater": "ML"}, errors.UnknownOptionError, ("cfa()", "Did you mean 'estimator'?")),
    "an option with dots": ({"std.lv": True}, errors.UnknownOptionError, ("Did you mean 'std_lv'?",)),
    "a misspelt estimator": ({"estimator": "MLL"}, errors.OptionValueError, ("'MLL'", "Did you mean 'ML'?")),
    "scores as ordinal answers": ({"ordered": True}, errors.DataError, ("'x1' has 35 different values", "group its")),
    "pairwise moments of continuous answers": (
        {"missing": "pairwise"}, errors.OptionValueError, ("ordinal outcomes", "missing='fiml' or 'two.stage'"),
    ),
    "missing data": ({"missing": "drop"}, errors.OptionValueError, ("'drop'", "'listwise'")),
    "information": ({"information": "none"}, errors.OptionValueError, ("'expected'", "'observed'")),
    "a switch that is text": ({"std_lv": "yes"}, errors.OptionValueError, ("'yes'", "True or False")),
    "mean structure": ({"meanstructure": "yes"}, errors.OptionValueError, ("True or False",)),
    "a level in percent": ({"level": 95}, errors.OptionValueError, ("95", "such as 0.95")),
    "a level in words": ({"level": "high"}, errors.OptionValueError, ("such as 0.95",)),
    "bounds": ({"bounds": "all"}, errors.OptionValueError, ("'pos.var'",)),
    "kinds of equality": (
        {"group": "school", "group_equal": "loading"},
        errors.OptionValueError, ("'loading'", "Did you mean 'loadings'?"),
    ),
    "kinds of equality by number": ({"group_equal": 5}, errors.OptionValueError, ("5", "list of names")),
    "a partial parameter": (
        {"group": "school", "group_equal": "loadings", "group_partial": "visual=~x22"},
        errors.OptionValueError, ("visual=~x22", "Did you mean 'visual=~x2'?"),
    ),
    "a group that is not there": (
        {"group": "schol"}, errors.UnknownVariableError, ("'schol'", "did you mean 'school'?", "group="),
    ),
    "two group variables": ({"group": ["school", "sex"]}, errors.OptionValueError, ("one column",)),
    "a group variable of one value": ({"group": "one"}, errors.DataError, ("'one' has 1 value", "at least two")),
    "a group variable of many values": ({"group": "id"}, errors.DataError, ("'id'", "does not look like groups")),
    "a tiny group": ({"group": "tiny"}, errors.TooFewCasesError, ("in group 'b'", "Use fewer variables")),
    "a constant in a group": (
        {"group": "same"}, errors.ConstantVariableError, ("'x1' does not vary in group 'b'",),
    ),
    "constraints in a list": ({"constraints": ["a == b"]}, errors.OptionValueError, ("text",)),
}  # fmt: skip
WITH_GROUPS = DATA.assign(
    one=1,
    tiny=np.where(DATA.index < 3, "b", "a"),
    same=np.where(DATA["x1"].round(3) == DATA["x1"].round(3).mode()[0], "b", "a"),
)


@pytest.mark.parametrize("case", BAD_OPTIONS)
def test_bad_options_are_refused_with_the_remedy(case: str) -> None:
    options, error, fragments = BAD_OPTIONS[case]
    raised(lambda: lv.cfa(TWO, WITH_GROUPS, **options), error, fragments)


NEVER = DATA.assign(x1=DATA["x1"].where(DATA.index % 2 == 0), x7=DATA["x7"].where(DATA.index % 2 == 1))
GAPS = DATA.assign(x1=DATA["x1"].where(DATA.index % 3 > 0), x8=DATA["x8"].where(DATA.index % 4 > 0))
DRAWS = GAPS.assign(
    weight=1.0,
    negative=-1.0,
    nothing=0.0,
    unknown=np.nan,
    endless=np.inf,
    words="a",
    one=1,
    store=DATA.index % 30,
    first=np.where(DATA["school"] == DATA["school"].iloc[0], 0.0, 1.0),
)
INCOMPLETE_OR_ROBUST: dict[str, tuple[Any, dict[str, Any], type[Exception], tuple[str, ...]]] = {
    "MLM with missing values": (
        GAPS,
        {"missing": "fiml", "estimator": "MLM"},
        errors.OptionValueError,
        ("'MLM'", "use estimator='MLR'"),
    ),
    "MLMV with missing values": (
        GAPS,
        {"missing": "ml", "estimator": "MLMV"},
        errors.OptionValueError,
        ("use estimator='MLR'",),
    ),
    "a scaled test with missing values": (
        GAPS,
        {"missing": "fiml", "test": "satorra.bentler"},
        errors.OptionValueError,
        ("'satorra.bentler'", "use estimator='MLR'"),
    ),
    "robust.sem with missing values": (
        GAPS,
        {"missing": "fiml.x", "se": "robust.sem"},
        errors.OptionValueError,
        ("'robust.sem'", "'MLR'"),
    ),
    "Wishart with missing values": (
        GAPS,
        {"missing": "fiml", "likelihood": "wishart"},
        errors.OptionValueError,
        ("leave likelihood out",),
    ),
    "missing values without means": (
        GAPS,
        {"missing": "fiml", "meanstructure": False},
        errors.OptionValueError,
        ("leave meanstructure out",),
    ),
    "an unknown way with missing values": (
        GAPS,
        {"missing": "fimll"},
        errors.OptionValueError,
        ("Did you mean 'fiml'?",),
    ),
    "an unknown test": (
        GAPS,
        {"test": "satora.bentler"},
        errors.OptionValueError,
        ("Did you mean 'satorra.bentler'?",),
    ),
    "unknown errors": (GAPS, {"se": "robust"}, errors.OptionValueError, ("Did you mean 'robust.",)),
    "negative weights": (DRAWS, {"sampling_weights": "negative"}, errors.DataError, ("row 1 of 'negative'", "above 0")),
    "no weight at all": (
        DRAWS,
        {"sampling_weights": "nothing"},
        errors.DataError,
        ("'nothing'", "give each case its weight"),
    ),
    "unknown weights": (
        DRAWS,
        {"sampling_weights": "unknown"},
        errors.DataError,
        ("'unknown'", "give each case its weight"),
    ),
    "infinite weights": (DRAWS, {"sampling_weights": "endless"}, errors.InfiniteValueError, ("'endless'", "row 1")),
    "weights in words": (DRAWS, {"sampling_weights": "words"}, errors.NonNumericError, ("'words'", "numeric codes")),
    "a group without weight": (
        DRAWS,
        {"sampling_weights": "first", "group": "school"},
        errors.DataError,
        ("in group 'Pasteur' are 0", "leave the group out"),
    ),
    "weights by a list": (
        DRAWS,
        {"sampling_weights": ["weight"]},
        errors.OptionValueError,
        ("sampling_weights='weight'",),
    ),
    "weights that are not there": (
        DRAWS,
        {"sampling_weights": "weigth"},
        errors.UnknownVariableError,
        ("did you mean 'weight'?",),
    ),
    "one cluster": (DRAWS, {"cluster": "one"}, errors.DataError, ("'one' has 1 value", "at least two")),
    "clusters that are not there": (
        DRAWS,
        {"cluster": "stor"},
        errors.UnknownVariableError,
        ("did you mean 'store'?", "cluster="),
    ),
    "clusters by a list": (DRAWS, {"cluster": ["store"]}, errors.OptionValueError, ("cluster='store'",)),
    "a variable wholly missing": (
        GAPS.assign(x2=np.nan),
        {"missing": "fiml"},
        errors.EmptyDataError,
        ("'x2' has no value", "drop it"),
    ),
    "a variable wholly missing in a group": (
        GAPS.assign(x2=DATA["x2"].where(DATA["school"] == "Pasteur")),
        {"missing": "fiml", "group": "school"},
        errors.ConstantVariableError,
        ("'x2'", "'Grant-White'", "drop it"),
    ),
    "a constant among those who answer": (
        GAPS.assign(x1=GAPS["x1"] * 0.0),
        {"missing": "fiml"},
        errors.ConstantVariableError,
        ("'x1'", "cases that answer", "drop it"),
    ),
    "two variables never answered together": (
        NEVER,
        {"missing": "fiml"},
        errors.DataError,
        ("'x1' and 'x7'", "Leave one of the two out"),
    ),
    "copies with gaps": (
        GAPS.assign(x2=DATA["x1"]),
        {"missing": "fiml"},
        errors.CollinearVariablesError,
        ("'x1', 'x2'", "collinear", "drop one"),
    ),
    "fewer cases than variables": (
        GAPS.head(5),
        {"missing": "fiml"},
        errors.TooFewCasesError,
        ("5", "6 variables", "Use fewer variables"),
    ),
    "hardly more cases than variables": (
        GAPS.head(8),
        {"missing": "fiml"},
        errors.NotPositiveDefiniteError,
        ("too many for the cases",),
    ),
}


@pytest.mark.parametrize("case", INCOMPLETE_OR_ROBUST)
def test_bad_options_for_incomplete_or_robust_fits_are_refused_with_the_remedy(case: str) -> None:
    data, options, error, fragments = INCOMPLETE_OR_ROBUST[case]
    raised(lambda: lv.cfa(TWO, data, **options), error, fragments)


@pytest.mark.parametrize(
    "options",
    [{"estimator": e} for e in ("MLR", "MLM", "MLMV", "MLMVS", "MLF")]
    + [
        {"se": "robust.sem"},
        {"test": "satorra.bentler"},
        {"missing": "fiml"},
        {"cluster": "store"},
        {"sampling_weights": "w"},
    ],
)
def test_moments_are_not_enough_for_robust_fits(options: dict[str, Any]) -> None:
    fragments = ("needs the answers of each case", "pass data= instead of sample_cov")
    raised(lambda: lv.cfa(TWO, sample_cov=COV, sample_nobs=301, **options), errors.DataError, fragments)


def test_an_unknown_option_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="std_lv"):
        lv.cfa(TWO, DATA, std_lvv=True)  # type: ignore[call-arg]


LATER: dict[str, tuple[Callable[[Any], Any], tuple[str, ...]]] = {
    "kind of residuals": (lambda fit: fit.residuals("standard"), ("Did you mean 'standardized'?",)),
    "group of residuals": (lambda fit: fit.residuals(group=2), ("group=2", "1 to 1")),
    "group of implied moments": (lambda fit: fit.implied(0), ("group=0",)),
    "method of scores": (lambda fit: fit.scores("ml"), ("'regression' or 'bartlett'",)),
    "kind of standardization": (lambda fit: fit.standardized("yes"), ("'all' or 'lv'",)),
    "level": (lambda fit: fit.estimates(level=95), ("such as 0.95",)),
    "alpha": (lambda fit: fit.conf_int(alpha=5), ("such as 0.95",)),
}


@pytest.mark.parametrize("case", LATER)
def test_bad_arguments_of_results_are_refused_with_the_remedy(case: str) -> None:
    ask, fragments = LATER[case]
    raised(lambda: ask(lv.cfa(TWO, DATA)), errors.OptionValueError, fragments)


def test_scores_need_data() -> None:
    fit = lv.cfa(TWO, sample_cov=COV, sample_nobs=301)
    raised(fit.scores, errors.DataError, ("pass data=",))


# ---- models ---------------------------------------------------------------------------------------------------------

BAD_MODELS: dict[str, tuple[Any, type[Exception], tuple[str, ...]]] = {
    "no operator": ("f x1 + x2", errors.ModelSyntaxError, ("line 1", "expected")),
    "nothing": ("", errors.ModelSyntaxError, ("empty",)),
    "a loose end": ("f =~ x1 + x2 +", errors.ModelSyntaxError, ("expected",)),
    "no text": (None, errors.ModelTypeError, ("NoneType", "pass its text")),
    "definitions alone": ("a := 3", errors.ModelError, ("names no variable",)),
    "an unknown variable": ("f =~ x1 + x2 + x33", errors.UnknownVariableError, ("'x33'", "did you mean 'x3'?")),
    "negative degrees of freedom": (
        "f =~ x1 + x2", errors.NegativeDegreesOfFreedomError, ("df = -1", "Fix or equate at least 1"),
    ),
    "levels": ("level: 1\nf =~ x1 + x2 + x3\nlevel: 2\nx1 ~~ x2", errors.OptionValueError, ("cluster=", "remove")),
    "thresholds": ("f =~ x1 + x2 + x3\nx1 | t1", errors.ModelError, ("x1|t1", "add it to ordered=")),
    "two values for two groups": ("f =~ x1 + c(1,2)*x2 + x3 + x4", errors.ModelError, ("2 values", "group=")),
    "equal() to nothing": (
        'f =~ x1 + x2 + equal("f=~x22")*x3 + x4', errors.ModelError, ("f=~x22", "Did you mean 'f=~x2'?"),
    ),
    "equal() to itself": ('f =~ x1 + x2 + equal("f=~x3")*x3 + x4', errors.ModelError, ("itself",)),
    "an unknown label": (FOUR + "b == 1", errors.ModelError, ("line 2", "'b'", "The labels are a")),
    "an unknown label in a definition": (FOUR + "q := 2*zz", errors.ModelError, ("'zz'",)),
    "contradictory equalities": (FOUR + "a == 1\na == 2", errors.ModelError, ("contradict", "relax one")),
    "a false statement": (FOUR + "1 > 2", errors.ModelError, ("does not hold", "remove it")),
    "a false statement about a fixed value": (
        "f =~ 1*x1 + x2 + x3 + x4\nf ~~ v*f + 1*f\nv > 2", errors.ModelError, ("does not hold",),
    ),
    "one loading twice": (FOUR + "f =~ b*x2", errors.ModelError, ("'f=~x2' is written twice", "keep one")),
    "one arrow in two ways": (FOUR + "x3 ~ f", errors.ModelError, ("same effect", "keep one")),
    "a negative variance": ("f =~ x1 + x2 + x3\nx1 ~~ -5*x1", errors.StartingValuesError, ("variance",)),
    "an endless loop": ("x1 ~ 1*x2\nx2 ~ 1*x1", errors.StartingValuesError, ()),
    "group blocks without groups": (
        "group: 1\nf =~ x1 + x2 + x3\ngroup: 2\nf =~ x1 + x2 + x3",
        errors.ModelError, ("group: 2", "no group= was given"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_MODELS)
def test_bad_models_are_refused_with_the_remedy(case: str) -> None:
    model, error, fragments = BAD_MODELS[case]
    raised(lambda: lv.sem(model, DATA), error, fragments)


@pytest.mark.parametrize(
    ("model", "fragments"),
    [
        ("f =~ x1 + c(a,b,d)*x2 + x3", ("3 values", "2 groups")),
        ("group: Eton\nf =~ x1 + x2 + x3", ("Eton", "'Pasteur', 'Grant-White'")),
        ("group: Pasteur\nf =~ x1 + x2 + x3", ("Grant-White", "add a block")),
        ("group: 1\nf =~ x1 + x2 + x3\ngroup: 2\nf =~ x1 + x2 + x4", ("x3, x4", "write all of them")),
    ],
)
def test_bad_models_for_groups_are_refused_with_the_remedy(model: str, fragments: tuple[str, ...]) -> None:
    raised(lambda: lv.cfa(model, DATA, group="school"), errors.ModelError, fragments)


UNIDENTIFIED: dict[str, tuple[str, tuple[str, ...], str]] = {  # model, parameters named, advice
    "a factor without a scale": (
        "f =~ NA*x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7", ("f=~x1", "f~~f"), "write 'f =~ 1*x1'",
    ),
    "two indicators alone": (
        "f =~ x1 + x2\ng =~ x4 + x5 + x6 + x7\nf ~~ 0*g", ("f=~x2", "x1~~x1", "f~~f"), "2 indicators",
    ),
    "two factors with the same indicators": (
        "f =~ x1 + x2 + x3 + x7 + x8\ng =~ x1 + x2 + x3 + x7 + x8\nh =~ x4 + x5 + x6",
        ("f~~f", "g~~g", "f~~g"), "fix 2 of",
    ),
    "a loop without instruments": ("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nf ~ g\ng ~ f", ("f~g", "g~f"), "fix one of"),
    "two dimensions under a second-order factor": (
        "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ f + g", ("h=~g", "h~~h"), "2 indicators",
    ),
    "an intercept too many": ("f =~ x1 + x2 + x3 + x4\nf ~ 1", ("f~1", "x1~1"), "fix one of"),
    "a latent mean beside all intercepts": ("f =~ x1 + x2 + x3\nf ~ x4\nf ~ 1", ("f~1",), "fix one of"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
@pytest.mark.parametrize("case", UNIDENTIFIED)
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_unidentified_models_name_the_parameters_and_the_remedy(case: str, scale: float) -> None:
    model, parameters, advice = UNIDENTIFIED[case]
    with pytest.raises(errors.IdentificationError) as caught:
        lv.sem(model, DATA.assign(x1=DATA["x1"] * scale, x4=DATA["x4"] / scale))
    assert set(parameters) <= set(caught.value.parameters)
    assert advice in str(caught.value)


def test_unidentified_parameters_are_told_apart_by_group() -> None:
    with pytest.raises(errors.IdentificationError) as caught:
        lv.cfa("f =~ x1 + x2 + x3 + x4\nf ~ 1", DATA, group="school")
    assert {"f~1 in group 1", "f~1 in group 2"} <= set(caught.value.parameters)


# ---- no convergence -------------------------------------------------------------------------------------------------


def is_honest(fit: Any) -> None:
    assert not fit.converged
    assert len(fit.warnings) == 1
    assert "NOT CONVERGED" in repr(fit)
    assert "DID NOT CONVERGE" in str(fit.summary()).upper()
    estimates, measures = fit.estimates(), fit.fit_measures()
    free = estimates["se"] != 0
    assert free.any()
    assert estimates.loc[free, ["se", "z", "pvalue", "ci_lower"]].isna().all().all()
    assert fit.standardized().loc[free, "se"].isna().all()
    assert measures[["chisq", "pvalue", "cfi", "rmsea", "logl"]].isna().all()
    assert measures["df"] == fit.df
    assert fit.residuals("standardized").isna().all().all()
    assert fit.effects()["se"].isna().all()
    for ask in (fit.modification_indices, fit.scores):
        with pytest.raises(errors.NotConvergedError, match="converged"):
            ask()


def test_a_search_cut_short_gives_a_fit_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lvmodels.estimate.solve.MAX_ITERATIONS", 1)
    with pytest.warns(errors.ConvergenceWarning, match="still falling.*no standard errors"):
        fit = lv.cfa(TWO, DATA)
    is_honest(fit)


@pytest.mark.parametrize(
    "constraints", ["a > 2\na < 1", "log(a - 100) == 2", "1/(a - a) == 2", "a^2 == -1", "sqrt(a - 100) > 2"]
)
def test_constraints_that_nothing_satisfies_give_a_fit_that_says_so(constraints: str) -> None:
    with pytest.warns(errors.ConvergenceWarning, match="constraint"):
        fit = lv.cfa(FOUR + constraints, DATA)
    is_honest(fit)


def test_a_model_without_a_minimum_gives_a_fit_that_says_so() -> None:
    """Seven cases, six variables: the discrepancy falls towards infinite parameters."""
    with pytest.warns(errors.ConvergenceWarning):
        fit = lv.cfa(TWO, DATA.head(7))
    is_honest(fit)


def with_marker_loading(loading: float) -> pd.DataFrame:
    """Two factors that correlate .4, with four items each; the first item of the first loads by `loading`."""
    Lambda = np.kron(np.eye(2), np.array([[0.5], [0.8], [0.7], [0.6]]))
    Lambda[0, 0] = loading
    R = Lambda @ np.array([[1.0, 0.4], [0.4, 1.0]]) @ Lambda.T
    names = list("abcdegij")
    return pd.DataFrame(R - np.diag(np.diagonal(R)) + np.eye(8), index=names, columns=names)


@pytest.mark.parametrize("loading", [0.5, 0.05, 0.005, 0.001, -0.01])
def test_a_weak_marker_is_found_all_the_same(loading: float) -> None:
    fit = lv.cfa("f =~ a + b + c + d\nh =~ e + g + i + j", sample_cov=with_marker_loading(loading), sample_nobs=400)
    assert fit.converged
    found = fit.estimates().iloc[1]
    assert abs(found["est"] - 0.8 / loading) < 0.01 * found["se"]


def test_a_marker_that_measures_nothing_leaves_loadings_open() -> None:
    model = "f =~ a + b + c + d\nh =~ e + g + i + j"
    fit, text = warned(errors.RankDeficientWarning, model, sample_cov=with_marker_loading(0.0), sample_nobs=400)
    assert "f=~b, f=~c, f=~d" in text
    assert fit.bse.isna().all()


def test_a_start_on_a_saddle_point_is_left_for_the_minimum() -> None:
    zero = "f =~ start(0)*x1 + start(0)*x2 + start(0)*x3 + start(0)*x4"
    fit, usual = lv.cfa(zero, DATA, std_lv=True), lv.cfa("f =~ x1 + x2 + x3 + x4", DATA)
    assert fit.fit_measures()["chisq"] == pytest.approx(usual.fit_measures()["chisq"], abs=1e-6)


# ---- warnings -------------------------------------------------------------------------------------------------------


def warned(category: type[LvmodelsWarning], model: str, data: Any = None, **options: Any) -> tuple[Any, str]:
    """The fit and the text of its only warning, which must be of this kind, and be kept with the fit."""
    with pytest.warns(LvmodelsWarning) as caught:
        fit = lv.sem(model, data, **options)
    assert [w.category for w in caught] == [category], [str(w.message) for w in caught]
    assert caught[0].filename == __file__, "the warning points at the library, not at the call"
    assert [str(w) for w in fit.warnings] == [str(caught[0].message)]
    assert fit.converged
    assert np.isfinite(fit.fit_measures()["chisq"])
    return fit, str(caught[0].message)


def heywood() -> pd.DataFrame:
    """One item that is more closely related to two others than they are to each other."""
    R = np.array([[1.0, 0.8, 0.3, 0.2], [0.8, 1.0, 0.6, 0.3], [0.3, 0.6, 1.0, 0.1], [0.2, 0.3, 0.1, 1.0]])
    return pd.DataFrame(R, index=list("abcd"), columns=list("abcd"))


def test_a_sound_fit_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert lv.cfa(TWO, DATA).warnings == ()


def test_a_heywood_case_is_a_warning() -> None:
    fit, text = warned(errors.HeywoodWarning, "f =~ a + b + c + d", sample_cov=heywood(), sample_nobs=200)
    assert "b ~~ b is negative" in text
    assert "bounds='pos.var'" in text
    assert np.isfinite(fit.estimates()["se"]).all()


def test_a_heywood_case_under_bounds_is_a_boundary() -> None:
    fit, text = warned(
        errors.BoundaryWarning, "f =~ a + b + c + d", sample_cov=heywood(), sample_nobs=200, bounds="pos.var"
    )
    assert "b~~b" in text
    assert fit.estimates().query("lhs == 'b' and rhs == 'b'")["est"].item() == pytest.approx(0.0, abs=1e-8)


def test_latent_variables_that_correlate_beyond_one_are_a_warning() -> None:
    """Items of different factors correlate more than items of one factor."""
    names = list("abcdgh")
    R = np.full((6, 6), 0.5)
    for k in (0, 2, 4):
        R[k, k + 1] = R[k + 1, k] = 0.4
    np.fill_diagonal(R, 1.0)
    cov = pd.DataFrame(R, index=names, columns=names)
    _, text = warned(errors.HeywoodWarning, "u =~ a + b\nv =~ c + d\nw =~ g + h", sample_cov=cov, sample_nobs=300)
    assert "not positive definite" in text
    assert "correlate 1.250" in text


def test_dropped_rows_are_a_warning_with_the_count() -> None:
    fit, text = warned(errors.DroppedRowsWarning, TWO, DATA.assign(x1=DATA["x1"].where(DATA.index >= 7)))
    assert "7 of 301 cases" in text
    assert "x1 7" in text
    assert fit.nobs == 294


def test_very_unequal_variances_are_a_warning() -> None:
    _, text = warned(errors.UnequalVariancesWarning, TWO, DATA.assign(x8=DATA["x8"] * 100))
    assert "'x8'" in text
    assert "divide 'x8'" in text


def test_an_active_bound_is_a_warning() -> None:
    fit, text = warned(errors.BoundaryWarning, "f =~ x1 + upper(0.4)*x2 + x3 + x4", DATA)
    assert "f=~x2" in text
    assert fit.estimates()["est"][1] == pytest.approx(0.4)


def test_rank_deficiency_at_the_solution_only_is_a_warning() -> None:
    """Two factors of two items are identified by their covariance alone, and this sample has none."""
    R = pd.DataFrame(np.eye(4), index=list("abcd"), columns=list("abcd"))
    R.loc["a", "b"] = R.loc["b", "a"] = 0.4
    R.loc["c", "d"] = R.loc["d", "c"] = 0.5
    fit, text = warned(errors.RankDeficientWarning, "f =~ a + b\ng =~ c + d", sample_cov=R, sample_nobs=200)
    assert "f=~b" in text
    assert fit.bse.isna().all()
    assert fit.residuals("standardized").isna().all().all()


def test_items_without_any_correlation_leave_loadings_open() -> None:
    R = pd.DataFrame(np.eye(3), index=list("abc"), columns=list("abc"))
    fit, text = warned(errors.RankDeficientWarning, "f =~ a + b + c", sample_cov=R, sample_nobs=200)
    assert "f=~b, f=~c" in text
    assert fit.bse.isna().all()


def test_a_model_without_free_parameters_is_a_fit() -> None:
    fit = lv.lavaan("x1 ~~ 1*x1\nx2 ~~ 1*x2", DATA)
    assert (fit.converged, fit.df, fit.fit_measures()["npar"]) == (True, 3, 0)
    assert (fit.estimates()["se"] == 0).all()


def test_a_misspelt_latent_variable_is_recognised():
    with pytest.raises(errors.UnknownVariableError, match=r"'visaul' \(did you mean 'visual'\?\)"):
        lv.sem("visual =~ x1 + x2 + x3\nx4 ~ visaul", lv.datasets.load("holzinger_swineford"))


def test_a_text_among_numbers_written_as_text_is_the_one_named(tmp_path):
    (tmp_path / "answers.csv").write_text("a,b,c\n1,2,3\n2,x,1\n", encoding="utf-8")
    with pytest.raises(errors.NonNumericError, match="data row 2 holds the text 'x'"):
        lv.cfa("f =~ a + b + c", tmp_path / "answers.csv")
