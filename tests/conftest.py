"""What every test may ask for: a fresh database on each engine, the real content, the app, a cast."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import hypothesis
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import cast as casting
from tests.engines import Engine, PostgresEngine, SqliteEngine
from tests.pages import Visitor, email_of
from tests.sealing import seal_files
from tests.world import World, build
from training.app import create_app
from training.courses.library import Library
from training.courses.load import load_library
from training.db import Database
from training.settings import ROOT, Settings, read_settings
from training.web.catalogues import compile_catalogues

hypothesis.settings.register_profile("gate", deadline=None, derandomize=True, max_examples=60, print_blob=True)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz-for-tests-only"


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> SqliteEngine:
    return SqliteEngine(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_engine() -> Iterator[PostgresEngine]:
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a short path: sockets have 107 characters at most
    engine = PostgresEngine(folder)
    yield engine
    engine.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite_engine", "postgres_engine"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn: what uses this fixture is tested on both."""
    found: Engine = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def database(engine: Engine, tmp_path: Path) -> Iterator[Database]:
    """An empty database with the schema, on each engine."""
    with engine.fresh(tmp_path) as database:
        yield database


@pytest.fixture(scope="session")
def library() -> Library:
    """The real content, read once."""
    return load_library(ROOT / "courses", ROOT / "videos_manifest.json")


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session: actions and queries are tested in one transaction."""
    with database.transaction() as session:
        yield session


@pytest.fixture
def cast(session: Session, library: Library) -> casting.Cast:
    """An empty stage on each engine, with noise behind it."""
    stage = casting.assemble(session, library)
    casting.noise(stage)
    return stage


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for(tmp_path_factory.mktemp("data"))


def settings_for(folder: Path, **more: str) -> Settings:
    """The settings of an installation in a folder."""
    return read_settings(
        {
            "TRAINING_SECRET_KEY": SECRET,
            "TRAINING_DATA_DIR": str(folder),
            "TRAINING_FREE_REGISTRATION": "1",
            **seal_files(),
            "TRAINING_MAIL_URL": f"file://{folder / 'outbox'}",
            **more,
        }
    )


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    compile_catalogues()


@pytest.fixture
def app_database(sqlite_engine: SqliteEngine, tmp_path: Path) -> Iterator[Database]:
    """The database behind pages: SQLite; the few promises that depend on the engine ask for both."""
    with sqlite_engine.fresh(tmp_path) as database:
        yield database


@pytest.fixture
def app(settings: Settings, app_database: Database, library: Library) -> Flask:
    """The app over a fresh database and the real content."""
    app = create_app(settings, database=app_database, library=library)
    app.testing = True
    return app


@pytest.fixture
def stage(app_database: Database, library: Library) -> Callable[[Callable[[casting.Cast], None]], None]:
    """Set the stage of a page test: `stage(lambda cast: …)` commits what the cast does."""

    def run(play: Callable[[casting.Cast], None]) -> None:
        with app_database.transaction() as session:
            play(casting.assemble(session, library))

    return run


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody without an account."""
    return Visitor(app)


@pytest.fixture
def signed_in(app: Flask) -> Callable[[UUID], Visitor]:
    """Return the browser of a person who has signed in."""

    def enter(person_id: UUID) -> Visitor:
        return Visitor(app).sign_in(email_of(app, person_id))

    return enter


@pytest.fixture
def world(app_database: Database, library: Library) -> World:
    """A whole installation behind the app: people of every role in two cities, groups, work, certificates."""
    with app_database.transaction() as session:
        return build(casting.assemble(session, library, now=datetime.now(UTC)))
