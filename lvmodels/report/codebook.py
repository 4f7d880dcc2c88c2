"""The codebook of a survey: what every column asks, how it was answered, and what is missing for which reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lvmodels.report.codebook_page import compose_codebook
from lvmodels.report.csv_text import table_to_csv
from lvmodels.report.html import document_to_html
from lvmodels.report.moment import now
from lvmodels.report.output_folder import write_file, write_page
from lvmodels.report.records import Column, Table
from lvmodels.report.wording import Language, wording
from lvmodels.survey.answers import Survey
from lvmodels.survey.item_descriptions import CountedValue, ItemDescription, describe_columns
from lvmodels.survey.numbers import counted

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.survey.instrument import Instrument

__all__ = ["Codebook", "codebook"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Codebook:
    """A survey described column by column.

    Attributes
    ----------
    frame : DataFrame
        A row a column, by its name: role (item, background, other), construct, wording, scale, labels ("1 = never; 5 =
        always"), key ("+", or "-" when a high code means little of the construct), n (valid answers), missing,
        not_answered, missing_<reason> for every reason that a survey platform gives (missing_skipped, ...),
        missing_<code> for every declared missing code, mean, sd, min, max, floor, ceiling (shares of the
        valid answers at the lowest and highest code), distribution (counts by value, with spaces between). All figures
        are of the codes as answered: nothing is turned round.
    values : DataFrame
        A row a value: name, low, high (equal unless it is a range), label, n, share (of the valid answers).
    language : {"en", "zh"}
        Of wordings, labels and pages.
    survey : Survey
        What is described.
    """

    frame: pd.DataFrame
    values: pd.DataFrame
    language: Language
    survey: Survey

    def __repr__(self) -> str:
        size = f"{counted(len(self.frame), 'column')}, {counted(len(self.survey.answers), 'respondent')}"
        return f"<Codebook of {self.survey.source}: {size}>"

    def to_html(self, path: str | Path, title: str | None = None) -> Path:
        """Write the codebook as one page of HTML that needs nothing else.

        Parameters
        ----------
        path : str or Path
        title : str, optional
            By default that of the instrument.

        Returns
        -------
        Path
            Of the page.

        Raises
        ------
        OutputError
            When it cannot be written, or would replace a page that lvmodels did not make.
        """
        descriptions = describe_columns(self.survey, self.language)
        created = now()
        document = compose_codebook(self.survey, descriptions, self.language, title, created)
        return write_page(path, document_to_html(document, created))

    def to_csv(self, path: str | Path) -> Path:
        """Write `frame` as a CSV file with all digits, in UTF-8; an existing file is replaced.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        frame = self.frame.reset_index()
        rows = [tuple(map(_plain, row)) for row in frame.itertuples(index=False)]
        table = Table("codebook", "", tuple(Column(str(key)) for key in frame.columns), tuple(rows))
        return write_file(path, table_to_csv(table))


def codebook(data: Any, instrument: Instrument | str | Path | None = None, language: Language = "en") -> Codebook:
    """Describe every column of a survey: wording, scale, key, valid answers, missing ones by reason, distribution.

    Parameters
    ----------
    data : Survey, path or data frame
        Without an instrument, wordings and labels are those of the file, where it has any.
    instrument : Instrument, str or Path, optional
        What the answers belong to, as in `read_survey`, unless the survey has it.
    language : {"en", "zh"}
        Of the instrument's texts and of pages.

    Returns
    -------
    Codebook
        Its `frame` and `values`; `to_html` and `to_csv` write them.

    Raises
    ------
    SurveyError, FileFormatError, UnreadableFileError, DataTypeError
        As in `read_survey`.
    OptionValueError
        When there are no texts in that language.

    Examples
    --------
    >>> import lvmodels as lv
    >>> book = lv.codebook(lv.datasets.load("value_loyalty"))
    >>> book.frame.loc[["SWI1", "SWI2"], ["construct", "key", "n", "not_answered", "missing_-99"]]
              construct key    n  not_answered  missing_-99
    name
    SWI1  SwitchingCost   +  572            23           25
    SWI2  SwitchingCost   +  581            15           24
    """
    wording(language)  # an unknown language is refused before anything is computed
    survey = _survey(data, instrument)
    descriptions = describe_columns(survey, language)
    return Codebook(_frame(descriptions), _values(descriptions), language, survey)


def _survey(data: Any, instrument: Instrument | str | Path | None) -> Survey:
    from lvmodels.survey.files import read_survey

    return data if isinstance(data, Survey) and instrument is None else read_survey(data, instrument)


def _frame(descriptions: tuple[ItemDescription, ...]) -> pd.DataFrame:
    import pandas as pd

    codes = sorted({code for d in descriptions for code in d.declared})
    reasons = sorted({why for d in descriptions for why in d.reasons})
    rows = [
        {
            "role": d.role,
            "construct": d.construct,
            "wording": d.wording,
            "scale": d.scale,
            "labels": "; ".join(f"{code:.15g} = {text}" for code, text in d.labels.items()),
            "key": ("-" if d.reverse else "+") if d.role == "item" and d.construct else "",
            "n": d.n,
            "missing": d.missing,
            "not_answered": d.not_answered,
            **{f"missing_{why.replace(' ', '_')}": d.reasons.get(why, 0) for why in reasons},
            **{f"missing_{code:.15g}": d.declared.get(code, 0) for code in codes},
            "mean": d.mean,
            "sd": d.sd,
            "min": d.min,
            "max": d.max,
            "floor": d.floor,
            "ceiling": d.ceiling,
            "distribution": " ".join(str(value.n) for value in d.values),
        }
        for d in descriptions
    ]
    return pd.DataFrame(rows, index=pd.Index([d.name for d in descriptions], name="name", dtype=object))


def _values(descriptions: tuple[ItemDescription, ...]) -> pd.DataFrame:
    import pandas as pd

    rows = [_value(d, value) for d in descriptions for value in d.values]
    return pd.DataFrame(rows, columns=["name", "low", "high", "label", "n", "share"])


def _value(described: ItemDescription, value: CountedValue) -> tuple[Any, ...]:
    share = value.n / described.n if described.n else float("nan")
    return described.name, value.low, value.high, value.label, value.n, share


def _plain(value: Any) -> Any:
    """A cell of a frame as a plain number or text."""
    return value.item() if hasattr(value, "item") else value
