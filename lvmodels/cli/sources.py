"""What arguments name: a file, or something that is shipped."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lvmodels.errors import MissingFileError, nearest

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
    with _also_shipped(name, datasets.names()):
        return decode(read_bytes(name), name)[0]


def instrument_of(name: str | Path) -> Instrument:
    """The instrument in a file, or a shipped one."""
    from lvmodels import instruments
    from lvmodels.survey.instrument import Instrument

    if not Path(name).is_file() and str(name) in instruments.names():
        return instruments.load(str(name))
    with _also_shipped(str(name), instruments.names()):
        return Instrument.load(name)


def survey_of(name: str, instrument: Path | None) -> Survey:
    """The answers in a file, or of a shipped data set, with the instrument that goes with them."""
    from lvmodels import datasets
    from lvmodels.survey.files import read_survey

    asked = None if instrument is None else instrument_of(instrument)
    if not Path(name).is_file() and name in datasets.names():
        survey = datasets.load(name)
        return survey if asked is None else read_survey(survey.answers, asked)
    with _also_shipped(name, datasets.names()):
        return read_survey(name, asked)


def split_names(text: str) -> list[str]:
    """Names with commas between."""
    return [name.strip() for name in text.split(",") if name.strip()]


@contextlib.contextmanager
def _also_shipped(name: str, shipped: Sequence[str]) -> Iterator[None]:
    """Add to the message on a missing file that it could have been the name of something shipped."""
    try:
        yield
    except MissingFileError as error:
        if str(Path(name)) != name or Path(name).parent != Path():
            raise
        hint = nearest(name, shipped) or f"Shipped are: {', '.join(shipped)}."
        raise MissingFileError(f"{error} It is no shipped name either. {hint}") from None
