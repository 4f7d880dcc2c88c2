"""The example in the README runs and prints what the README says.

`python tests/test_readme.py` writes what the example prints into the README.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
EXAMPLE = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)


def example() -> re.Match[str]:
    found = EXAMPLE.search(README.read_text(encoding="utf-8"))
    assert found, "README.md has no python block followed by a text block"
    return found


def printed(code: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102
    return out.getvalue()


def test_readme_example_prints_what_the_readme_says() -> None:
    assert printed(example()["code"]).split() == example()["output"].split()


def test_readme_example_is_about_ten_lines_long() -> None:
    assert len(example()["code"].splitlines()) <= 16


if __name__ == "__main__":
    found = example()
    text = README.read_text(encoding="utf-8")
    README.write_text(
        text[: found.start("output")] + printed(found["code"]) + text[found.end("output") :], encoding="utf-8"
    )
