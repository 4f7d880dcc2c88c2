"""What arguments name: a file, or something that is shipped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lvmodels.errors import MissingFileError
from lvmodels.survey.shipped import also_shipped

if TYPE_CHECKING:
    from lvmodels.survey.files import Survey
    from lvmodels.survey.instrument import Instrument

__all__ = ["instrument_of", "model_text", "split_names", "survey_of"]


def model_text(name: str) -> str:
    """The text of a model file, in whatever encoding, or of a shipped model."""
    from lvmodels import datasets
    from lvmodels.survey.encoding import decode
    from lvmodels.survey.paths import read_bytes

    if not Path(name).is_file() and name in datasets.names():
        return datasets.model(name)
    if "=~" in name or "\n" in name:
        raise MissingFileError("MODEL is the path of a file; save the model text in a file and name that.")
    with also_shipped(name, datasets.names()):
        return decode(read_bytes(name), name)[0]


def instrument_of(name: str | Path) -> Instrument:
    """The instrument in a file, or a shipped one."""
    from lvmodels.survey.instrument import Instrument

    return Instrument.load(name)


def survey_of(name: str, instrument: Path | None) -> Survey:
    """The answers in a file, or of a shipped data set, with the instrument that goes with them."""
    from lvmodels import datasets
    from lvmodels.survey.files import read_survey

    asked = None if instrument is None else instrument_of(instrument)
    if not Path(name).is_file() and name in datasets.names():
        survey = datasets.load(name)
        return survey if asked is None else read_survey(survey.answers, asked)
    with also_shipped(name, datasets.names()):
        return read_survey(name, asked)


def split_names(text: str) -> list[str]:
    """Names with commas between."""
    return [name.strip() for name in text.split(",") if name.strip()]
