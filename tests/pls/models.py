"""Models and published figures that the tests of partial least squares share."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import lvmodels as lv
from lvmodels import PlsFit

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "pls"

BLOCKS = """
Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectation =~ CUEX1 + CUEX2 + CUEX3
Quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
Value =~ PERV1 + PERV2
"""
OUTCOMES = """
Complaints =~ CUSCO
Loyalty =~ CUSL1 + CUSL2 + CUSL3
"""
SATISFACTION = "Satisfaction =~ CUSA1 + CUSA2 + CUSA3\n"
ECSI = f"""{BLOCKS}{SATISFACTION}{OUTCOMES}
Expectation ~ Image
Quality ~ Expectation
Value ~ Expectation + Quality
Satisfaction ~ Image + Expectation + Quality + Value
Complaints ~ Satisfaction
Loyalty ~ Image + Satisfaction + Complaints
"""
FEW = f"""
Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectation =~ CUEX1 + CUEX2 + CUEX3
Value =~ PERV1 + PERV2
{SATISFACTION}
Satisfaction ~ Image + Expectation + Value
"""
MODERATED = FEW + "Satisfaction ~ Image:Expectation\n"
HIGHER = f"""{BLOCKS}{OUTCOMES}
Satisfaction =~ Image + Value
Satisfaction ~ Expectation + Quality
Complaints ~ Satisfaction
Loyalty ~ Satisfaction
"""
REPUTATION = """
COMP =~ comp_1 + comp_2 + comp_3
LIKE =~ like_1 + like_2 + like_3
CUSA =~ cusa
CUSL =~ cusl_1 + cusl_2 + cusl_3
SC =~ switch_1 + switch_2 + switch_3 + switch_4
CUSA ~ COMP + LIKE
CUSL ~ COMP + LIKE + CUSA + SC + CUSA:SC
"""
REPUTATION_SIMPLE = """
COMP =~ comp_1 + comp_2 + comp_3
LIKE =~ like_1 + like_2 + like_3
CUSA =~ cusa
CUSL =~ cusl_1 + cusl_2 + cusl_3
CUSA ~ COMP + LIKE
CUSL ~ COMP + LIKE + CUSA
"""


def mobi() -> pd.DataFrame:
    return lv.datasets.load("ecsi_mobi").answers


@cache
def published(name: str) -> Any:
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


@cache
def fit(name: str) -> PlsFit:
    """The fits of the file of seminr's figures, each once."""
    data = mobi()
    if name == "basic":
        return lv.pls(FEW, data, modes={"Value": "B"})
    if name == "ecsi":
        return lv.pls(ECSI, data)
    if name == "consistent":
        return lv.pls(FEW, data, consistent=True)
    if name == "higher_order":
        return lv.pls(HIGHER, data)
    return lv.pls(MODERATED, data, interaction="two_stage" if name == "two_stage" else "product_indicator")


def widest(frame: pd.DataFrame, cells: dict[str, dict[str, float]]) -> float:
    """The largest difference from published cells; what is not published must be 0 or missing."""
    expected = pd.DataFrame(0.0, index=frame.index, columns=frame.columns)
    for row, values in cells.items():
        for column, value in values.items():
            expected.loc[row, column] = value
    return float((frame.fillna(0.0) - expected).abs().to_numpy().max())
