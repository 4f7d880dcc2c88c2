"""The lazy public names of the package."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

import lvmodels as lv

NAMES = sorted(lv._HOME)


@pytest.mark.parametrize("name", NAMES)
def test_public_name_loads_from_its_home(name: str) -> None:
    home = import_module(lv._HOME[name])
    assert getattr(lv, name) is (home if home.__name__ == f"lvmodels.{name}" else getattr(home, name))


@pytest.mark.parametrize("name", NAMES)
def test_public_name_is_documented(name: str) -> None:
    assert getattr(lv, name).__doc__


def test_public_names_are_listed() -> None:
    assert set(NAMES) <= set(dir(lv))
    assert set(lv.__all__) == {*NAMES, "__version__"}


def test_type_checker_sees_the_same_names_in_the_same_modules() -> None:
    tree = ast.parse(Path(lv.__file__).read_text(encoding="utf-8"))
    block = next(n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    seen = {
        alias.asname: f"lvmodels.{alias.name}" if node.module == "lvmodels" else node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == lv._HOME


def test_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'read_surwey'\. Did you mean 'read_survey'\?"):
        _ = lv.read_surwey


def test_unknown_name_without_a_near_one_gets_no_suggestion() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'qqq'\.$"):
        _ = lv.qqq


def test_absent_name_is_absent() -> None:
    assert not hasattr(lv, "qqq")
