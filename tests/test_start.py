"""What keeps the program from starting: each fault is named by file and line, by its variable, or by its address."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from tests.browser.serving import PATIENCE, free_port
from tests.conftest import SECRET, settings_for
from tests.engines import SqliteEngine
from tests.sealing import another_seal, seal_files
from training.app import WrongDatabase, create_app
from training.certificates.keys import SealFault
from training.certificates.office import open_office
from training.cli import app_or_exit
from training.courses.library import Library
from training.settings import ROOT, SettingsFault, read_settings


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The settings of an installation, in the environment."""
    said = {
        "TRAINING_SECRET_KEY": SECRET,
        "TRAINING_DATA_DIR": str(tmp_path),
        "TRAINING_MAIL_URL": f"file://{tmp_path / 'letters'}",
        **seal_files(),
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return said


def refusal() -> str:
    with pytest.raises(click.ClickException) as refused:
        app_or_exit()
    return refused.value.message


@pytest.mark.usefixtures("environment")
def test_a_missing_content_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINING_COURSES_DIR", str(tmp_path / "elsewhere"))
    assert f"{tmp_path / 'elsewhere'}:1: there is no such folder" in refusal()


@pytest.mark.usefixtures("environment")
def test_a_broken_content_file_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "courses" / "broken").mkdir(parents=True)
    (tmp_path / "courses" / "broken" / "course.yaml").write_text("slug: broken\ntitle: {en: One\n  fr: [\n", "utf-8")
    monkeypatch.setenv("TRAINING_COURSES_DIR", str(tmp_path / "courses"))
    assert re.search(r"broken/course\.yaml:\d+: not YAML", refusal())


@pytest.mark.usefixtures("environment")
def test_a_missing_setting_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRAINING_SECRET_KEY")
    assert "TRAINING_SECRET_KEY" in refusal()


@pytest.mark.parametrize(
    "address", ["sqlite:////no-such-folder/training.sqlite3", "postgresql://me:hunter2@127.0.0.1:9/training"]
)
def test_a_database_that_does_not_answer_is_named_by_its_address(
    address: str, tmp_path: Path, library: Library
) -> None:
    with pytest.raises(WrongDatabase) as refused:
        create_app(settings_for(tmp_path, TRAINING_DATABASE_URL=address), library=library)
    shown = address.replace("hunter2", "***").replace("postgresql://", "postgresql+psycopg://")
    assert str(refused.value).startswith(f"{shown}: cannot be used")
    assert "training db upgrade" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_database_without_the_schema_is_named(tmp_path: Path, library: Library) -> None:
    with pytest.raises(WrongDatabase, match=re.escape(str(tmp_path / "training.sqlite3"))):
        create_app(settings_for(tmp_path), library=library)


def test_a_demonstration_never_starts_on_an_installation_with_real_people(
    sqlite_engine: SqliteEngine, tmp_path: Path, library: Library
) -> None:
    with sqlite_engine.fresh(tmp_path) as database:
        settings = read_settings({"TRAINING_DEMO": "1", "TRAINING_DATA_DIR": str(tmp_path)})
        with pytest.raises(WrongDatabase, match="holds an installation with real people"):
            create_app(settings, database=database, library=library)


def test_a_seal_that_does_not_go_together_is_named_by_its_file(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.pem"
    foreign.write_text(another_seal().pem)
    for setting in ("KEY", "CERTIFICATE"):
        with pytest.raises(SealFault, match=re.escape(str(foreign))):
            open_office(settings_for(tmp_path, **{f"TRAINING_SEAL_{setting}": str(foreign)}))
        with pytest.raises(SettingsFault, match=f"TRAINING_SEAL_{setting} .*missing.pem"):
            settings_for(tmp_path, **{f"TRAINING_SEAL_{setting}": str(tmp_path / "missing.pem")})


def test_a_demonstration_makes_its_seal_on_the_spot_and_keeps_it(tmp_path: Path) -> None:
    """What it seals says so on its face; an installation's own pair says so too while it demonstrates."""
    settings = read_settings({"TRAINING_DEMO": "1", "TRAINING_DATA_DIR": str(tmp_path)})
    first, again = open_office(settings).seal, open_office(settings).seal
    assert first.demonstration
    assert first.kid == again.kid
    assert "DEMONSTRATION" in first.certificate.subject.rfc4514_string()
    assert (tmp_path / "seal" / "demonstration.pem").stat().st_mode & 0o077 == 0
    own = read_settings({"TRAINING_DEMO": "1", "TRAINING_DATA_DIR": str(tmp_path), **seal_files()})
    assert open_office(own).seal.demonstration
    assert not open_office(settings_for(tmp_path)).seal.demonstration


def test_an_interrupted_server_ends_with_all_its_processes(environment: Mapping[str, str], tmp_path: Path) -> None:
    """Ctrl-C reaches every process of the terminal at once, and then the server tells each of them again."""
    surroundings = {**os.environ, **environment}
    upgrade = [sys.executable, "-m", "training.cli", "db", "upgrade"]
    subprocess.run(upgrade, cwd=ROOT, env=surroundings, check=True, capture_output=True)
    command = [sys.executable, "-m", "training.cli", "serve", "--port", str(free_port())]
    with (tmp_path / "said").open("w+", encoding="utf-8") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=surroundings, start_new_session=True, stdout=said, stderr=said)
    try:
        until = time.monotonic() + PATIENCE
        while (tmp_path / "said").read_text("utf-8").count("Started worker") < 2 and time.monotonic() < until:
            time.sleep(0.1)
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(PATIENCE) == 0
        assert "Traceback" not in (tmp_path / "said").read_text("utf-8")
        with pytest.raises(ProcessLookupError):
            os.killpg(server.pid, signal.SIGINT)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
