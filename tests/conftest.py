"""What every test may ask for: a fresh database on each engine, the real content, the app, a cast."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import hypothesis
import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
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


class Compiled(BytecodeCache):
    """The templates of one app, compiled, for the next: they are the same files."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    return Compiled()


@pytest.fixture
def app(settings: Settings, app_database: Database, library: Library, compiled: Compiled) -> Flask:
    """The app over a fresh database and the real content."""
    app = create_app(settings, database=app_database, library=library)
    app.jinja_env.bytecode_cache = compiled
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


@pytest.fixture(scope="session")
def built(
    sqlite_engine: SqliteEngine, library: Library, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    """A whole installation in a file, built once, and what is in it."""
    folder = tmp_path_factory.mktemp("world")
    with sqlite_engine.fresh(folder) as database, database.transaction() as session:
        world = build(casting.assemble(session, library, now=datetime.now(UTC)))
    return folder / "training.sqlite3", world


@pytest.fixture
def world(app_database: Database, built: tuple[Path, World]) -> World:
    """A whole installation behind the app: people of every role in two cities, groups, work, certificates."""
    file, world = built
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(str(app_database.url.database))) as target:
        source.backup(target)
    return world
