"""Surveys for LimeSurvey and Qualtrics: whole, consistent, and read again by their answers."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.report.questionnaire import lay_out_questionnaire
from lvmodels.report.questionnaire_limesurvey import limesurvey_codes, questionnaires_to_limesurvey
from lvmodels.report.questionnaire_qualtrics import questionnaire_to_qualtrics
from lvmodels.report.questionnaire_table import instrument_to_csv
from tests.report.test_questionnaire import HOSTILE

NAMES = lv.instruments.names()


def limesurvey(instrument: lv.Instrument, *languages: Any) -> ElementTree.Element:
    sheets = [lay_out_questionnaire(instrument, language) for language in languages or ("en",)]
    return ElementTree.fromstring(questionnaires_to_limesurvey(sheets))


def rows(root: ElementTree.Element, table: str) -> list[dict[str, str]]:
    listed = [{cell.tag: cell.text or "" for cell in row} for row in root.iterfind(f"{table}/rows/row")]
    fields = [field.text for field in root.iterfind(f"{table}/fields/fieldname")]
    assert all(list(row) == fields for row in listed)
    return listed


# ---- LimeSurvey -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_limesurvey_structure_holds_together(name: str) -> None:
    instrument = lv.instruments.load(name)
    root = limesurvey(instrument, "en", "zh")
    assert root.findtext("LimeSurveyDocType") == "Survey"
    assert [each.text for each in root.iterfind("languages/language")] == ["en", "zh-Hans"]
    groups = {row["gid"] for row in rows(root, "groups")}
    asked, under = rows(root, "questions"), rows(root, "subquestions") if root.find("subquestions") is not None else []
    numbers = {row["qid"] for row in asked}
    assert {row["gid"] for row in [*asked, *under]} == groups
    assert {row["parent_qid"] for row in under} <= {row["qid"] for row in asked if row["type"] == "F"}
    assert not numbers & {row["qid"] for row in under}
    assert {row["qid"] for row in rows(root, "answers")} == {row["qid"] for row in asked if row["type"] in "FL"}
    for table in ("questions", "subquestions", "answers", "groups"):
        keys = ("qid", "code") if table == "answers" else ("gid",) if table == "groups" else ("qid",)
        listed = [tuple(row[key] for key in (*keys, "language")) for row in rows(root, table)]
        assert len(set(listed)) == len(listed)
        assert {(*key[:-1], "en") for key in listed} == {(*key[:-1], "en") for key in listed if key[-1] == "zh-Hans"}


@pytest.mark.parametrize("name", NAMES)
def test_limesurvey_asks_every_item_under_its_code_with_its_codes(name: str) -> None:
    instrument = lv.instruments.load(name)
    root = limesurvey(instrument)
    alone = {row["title"]: row for row in rows(root, "questions")}
    under = {row["title"]: row for row in rows(root, "subquestions")} if root.find("subquestions") is not None else {}
    answers: dict[str, list[int]] = {}
    for row in rows(root, "answers"):
        answers.setdefault(row["qid"], []).append(int(row["code"]))
    for item in instrument.items:
        row = under.get(item.name) or alone[item.name]
        assert row["question"] == item.wording["en"].replace("&", "&amp;")
        codes = answers.get(row["parent_qid"] if item.name in under else row["qid"], [])
        assert tuple(codes) == instrument.codes(item.name)
    titles = [*alone, *under]
    assert len({title.casefold() for title in titles}) == len(titles)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9]{0,19}", title) for title in titles)


def test_limesurvey_gets_numbers_with_their_bounds_and_no_expressions() -> None:
    root = limesurvey(HOSTILE)
    asked = {row["title"]: row for row in rows(root, "questions")}
    assert [asked[name]["type"] for name in ("H1", "H2", "H3", "H4", "H5", "H6")] == ["L", "N", "L", "L", "N", "N"]
    bounds = {(row["qid"], row["attribute"]): row["value"] for row in rows(root, "question_attributes")}
    assert bounds[asked["H5"]["qid"], "max_num_value_n"] == "120"
    assert bounds[asked["H2"]["qid"], "min_num_value_n"] == "0"
    assert (asked["H6"]["qid"], "max_num_value_n") not in bounds
    assert "{ braces}" in asked["H1"]["question"]
    assert "<script>" not in asked["H1"]["question"]
    said = {row["code"]: row["answer"] for row in rows(root, "answers") if row["qid"] == asked["H1"]["qid"]}
    assert said == {"-3": "-3: cold", "-2": "-2", "-1": "-1", "0": "0: neither", "1": "1", "2": "2", "3": "3: warm"}


def test_codes_for_limesurvey_are_legal_and_different() -> None:
    names = ["SAT_1", "sat1", "Sat1", "1", "满意", "满意2", "a" * 30, "a" * 31, "q"]
    codes = limesurvey_codes(names)
    assert list(codes) == names
    assert len({code.casefold() for code in codes.values()}) == len(names)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9]{0,19}", code) for code in codes.values())


def test_letters_that_xml_does_not_admit_are_left_out() -> None:
    text = HOSTILE.to_toml().replace("How old are you?", "How\\u0001 old\\uffff are you?")
    root = limesurvey(lv.Instrument.from_toml(text))
    assert "How old are you?" in {row["question"] for row in rows(root, "questions")}


@pytest.mark.parametrize("name", ["value_loyalty", "acsi", "loyalty_moderators"])
@pytest.mark.parametrize("words", [False, True])
def test_answers_from_limesurvey_are_read_with_the_instrument(name: str, words: bool) -> None:
    """Columns as LimeSurvey heads them, answers as codes or in words."""
    instrument = lv.instruments.load(name)
    root = limesurvey(instrument)
    asked = {row["qid"]: row for row in rows(root, "questions")}
    under = rows(root, "subquestions")
    heads = {row["title"]: f"{asked[row['parent_qid']]['title']}[{row['title']}]" for row in under}
    said = {(row["qid"], row["code"]): row["answer"] for row in rows(root, "answers")}
    parents = {row["title"]: row["parent_qid"] for row in under} | {row["title"]: row["qid"] for row in asked.values()}
    data = {"id": [1, 2]}
    for item in instrument.items:
        codes = instrument.codes(item.name)
        ends: list[Any] = [codes[0], codes[-1]] if codes else [0, 50]
        cells = [said[parents[item.name], str(code)] for code in ends] if words and codes else ends
        data[heads.get(item.name, item.name)] = cells
    survey = lv.read_survey(pd.DataFrame(data), instrument)
    for item in instrument.items:
        codes = instrument.codes(item.name)
        assert survey.answers[item.name].tolist() == ([codes[0], codes[-1]] if codes else [0, 50])


# ---- Qualtrics ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_qualtrics_gets_every_question_with_its_codes(name: str, language: Any) -> None:
    instrument = lv.instruments.load(name)
    text = questionnaire_to_qualtrics(lay_out_questionnaire(instrument, language)).decode()
    lines = text.split("\n")
    assert lines[0] == "[[AdvancedFormat]]"
    for item in instrument.items:
        assert lines.count(item.wording[language].replace("&", "&amp;")) == 1
    ids = re.findall(r"\[\[ID:(.*)\]\]", text)
    assert len(set(ids)) == len(ids) == text.count("[[Question:") - 1
    for block in text.split("[[Question:")[2:]:
        codes = [int(code) for code in re.findall(r"\[\[(?:Answer|Choice):(-?\d+)\]\]", block)]
        assert bool(codes) == block.startswith(("M",))
        assert sorted(set(codes)) == codes


def test_wordings_cannot_begin_tags_or_piped_texts() -> None:
    text = questionnaire_to_qualtrics(lay_out_questionnaire(HOSTILE, title="[[PageBreak]]")).decode()
    assert "[[Question:MC]]" not in text
    assert "${e:" not in text
    assert "[[PageBreak]]" not in text


# ---- the table ------------------------------------------------------------------------------------------------------


def test_the_table_has_everything_and_no_formulas() -> None:
    instrument = lv.instruments.load("switching_cost")
    table = list(csv.DictReader(io.StringIO(instrument_to_csv(instrument).decode("utf-8-sig"))))
    assert [row["item"] for row in table] == [item.name for item in instrument.items]
    assert [row["reverse"] == "yes" for row in table] == [item.reverse for item in instrument.items]
    assert table[0]["wording_zh"] == instrument.items[0].wording["zh"]
    assert table[0]["codes"] == "1 2 3 4 5 6 7"
    assert "Burnham" in table[0]["source"]
    formula = lv.Instrument.from_toml(HOSTILE.to_toml().replace("How old are you?", "=1+1"))
    assert "'=1+1" in instrument_to_csv(formula).decode("utf-8-sig")
