"""A plain table is never taken for an export; an export that was cut or changed is refused by row and column."""

from __future__ import annotations

import contextlib
import itertools
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lvmodels as lv
from lvmodels.errors import DataError, EmptyDataError, FileFormatError, SurveyError
from lvmodels.survey.delimited import Cells, read_cells
from lvmodels.survey.platforms.recognition import unpack_export

FILES = Path(__file__).resolve().parent.parent / "platform_files"
EXPORTS = sorted(FILES.glob("*.csv"))

PLAIN = {
    "codes": "SAT1,SAT2\n1,2\n",
    "an id": "id,SAT1,lastpage\n1,2,3\n",
    "a database": "id,submitdate,SAT1\n1,2026-01-05 10:00:00,2\n",
    "a sensor": "Timestamp,temperature,humidity\n2026-01-05 10:00:00,20,40\n",
    "a log": "Timestamp,SAT1,SAT2,SAT3\n2026/01/05 10:00:00 AM GMT+8,2,3,4\n",
    "a time that is none": "Timestamp,How are you?,And you?\n7,2,3\n",
    "clinical records": "record_id,age,complete\n1,20,2\n",
    "a task list": "task,work_complete\nA,2\nB,1\n",
    "shares": "record_id,work_complete\n1,50\n2,75\n",
    "visits": "ID,Start time,Place\n1,2026-01-05 10:00:00,A\n",
    "respondents": "Respondent ID,SAT1,SAT2\n1,2,3\n",
    "数字": "序号,满意1,满意2\n1,2,3\n",
    "JSON in cells": 'a,b,c\n"{""x"":1}",2,3\n"{""x"":1}",2,3\n',
    "numbered questions": '"1、您满意吗?","2、您会再来吗?"\n1,2\n',
    "dates": "StartDate,EndDate,Finished,Q1\n2026-01-05,2026-01-06,1,3\n",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN.keys())
def test_a_plain_table_is_read_as_it_is(tmp_path: Path, text: str) -> None:
    assert unpack_export(read_cells(text, "plain.csv")) is None
    (tmp_path / "plain.csv").write_text(text, encoding="utf-8")
    survey = lv.read_survey(tmp_path / "plain.csv")
    assert list(survey.answers.columns) == list(pd.read_csv(tmp_path / "plain.csv").columns)
    assert survey.respondents.shape[1] == 0


NAMES = st.sampled_from(["id", "ID", "Timestamp", "序号", "record_id", "Start time", "Q1", "submitdate", "a b"])
CELLS = st.sampled_from(["1", "", "2026-01-05", "x;y", "2"])


@given(
    head=st.lists(NAMES, min_size=1, max_size=4),
    body=st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=4),
)
def test_few_words_of_a_platform_are_not_enough(head: list[str], body: list[list[str]]) -> None:
    rows = [(number, row[: len(head)]) for number, row in enumerate([head, *body], start=1)]
    assert unpack_export(Cells(tuple(rows), ",", "table")) is None


@pytest.mark.parametrize("shipped", ["ecsi_mobi", "corp_rep", "value_loyalty"])
def test_shipped_answers_are_no_exports(shipped: str) -> None:
    path = Path(str(lv.datasets.load(shipped).source))
    found = [p for p in (path, Path("data") / shipped / "answers.csv") if p.is_file()]
    for known in found:
        assert "an export of" not in lv.read_survey(known).log[0]


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
def test_header_rows_alone_have_no_answers(tmp_path: Path, path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    heads = {"qualtrics": 3, "surveymonkey": 2}.get(path.name.split("_")[0], 1)
    (tmp_path / path.name).write_bytes(b"".join(lines[:heads]))
    with pytest.raises(EmptyDataError, match="no row below"):
        lv.read_survey(tmp_path / path.name)


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.name)
def test_a_file_cut_anywhere_is_read_or_refused_with_a_named_error(tmp_path: Path, path: Path) -> None:
    content = path.read_bytes()
    refused = 0
    for cut in itertools.islice(range(len(content) - 3, 0, -max(1, len(content) // 40)), 45):
        (tmp_path / path.name).write_bytes(content[:cut])
        try:
            lv.read_survey(tmp_path / path.name)
        except DataError:
            refused += 1
    assert refused > 5


CHANGED = {
    "a row cut short": ("qualtrics_words.csv", "R_2b,Disagree,,Neither,0", "R_2b,Disagree", "row 5: 10 cells where"),
    "an import id": (
        "qualtrics_words.csv", '"{""ImportId"":""QID2""}"', '"{""Import"', "row 3, column 'Q2': '{\"Import' is no",
    ),
    "an import id that is gone": (
        "qualtrics_words.csv", '"{""ImportId"":""QID2""}"', "", "row 3, column 'Q2': '' is no ImportId",
    ),
    "a date": (
        "qualtrics_words.csv", "2026-01-05 09:10:00,", "yesterday,", "row 6, column 'StartDate': 'yesterday' is no",
    ),
    "a duration": (
        "qualtrics_words.csv", ",60,True,2026-01-05 09:06:01", ",brief,True,2026-01-05 09:06:01",
        "row 5, column 'Duration (in seconds)': 'brief' is no duration",
    ),
    "所用时间": ("wenjuanxing_text.csv", "1分40秒", "很久", "row 4, column '所用时间': '很久' is no duration"),
    "提交答卷时间": ("wenjuanxing_text.csv", "2026/1/5 9:06:00", "昨天", "row 3, column '提交答卷时间': '昨天'"),
    "date submitted": (
        "limesurvey_text.csv", '"2026-01-05 09:06:00"', '"2026-13-05 09:06:00"', "row 3, column 'Date submitted':",
    ),
    "a column twice": (
        "limesurvey_code.csv", '"LOY1","VISITS"', '"LOY1","LOY1"', "the column name 'LOY1' stands 2 times",
    ),
    "End Date": ("surveymonkey_condensed.csv", "01/05/2026 09:06:00 AM", "01/05/2026", "row 4, column 'End Date':"),
    "Completion time": ("microsoft_forms.csv", "1/5/26 9:06:00", "1/5/26 9:0", "row 3, column 'Completion time':"),
    "a time stamp": ("redcap_raw.csv", "2026-01-05 09:06:00", "[unknown]", "row 3, column 'cafe_timestamp':"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "says"), CHANGED.values(), ids=CHANGED.keys())
def test_what_is_wrong_is_named_by_row_and_column(tmp_path: Path, name: str, old: str, new: str, says: str) -> None:
    text = (FILES / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SurveyError, match=re.escape(says)):
        lv.read_survey(tmp_path / name)


def test_dates_of_no_known_form_are_kept_as_written(tmp_path: Path) -> None:
    text = (FILES / "limesurvey_text.csv").read_text(encoding="utf-8").replace("2026-01-05", "5 janvier 2026")
    (tmp_path / "answers.csv").write_text(text, encoding="utf-8")
    survey = lv.read_survey(tmp_path / "answers.csv")
    assert survey.respondents["end"].iloc[0] == "5 janvier 2026 09:02:03"
    assert "Dates were kept as written, because they are in no known form." in survey.log


def test_days_and_months_that_could_be_mixed_up_are_told(tmp_path: Path) -> None:
    text = (FILES / "microsoft_forms.csv").read_text(encoding="utf-8").replace("1/25/26", "1/6/26")
    (tmp_path / "answers.csv").write_text(text, encoding="utf-8")
    survey = lv.read_survey(tmp_path / "answers.csv")
    assert survey.respondents["end"].iloc[2] == "2026-01-06 13:10:40"
    assert "Dates could be read with day or month first; the month was taken to stand first." in survey.log


PAIRS = {
    "another number of rows": (lambda text: text.rsplit("\n", 2)[0] + "\n", "they have 3 responses and 2"),
    "another response": (lambda text: text.replace("\n2,", "\n9,"), "row 3, column 'response_id': response 2"),
    "other words": (
        lambda text: text.replace("链接,直接访问,203.0.113.9(广东-广州),女", "链接,直接访问,203.0.113.9(广东-广州),男"),
        "row 4, column 'Q1': code 2 stands for '男', and for '女' in row 2",
    ),
    "an answer in one file only": (
        lambda text: text.replace(",不同意,(跳过)", ",,(跳过)"), "row 3, column 'Q2_1': '2' in one file is ''",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "says"), PAIRS.values(), ids=PAIRS.keys())
def test_files_that_are_no_pair_are_refused(tmp_path: Path, change: object, says: str) -> None:
    assert callable(change)
    text = change((FILES / "wenjuanxing_text.csv").read_text(encoding="utf-8"))
    (tmp_path / "words.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SurveyError, match=re.escape(says)):
        lv.read_survey(FILES / "wenjuanxing_codes.csv", words=tmp_path / "words.csv")


def test_a_pair_the_other_way_round_is_refused() -> None:
    with pytest.raises(SurveyError, match="pass the codes first"):
        lv.read_survey(FILES / "wenjuanxing_text.csv", words=FILES / "wenjuanxing_codes.csv")


def test_rows_of_a_pair_may_be_in_another_order(tmp_path: Path) -> None:
    head, *rows = (FILES / "wenjuanxing_text.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "words.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    survey = lv.read_survey(FILES / "wenjuanxing_codes.csv", words=tmp_path / "words.csv")
    assert survey.labels.values["Q1"] == {1.0: "男", 2.0: "女"}


def test_a_header_that_lacks_a_cell_is_refused(tmp_path: Path) -> None:
    text = (FILES / "wenjuanxing_text.csv").read_text(encoding="utf-8").replace(",7、您的手机号", "")
    (tmp_path / "answers.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FileFormatError, match="row 1: the header has 13 cells and every row below it one more"):
        lv.read_survey(tmp_path / "answers.csv")


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["put", "cut", "drop row", "drop column", "twice"]), st.integers(0, 40), st.integers(0, 40)
    ),
    min_size=1,
    max_size=6,
)
ODD = [
    "",
    "x",
    "-3",
    '{"ImportId":[]}',
    "┋",
    "〖",
    "inf",
    "1e400",
    "序号",
    "9999-99-99 99:99",
    "0001-01-01 00:00:00",
    "1e9天",
]


@given(path=st.sampled_from(EXPORTS), changes=CHANGES, odd=st.sampled_from(ODD))
def test_a_changed_export_is_read_or_refused_with_a_named_error(
    path: Path, changes: list[tuple[str, int, int]], odd: str
) -> None:
    text = path.read_bytes().decode("gb18030" if path.name == "wenjuanxing_codes.csv" else "utf-8")
    rows = [list(row) for _, row in read_cells(text, path.name).rows]
    for kind, row, column in changes:
        cells = rows[row % len(rows)]
        if kind == "put" and cells:
            cells[column % len(cells)] = odd
        elif kind == "cut":
            del cells[column:]
        elif kind == "drop row" and len(rows) > 1:
            del rows[row % len(rows)]
        elif kind == "drop column":
            for other in rows:
                del other[column : column + 1]
        elif kind == "twice":
            rows.insert(row % len(rows), list(cells))
    numbered = tuple((number, row) for number, row in enumerate(rows, start=1))
    with contextlib.suppress(DataError):
        unpack_export(Cells(numbered, ",", path.name))
