"""The house stands as it was drawn: each import contract catches its fault, and the smells of the trade stay out."""

import configparser
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from training import schema
from training.db import Base
from training.settings import ROOT

BIN = Path(sys.executable).parent

# Floors and rooms

PLANTED: Mapping[str, tuple[str, str, str]] = {
    "floors": ("training/web/guard.py", "import training.people.queries", "training.web is not allowed to import"),
    "rooms": ("training/quizzes/utils.py", "", "training.quizzes.utils"),
    "pages": ("training/home/queries.py", "import training.people.pages", "training.home.queries"),
    "pure-rules": ("training/quizzes/rules.py", "import sqlalchemy", "training.quizzes.rules -> sqlalchemy"),
    "web-stops": ("training/quizzes/actions.py", "import flask", "training.quizzes.actions -> flask"),
    "onlookers": (
        "training/reports/queries.py",
        "import training.progress.actions",
        "training.reports.queries -> training.progress.actions",
    ),
    "door-login": ("training/people/labels.py", "import flask_login", "training.people.labels -> flask_login"),
    "door-babel": ("training/people/labels.py", "import flask_babel", "training.people.labels -> flask_babel"),
    "door-wtf": ("training/people/labels.py", "import flask_wtf", "training.people.labels -> flask_wtf"),
    "door-pyhanko": (
        "training/certificates/documents.py",
        "import pyhanko.sign",
        "training.certificates.documents -> pyhanko",
    ),
    "door-pyld": ("training/certificates/documents.py", "import pyld", "training.certificates.documents -> pyld"),
    "film-rooms": ("training/films/misc.py", "", "training.films.misc"),
    "no-circles": ("training/quizzes/queries.py", "import training.quizzes.actions", "training.quizzes"),
}
"""For each contract: a file, the line that is written at its end, and what the linter says of it."""


def contracts() -> list[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return [name.removeprefix("importlinter:contract:") for name in parser.sections() if ":contract:" in name]


def linted(house: Path) -> str:
    done = subprocess.run([BIN / "lint-imports", "--no-cache"], cwd=house, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package in which faults may be planted."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "training", copy / "training", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copyfile(ROOT / ".importlinter", copy / ".importlinter")
    return copy


def test_every_contract_has_a_fault_that_tries_it() -> None:
    assert set(contracts()) == set(PLANTED)


def test_every_planted_fault_is_caught(house: Path) -> None:
    assert f"{len(contracts())} kept, 0 broken" in linted(house)
    for path, line, _said in PLANTED.values():
        with (house / path).open("a") as file:
            file.write(f"\n{line}\n")
    (house / "training" / "helpers").mkdir()
    (house / "training" / "helpers" / "__init__.py").touch()
    said = linted(house)
    assert f"0 kept, {len(contracts())} broken" in said
    for name, (_path, _line, words) in PLANTED.items():
        assert words in said, name
    assert "training.helpers" in said, "a folder that no floor names"


# Smells

PAGES = re.compile(r"pages\.py$")
COMMITS = {"training/cli.py", "training/backup.py", "training/db.py", "training/web/requests.py"}


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file() and (not suffixes or file.suffix in suffixes)]


def shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def lines_with(pattern: str, files: list[Path]) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{shown(file)}:{number}: {line.strip()[:120]}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if wanted.search(line)
    ]


def code() -> list[Path]:
    return [file for file in tracked(".py") if shown(file).startswith("training/")]


def test_only_pages_and_commands_end_a_transaction() -> None:
    others = [file for file in code() if not PAGES.search(file.name) and shown(file) not in COMMITS]
    assert lines_with(r"\.(commit|rollback)\(\)", others) == []


def test_rules_have_no_hidden_clock() -> None:
    assert lines_with(r"\b(now|today)\(|\btime\.time\(", [file for file in code() if file.name == "rules.py"]) == []


def test_the_environment_is_read_in_one_place() -> None:
    allowed = {"training/settings.py", "training/migrations/env.py", "training/cli.py", "training/server.py"}
    files = [file for file in code() if shown(file) not in allowed and "commands" not in file.name]
    assert lines_with(r"os\.environ|getenv\(|current_app\.config", files) == []


def test_roles_are_compared_in_the_guard_and_refusals_are_made_there() -> None:
    """A page that asks for a role by itself escapes the table of permissions."""
    allowed = {"training/web/guard.py", "training/web/visitor.py", "training/access.py"}
    files = [file for file in code() if shown(file) not in allowed]
    assert lines_with(r"abort\(401\)", [file for file in files if PAGES.search(file.name)]) == []
    assert lines_with(r"TYPE_CHECKING", files) == []


def test_no_room_is_a_drawer() -> None:
    drawers = re.compile(r"(^|/)(utils?|helpers?|common|misc|manager|service)\.py$")
    assert [shown(file) for file in tracked(".py") if drawers.search(shown(file))] == []


def test_no_room_is_longer_than_can_be_read() -> None:
    lengths = {shown(file): len(file.read_text(encoding="utf-8").splitlines()) for file in code()}
    long = {name: length for name, length in lengths.items() if length > 300 and "/migrations/" not in name}
    assert long == {}


def test_no_template_has_style_or_script_inside() -> None:
    templates = [file for file in tracked(".html") if shown(file).startswith("training/")]
    templates = [file for file in templates if "verifier_page" not in shown(file)]  # one file, kept and opened offline
    assert len(templates) > 30
    assert lines_with(r"\s(style|on[a-z]+)=\"|<script>|<style", templates) == []


def test_no_script_or_style_names_a_foreign_host() -> None:
    files = [file for file in tracked(".js", ".css", ".svg", ".html") if shown(file).startswith("training/")]
    assert lines_with(r"(src=|href=|url\(|@import|from|fetch\(|import\()\s*[\"']?(https?:)?//[a-z]", files) == []


def test_no_message_is_put_together_from_pieces() -> None:
    assert lines_with(r"\b_\(\s*f\"|\b_\([^)]*\"\s*\+|gettext\(\s*f\"", code()) == []


HOSTS = re.compile(r"(pypi|npmjs|pythonhosted|debian)\.(org|com|net)")
PLACES = re.compile(r"(^|[^\w.-])/(work|farm|root|tmp)/[\w.]")
TEXT = {".py", ".md", ".html", ".js", ".css", ".yaml", ".json", ".toml", ".txt", ".in", ".lock", ".sh", ".typ", ""}


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    files = [file for file in tracked() if file.suffix in TEXT and file != Path(__file__)]
    found = [
        f"{shown(file)}: {line.strip()[:100]}"
        for file in files
        for line in file.read_text(encoding="utf-8", errors="ignore").splitlines()
        if (HOSTS.search(line) and "docs/decisions" not in shown(file))
        or (PLACES.search(line) and file.suffix != ".lock")
    ]
    assert found == []


# The data dictionary


@pytest.mark.parametrize("table", sorted(schema.metadata().tables))
def test_every_table_says_what_erasure_does_and_every_column_what_it_tells_of_a_person(table: str) -> None:
    model = next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table.name == table)  # type: ignore[attr-defined]
    assert model.erasure.does in {"delete", "cut", "keep", "nothing"}
    assert model.erasure.why.endswith("."), "a reason is a sentence"
    unsaid = [column.name for column in model.__table__.columns if "privacy" not in column.info]
    assert unsaid == []


def test_what_points_to_a_person_is_not_said_to_be_about_nobody() -> None:
    for mapper in Base.registry.mappers:
        table = mapper.class_.__table__
        points = any(key.column.table.name == "person" for key in table.foreign_keys) or "person_id" in table.columns
        if points:
            assert mapper.class_.erasure.does != "nothing", table.name


def test_no_relationship_reads_the_database_behind_ones_back() -> None:
    for mapper in Base.registry.mappers:
        assert all(one.lazy == "raise" for one in mapper.relationships), mapper.class_.__name__
