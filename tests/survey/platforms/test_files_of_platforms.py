"""Files of the shape that each platform documents, made by hand: the same three guests of a café in all of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lvmodels as lv
from lvmodels.survey.instrument import Instrument

FILES = Path(__file__).resolve().parent.parent / "platform_files"
CAFE = Instrument.load(FILES / "cafe.toml")
GUESTS = {"SAT1": [4.0, 2.0, 1.0], "SAT2": [5.0, np.nan, 1.0], "LOY1": [4.0, 3.0, np.nan], "VISITS": [3.0, 0.0, np.nan]}
PLATFORM = {
    "qualtrics": "Qualtrics",
    "limesurvey": "LimeSurvey",
    "surveymonkey": "SurveyMonkey",
    "wenjuanxing": "Wenjuanxing",
    "google": "Google Forms",
    "microsoft": "Microsoft Forms",
    "redcap": "REDCap",
}
ALL = sorted(path.name for path in FILES.glob("*.csv"))


def read(name: str, **options: object) -> lv.Survey:
    return lv.read_survey(FILES / name, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ALL)
def test_every_file_is_recognised_and_holds_the_same_guests(name: str) -> None:
    survey = read(name, instrument=CAFE)
    assert f"an export of {PLATFORM[name.split('_')[0]]}," in survey.log[0]
    pd.testing.assert_frame_equal(survey.answers.iloc[:3], pd.DataFrame(GUESTS))
    if name not in ("limesurvey_code.csv", "redcap_raw.csv"):
        words = survey.labels.wording
        either = [set(item.wording.values()) | {item.wording["zh"].replace(",", "，")} for item in CAFE.items]
        assert all(words[item.name] in known for item, known in zip(CAFE.items, either, strict=True))


@pytest.mark.parametrize("name", ALL)
def test_what_identifies_a_person_is_dropped_and_can_be_kept(name: str) -> None:
    survey = read(name)
    everything = pd.concat([survey.answers, survey.respondents], axis=1).astype(str).to_csv()
    for secret in ("203.0.113", "@example.org", "Archer", "1380000", "aX3"):
        assert secret not in everything
    kept = read(name, keep_personal=True)
    dropped = [text for text in survey.log if text.startswith("Dropped because they identify persons: ")]
    if len(dropped) == 1:
        assert "keep_personal=True) keeps them" in dropped[0]
        assert any(text.startswith("Kept although they identify persons: ") for text in kept.log)
        assert {*kept.answers, *kept.respondents} - {*survey.answers, *survey.respondents}
    else:
        pd.testing.assert_frame_equal(kept.answers, survey.answers)


@pytest.mark.parametrize("name", ["qualtrics_codes.csv", "limesurvey_code.csv", "wenjuanxing_text.csv"])
def test_of_addresses_there_remains_who_shares_one(name: str) -> None:
    survey, kept = read(name), read(name, keep_personal=True)
    address = next(column for column in ("ip", "IPAddress") if column in kept.respondents)
    shared = pd.factorize(kept.respondents[address])[0] + 1
    assert survey.respondents["device_number"].tolist() == shared.tolist()
    assert "device_number" not in kept.respondents
    assert any("equal ones for equal addresses" in text for text in survey.log)


@pytest.mark.parametrize(
    ("name", "start", "end", "duration", "finished"),
    [
        ("qualtrics_codes.csv", True, True, [123, 60, 40], [1, 1, 0]),
        ("qualtrics_words.csv", True, True, [123, 60, 40], [1, 1, 0]),
        ("limesurvey_code.csv", True, True, [123.42, 60.0, 40.5], [1, 1, 0]),
        ("limesurvey_text.csv", False, True, None, [1, 1, 0]),
        ("limesurvey_code_text.csv", False, False, None, [1, 1, 0]),
        ("surveymonkey_condensed.csv", True, True, [123, 60, 40], None),
        ("surveymonkey_expanded.csv", True, True, [123, 60, 40], None),
        ("wenjuanxing_text.csv", True, True, [123, 60, 100], None),
        ("wenjuanxing_codes.csv", True, True, [123, 60, 100], None),
        ("google_forms.csv", False, True, None, None),
        ("microsoft_forms.csv", True, True, [123, 60, 40], None),
        ("redcap_raw.csv", False, True, None, [1, 1, 0]),
        ("redcap_labels.csv", False, True, None, [1, 1, 0]),
    ],
)
def test_interviews_are_told_in_one_way(
    name: str, start: bool, end: bool, duration: list[float] | None, finished: list[int] | None
) -> None:
    about = read(name).respondents
    for column, known, first in (("start", start, "2026-01-05 09:00:00"), ("end", end, "2026-01-05 09:02:03")):
        assert (column in about.columns and about[column].iloc[0] == first) == known
    if duration is not None:
        assert about["duration"].tolist()[:3] == duration
    if finished is not None:
        assert about["finished"].tolist()[:3] == finished
        assert any("unfinished (row" in text for text in read(name).log)


def test_qualtrics_has_orders_and_clicks_beside_the_answers() -> None:
    survey = read("qualtrics_codes.csv")
    assert {"Q6_First Click", "Q6_Page Submit", "FL_2_DO_Q1", "branch"} <= set(survey.respondents.columns)
    assert survey.respondents["preview"].tolist() == [0, 1, 0, 0, 0]
    assert survey.answers[["Q4_1", "Q4_2", "Q4_3"]].values.tolist() == [
        [1, 1, 0],
        [0, 1, 0],
        [1, 0, 1],
        [0, 1, 1],
        [1, 0, 0],
    ]
    assert survey.answers["Q4_3_TEXT"].iloc[2] == 'the cats, "all" of them'
    assert survey.labels.wording["Q4_1"] == "What do you like?: 1"
    assert survey.labels.reasons["Q1_2"] == {"seen and not answered": (1,)}
    assert "1 response kept although a preview or test (row 5): see column 'preview'." in survey.log


def test_qualtrics_in_tabs_and_utf_16(tmp_path: Path) -> None:
    text = (FILES / "qualtrics_words.csv").read_text(encoding="utf-8")
    frame = pd.read_csv(FILES / "qualtrics_words.csv", header=None, dtype=str, keep_default_na=False)
    path = tmp_path / "answers.tsv"
    path.write_text(frame.to_csv(sep="\t", header=False, index=False), encoding="utf-16")
    assert text.count("\n") == len(frame)
    pd.testing.assert_frame_equal(
        lv.read_survey(path, CAFE).answers, read("qualtrics_words.csv", instrument=CAFE).answers
    )


def test_limesurvey_ticks_and_codes_of_subquestions() -> None:
    survey = read("limesurvey_code.csv")
    assert list(survey.answers.columns) == [*GUESTS, "DRINK_SQ001", "DRINK_SQ002", "DRINK_other"]
    np.testing.assert_array_equal(survey.answers[["DRINK_SQ001", "DRINK_SQ002"]], [[1, 1], [0, 1], [np.nan, np.nan]])
    assert {"groupTime7", "LOY1Time", "referrer"} <= set(survey.respondents.columns)
    assert "Answer codes such as A3 were read as numbers." in survey.log
    assert list(read("limesurvey_code_text.csv").answers.columns) == ["G1Q1_SQ001", "G1Q1_SQ002", "G1Q2", "G1Q3"]


def test_wenjuanxing_lists_rankings_and_reasons() -> None:
    words, codes = read("wenjuanxing_text.csv"), read("wenjuanxing_codes.csv")
    for survey in (words, codes):
        np.testing.assert_array_equal(survey.answers[["Q5_1", "Q5_2", "Q5_3"]], [[1, 1, 0], [0, 1, 1], [1, 0, 0]])
        ranks = [[1, 2, 3], [2, 1, np.nan], [np.nan] * 3]
        np.testing.assert_array_equal(survey.answers[["Q6_1", "Q6_2", "Q6_3"]], ranks)
        assert survey.labels.reasons["Q2_2"] == {"skipped": (1,)}
        assert survey.labels.reasons["Q3"] == {"left empty": (2,)}
        assert survey.labels.wording["Q5_3"] == "您常点什么?: 其他"
        assert "2 answers missing: skipped." in survey.log
    assert words.answers["Q5_text"].iloc[1] == "热牛奶"
    assert codes.answers["Q1"].tolist() == [2, 1, 2]


def test_wenjuanxing_texts_tell_the_words_at_the_codes() -> None:
    survey = read("wenjuanxing_codes.csv", words=FILES / "wenjuanxing_text.csv")
    assert survey.labels.values["Q1"] == {1.0: "男", 2.0: "女"}
    assert survey.labels.values["Q3"] == {3.0: "一般", 4.0: "同意"}
    assert survey.labels.wording["Q6_2"] == "请排序: 价格"
    assert "Q4" not in survey.labels.values
    assert "Words at the codes of 5 columns were taken from wenjuanxing_text.csv." in survey.log


@pytest.mark.parametrize("name", ["surveymonkey_condensed.csv", "surveymonkey_expanded.csv"])
def test_surveymonkey_boxes_become_ones_and_noughts(name: str) -> None:
    survey = read(name)
    np.testing.assert_array_equal(survey.answers[["Q4_1", "Q4_2", "Q4_3"]], [[1, 1, 0], [0, 1, 0], [np.nan] * 3])
    assert survey.labels.wording["Q4_2"] == "What do you drink?: Tea"
    assert survey.answers["Q2"].tolist()[:2] == ["Agree", "Neither"]


def test_google_forms_keeps_sentences_and_unfolds_boxes() -> None:
    survey = read("google_forms.csv")
    assert survey.answers[["Q4_1", "Q4_2"]].values.tolist() == [[1, 1], [0, 1], [1, 0], [1, 1]]
    assert survey.answers["Q5"].iloc[0] == "No; nothing, thanks"
    assert read("google_forms_zh.csv").respondents["end"].iloc[1] == "2026-01-05 13:06:00"


def test_microsoft_forms_keeps_points_apart() -> None:
    survey = read("microsoft_forms.csv")
    assert "Points - What do you drink?" in survey.respondents.columns
    np.testing.assert_array_equal(survey.answers[["Q5_1", "Q5_2"]], [[1, 1], [0, 1], [np.nan] * 2])


def test_redcap_checkboxes_in_codes_and_words() -> None:
    raw, labels = read("redcap_raw.csv").answers, read("redcap_labels.csv")
    np.testing.assert_array_equal(raw[["drink___1", "drink___2"]], labels.answers[["Q5", "Q6"]])
    assert labels.labels.wording["Q5"] == "What do you drink?: Coffee"


def test_items_take_their_questions_also_by_position() -> None:
    survey = read("limesurvey_text.csv", instrument=CAFE, match="position")
    pd.testing.assert_frame_equal(survey.answers, pd.DataFrame(GUESTS))
    assert "finished" in survey.respondents.columns


def test_a_number_of_a_question_is_not_taken_for_the_item_of_that_name() -> None:
    turned = Instrument.from_toml(
        'schema = 1\nname = "turned"\ntitle = { en = "Turned" }\n'
        '[[items]]\nname = "Q1"\nwording = { en = "How many visits a month?" }\n'
    )
    survey = read("google_forms.csv", instrument=turned)
    assert survey.answers["Q1"].tolist()[:2] == [3.0, 0.0]


def test_the_command_line_fits_a_file_of_a_platform(tmp_path: Path) -> None:
    from lvmodels.survey.columns import columns_of

    columns = columns_of(str(FILES / "qualtrics_codes.csv"))
    assert {"Q1_1", "duration", "branch"} <= set(columns.names)
