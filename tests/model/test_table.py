"""A model text becomes the parameter table that lavaan makes of it, automatic parameters included.

The expected tables stand in tables.toml. Where ours is another way on purpose, `DIFFERENT` says why.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from lvmodels.errors import ModelError
from lvmodels.estimate.settings import settle
from lvmodels.fit.preparation import table_options
from lvmodels.model.row import Row
from lvmodels.model.specification import specify
from lvmodels.model.syntax import parse_model
from lvmodels.model.table import ParameterTable

DIFFERENT = {
    "groups, c()": "lavaan makes a label of the number in c(0.5, b), because R has no mixed vectors",
    "group blocks": "x3 is an outcome in group 1, so its moments are estimated in group 2 too; lavaan fixes them there",
}
TABLES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("tables.toml").read_text(encoding="utf-8"))


def table_of(function: Any, model: str, options: dict[str, Any]) -> ParameterTable:
    settings, text = settle(function, options), parse_model(model)  # type: ignore[arg-type]
    labels = ("Pasteur", "Grant-White") if "group" in options else ("",)
    return specify(model, table_options(settings, text, len(labels)), labels).table


def shown(table: ParameterTable) -> list[str]:
    """One entry a parameter, sorted; sides of a covariance in alphabetical order."""
    return sorted(f"{_key(row, table)} {_state(row)}{_tie(row, table)}" for row in table.rows)


def _key(row: Row, table: ParameterTable) -> str:
    lhs, rhs = sorted((row.lhs, row.rhs)) if row.op == "~~" else (row.lhs, row.rhs)
    return f"{lhs}{row.op}{rhs}" + (f"@{row.group}" if table.n_groups > 1 else "")


def _state(row: Row) -> str:
    if row.covariate:
        return "x"
    return "*" if row.free else f"{row.value:g}"


def _tie(row: Row, table: ParameterTable) -> str:
    if not row.label.startswith(".p"):
        return f" [{row.label}]" if row.label else ""
    first = next(other for other in table.rows if other.label == row.label)
    return "" if first is row else f" [={_key(first, table)}]"


@pytest.mark.parametrize("name", TABLES)
def test_text_becomes_the_table_lavaan_makes(name: str) -> None:
    case = TABLES[name]
    expected = sorted(" ".join(entry.split()) for entry in case["parameters"].split(";"))
    assert shown(table_of(case["function"], case["model"], case.get("options", {}))) == expected


def test_differences_are_among_the_tables() -> None:
    assert DIFFERENT.keys() <= TABLES.keys()


def test_covariates_come_last_and_blocks_share_one_order() -> None:
    """The order of variables is that of the whole text: what one block names first, another may name last."""
    model = "group: 1\nf =~ x1 + x2\nx4 ~ x3\ngroup: 2\nf =~ x1 + x2 + x3\nx4 ~~ f"
    table = table_of("sem", model, {"group": "school"})
    assert table.variables.observed == ("x1", "x2", "x3", "x4")
    assert table_of("sem", "y ~ z\nf =~ a + b", {}).variables.observed == ("a", "b", "y", "z")


def test_written_order_is_kept() -> None:
    keys = [str(row) for row in table_of("sem", "y ~ z + x\nx ~~ z\nf =~ b + a", {}).rows if row.user]
    assert keys == ["y~z", "y~x", "x~~z", "f=~b", "f=~a"]


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("f =~ x1 + start(0.7)*x2 + x3", "start", 0.7),
        ("f =~ x1 + lower(0.1)*x2 + x3", "lower", 0.1),
        ("f =~ x1 + upper(2)*x2 + x3", "upper", 2.0),
        ("f =~ x1 + a*x2 + start(0.7)*x2 + x3", "label", "a"),
    ],
)
def test_modifiers_reach_the_row(text: str, attribute: str, value: Any) -> None:
    rows = {str(row): row for row in table_of("cfa", text, {}).rows}
    assert getattr(rows["f=~x2"], attribute) == value
    assert rows["f=~x2"].free


@pytest.mark.parametrize(
    ("bounds", "bounded"),
    [
        ("none", set()),
        ("pos.var", {"x1~~x1", "x2~~x2", "x3~~x3", "f~~f"}),
        ("pos.ov.var", {"x1~~x1", "x2~~x2", "x3~~x3"}),
        ("pos.lv.var", {"f~~f"}),
    ],
)
def test_bounds_by_rule(bounds: str, bounded: set[str]) -> None:
    table = table_of("cfa", "f =~ x1 + x2 + x3", {"bounds": bounds})
    assert {str(row) for row in table.rows if row.lower is not None} == bounded


def test_a_latent_variable_of_one_block_is_latent_in_all() -> None:
    with pytest.raises(ModelError, match="name different variables"):
        table_of("sem", "group: 1\nf =~ x1 + x2 + x3\ngroup: 2\nx1 ~ f + x2 + x3", {"group": "school"})
