"""The rules of the house that a machine can check; CONTRIBUTING.md says them in words."""

from __future__ import annotations

import ast
import graphlib
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "lvmodels"

LAYERS = (
    {"errors", "arrays"},
    {"survey", "moments", "model"},
    {"estimate", "composites"},
    {"fit"},
    {"assess", "measurement"},
    {"datasets", "instruments", "loyalty", "simulate"},
    {"report"},
    {"textbook", "study", "cli", "__init__", "__main__"},  # __init__: the public names
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
DOORS = {  # part, class → the later parts that its methods may reach
    ("fit", "Fit"): {"assess", "report"},
    ("loyalty", "Framework"): {"loyalty", "report"},
    ("survey", "Screening"): {"estimate", "assess", "report"},
}
FRAME_FREE = {"model", "moments", "estimate", "fit"}
HEAVY = ("pandas", "matplotlib", "statsmodels", "scipy.stats", "pydantic", "jinja2", "openpyxl", "pyreadstat", "semopy")
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "core", "base", "tools"}
PICKLERS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
LONGEST_FILE = 350


@dataclass(frozen=True)
class Import:
    """One imported module, `a.b.c`, and the circumstances."""

    target: str
    line: int
    deferred: bool  # inside a function, or only for the type checker
    door: str  # the class inside whose method it stands, or whose method names it as a type; empty for others


class _Collector(ast.NodeVisitor):
    """Gathers every import of a module, wherever it stands."""

    def __init__(self, module: str, is_package: bool, types: dict[str, str]) -> None:
        self.package = module.split(".") if is_package else module.split(".")[:-1]
        self.types = types
        self.scopes: list[ast.AST] = []
        self.found: list[Import] = []

    def generic_visit(self, node: ast.AST) -> None:
        is_scope = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or _type_checking(node)
        if is_scope:
            self.scopes.append(node)
        super().generic_visit(node)
        if is_scope:
            self.scopes.pop()

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias.name, node.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = self.package[: len(self.package) - node.level + 1] if node.level else []
        source = ".".join([*base, *([node.module] if node.module else [])])
        for alias in node.names:
            self._add(f"{source}.{alias.name}", node.lineno)

    def _add(self, target: str, line: int) -> None:
        deferred = any(not isinstance(scope, ast.ClassDef) for scope in self.scopes)
        outermost = self.scopes[0] if self.scopes else None
        door = outermost.name if isinstance(outermost, ast.ClassDef) and deferred else ""
        if _type_checking(outermost):
            door = self.types.get(target.split(".")[-1], "")
        self.found.append(Import(target, line, deferred, door))


def _type_checking(node: ast.AST | None) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def _named_types(method: ast.FunctionDef) -> set[str]:
    """Names in the annotations of a method."""
    given = (argument.annotation for argument in ast.walk(method.args) if isinstance(argument, ast.arg))
    found = [annotation for annotation in (*given, method.returns) if annotation is not None]
    return {node.id for annotation in found for node in ast.walk(annotation) if isinstance(node, ast.Name)}


def imports(source: str, module: str, is_package: bool = False) -> list[Import]:
    tree = ast.parse(source)
    types: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            methods = [method for method in node.body if isinstance(method, ast.FunctionDef)]
            types |= dict.fromkeys((name for method in methods for name in _named_types(method)), node.name)
    collector = _Collector(module, is_package, types)
    collector.visit(tree)
    return collector.found


def part(dotted: str) -> str:
    """The first name under the package, `lvmodels.fit.sem` → `fit`; `__init__` for a name of the package itself."""
    second = dotted.split(".")[1] if "." in dotted else "__init__"
    return "" if second == "__version__" else second if second in RANK else "__init__"


def flow(source: str, module: str, is_package: bool = False) -> Iterator[tuple[Import, str]]:
    """The imports inside the package that the one-way rule is about, with the part they reach."""
    for found in imports(source, module, is_package):
        inside = found.target.split(".")[0] == "lvmodels" and part(found.target)
        if inside and inside not in DOORS.get((part(module), found.door), ()):
            yield found, inside


def against_the_flow(source: str, module: str, is_package: bool = False) -> list[str]:
    mine = part(module)
    return [
        f"{module}:{found.line} imports {found.target}"
        for found, theirs in flow(source, module, is_package)
        if RANK[theirs] > RANK[mine]
    ]


def _typed_options(argument: ast.arg) -> bool:
    """Whether a type checker knows the names of a `**` parameter: `Unpack[Options]`, or `P.kwargs` of a decorator."""
    annotation = ast.unparse(argument.annotation) if argument.annotation else ""
    return annotation.startswith("Unpack[") or annotation == "P.kwargs"


def unwanted(source: str, module: str) -> list[str]:
    """Everything else the house does not have."""
    found = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.arguments) and node.kwarg and not _typed_options(node.kwarg):
            found.append(f"{module}:{node.kwarg.lineno} takes **{node.kwarg.arg}")
        called = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        bare = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if (bare and called in {"eval", "exec", "compile", "__import__"}) or called in {"read_pickle", "to_pickle"}:
            found.append(f"{module}:{line} calls {called}")
        if called == "import_module" and module != "lvmodels":
            found.append(f"{module}:{line} imports by a computed name")
        if bare and called == "print" and part(module) != "cli":
            found.append(f"{module}:{line} prints")
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False":
            found.append(f"{module}:{line} allows pickle")
    found += [
        f"{module}:{i.line} imports {i.target}" for i in imports(source, module) if i.target.split(".")[0] in PICKLERS
    ]
    if part(module) in FRAME_FREE:
        found += [
            f"{module}:{i.line} loads {i.target} at import"
            for i in imports(source, module)
            if not i.deferred and any(f"{i.target}.".startswith(f"{heavy}.") for heavy in HEAVY)
        ]
    if VAGUE & set(module.split(".")):
        found.append(f"{module} has a name that says nothing")
    if source.count("\n") > LONGEST_FILE:
        found.append(f"{module} has {source.count(chr(10))} lines, more than {LONGEST_FILE}")
    return found


def module_name(path: Path) -> str:
    names = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
SOURCES = {module: path.read_text(encoding="utf-8") for module, path in FILES.items()}


def is_package(module: str) -> bool:
    return FILES[module].name == "__init__.py"


def cycles(edges: dict[str, set[str]]) -> list[str]:
    try:
        graphlib.TopologicalSorter(edges).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


# ---- the package ----------------------------------------------------------------------------------------------------


def test_every_module_has_its_place_in_the_layers() -> None:
    homeless = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES.values()} - RANK.keys()
    assert not homeless, f"give {sorted(homeless)} a place in LAYERS, or move them into a package that has one"


@pytest.mark.parametrize("module", FILES)
def test_imports_run_one_way(module: str) -> None:
    assert against_the_flow(SOURCES[module], module, is_package(module)) == []


@pytest.mark.parametrize("module", FILES)
def test_house_rules(module: str) -> None:
    assert unwanted(SOURCES[module], module) == []


def test_no_two_parts_import_each_other() -> None:
    edges: dict[str, set[str]] = {name: set() for name in RANK}
    for module, source in SOURCES.items():
        edges[part(module)] |= {theirs for _, theirs in flow(source, module, is_package(module))} - {part(module)}
    edges["__init__"] = set()  # its names are lazy: nothing below waits for it
    assert cycles(edges) == []


def test_no_two_modules_import_each_other() -> None:
    edges: dict[str, set[str]] = {}
    for module, source in SOURCES.items():
        targets = {found.target for found, _ in flow(source, module, is_package(module))}
        reached = {t if t in FILES else t.rpartition(".")[0] for t in targets} & FILES.keys()
        edges[module] = reached - {module}
    edges["lvmodels"] = set()
    assert cycles(edges) == []


# ---- the checker itself ---------------------------------------------------------------------------------------------

TYPED_DOOR = """
if TYPE_CHECKING:
    from lvmodels.assess.implied import Implied

class Fit:
    def f(self) -> Implied: ...
"""


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lvmodels.errors", "import lvmodels.model.table"),
        ("lvmodels.model.table", "from lvmodels.fit import Fit"),
        ("lvmodels.model.table", "from lvmodels import fit"),
        ("lvmodels.model.table", "from lvmodels import sem"),
        ("lvmodels.model.table", "import lvmodels"),
        ("lvmodels.estimate.solve", "def f():\n    from lvmodels.assess.vcov import vcov"),
        (
            "lvmodels.assess.vcov",
            "class Fit:\n    def report(self):\n        from lvmodels.report.document import write",
        ),
        ("lvmodels.assess.vcov", "from ..report import document"),
        ("lvmodels.fit", "from lvmodels.assess.vcov import vcov"),
        ("lvmodels.fit", "def f():\n    from lvmodels.assess.vcov import vcov"),
        ("lvmodels.fit", "class Fit:\n    from lvmodels.assess.vcov import vcov"),
        ("lvmodels.fit", "class Fit:\n    def f(self):\n        from lvmodels.datasets import load"),
        ("lvmodels.survey", "class Screening:\n    def f(self):\n        from lvmodels.fit import sem"),
        ("lvmodels.survey", "class Survey:\n    def f(self):\n        from lvmodels.assess.vcov import vcov"),
        ("lvmodels.fit", "class Other:\n    def f(self):\n        from lvmodels.assess.vcov import vcov"),
        (
            "lvmodels.fit",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from lvmodels.assess.vcov import vcov",
        ),
    ],
)
def test_checker_sees_an_import_against_the_flow(module: str, source: str) -> None:
    assert len(against_the_flow(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lvmodels.fit", "class Fit:\n    def f(self):\n        from lvmodels.assess.vcov import vcov"),
        ("lvmodels.fit.record", "class Fit:\n    def f(self):\n        from lvmodels.report.document import write"),
        ("lvmodels.fit.record", TYPED_DOOR),
        ("lvmodels.survey.record", "class Screening:\n    def f(self):\n        from lvmodels.assess.vcov import vcov"),
        ("lvmodels.report.document", "from lvmodels import __version__"),
        ("lvmodels.report.document", "import lvmodels.fit\nfrom lvmodels.assess.vcov import vcov\nimport numpy"),
        ("lvmodels.model.table", "from lvmodels.model import syntax\nfrom .syntax import parse"),
        ("lvmodels.cli", "from lvmodels import sem"),
    ],
)
def test_checker_lets_pass_what_runs_with_the_flow(module: str, source: str) -> None:
    assert against_the_flow(source, module) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lvmodels.model.table", "def f(a, **options): ..."),
        ("lvmodels.model.table", "def f(a, **options: Any): ..."),
        ("lvmodels.model.table", "f = lambda **options: options"),
        ("lvmodels.model.table", "eval('1')"),
        ("lvmodels.model.table", "exec('1')"),
        ("lvmodels.model.table", "print('1')"),
        ("lvmodels.model.table", "from importlib import import_module\nimport_module('lvmodels.fit')"),
        ("lvmodels.model.table", "import pickle"),
        ("lvmodels.model.table", "def f():\n    from joblib import load"),
        ("lvmodels.survey.files", "import pandas as pd\npd.read_pickle('x')"),
        ("lvmodels.survey.files", "import numpy as np\nnp.load('x', allow_pickle=True)"),
        ("lvmodels.model.table", "import pandas as pd"),
        ("lvmodels.fit", "from scipy import stats"),
        ("lvmodels.model.utils", ""),
        ("lvmodels.model.table", "x = 1\n" * (LONGEST_FILE + 1)),
    ],
)
def test_checker_sees_what_the_house_does_not_have(module: str, source: str) -> None:
    assert len(unwanted(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lvmodels.cli", "print('report.html')"),
        ("lvmodels.fit", "def f():\n    import pandas as pd"),
        ("lvmodels.fit", "from scipy import special, linalg"),
        ("lvmodels.survey.files", "import pandas as pd\nnp.load('x', allow_pickle=False)"),
        ("lvmodels.model.table", "def f(*names, option=None): ..."),
        ("lvmodels.fit.pipeline", "def f(a, **options: Unpack[FitOptions]): ..."),
    ],
)
def test_checker_lets_pass_what_is_fine(module: str, source: str) -> None:
    assert unwanted(source, module) == []


def test_checker_finds_a_circle() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert cycles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_checker_knows_where_relative_imports_lead() -> None:
    source = textwrap.dedent("""
        from . import syntax
        from ..errors import ModelError
    """)
    assert [i.target for i in imports(source, "lvmodels.model.table")] == [
        "lvmodels.model.syntax",
        "lvmodels.errors.ModelError",
    ]
