"""`lvmodels screen`: who did not answer with care, and the answers without them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lvmodels.cli.application import ESTIMATORS, InstrumentFile, Language, Out, Title, app
from lvmodels.cli.sources import model_text, split_names, survey_of
from lvmodels.cli.terminal import progress
from lvmodels.errors import OptionValueError

if TYPE_CHECKING:
    from lvmodels.estimate.settings import FitOptions

_Names = Annotated[str, typer.Option(metavar="NAMES", show_default=False, help="Names with commas between.")]


@app.command()
def screen(
    context: typer.Context,
    data: Annotated[str, typer.Argument(help="File of answers, or the name of a shipped data set.")],
    instrument: InstrumentFile = None,
    out: Out = None,
    rules: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE=CUT|ACTION",
            help="Another cut, or one of exclude, count, flag, score, off; as in speed=1.5,variability=off.",
        ),
    ] = None,
    duration: Annotated[str | None, typer.Option(help="Column with the duration in seconds.")] = None,
    attention: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=CODE", help="Attention check and the code asked for; may be repeated."),
    ] = None,
    device: Annotated[str | None, typer.Option(help="Column with a key of the device or address.")] = None,
    items: _Names = "",
    reverse: _Names = "",
    codes: Annotated[str, typer.Option(metavar="LOW:HIGH", show_default=False, help="Codes of all items.")] = "",
    model: Annotated[
        str | None,
        typer.Option(help="Model text file, or name of a shipped model, to fit with and without exclusions."),
    ] = None,
    estimator: Annotated[
        str, typer.Option(metavar="NAME", show_default=False, help=f"Of the model: one of {ESTIMATORS}.")
    ] = "default",
    missing: Annotated[str, typer.Option(metavar="listwise|fiml", help="Incomplete cases in the model.")] = "listwise",
    language: Language = "en",
    title: Title = None,
) -> None:
    """Screen answers for carelessness, duplicates and impossible codes, and write the report."""
    from lvmodels.report.screening import screening_report
    from lvmodels.report.wording import wording
    from lvmodels.survey.screening.screening import screen as screen_answers

    wording(language)  # an unknown language is refused before anything is computed
    kind: Any = language
    with progress() as step:
        step("Reading the answers")
        survey = survey_of(data, None)  # codes that the instrument does not allow are counted, not refused
        step("Screening")
        found = screen_answers(
            survey, instrument, rules=_changes(rules), duration=duration, attention=_checks(attention), device=device,
            items=split_names(items) or None, reverse=split_names(reverse), codes=_range(codes),
        )  # fmt: skip
        sensitivity = None
        if model is not None:
            step("Fitting the model with and without the excluded")
            options: FitOptions = {"estimator": estimator, "missing": missing}
            sensitivity = found.sensitivity(model_text(model), **options)
        step("Writing the report")
        place = out or Path("results") / "screening"
        command = str(context.obj or "")
        path = screening_report(found, place, sensitivity, language=kind, title=title, command=command)
    typer.echo(found.summary())
    typer.echo(f"\nReport: {path}")


def _changes(rules: list[str] | None) -> dict[str, float | str] | None:
    found: dict[str, float | str] = {}
    for entry in (part for text in rules or () for part in split_names(text)):
        name, value = _pair(entry, "--rules", "speed=1.5")
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = value
    return found or None


def _checks(attention: list[str] | None) -> dict[str, float | list[float]] | None:
    found: dict[str, list[float]] = {}
    for entry in attention or ():
        name, value = _pair(entry, "--attention", "CHECK1=4")
        try:
            found.setdefault(name, []).append(float(value))
        except ValueError:
            raise OptionValueError(
                f"--attention {entry}: '{value}' is no code; give a number, as in CHECK1=4."
            ) from None
    return dict(found) or None


def _pair(entry: str, option: str, example: str) -> tuple[str, str]:
    name, sign, value = entry.partition("=")
    if not (sign and name.strip() and value.strip()):
        raise OptionValueError(f"{option} {entry}: write it as in {option} {example}.")
    return name.strip(), value.strip()


def _range(codes: str) -> tuple[float, float] | None:
    if not codes:
        return None
    low, _, high = codes.partition(":")
    try:
        return float(low), float(high)
    except ValueError:
        raise OptionValueError(f"--codes {codes}: write lowest and highest code as in --codes 1:7.") from None
