"""Every page of every role under axe-core, light and dark, 320 pixels wide (1280 at 400 %), and in forced colours."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import make_url

from tests.browser.serving import PATH, QUIZ, Served, free_port, opened
from tests.contract.test_access import ROLES, table
from tests.routes import routes
from tests.world import World
from training import schema
from training.app import create_app
from training.db import Database
from training.languages import Language
from training.settings import read_settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COLOURS = {"runOnly": ["color-contrast"]}
MORE_CONTRAST = {"runOnly": ["color-contrast-enhanced"]}
"""Seven to one, 4.5 for large letters (WCAG 2.2, 1.4.6)."""
THICK = 4
"""Pixels of a ring around what has the focus that nobody overlooks; without the wish it has three."""
NARROW = {"width": 320, "height": 256}
"""What is left of a window of 1280 by 1024 pixels at 400 % (WCAG 2.2, 1.4.10)."""
WIDE = {"width": 1280, "height": 900}
BROKEN = 500
EVERYBODY = ("", "courses/local-prevention/", "account")
"""Pages that look different for each role: the menu at least."""


@dataclass(frozen=True)
class Place:
    """A page as somebody sees it. `out` is a stranger, `newcomer` has done nothing yet."""

    role: str
    path: str


@pytest.fixture(scope="module")
def world(server: Served) -> World:
    server.start()
    return server.build_world()


@pytest.fixture(scope="module")
def places(server: Served, world: World) -> list[Place]:
    """Every address that answers with a page, for the lowest role that may see it; and every state of a page."""
    settings = read_settings(server.environment)
    app = create_app(settings, database=server.database, library=server.library)
    outcomes = {key: line.outcomes for key, line in table().items()}
    found = []
    for route in routes(app):
        may = [role for role in ROLES if outcomes[str(route)][role] == "ok"]
        if route.method == "GET" and may:
            found.append(Place(may[0], route.path(app, world, language=Language.DE)))
    inside = [role for role in ROLES if role != "out"]
    found += [Place(role, f"/de/{path}") for role in inside for path in EVERYBODY]
    states = [
        ("newcomer", ""),
        ("newcomer", QUIZ),
        ("newcomer", "progress"),
        ("newcomer", "groups/"),
        ("newcomer", "account/others"),
        ("newcomer", "account/certificates"),
        ("out", "?minutes=10"),
        ("participant", "?minutes=10"),
        ("out", "search?q=Prävention"),
        ("out", "search?q=xyzzy"),
        ("out", "no/such/page"),
        ("participant", "admin/"),
        ("out", "join/AAAA-AAAA"),
        ("out", f"verify/{world.revoked_code}"),
        ("out", "verify/AAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("trainer", f"groups/{world.aggregate_group}/"),
        ("trainer", f"groups/{world.empty_group}/"),
        ("trainer", f"groups/{world.empty_group}/questions/understanding"),
        ("administrator", f"admin/certificates/{world.revoked_certificate}"),
        ("administrator", "admin/people?q=xyzzy"),
    ]
    return list(dict.fromkeys([*found, *(Place(role, f"/de/{path}") for role, path in states)]))


@contextmanager
def seen_by(browser: Browser, served: Served, world: World, role: str, **options: object) -> Iterator[Page]:
    with opened(browser, served, **({"reduced_motion": "reduce"} | options)) as page:  # no colour on its way
        if role != "out":
            served.enter(page.context, getattr(world, role))
        yield page


def findings(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    result = Axe().run(page, options=options).response
    return [
        f"{page.url}: {found['id']}: {node['target']} {node.get('failureSummary', '')[:160]}"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def spill(page: Page) -> list[str]:
    """Return what makes a page wider than its window."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return [f"{page.url}: {width} pixels wide"] if width > NARROW["width"] else []


@pytest.fixture(scope="module")
def showroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demonstration, the only place that shows the page of components."""
    folder = tmp_path_factory.mktemp("showroom")
    database = Database(make_url(f"sqlite:///{folder / 'training.sqlite3'}"))
    schema.upgrade(database, demo=True, now=datetime.now(UTC))
    found = Served(folder, database, free_port(), more={"TRAINING_DEMO": "1"})
    found.start()
    yield found
    found.stop()
    database.close()


@pytest.mark.parametrize("role", [*ROLES, "newcomer"])
def test_every_page_is_clean_in_light_and_dark_and_fits_a_narrow_window(
    served: Served, chromium: Browser, world: World, places: list[Place], role: str
) -> None:
    faults = []
    with seen_by(chromium, served, world, role, viewport=WIDE) as page:
        for place in places:
            answer = page.request.get(place.path) if place.role == role else None
            if answer is None or "text/html" not in answer.headers["content-type"]:
                continue
            if "attachment" in answer.headers.get("content-disposition", ""):
                continue
            page.emulate_media(color_scheme="light")
            page.goto(place.path)
            faults += [f"{place}: {answer.status}"] if answer.status >= BROKEN else []
            faults += findings(page) + spill(page)
            page.emulate_media(color_scheme="dark")
            faults += findings(page, COLOURS)
    assert faults == []


def test_the_walk_reaches_every_kind_of_page(places: list[Place]) -> None:
    assert len(places) > 80
    assert {place.role for place in places} == {*ROLES, "newcomer"}


@pytest.mark.parametrize("language", [language for language in Language if language is not Language.DE])
def test_a_sample_is_clean_in_the_other_languages(
    served: Served, chromium: Browser, world: World, language: Language
) -> None:
    sample = [
        ("out", ["", PATH, "register"]),
        ("participant", [QUIZ, f"{QUIZ}/attempts/1"]),
        ("trainer", [f"groups/{world.group}/"]),
        ("administrator", ["admin/certificates/"]),
    ]
    faults = []
    for role, paths in sample:
        with seen_by(chromium, served, world, role, viewport=WIDE) as page:
            for path in paths:
                page.goto(f"/{language}/{path}")
                faults += findings(page) + spill(page)
    assert faults == []


def test_a_form_that_is_refused_is_clean_and_leads_to_its_first_fault(
    served: Served, chromium: Browser, world: World
) -> None:
    with seen_by(chromium, served, world, "out") as page:
        page.goto("/de/register")
        page.locator("main form button[type=submit]").click()
        page.wait_for_selector("[role=alert]")
        assert findings(page) == []
        assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.name") == "name"


def test_whatever_question_is_drawn_fits_a_narrow_window(served: Served, chromium: Browser, world: World) -> None:
    """A chapter draws other questions for each attempt: some German word is always longer than the rest."""
    long = "(nodes) => nodes.forEach((node) => { node.textContent = 'Radikalisierungspräventionsnetz'.repeat(2); })"
    with seen_by(chromium, served, world, "participant", viewport=WIDE) as page:
        for path in (QUIZ, f"{QUIZ}/attempts/1"):
            page.goto(f"/de/{path}")
            words = page.locator(":is(.question-text, .option > label, .feedback, .letters li > span):not(:has(*))")
            assert words.count() > 1, path
            words.evaluate_all(long)
            assert spill(page) == []


def test_forced_colours_leave_every_state_to_be_seen(served: Served, chromium: Browser, world: World) -> None:
    """Backgrounds and shadows are gone then: what is chosen, what is here and what can be pressed has a line."""
    options = {"viewport": WIDE, "forced_colors": "active", "color_scheme": "dark"}
    line = "(node) => [getComputedStyle(node).borderTopStyle, getComputedStyle(node).outlineStyle]"
    with seen_by(chromium, served, world, "participant", **options) as page:
        page.goto(f"/de/{QUIZ}")
        page.locator("[data-kind=one] [name=option]").first.check(force=True)
        for part in (".button-secondary", ".question", ".option:has(:checked)", "input:checked"):
            assert "solid" in page.locator(part).first.evaluate(line) or part == "input:checked", part
        appearance = "(node) => getComputedStyle(node).appearance"
        assert page.locator("input:checked").first.evaluate(appearance) == "auto"
        colour = "(node) => getComputedStyle(node).backgroundColor"
        page.goto(f"/de/{PATH}")
        lit = page.locator(".pane-lit").first.evaluate(colour)
        assert findings(page, COLOURS) == []
    with opened(chromium, served, **options) as page:
        page.goto(f"/de/{PATH}")
        assert page.locator(".pane").first.evaluate(colour) != lit


def test_every_component_is_clean_in_light_and_dark_and_with_more_contrast(showroom: Served, chromium: Browser) -> None:
    faults = []
    with opened(chromium, showroom, viewport=WIDE, reduced_motion="reduce") as page:
        page.goto("/en/components")
        faults += findings(page) + spill(page)
        page.emulate_media(color_scheme="dark")
        faults += findings(page, COLOURS)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, contrast="more")
            faults += findings(page, MORE_CONTRAST)
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_wants_more_contrast_gets_seven_to_one_and_a_thicker_ring(
    served: Served, chromium: Browser, world: World, scheme: str
) -> None:
    sample = {
        "out": ["", "courses/local-prevention/", PATH, "help-now", "register", "sources"],
        "participant": ["", QUIZ, f"{QUIZ}/attempts/1", "progress", "account/certificates"],
        "trainer": [f"groups/{world.group}/"],
        "administrator": ["admin/", "admin/certificates/register", f"admin/certificates/{world.revoked_certificate}"],
    }
    faults = []
    options = {"viewport": WIDE, "contrast": "more", "color_scheme": scheme}
    for role, paths in sample.items():
        with seen_by(chromium, served, world, role, **options) as page:
            for path in paths:
                page.goto(f"/de/{path}")
                faults += findings(page, MORE_CONTRAST)
            page.keyboard.press("Tab")
            ring = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
            faults += [] if ring >= THICK else [f"{page.url}: a ring of {ring} pixels"]
    assert faults == []


@pytest.mark.parametrize("width", [320, 360, 1440])
def test_a_trainers_table_keeps_names_and_signs_whole(
    served: Served, chromium: Browser, world: World, width: int
) -> None:
    """With results and six chapters it is wide: names once broke into letters, and signs shrank to nothing."""
    narrowest = "(nodes) => Math.min(...nodes.map((node) => node.getBoundingClientRect().width))"
    with seen_by(chromium, served, world, "trainer", viewport={"width": width, "height": 800}) as page:
        page.goto(f"/de/groups/{world.group}/")
        assert page.locator(".marks").count() > 1
        assert page.locator(".table-grid tbody th").evaluate_all(narrowest) >= 100
        assert page.locator(".state .icon").evaluate_all(narrowest) >= 16


def test_who_wants_no_motion_gets_none(served: Served, chromium: Browser, world: World) -> None:
    with seen_by(chromium, served, world, "out", reduced_motion="reduce") as page:
        page.goto(f"/de/{PATH}")
        page.mouse.wheel(0, 2000)
        assert page.evaluate("document.getAnimations().length") == 0
        moving = """() => [...document.querySelectorAll('a, button, summary')].filter(
          (one) => parseFloat(getComputedStyle(one).transitionDuration) > 0)"""
        assert page.evaluate(f"({moving})().length") == 0
