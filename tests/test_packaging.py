"""What sdist and wheel carry, and that the package works from a wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import lvmodels as lv

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(dist / f"lvmodels-{lv.__version__}-py3-none-any.whl")


def shipped_data() -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "data").glob("*/*")
        if path.name in {"answers.csv", "instrument.toml", "SOURCE.md", "model.txt"}
        or path.parent.name == "instruments"
    }


def test_there_are_data_to_ship() -> None:
    assert {f"data/ecsi_mobi/{name}" for name in ("answers.csv", "instrument.toml", "SOURCE.md")} <= shipped_data()
    assert "data/instruments/servqual.toml" in shipped_data()


def test_wheel_carries_the_data(wheel: zipfile.ZipFile) -> None:
    assert {f"lvmodels/{path}" for path in shipped_data()} <= set(wheel.namelist())


def test_wheel_carries_every_module_and_the_type_marker(wheel: zipfile.ZipFile) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "lvmodels").rglob("*.py")}
    assert modules | {"lvmodels/py.typed"} <= set(wheel.namelist())


def test_wheel_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"lvmodels", f"lvmodels-{lv.__version__}.dist-info"}
    assert not [name for name in wheel.namelist() if "__pycache__" in name]


def test_sdist_carries_what_a_build_and_the_tests_need(dist: Path) -> None:
    top = f"lvmodels-{lv.__version__}"
    with tarfile.open(dist / f"{top}.tar.gz") as archive:
        names = {name.removeprefix(f"{top}/") for name in archive.getnames()}
    needed = {"pyproject.toml", "LICENSE", "README.md", "Makefile", "lvmodels/__init__.py", "tests/conftest.py"}
    assert needed | shipped_data() <= names
    assert not [name for name in names if name.startswith((".venv", "results", ".git/"))]


def test_data_load_from_an_unpacked_wheel(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    code = "import lvmodels as lv; print(lv.__file__); print(len(lv.datasets.load('ecsi_mobi').answers))"
    code += "; print(len(lv.instruments.load('servqual').items))"
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    file, rows, items = done.stdout.splitlines()
    assert Path(file).is_relative_to(tmp_path)
    assert (rows, items) == ("250", "22")
