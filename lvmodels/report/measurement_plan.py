"""The measurement plan as one page of HTML: the checklist, step by step, with what is open."""

from __future__ import annotations

from pathlib import Path

from lvmodels.loyalty.indices.plan import MeasurementPlan
from lvmodels.report.html import document_to_html
from lvmodels.report.moment import now
from lvmodels.report.output_folder import write_page
from lvmodels.report.records import Block, Cell, Column, Document, Facts, Section, Table
from lvmodels.report.wording import Language, wording

__all__ = ["plan_table", "write_plan"]


def write_plan(plan: MeasurementPlan, path: str | Path, language: Language = "en", title: str | None = None) -> Path:
    """Write a measurement plan as one page of HTML that needs nothing else.

    Parameters
    ----------
    plan : MeasurementPlan
        From `lvmodels.indices.measurement_plan`.
    path : str or Path
    language : {"en", "zh"}
    title : str, optional
        By default that of the plan.

    Returns
    -------
    Path
        Of the page.

    Raises
    ------
    OutputError
        When it cannot be written, or would replace a page that lvmodels did not make.
    OptionValueError
        When there are no texts in that language.

    Examples
    --------
    >>> import tempfile
    >>> import lvmodels as lv
    >>> plan = lv.indices.measurement_plan(instrument=lv.instruments.load("acsi"), title="Guests 2026")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = lv.write_plan(plan, f"{folder}/plan.html").read_text(encoding="utf-8")
    >>> "Guests 2026" in page
    True
    """
    words, created = wording(language), now()
    states = plan.table["state"]
    facts = (
        (words["plan.done"], str(int((states == "done").sum()))),
        (words["plan.open"], str(int((states == "open").sum()))),
        (words["plan.problem"], str(int((states == "problem").sum()))),
    )
    opening: tuple[Block, ...] = (Facts(facts, prominent=True),)
    section = Section("plan", words["plan.section"], (plan_table(plan, language),))
    document = Document(title or plan.title or words["plan.title"], language, opening, (section,))
    return write_page(path, document_to_html(document, created))


def plan_table(plan: MeasurementPlan, language: Language = "en") -> Table:
    """The checklist as a table of a report, a row a check."""
    words = wording(language)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            words[f"plan.step_{step}"],
            words[f"plan.check_{check}"],
            words[f"plan.{row['state']}"],
            row["detail"],
            words["plan.looked_up"] if row["found"] else words["plan.said"] if row["detail"] else "",
        )
        for (step, check), row in plan.table.iterrows()
    )
    columns = (
        Column("step", words["plan.column_step"]),
        Column("check", words["plan.column_check"], "prose"),
        Column("state", words["plan.column_state"]),
        Column("detail", words["plan.column_detail"], "prose"),
        Column("source", words["plan.column_source"]),
    )
    return Table("plan", words["plan.table"], columns, rows, (words["plan.note"],), "step")
