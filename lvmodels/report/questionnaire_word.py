"""A questionnaire as a Word document, for those who edit it before it goes to print (python-docx)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from lvmodels.errors import MissingPackageError
from lvmodels.report.questionnaire import Part, Question, Questionnaire
from lvmodels.report.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["questionnaire_to_word"]

_WIDTH, _NUMBER = 176.0, 9.0  # millimetres: of the lines on A4, of the column of numbers
_FONTS = {"en": ("Arial", "Arial"), "zh": ("Arial", "Microsoft YaHei")}  # Latin letters, Chinese letters
_CIRCLE = "\u25cb"


def questionnaire_to_word(questionnaire: Questionnaire) -> bytes:
    """The content of a .docx file.

    Raises
    ------
    MissingPackageError
        When python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        message = "Word files need the package python-docx; install it with: pip install 'lvmodels[report]'"
        raise MissingPackageError(message) from None
    words = wording(questionnaire.language)
    document = docx.Document()
    _set_page(document, questionnaire.language)
    document.core_properties.title, document.core_properties.author = questionnaire.title, ""
    document.add_heading(questionnaire.title, level=0)
    about = words["questionnaire.about"].format(about=questionnaire.about) if questionnaire.about else ""
    gap = " " if questionnaire.language == "en" and about else ""
    document.add_paragraph(f"{words['questionnaire.intro']}{gap}{about}")
    for part in questionnaire.parts:
        _add_part(document, part, words)
    document.add_paragraph()
    document.add_paragraph().add_run(words["questionnaire.thanks"]).bold = True
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _set_page(document: Any, language: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - _WIDTH) / 2)
    section.top_margin = section.bottom_margin = Mm(18)
    latin, chinese = _FONTS[language]
    for name, size in (("Normal", 10.5), ("Title", 18)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = latin, Pt(size), RGBColor(0x11, 0x11, 0x11)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), chinese)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)


def _add_part(document: Any, part: Part, words: Mapping[str, str]) -> None:
    if part.layout == "grid":
        how = document.add_paragraph()
        how.add_run(words["questionnaire.grid"]).bold = True
        how.paragraph_format.keep_with_next = True
        _add_grid(document, part)
        document.add_paragraph()
        return
    for question in part.questions:
        asked = document.add_paragraph(f"{question.number}\u2002{question.text}")
        asked.paragraph_format.keep_with_next = True
        if part.layout == "row":
            _add_row(document, part)
            document.add_paragraph()
        elif part.layout == "list":
            for code in part.codes:
                document.add_paragraph(f"\u2003{_CIRCLE} {part.anchors[code]}")
        else:
            document.add_paragraph(_answer_line(part, question, words))


def _answer_line(part: Part, question: Question, words: Mapping[str, str]) -> str:
    if part.codes:
        return "\u2003" + "\u2003\u2003".join(f"{_CIRCLE} {part.anchors[code]}" for code in part.codes)
    bounded = question.low is not None and question.high is not None
    limits = words["questionnaire.bounds"].format(low=question.low, high=question.high) if bounded else ""
    return f"\u2003____________ {limits}".rstrip()


def _add_grid(document: Any, part: Part) -> None:
    """A table with a question a line; its first line stands on every page that it reaches."""
    full = len(part.anchors) == len(part.codes)
    code = min(15.0, (104.0 if full else 70.0) / len(part.codes))
    table = document.add_table(rows=1, cols=2 + len(part.codes))
    table.style, table.autofit = "Table Grid", False
    _head(table.rows[0], part, 2)
    for question in part.questions:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = str(question.number), question.text
        for cell, value in zip(cells[2:], part.codes, strict=True):
            _write(cell, f"{_CIRCLE}\n{value}", 8)
    _set_widths(table, [_NUMBER, _WIDTH - _NUMBER - code * len(part.codes), *[code] * len(part.codes)])


def _add_row(document: Any, part: Part) -> None:
    table = document.add_table(rows=1, cols=len(part.codes))
    table.autofit = False
    _head(table.rows[0], part, 0)
    for cell, value in zip(table.add_row().cells, part.codes, strict=True):
        _write(cell, f"{_CIRCLE}\n{value}", 8)
    _set_widths(table, [min(15.0, 140.0 / len(part.codes))] * len(part.codes))


def _head(row: Any, part: Part, first: int) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    sides = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
    cells, place = row.cells, first
    for text, span, side in part.headings():
        cell = cells[place].merge(cells[place + span - 1]) if span > 1 else cells[place]
        _write(cell, text, 7.5)
        cell.paragraphs[0].alignment = sides[side]
        place += span
    _mark(row, "w:tblHeader")
    _mark(row, "w:cantSplit")


def _write(cell: Any, text: str, size: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)


def _set_widths(table: Any, widths: list[float]) -> None:
    from docx.shared import Mm

    for row in table.rows:
        _mark(row, "w:cantSplit")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows[1:]:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _mark(row: Any, name: str) -> None:
    """Set a property of a table's row that python-docx has no word for."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = row._tr.get_or_add_trPr()
    if properties.find(qn(name)) is None:
        properties.append(OxmlElement(name))
