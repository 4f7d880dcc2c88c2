"""Every figure agrees with lavaan's; reference/README.md says how the values were made."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import lvmodels as lv

REFERENCE = Path(__file__).resolve().parent / "reference"
CASES = sorted(path.stem for path in (REFERENCE / "cases").glob("*.json"))
TOLERANCE = {  # kind of figure → absolute, relative
    "est": (2e-4, 2e-4),
    "se": (2e-4, 1e-3),
    "fit": (1e-3, 1e-3),
    "other": (2e-3, 2e-3),
}
EARLY = {  # where the other program stops early: its saturated two-level model is the end of an EM search
    "est": (2e-3, 2e-3),
    "se": (2e-3, 1e-2),
    "fit": (1e-2, 1e-2),
    "other": (1e-2, 1e-2),
}
# Fit measures that depend on the conventions of one version of one program, or only repeat an option.
NOT_COMPARED = {
    "agfi", "cn_01", "cn_05", "crmr", "crmr_nomean", "ecvi", "fmin", "gfi", "mfi", "ntotal", "pgfi", "rmr",
    "rmr_nomean", "rmsea_ci_level", "rmsea_close_h0", "rmsea_notclose_h0", "rmsea_notclose_pvalue",
    "rmsea_notclose_pvalue_robust", "rmsea_notclose_pvalue_scaled", "srmr_bentler", "srmr_bentler_nomean",
    "srmr_mplus", "srmr_mplus_nomean", "wrmr",
}  # fmt: skip
KNOWN_DIFFERENCES: dict[str, str] = {}  # case id → why the golden value is wrong
# case id → what is refused until it exists; the case fails once it does, to be taken off this list
NOT_YET: dict[str, str] = {}
LADDER = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "scale": ("thresholds", "loadings"),
    "equal": ("thresholds", "loadings", "lv.variances"),
}

Key = tuple[str, str, str, int, int]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of ours beside the golden one."""

    name: str
    ours: float | None
    golden: float
    kind: str = "other"
    early: bool = False

    @property
    def distance(self) -> float:
        """How far out, in tolerances: up to 1 is agreement, a number that is not there is infinitely far."""
        if self.ours is None or not math.isfinite(float(self.ours)):
            return math.inf
        absolute, relative = (EARLY if self.early else TOLERANCE)[self.kind]
        return abs(float(self.ours) - self.golden) / (absolute + relative * abs(self.golden))


@functools.cache
def data(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "data" / f"{name}.csv")


def read_case(name: str) -> Row:
    case: Row = json.loads((REFERENCE / "cases" / f"{name}.json").read_text(encoding="utf-8"))
    case["options"] = case.get("options") or {}
    if moments := case["options"].get("sample_cov"):
        case["options"]["sample_cov"] = pd.DataFrame(moments["cov"], index=moments["vars"], columns=moments["vars"])
    case["frame"] = data(case["data"]) if case["data"] else None
    return case


# ---- what is compared -----------------------------------------------------------------------------------------------


def key_of(row: Row) -> Key:
    """What identifies a parameter; a defined one has its name alone."""
    if row["op"] == ":=":
        return (row["lhs"], ":=", "", 0, 0)
    rhs = row["rhs"] if isinstance(row["rhs"], str) else ""
    return (row["lhs"], row["op"], rhs, int(row.get("group") or 1), int(row.get("level") or 1))


def by_key(table: pd.DataFrame) -> dict[Key, Row]:
    """Rows by parameter; a covariance is found in either order."""
    rows = {key_of(row): row for row in table.to_dict("records")}
    turned = {(key[2], "~~", key[0], *key[3:]): row for key, row in rows.items() if key[1] == "~~"}
    return turned | rows


def see_estimates(fit: Any, case: Row) -> Iterator[Figure]:
    golden = [row for row in case["expect"]["estimates"] if row["op"] not in {"==", "<", ">"}]
    ours = by_key(fit.estimates())
    no_errors = "bound" in (case.get("note") or "") or "se" in (case.get("skip") or ())
    standardized = by_key(fit.standardized()) if any(row.get("se_std_all") for row in golden) else {}
    for row in golden:
        key = key_of(row)
        mine, name = ours.get(key, {}), " ".join(map(str, key))
        yield Figure(f"est {name}", mine.get("est"), row["est"], "est")
        if row.get("std_all") is not None and row["op"] != "~*~":
            yield Figure(f"std_all {name}", mine.get("std_all"), row["std_all"], "est")
        if no_errors:  # a parameter on its bound has none, naive ones are not ours
            continue
        if row.get("se"):
            yield Figure(f"se {name}", mine.get("se"), row["se"], "se")
            yield Figure(f"ci_lower {name}", mine.get("ci_lower"), row["ci_lower"], "se")
            yield Figure(f"ci_upper {name}", mine.get("ci_upper"), row["ci_upper"], "se")
        if row.get("se_std_all"):
            yield Figure(f"se of std_all {name}", standardized.get(key, {}).get("se"), row["se_std_all"], "se")


def see_fit_measures(fit: Any, case: Row) -> Iterator[Figure]:
    ours, skipped = fit.fit_measures(), set(case.get("skip") or ())
    if "fit" in skipped:
        return
    for name, value in case["expect"]["fit"].items():
        if name not in NOT_COMPARED | skipped and value is not None:
            yield Figure(name, ours.get(name), value, "fit")


def see_matrix(name: str, ours: pd.DataFrame, golden: Row) -> Iterator[Figure]:
    for a, values in zip(golden["vars"], golden["cov"], strict=True):
        for b, value in zip(golden["vars"], values, strict=True):
            if value is not None:
                yield Figure(f"{name} {a} {b}", ours.at[a, b], value)


def see_implied(fit: Any, case: Row) -> Iterator[Figure]:
    golden, ours = case["expect"]["implied"], fit.implied()
    yield from see_matrix("implied", ours.cov, golden)
    for name, value in zip(golden["vars"], golden.get("mean") or [], strict=bool(golden.get("mean"))):
        yield Figure(f"implied mean {name}", ours.mean[name], value)


def see_residuals(kind: str, fit: Any, case: Row) -> Iterator[Figure]:
    yield from see_matrix(f"{kind} residual", fit.residuals(kind), case["expect"][f"residuals_{kind}"])


def see_scores(method: str, fit: Any, case: Row) -> Iterator[Figure]:
    golden, ours = case["expect"][f"scores_{method}"], fit.scores(method)
    for i, row in enumerate(golden["head"]):
        for factor, value in zip(golden["factors"], row, strict=True):
            yield Figure(f"{method} score {factor} of case {i}", ours[factor].iloc[i], value)


def see_r2(fit: Any, case: Row) -> Iterator[Figure]:
    ours = fit.r2()
    for name, value in case["expect"]["r2"].items():
        yield Figure(f"r2 {name}", ours.get(name), value)


def see_modification_indices(fit: Any, case: Row) -> Iterator[Figure]:
    ours = by_key(fit.modification_indices())
    for row in case["expect"]["modindices"]:
        key = key_of(row)
        for column in ("mi", "epc", "sepc_all"):
            if row.get(column) is not None:
                yield Figure(f"{column} {' '.join(key[:3])}", ours.get(key, {}).get(column), row[column])


SEE: dict[str, Callable[[Any, Row], Iterator[Figure]]] = {
    "estimates": see_estimates,
    "fit": see_fit_measures,
    "implied": see_implied,
    "residuals_cor": functools.partial(see_residuals, "cor"),
    "residuals_standardized": functools.partial(see_residuals, "standardized"),
    "scores_regression": functools.partial(see_scores, "regression"),
    "scores_bartlett": functools.partial(see_scores, "bartlett"),
    "r2": see_r2,
    "modindices": see_modification_indices,
}


def see_fit(case: Row) -> Iterator[Figure]:
    fit = getattr(lv, case["function"])(case["model"], case["frame"], **case["options"])
    for what in case["expect"].keys() & SEE.keys():
        yield from SEE[what](fit, case)


def see_comparison(case: Row) -> Iterator[Figure]:
    how = {k: v for k, v in case["options"].items() if k in ("method", "a_method")}
    options = {k: v for k, v in case["options"].items() if k not in ("ladder", *how)}
    fits = [lv.cfa(case["model"], case["frame"], group_equal=LADDER[s], **options) for s in case["options"]["ladder"]]
    table = lv.compare(*fits, **how)
    for column, values in case["expect"].items():
        for i, value in enumerate(values):
            if value is not None:
                yield Figure(f"{column} of model {i + 1}", table[column].iloc[i], value)


def see_score_tests(case: Row) -> Iterator[Figure]:
    """lavaan 0.6-14 scales the gradient of least squares, not its information, by (n - groups) / n, and turns it."""
    fit = getattr(lv, case["function"].removeprefix("score_"))(case["model"], case["frame"], **case["options"])
    ours, least_squares = lv.score_tests(fit), fit.settings.least_squares
    factor = fit.nobs / (fit.nobs - fit.table.n_groups) if least_squares else 1.0
    tests, changes = by_key(ours.univariate), by_key(ours.changes)
    for row in case["expect"]["uni"]:
        key = key_of(row)
        yield Figure(f"x2 {key}", tests[key]["x2"], row["x2"] * factor)
        if not least_squares:
            yield Figure(f"p {key}", tests[key]["pvalue"], row["pvalue"])
    yield Figure("x2 of all", ours.x2, case["expect"]["total"]["x2"] * factor)
    for row in case["expect"]["epc"]:
        if row["epc"] is not None and not least_squares:
            yield Figure(f"epc {key_of(row)}", changes[key_of(row)]["epc"], row["epc"])


def see_ladder(case: Row) -> Iterator[Figure]:
    """Fit, and the difference tests that go with the estimator; lavaan's indices are the scaled ones."""
    options = case["options"]
    more = {**(options["options"] or {}), "levels": tuple(options["levels"])}
    if case["function"] == "invariance":
        ladder = lv.invariance(case["model"], case["frame"], options["group"], **more)
    else:
        ladder = lv.longitudinal_invariance(options["items"], case["frame"], **more)
    for column in ("chisq", "df", "pvalue", "srmr", "chisq_diff", "df_diff", "p_diff"):
        for step, ours, golden in zip(ladder.fits, ladder.table[column], case["expect"][column], strict=True):
            if golden is not None:
                yield Figure(f"{column} of {step}", ours, golden, "fit")
    for name in ("cfi_scaled", "rmsea_scaled"):
        for step, golden in zip(ladder.fits, case["expect"][name], strict=True):
            measures = ladder.fit(step).fit_measures()
            yield Figure(f"{name} of {step}", measures.get(name, measures[name.split("_")[0]]), golden, "fit")


def see_polychoric(case: Row) -> Iterator[Figure]:
    found = lv.polychoric(case["frame"][case["options"]["ordered"]])
    yield from see_matrix("correlation", found.cor, {"vars": case["expect"]["vars"], "cov": case["expect"]["cor"]})
    for name, value in case["expect"]["thresholds"].items():
        yield Figure(f"threshold {name}", found.thresholds[name], value)


KINDS_OF_CASES: dict[str, Callable[[Row], Iterator[Figure]]] = {
    "compare": see_comparison,
    "polychoric": see_polychoric,
    "score_cfa": see_score_tests,
    "score_sem": see_score_tests,
    "invariance": see_ladder,
    "longitudinal_invariance": see_ladder,
}


def disagreement(figures: list[Figure], most: int = 20) -> str:
    """The figures that are off, worst first; empty when all agree."""
    off = sorted((f for f in figures if f.distance > 1), key=lambda f: -f.distance)
    if not off:
        return ""
    rows = [f"{f.name:44.44s} ours {f.ours!s:>22.22s}  golden {f.golden:>16.9g}  {f.distance:9.1f} tol" for f in off]
    return "\n".join([f"{len(off)} of {len(figures)} figures are off", *rows[:most]])


# ---- the tests ------------------------------------------------------------------------------------------------------


def marked(name: str) -> Any:
    """The case with what is known about it."""
    marks = []
    if name in KNOWN_DIFFERENCES:
        marks.append(pytest.mark.skip(reason=KNOWN_DIFFERENCES[name]))
    if name in NOT_YET:
        marks.append(pytest.mark.xfail(reason=NOT_YET[name], raises=lv.errors.NotEstimableError, strict=True))
    return pytest.param(name, marks=marks)


@pytest.mark.filterwarnings("ignore::lvmodels.errors.LvmodelsWarning")
@pytest.mark.parametrize("name", [marked(name) for name in CASES])
def test_agrees_with_lavaan(name: str) -> None:
    case = read_case(name)
    see = KINDS_OF_CASES.get(case["function"], see_fit)
    figures = [replace(figure, early=name.startswith("twolevel-")) for figure in see(case)]
    assert figures, "the case compares nothing"
    if problem := disagreement(figures):
        pytest.fail(problem, pytrace=False)


def test_reference_cases_are_there() -> None:
    families = {
        "ml",
        "groups",
        "listwise",
        "lrt",
        "robust",
        "fiml",
        "weights",
        "interaction",
        "gls",
        "wls",
        "uls",
        "dwls",
        "polychoric",
        "ordinal",
        "twolevel",
    }
    assert {name.split("-")[0] for name in CASES} >= families


def test_every_expected_block_is_compared() -> None:
    not_figures = {"vcov"}  # its values are the standard errors and confidence intervals again
    fits = (case for case in map(read_case, CASES) if case["function"] not in KINDS_OF_CASES)
    blocks = {block for case in fits for block in case["expect"]}
    assert blocks - not_figures == SEE.keys()


@pytest.mark.parametrize(
    ("ours", "golden", "kind", "agrees"),
    [
        (1.0003, 1.0, "est", True),
        (1.0005, 1.0, "est", False),
        (100.015, 100.0, "est", True),
        (100.05, 100.0, "se", True),
        (0.051, 0.05, "se", False),
        (-1.0, 1.0, "other", False),
        (None, 0.0, "est", False),
        (math.nan, 0.0, "est", False),
    ],
)
def test_tolerance_tells_agreement_from_difference(ours: float | None, golden: float, kind: str, agrees: bool) -> None:
    assert (disagreement([Figure("x", ours, golden, kind)]) == "") is agrees
