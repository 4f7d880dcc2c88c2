"""`lvmodels schema`: the JSON Schema of instrument files."""

from __future__ import annotations

import typer

from lvmodels.cli.application import app


@app.command()
def schema() -> None:
    """Print the JSON Schema of instrument files, for completion and checks in editors."""
    import json

    from lvmodels.survey.instrument import Instrument

    typer.echo(json.dumps(Instrument.json_schema(), indent=2, ensure_ascii=False))
