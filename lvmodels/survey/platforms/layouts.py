"""Header rows and columns as the platforms write them, of answers that may be simulated."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lvmodels.survey.platforms.limesurvey import ABOUT as LIMESURVEY
from lvmodels.survey.platforms.microsoft_forms import HEADERS as MICROSOFT_FORMS
from lvmodels.survey.platforms.qualtrics import ABOUT as QUALTRICS
from lvmodels.survey.platforms.simulated import Export, number, refuse
from lvmodels.survey.question_text import bare_question

__all__ = ["PLATFORMS", "Platform", "Sheet"]

_STEM = {"en": "How far do you agree?", "zh": "您在多大程度上同意?"}
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file to be written.

    Attributes
    ----------
    headers : sequence of sequences of str, each of length p
    columns : sequence of p sequences of str, each of length n
    delimiter, encoding : str
    quoted : bool
        Whether all cells stand in quotation marks.
    """

    headers: Sequence[Sequence[str]]
    columns: Sequence[Sequence[str]]
    delimiter: str = ","
    encoding: str = "utf-8"
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Platform:
    """How a platform writes.

    Attributes
    ----------
    name : str
    layouts : tuple of str
        The first is the default.
    sheet : callable
    reserved : tuple of float
        Codes that mean "no answer".
    """

    name: str
    layouts: tuple[str, ...]
    sheet: Callable[[Export], Sheet]
    reserved: tuple[float, ...] = ()


def _qualtrics(export: Export) -> Sheet:
    who, said = export.who, export.answers == "words"
    about: dict[str, list[str]] = {
        "StartDate": who.times(who.start),
        "EndDate": who.times(who.end),
        "Status": [("Survey Preview" if said else "1") if p else ("IP Address" if said else "0") for p in who.preview],
        "IPAddress": who.addresses(),
        "Progress": ["100" if finished else "50" for finished in who.finished],
        "Duration (in seconds)": who.seconds(),
        "Finished": [str(finished) if said else str(int(finished)) for finished in who.finished],
        "RecordedDate": who.times(who.end),
        "ResponseId": who.ids("R_{:015d}"),
        "RecipientLastName": who.text("last_name"),
        "RecipientFirstName": who.text("first_name"),
        "RecipientEmail": who.text("email"),
        "ExternalReference": who.text("external_reference"),
        "LocationLatitude": who.text("latitude", "39.9"),
        "LocationLongitude": who.text("longitude", "116.4"),
        "DistributionChannel": ["preview" if preview else "anonymous" for preview in who.preview],
        "UserLanguage": who.language,
    }
    texts, identifiers = [], []
    for place, group in enumerate(export.grids(), start=1):
        for row, question in enumerate((export.questions[member] for member in group), start=1):
            stem = f"{_STEM[export.language]} - " if len(group) > 1 else ""
            texts.append(stem + question.wording)
            identifiers.append(f"QID{place}" + (f"_{row}" if len(group) > 1 else "" if question.scale else "_TEXT"))
    second = {"IPAddress": "IP Address", "ResponseId": "Response ID", "ExternalReference": "External Data Reference"}
    spelled = [second.get(name, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)) for name in about]
    third = [json.dumps({"ImportId": identifier}, separators=(",", ":")) for identifier in (*QUALTRICS, *identifiers)]
    headers = [[*about, *(question.name for question in export.questions)], [*spelled, *texts], third]
    tabs = export.layout == "tsv"
    encoding = "utf-16" if tabs else "utf-8"
    return Sheet(headers, [*about.values(), *export.cells()], "\t" if tabs else ",", encoding)


def _limesurvey(export: Export) -> Sheet:
    who = export.who
    about = {
        "id": who.ids(),
        "submitdate": [end if done else "" for end, done in zip(who.times(who.end), who.finished, strict=True)],
        "lastpage": ["3" if finished else "1" for finished in who.finished],
        "startlanguage": [language.partition("-")[0].lower() for language in who.language],
        "seed": who.text("seed", "1"),
        "startdate": who.times(who.start),
        "datestamp": who.times(who.end),
        "ipaddr": who.addresses(),
        "interviewtime": who.seconds(),
    }
    codes, texts = [], []
    for place, group in enumerate(export.grids(), start=1):
        for question in (export.questions[member] for member in group):
            grid = len(group) > 1
            codes.append(f"G1Q{place:02d}[{question.name}]" if grid else question.name)
            texts.append(f"{_STEM[export.language]} [{question.wording}]" if grid else question.wording)
    heads = [LIMESURVEY[code][1][0] for code in about]
    if export.layout == "text":
        _refuse_equal(export.wordings, "LimeSurvey")
        header = [*heads, *texts]
    else:
        _refuse_names(export, "LimeSurvey")
        both = [f"{code}. {text}" for code, text in zip([*about, *codes], [*heads, *texts], strict=True)]
        header = [*about, *codes] if export.layout == "code" else both
    lettered = all(code >= 0 for question in export.questions for code in question.words)
    cells = export.cells(code=lambda value: f"A{number(value)}" if lettered else number(value))
    return Sheet([header], [*about.values(), *cells], quoted=True)


def _surveymonkey(export: Export) -> Sheet:
    who = export.who
    about = {
        "Respondent ID": who.ids("1180000000{:02d}"),
        "Collector ID": ["400000001"] * who.n,
        "Date Created": who.times(who.start, "%m/%d/%Y %I:%M:%S %p"),
        "Date Modified": who.times(who.end, "%m/%d/%Y %I:%M:%S %p"),
        "IP Address": who.addresses(),
        "Email Address": who.text("email"),
        "First Name": who.text("first_name"),
        "Last Name": who.text("last_name"),
        "Custom Data 1": [""] * who.n,
    }
    _refuse_equal(export.wordings, "SurveyMonkey")
    above, below, columns = [*about], [""] * len(about), list(about.values())
    cells = export.cells()
    groups = [[place] for place in range(len(cells))] if export.layout == "expanded" else export.grids()
    for group in groups:
        question = export.questions[group[0]]
        if len(group) > 1:
            above += [_STEM[export.language], *[""] * (len(group) - 1)]
            below += [export.questions[place].wording for place in group]
            columns += [cells[place] for place in group]
        elif export.layout == "expanded" and question.scale:
            options = list(question.words.values())
            above += [question.wording, *[""] * (len(options) - 1)]
            below += options
            columns += [[cell if cell == option else "" for cell in cells[group[0]]] for option in options]
        else:
            above.append(question.wording)
            below.append("Response" if question.scale else "Open-Ended Response")
            columns.append(cells[group[0]])
    return Sheet([above, below], columns, encoding="utf-8-sig")


def _wenjuanxing(export: Export) -> Sheet:
    who = export.who
    about = {
        "序号": who.ids(),
        "提交答卷时间": who.times(who.end, "%Y/%m/%d %H:%M:%S"),
        "所用时间": [f"{seconds}秒" if seconds else "" for seconds in who.seconds()],
        "来源": ["链接"] * who.n,
        "来源详情": ["直接访问"] * who.n,
        "来自IP": [f"{address}(北京-北京)" for address in who.addresses()],
    }
    _refuse_equal(export.wordings, "Wenjuanxing")
    headers = []
    for place, group in enumerate(export.grids(), start=1):
        stem = f"{_STEM['zh']}—" if len(group) > 1 else ""
        headers += [f"{place}、{stem}{export.questions[member].wording}" for member in group]
    cells = export.cells(empty="(跳过)" if export.answers == "words" else "-3")
    return Sheet([[*about, *headers]], [*about.values(), *cells], encoding="utf-8-sig")


def _google_forms(export: Export) -> Sheet:
    who, asked = export.who, export.wordings
    _refuse_equal(asked, "Google Forms")
    if export.layout == "grid":
        for group in export.grids():
            for place in group if len(group) > 1 else ():
                asked[place] = f"{_STEM[export.language]} [{asked[place]}]"
    about = {
        {"en": "Timestamp", "zh": "时间戳记"}[export.language]: who.times(who.end, "%Y/%m/%d %I:%M:%S %p GMT+8"),
        **({"Email Address": who.text("email")} if any(who.text("email")) else {}),
    }
    return Sheet([[*about, *asked]], [*about.values(), *export.cells()], quoted=True)


def _microsoft_forms(export: Export) -> Sheet:
    who = export.who
    _refuse_equal(export.wordings, "Microsoft Forms")
    place = {"en": 0, "zh": 1}[export.language]
    about = {
        "response_id": who.ids(),
        "start": who.times(who.start, "%m/%d/%y %H:%M:%S"),
        "end": who.times(who.end, "%m/%d/%y %H:%M:%S"),
        "email": who.text("email", "anonymous"),
        "name": who.text("name"),
    }
    heads = [MICROSOFT_FORMS[name][0 if name == "response_id" else place] for name in about]
    return Sheet([[*heads, *export.wordings]], [*about.values(), *export.cells()], encoding="utf-8-sig")


def _redcap(export: Export) -> Sheet:
    who, said = export.who, export.answers == "words"
    status = {True: "Complete" if said else "2", False: "Incomplete" if said else "0"}
    ends = [end if done else "[not completed]" for end, done in zip(who.times(who.end), who.finished, strict=True)]
    before = [who.ids(), who.text("email"), ends]
    if export.layout == "labels":
        _refuse_equal(export.wordings, "REDCap")
        header = ["Record ID", "Survey Identifier", "Survey Timestamp", *export.wordings, "Complete?"]
    else:
        _refuse_names(export, "REDCap")
        names = [question.name.lower() for question in export.questions]
        header = ["record_id", "redcap_survey_identifier", "survey_timestamp", *names, "survey_complete"]
    return Sheet([header], [*before, *export.cells(), [status[done] for done in who.finished]])


def _refuse_equal(wordings: Sequence[str], platform: str) -> None:
    """Refuse questions that could not be told apart where the file has nothing but their texts."""
    seen: set[str] = set()
    problems = []
    for text in wordings:
        bare = bare_question(text)
        if not bare or bare in seen:
            problems.append(f"the question {text!r} {'stands twice' if bare else 'has no letters'}; reword it")
        seen.add(bare)
    refuse(problems, platform)


def _refuse_names(export: Export, platform: str) -> None:
    """Refuse names that the platform does not allow, or that differ in nothing but capitals."""
    names = [question.name for question in export.questions]
    folded = [name.casefold() for name in names]
    refuse(
        [
            f"'{name}' cannot be a code; use letters, digits and _ behind a letter, or a layout of texts"
            for name in names
            if not _CODE.fullmatch(name) or folded.count(name.casefold()) > 1
        ],
        platform,
    )


PLATFORMS: Mapping[str, Platform] = {
    "qualtrics": Platform("Qualtrics", ("csv", "tsv"), _qualtrics, (-99,)),
    "limesurvey": Platform("LimeSurvey", ("code", "text", "code & text"), _limesurvey),
    "surveymonkey": Platform("SurveyMonkey", ("condensed", "expanded"), _surveymonkey),
    "wenjuanxing": Platform("Wenjuanxing", ("csv",), _wenjuanxing, (-2, -3)),
    "google_forms": Platform("Google Forms", ("single", "grid"), _google_forms),
    "microsoft_forms": Platform("Microsoft Forms", ("csv",), _microsoft_forms),
    "redcap": Platform("REDCap", ("raw", "labels"), _redcap),
}
