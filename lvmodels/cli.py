"""The command line: `lvmodels demo`, `fit`, `data`, `schema`.

What goes wrong is one message on the error stream and exit code 2. Heavy packages load inside the commands, so that
`lvmodels --help` is there at once.
"""

from __future__ import annotations

import contextlib
import shlex
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from lvmodels import __version__
from lvmodels.errors import LvmodelsError, LvmodelsWarning, MissingFileError, OutputError, nearest

if TYPE_CHECKING:
    from lvmodels.estimate.settings import FitOptions
    from lvmodels.fit import Fit
    from lvmodels.survey.files import Survey

DEMO = "ecsi_mobi"
_ESTIMATORS = (
    "ML, MLR, MLM, MLMV, MLMVS, MLF, GLS, WLS, ULS, DWLS, WLSM, WLSMV, WLSMVS, ULSM, ULSMV and ULSMVS; the default is "
    "ML, MLR with clusters or weights, and WLSMV with ordinal answers"
)
_STEPS = {"diagram": "Drawing the path diagram", "writing": "Writing the figures", "tables": "Writing tables and page"}

app = typer.Typer(
    name="lvmodels",
    help="Structural equation models for customer surveys: from answers to a report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder of the report.")]
Tongue = Annotated[str, typer.Option("--language", metavar="en|zh", help="Language of the report.")]
Title = Annotated[str | None, typer.Option("--title", help="Title of the report.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends with SystemExit."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without χ or Chinese letters must not end the program
    try:
        with _notes():
            app(args=arguments, prog_name="lvmodels", obj=shlex.join(["lvmodels", *arguments]))
    except LvmodelsError as error:
        typer.secho("error: ", fg="red", bold=True, err=True, nl=False)
        typer.echo(str(error), err=True)
        sys.exit(2)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lvmodels {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


# ---- commands -------------------------------------------------------------------------------------------------------


@app.command()
def demo(context: typer.Context, out: Out = None, language: Tongue = "en") -> None:
    """Fit the shipped example, 250 customers of mobile-phone providers, and write its report."""
    place = out or Path("results") / "demo"
    _fit_and_report(context, lambda: _model_text(DEMO), lambda: _survey(DEMO, None), {}, place, language, None)


@app.command()
def fit(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="File with a model text, or the name of a shipped model.")],
    data: Annotated[str, typer.Argument(help="File of answers, or the name of a shipped data set.")],
    instrument: Annotated[Path | None, typer.Option(help="Instrument file (TOML) that the answers belong to.")] = None,
    out: Out = None,
    group: Annotated[str | None, typer.Option(help="Column whose values divide the cases into groups.")] = None,
    estimator: Annotated[
        str, typer.Option(metavar="NAME", show_default=False, help=f"One of {_ESTIMATORS}.")
    ] = "default",
    ordered: Annotated[
        str, typer.Option(metavar="NAMES", show_default=False, help="Ordinal items: names with commas between, or all.")
    ] = "",
    missing: Annotated[
        str,
        typer.Option(
            metavar="listwise|fiml|fiml.x|two.stage|pairwise",
            help="Leave incomplete cases out, or use what they answer.",
        ),
    ] = "listwise",
    aux: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Auxiliary variable outside the model; may be repeated.")
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="Column with the cluster of each case.")] = None,
    weights: Annotated[str | None, typer.Option(help="Column with the sampling weight of each case.")] = None,
    std_lv: Annotated[bool, typer.Option("--std-lv", help="Scale latent variables by unit variance.")] = False,
    language: Tongue = "en",
    title: Title = None,
) -> None:
    """Fit a model to answers and write the report."""
    options: FitOptions = {
        "estimator": estimator, "missing": missing, "group": group, "cluster": cluster, "sampling_weights": weights,
        "std_lv": std_lv, "aux": aux,
        "ordered": ordered == "all" or [name.strip() for name in ordered.split(",") if name.strip()],
    }  # fmt: skip
    place = out or Path("results") / (Path(model).stem or "fit")
    _fit_and_report(
        context, lambda: _model_text(model), lambda: _survey(data, instrument), options, place, language, title
    )


@app.command()
def data(
    name: Annotated[str | None, typer.Argument(help="A shipped data set; without it, all are listed.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder to write answers, instrument, model and source into."),
    ] = None,
) -> None:
    """List the shipped data sets, show one, or write its files."""
    from lvmodels import datasets

    if name is None:
        if out is not None:
            raise typer.BadParameter("name a data set to write, as in: lvmodels data ecsi_mobi --out DIR")
        _list_datasets()
    elif out is None:
        survey = datasets.load(name)
        typer.echo(f"{datasets.source(name).strip()}\n\n{survey!r}\n\nModel:\n\n{datasets.model(name).strip()}")
    else:
        for path in _write_dataset(name, out):
            typer.echo(str(path))


@app.command()
def schema() -> None:
    """Print the JSON Schema of instrument files, for completion and checks in editors."""
    import json

    from lvmodels.survey.instrument import Instrument

    typer.echo(json.dumps(Instrument.json_schema(), indent=2, ensure_ascii=False))


# ---- what they do ---------------------------------------------------------------------------------------------------


def _fit_and_report(
    context: typer.Context,
    read_model: Callable[[], str],
    read_answers: Callable[[], Survey],
    options: FitOptions,
    place: Path,
    language: Any,
    title: str | None,
) -> None:
    from lvmodels.fit import sem
    from lvmodels.report.context import make_context
    from lvmodels.report.overview import overview
    from lvmodels.report.wording import wording

    wording(language)  # an unknown language is refused before anything is computed
    with _progress() as step:
        step("Reading the answers")
        text, survey = read_model(), read_answers()
        step("Fitting the model")
        fitted = sem(text, survey, **options)
        path = _report(fitted, place, language, title, str(context.obj or ""), step)
    typer.echo(overview(make_context(fitted, language)))
    typer.echo(f"\nReport: {path}")
    if not fitted.converged:
        raise typer.Exit(1)


def _report(
    fitted: Fit, place: Path, language: Any, title: str | None, command: str, step: Callable[[str], None]
) -> Path:
    from lvmodels.report.document import report

    return report(
        fitted, place, language=language, title=title, command=command, on_step=lambda name: step(_STEPS[name])
    )


def _model_text(name: str) -> str:
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


def _survey(name: str, instrument: Path | None) -> Survey:
    """The answers in a file, or of a shipped data set."""
    from lvmodels import datasets
    from lvmodels.survey.files import read_survey

    if not Path(name).is_file() and name in datasets.names():
        survey = datasets.load(name)
        return survey if instrument is None else read_survey(survey.answers, instrument)
    with _also_shipped(name, datasets.names()):
        return read_survey(name, instrument)


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


def _list_datasets() -> None:
    from lvmodels import datasets

    for name, row in datasets.describe().iterrows():
        typer.echo(f"{name}: {row['title']}")
        simulated = ", simulated" if row["simulated"] else ""
        typer.echo(f"    {row['rows']} rows, {row['items']} items, {row['constructs']} constructs{simulated}")
        typer.echo(f"    {row['licence']}")
    typer.echo("\nShow one: lvmodels data NAME. Write its files: lvmodels data NAME --out DIR")


def _write_dataset(name: str, out: Path) -> list[Path]:
    """Write answers.csv, instrument.toml, model.txt and SOURCE.md; files that are there already are left alone."""
    import pandas as pd

    from lvmodels import datasets

    survey = datasets.load(name)
    answers = pd.concat([survey.answers, survey.respondents], axis=1).convert_dtypes()
    contents = {
        "answers.csv": answers.to_csv(index=False, lineterminator="\n"),
        "instrument.toml": survey.instrument.to_toml() if survey.instrument is not None else "",
        "model.txt": datasets.model(name),
        "SOURCE.md": datasets.source(name),
    }
    there = [file for file in contents if (out / file).exists()]
    if there:
        raise OutputError(f"'{out}' already has {', '.join(there)}; choose another folder, or move them.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file, text in contents.items():
            (out / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"cannot write '{out}' ({error.strerror or error}); choose a folder that you may write to."
        ) from error
    return [out / file for file in contents]


# ---- the terminal ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line that tells what is being done; silent when nobody looks."""
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda text: status.update(f"{text} ...")


@contextlib.contextmanager
def _notes() -> Iterator[None]:
    """Show the package's own warnings as notes, each once."""
    told: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", LvmodelsWarning)
        usual = warnings.showwarning

        def show(
            message: Warning | str, category: type[Warning], filename: str, lineno: int,
            file: TextIO | None = None, line: str | None = None,
        ) -> None:  # fmt: skip
            if not issubclass(category, LvmodelsWarning):
                usual(message, category, filename, lineno, file, line)
            elif str(message) not in told:
                told.add(str(message))
                typer.echo(f"note: {message}", err=True)

        warnings.showwarning = show
        yield
