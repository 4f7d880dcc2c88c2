"""The report in a real browser: no error, no request, no sideways scrolling, and it prints."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import lvmodels as lv
from lvmodels.report.document import report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
         "--disable-component-update"]  # fmt: skip
WIDTHS = (320, 380, 768, 1200)


def chromium() -> str | None:
    """The browser of the system, or the one that CHROMIUM names."""
    named = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in named if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api")
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this computer; install it, or name it in CHROMIUM")
    with playwright.sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=["demo", "groups in Chinese", "hostile", "one variable", "screening"])
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    if request.param == "demo":
        return report(lv.sem(lv.datasets.model("ecsi_mobi"), lv.datasets.load("ecsi_mobi")), folder / "r")
    if request.param == "screening":
        found = lv.screen(lv.datasets.load("corp_rep"), rules={"longstring": 8, "mahalanobis": "exclude"})
        return found.report(folder / "r", found.sensitivity("L =~ cusl_1 + cusl_2 + cusl_3\nL ~ cusa"))
    schools = lv.datasets.load("holzinger_swineford")
    if request.param == "groups in Chinese":
        fit = lv.cfa(lv.datasets.model("holzinger_swineford"), schools, group="school")
        return report(fit, folder / "r", language="zh")
    if request.param == "one variable":
        return report(lv.sem("x1 ~ x2", schools), folder / "r")
    script = "<script>document.title = 'taken'</script>"
    long_name = "a_name_without_any_place_to_break_" * 4
    data = schools.answers.rename(columns={"x1": script, "x2": long_name})
    return report(lv.cfa(f"F =~ `{script}` + {long_name} + x3", data), folder / "r", title=f"{script} {long_name}")


@pytest.fixture
def opened(browser: Browser, page_file: Path) -> Iterator[tuple[Page, list[str], list[str]]]:
    """The page, with what the console said and what was asked for."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda wanted: asked.append(wanted.url))
    page.goto(page_file.as_uri())
    yield page, said, asked
    context.close()


def test_console_is_silent_and_nothing_is_asked_for(opened: tuple[Page, list[str], list[str]], page_file: Path) -> None:
    page, said, asked = opened
    page.wait_for_load_state("load")
    assert said == []
    assert asked == [page_file.as_uri()]
    assert page.title() != "taken"


def test_page_does_not_scroll_sideways(opened: tuple[Page, list[str], list[str]]) -> None:
    page, _, _ = opened
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_link_of_the_contents_leads_to_its_section(opened: tuple[Page, list[str], list[str]]) -> None:
    page, _, _ = opened
    targets = page.eval_on_selector_all("nav a", "links => links.map(a => document.querySelector(a.hash) !== null)")
    assert len(targets) > 8
    assert all(targets)


def test_diagram_is_seen(opened: tuple[Page, list[str], list[str]]) -> None:
    page, _, _ = opened
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        box = page.locator("svg").first.bounding_box()
        assert box is not None
        assert box["width"] > 100
        assert box["height"] > 30


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Browser, page_file: Path, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(page_file.as_uri())
    ratio = page.evaluate(
        """() => {
            const light = name => {
                const probe = document.createElement('span');
                probe.style.color = getComputedStyle(document.documentElement).getPropertyValue(name);
                document.body.append(probe);
                const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255);
                const [r, g, b] = parts.map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                return .2126 * r + .7152 * g + .0722 * b;
            };
            const ground = light('--ground');
            return ['--ink', '--soft', '--accent', '--warn', '--grave'].map(name => {
                const [a, b] = [light(name), ground].sort((x, y) => y - x);
                return (a + .05) / (b + .05);
            });
        }"""
    )
    context.close()
    assert min(ratio) >= 4.5, ratio  # WCAG 2.2, contrast (minimum)


def test_page_prints(opened: tuple[Page, list[str], list[str]], tmp_path: Path) -> None:
    page, _, _ = opened
    content = page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") >= 2
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 1000})  # an A4 page less its margins, in pixels of 1/96 inch
    assert page.evaluate("document.documentElement.scrollWidth") <= 673
    assert not page.locator("nav").is_visible()
