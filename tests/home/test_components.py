"""The living page of components: all of them, where no real people are, and nowhere else."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from tests.conftest import settings_for
from tests.pages import Visitor
from training import schema
from training.app import create_app
from training.courses.library import Library
from training.db import Database
from training.settings import ROOT

TEMPLATES = ROOT / "training" / "web" / "templates"


@pytest.fixture
def demonstration(tmp_path: Path, library: Library) -> Flask:
    database = Database(make_url(f"sqlite:///{tmp_path / 'training.sqlite3'}"))
    schema.upgrade(database, demo=True, now=datetime.now(UTC))
    app = create_app(settings_for(tmp_path, TRAINING_DEMO="1"), database=database, library=library)
    app.testing = True
    return app


def test_every_macro_is_called_on_the_living_page_or_in_its_frame() -> None:
    macros = re.findall(r"macro ([a-z]\w*)\(", (TEMPLATES / "components.html").read_text())
    drawn = "".join((TEMPLATES / name).read_text() for name in ("components_page.html", "layout.html"))
    assert len(macros) > 20
    assert [name for name in macros if f"ui.{name}(" not in drawn] == []


def test_a_demonstration_draws_the_living_page(demonstration: Flask) -> None:
    page = Visitor(demonstration).get("/en/components")
    assert page.heading == "Components and patterns"
    for shown in ("button-danger", "fault-summary", "verdict-revoked", "stop-preparation", "state-late", "next-step"):
        assert shown in page.html, shown


def test_an_installation_with_real_people_does_not(visitor: Visitor) -> None:
    visitor.get("/en/components", status=404)
