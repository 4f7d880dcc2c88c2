"""Simulates the survey value_loyalty: 620 made-up customers, 21 items on seven points, five constructs.

No person answered this survey. `python data/value_loyalty/generate.py` writes answers.csv, the same bytes each time;
SOURCE.md tells the population values in words. Everything is plain numpy, one variable after the other, so that the
order of the draws can be followed by eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SEED = 20260
ROWS = 620
MISSING_CODE = -99

# ---- the population --------------------------------------------------------------------------------------------------

# Standardized effects between the constructs; each construct has mean 0 and variance 1.
PATHS = {
    ("Value", "Quality"): 0.60,
    ("Satisfaction", "Quality"): 0.45,
    ("Satisfaction", "Value"): 0.35,
    ("Loyalty", "Value"): 0.15,
    ("Loyalty", "Satisfaction"): 0.50,
    ("Loyalty", "SwitchingCost"): 0.25,
}
INTERACTION = (
    -0.12
)  # of Satisfaction times SwitchingCost on Loyalty: where leaving is costly, satisfaction matters less
QUALITY_SWITCHING = 0.20  # covariance of the two constructs that depend on no other
TENURE_SWITCHING = 0.30  # effect of the logarithm of tenure (standardized) on SwitchingCost

LOADINGS = {
    "Quality": {"QUA1": 0.82, "QUA2": 0.78, "QUA3": 0.75, "QUA4": 0.80, "QUA5": 0.70},
    "Value": {"VAL1": 0.84, "VAL2": 0.86, "VAL3": 0.74, "VAL4": 0.78},
    "Satisfaction": {"SAT1": 0.88, "SAT2": 0.84, "SAT3": 0.80, "SAT4": 0.76},
    "SwitchingCost": {"SWI1": 0.80, "SWI2": 0.76, "SWI3": 0.72, "SWI4": 0.82},
    "Loyalty": {"LOY1": 0.85, "LOY2": 0.83, "LOY3": 0.78, "LOY4": 0.68},
}

# Share of answers at or below each of the points 1 to 6, for an item without shift: contented customers crowd the top.
CONTENT = (0.02, 0.06, 0.14, 0.30, 0.57, 0.83)
EVEN = (0.07, 0.18, 0.33, 0.52, 0.72, 0.88)
SHIFTS = {"QUA3": 0.15, "QUA5": 0.25, "VAL2": 0.10, "VAL3": 0.30, "SAT1": -0.15, "SAT4": 0.20, "SWI2": 0.20,
          "SWI4": -0.10, "LOY1": -0.20, "LOY4": 0.45}  # fmt: skip

PROVIDERS = {"Aster": (0.40, 0.25), "Birch": (0.35, 0.0), "Cedar": (0.25, -0.40)}  # share; mean of Quality
SKIPPING = 0.28  # share of respondents who leave items blank, at mean age; a standard deviation of age adds 0.08
SKIPPED = 0.11  # chance of a blank for each of their items
CANNOT_JUDGE = 0.05  # share of respondents who answer "cannot say" (-99) to most items on switching


@dataclass(frozen=True, slots=True)
class People:
    """Who they are: arrays of length n, tenure in years, and the standardized log tenure behind it."""

    gender: NDArray[np.str_]
    age: Floats
    tenure: Floats
    log_tenure: Floats
    provider: NDArray[np.str_]


def people(n: int, stream: np.random.RandomState) -> People:
    """Background of n respondents."""
    gender = np.where(stream.random_sample(n) < 0.52, "female", "male")
    age = np.clip((42 + 13 * stream.standard_normal(n)).round(), 18, 78)
    log_tenure = stream.standard_normal(n)
    tenure = np.clip(np.exp(1.2 + 0.75 * log_tenure).round(1), 0.1, 25.0)
    shares = np.cumsum([share for share, _ in PROVIDERS.values()])
    provider = np.array(list(PROVIDERS))[np.searchsorted(shares[:-1], stream.random_sample(n), side="right")]
    return People(gender, age, tenure, log_tenure, provider)


def constructs(who: People, stream: np.random.RandomState) -> dict[str, Floats]:
    """Values of the five constructs: name → array of length n."""
    n, b, left = len(who.age), PATHS, residual_variances()
    between = sum(share * mean**2 for share, mean in PROVIDERS.values())
    shift = np.array([PROVIDERS[name][1] for name in who.provider])
    quality = shift + np.sqrt(1 - between) * stream.standard_normal(n)
    rest = 1 - TENURE_SWITCHING**2 - QUALITY_SWITCHING**2
    switching = TENURE_SWITCHING * who.log_tenure + QUALITY_SWITCHING * quality
    switching = switching + np.sqrt(rest) * stream.standard_normal(n)
    value = b["Value", "Quality"] * quality
    value = value + np.sqrt(left["Value"]) * stream.standard_normal(n)
    satisfaction = b["Satisfaction", "Quality"] * quality + b["Satisfaction", "Value"] * value
    satisfaction = satisfaction + np.sqrt(left["Satisfaction"]) * stream.standard_normal(n)
    loyalty = b["Loyalty", "Value"] * value + b["Loyalty", "Satisfaction"] * satisfaction
    loyalty = loyalty + b["Loyalty", "SwitchingCost"] * switching
    loyalty = loyalty + INTERACTION * (satisfaction * switching - satisfaction_switching())
    loyalty = loyalty + np.sqrt(left["Loyalty"]) * stream.standard_normal(n)
    return {
        "Quality": quality,
        "Value": value,
        "Satisfaction": satisfaction,
        "SwitchingCost": switching,
        "Loyalty": loyalty,
    }


def satisfaction_switching() -> float:
    """Covariance of Satisfaction and SwitchingCost, which meet in Quality alone."""
    through_value = PATHS["Satisfaction", "Value"] * PATHS["Value", "Quality"]
    return QUALITY_SWITCHING * (PATHS["Satisfaction", "Quality"] + through_value)


def residual_variances() -> dict[str, float]:
    """What the paths leave unexplained of the unit variance of each dependent construct."""
    vq, sq, sv = PATHS["Value", "Quality"], PATHS["Satisfaction", "Quality"], PATHS["Satisfaction", "Value"]
    lv, ls, lc = PATHS["Loyalty", "Value"], PATHS["Loyalty", "Satisfaction"], PATHS["Loyalty", "SwitchingCost"]
    value_satisfaction, value_switching = sv + sq * vq, vq * QUALITY_SWITCHING
    cross = lv * ls * value_satisfaction + lv * lc * value_switching + ls * lc * satisfaction_switching()
    product = INTERACTION**2 * (1 + satisfaction_switching() ** 2)  # variance of a product of standard normals
    return {
        "Value": 1 - vq**2,
        "Satisfaction": 1 - sq**2 - sv**2 - 2 * sq * sv * vq,
        "Loyalty": 1 - lv**2 - ls**2 - lc**2 - 2 * cross - product,
    }


def thresholds(item: str) -> Floats:
    """The six cuts that turn a standard normal response into an answer from 1 to 7."""
    shares = EVEN if item.startswith("SWI") else CONTENT
    return np.array([NormalDist().inv_cdf(share) for share in shares]) + SHIFTS.get(item, 0.0)


def answers(latent: dict[str, Floats], stream: np.random.RandomState) -> dict[str, Floats]:
    """Complete answers: item → array of n codes from 1 to 7."""
    codes = {}
    for construct, items in LOADINGS.items():
        for item, loading in items.items():
            error = stream.standard_normal(len(latent[construct]))
            response = loading * latent[construct] + np.sqrt(1 - loading**2) * error
            codes[item] = 1.0 + np.searchsorted(thresholds(item), response)
    return codes


def with_gaps(codes: dict[str, Floats], who: People, stream: np.random.RandomState) -> dict[str, Floats]:
    """The answers with blanks (NaN) and the code for "cannot say"; both missing at random given age and tenure."""
    n = len(who.age)
    chance = np.clip(SKIPPING + 0.08 * (who.age - 42) / 13, 0.05, 0.60)
    skips = stream.random_sample(n) < chance
    # Newer customers are less able to judge what leaving would cost them.
    cannot = stream.random_sample(n) < np.where(who.log_tenure < 0, 1.5, 0.5) * CANNOT_JUDGE
    gaps = {}
    for item, given in codes.items():
        blank = skips & (stream.random_sample(n) < SKIPPED)
        unsure = cannot & (stream.random_sample(n) < 0.8) & item.startswith("SWI")
        gaps[item] = np.where(blank, np.nan, np.where(unsure, MISSING_CODE, given))
    return gaps


def text(n: int = ROWS, seed: int = SEED) -> str:
    """Text of answers.csv."""
    # RandomState, because numpy promises its stream for ever and that of Generator not.
    stream = np.random.RandomState(seed)
    who = people(n, stream)
    codes = with_gaps(answers(constructs(who, stream), stream), who, stream)
    lines = [",".join(["respondent", "gender", "age", "tenure", "provider", *codes])]
    for row in range(n):
        background = [str(row + 1), str(who.gender[row]), f"{who.age[row]:.0f}", f"{who.tenure[row]:.1f}"]
        given = ["" if np.isnan(column[row]) else f"{column[row]:.0f}" for column in codes.values()]
        lines.append(",".join([*background, str(who.provider[row]), *given]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("answers.csv").write_bytes(text().encode())
