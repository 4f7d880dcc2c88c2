"""JSON: records by line, in a list, or in an object around a list."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lvmodels.errors import EmptyDataError, FileFormatError
from lvmodels.survey.files import read_survey

RECORDS = [
    {"Q1": 7, "Q2": 1.5, "city": "Köln", "who": {"age": 30}, "seen": ["a", "b"]},
    {"Q1": 9.0, "Q2": None, "city": "上海", "extra": "007"},
]
FORMS = {
    "lines": "\n".join(map(json.dumps, RECORDS)),
    "lines with blank ones": "\r\n\n".join(json.dumps(record, ensure_ascii=False) for record in RECORDS) + "\n\n",
    "a list": json.dumps(RECORDS),
    "an indented list": json.dumps(RECORDS, indent=2),
    "an object around a list": json.dumps({"total": 2, "answers": RECORDS}),
    "an indented object around a list": json.dumps({"total": 2, "answers": RECORDS}, indent=1),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_survey(tmp_path: Path, form: str, encoding: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(FORMS[form].encode(encoding))
    survey = read_survey(path)
    assert survey.log[0] == f"answers.csv: 2 rows, 6 columns, {encoding.upper()[:6].rstrip('-')}, JSON."
    answers = survey.answers
    assert list(answers) == ["Q1", "Q2", "city", "who.age", "seen", "extra"]
    assert answers["Q1"].tolist() == [7, 9]
    np.testing.assert_array_equal(answers["Q2"], [1.5, np.nan])
    assert answers["city"].tolist() == ["Köln", "上海"]
    assert answers["seen"].iloc[0] == '["a", "b"]'
    assert answers["extra"].iloc[1] == "007"


def test_values_become_what_a_delimited_file_would_hold(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text('{"a": true, "b": "7", "c": 1e400, "d": "\\ud83d!"}\n{"a": false, "b": 8}\n', encoding="utf-8")
    survey = read_survey(path)
    assert survey.answers[["a", "b"]].to_numpy().tolist() == [[1, 7], [0, 8]]
    assert np.isinf(survey.answers["c"].iloc[0])
    assert survey.answers["d"].iloc[0].endswith("!")
    assert survey.log[1] == "The values true and false were read as 1 and 0."


WRONG = {
    "cut short": ('[{"Q1": 1}, {"Q1": ', "line 1, column 20: no valid JSON"),
    "a line cut short": ('{"Q1": 1}\n{"Q1": ', "line 2, column 8: no valid JSON"),
    "a key twice": ('{"Q1": 1}\n{"Q1": 1, "Q1": 2}', "from line 2: the key 'Q1' stands twice"),
    "no records": ("[[1, 2], [3, 4]]", r"record 1: no record with keys but '\[1, 2\]'"),
    "a number among lines": ('{"Q1": 1}\n7', "line 2: no record with keys but '7'"),
    "columns instead of rows": ('{\n"Q1": [1, 2],\n"Q2": [3, 4]}', "0 lists of records instead of one"),
    "no keys": ("[{}, {}]", "the records have no keys"),
    "numbers as keys": ('[{"1": 2}]', r"no names but numbers \(1\)"),
    "lists without end": ('{"a": ' + "[" * 100_000, "JSON that cannot be read|no valid JSON"),
    "a number of many digits": ('{"a": ' + "1" * 10_000 + "}", "JSON that cannot be read"),
}


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG.keys())
def test_json_that_is_no_table_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "answers.json").write_text(text, encoding="utf-8")
    with pytest.raises(FileFormatError, match=says):
        read_survey(tmp_path / "answers.json")


def test_no_record_and_no_value_are_errors(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text("[]", encoding="utf-8")
    with pytest.raises(FileFormatError, match="no keys"):
        read_survey(tmp_path / "answers.json")
    (tmp_path / "answers.json").write_text('[{"a": null}]', encoding="utf-8")
    with pytest.raises(EmptyDataError, match="no answer"):
        read_survey(tmp_path / "answers.json")


def test_keys_that_differ_everywhere_do_not_fill_the_memory(tmp_path: Path) -> None:
    (tmp_path / "answers.jsonl").write_text("".join(f'{{"k{row}": 1}}\n' for row in range(5_000)), encoding="utf-8")
    with pytest.raises(FileFormatError, match=r"the keys differ from record to record \(5000 in all\)"):
        read_survey(tmp_path / "answers.jsonl")


def test_a_frame_written_by_pandas_comes_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"Q1": [1, 5, 3], "Q2": [0.1, 2.5, -1e-7], "name": ["a", "b;c", "ü"]})
    frame.to_json(tmp_path / "answers.jsonl", orient="records", lines=True)
    pd.testing.assert_frame_equal(read_survey(tmp_path / "answers.jsonl").answers, frame)
