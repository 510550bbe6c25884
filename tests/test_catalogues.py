"""The words of the interface: every message of the code stands in all catalogues, whole."""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.conftest import SECRET
from tests.sealing import seal_files
from training.languages import Language
from training.settings import ROOT
from training.web.catalogues import CatalogueFault, compile_catalogues

OTHERS = [language for language in Language if language is not Language.EN]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The messages that stand in the code and the templates now, taken as `make catalogues` takes them."""
    template = tmp_path_factory.mktemp("words") / "messages.pot"
    program = Path(sys.executable).parent / "pybabel"
    command: list[str | Path] = [
        program,
        "-q",
        "extract",
        "-F",
        "pyproject.toml",
        "-k",
        "lazy",
        "-k",
        "said",
        "-o",
        template,
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    with template.open("rb") as text:
        return read_po(text)


@cache
def catalogue(language: Language) -> Catalog:
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as text:
        return read_po(text, locale=language.value)


def forms(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [""])


def placeholders(message: Message) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[ds]", "".join(forms(message.id))))


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_worded_in_every_language(extracted: Catalog, language: Language) -> None:
    """After a change of words: `make catalogues`, then fill the four files."""
    assert len(extracted) > 1000
    missing = []
    for message in extracted:
        found = catalogue(language).get(message.id[0] if isinstance(message.id, tuple) else message.id)
        if message.id and (found is None or found.fuzzy or not all(forms(found.string))):
            missing.append(forms(message.id)[0])
    assert missing == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_the_same_values(extracted: Catalog, language: Language) -> None:
    for message in extracted:
        found = catalogue(language).get(message.id[0] if isinstance(message.id, tuple) else message.id)
        if message.id and found is not None:
            used = set(re.findall(r"%\((\w+)\)[ds]", forms(found.string)[-1]))
            assert used == placeholders(message), message.id


def test_french_signs_stand_off_by_a_narrow_blank_that_does_not_break() -> None:
    loose = [
        text
        for message in catalogue(Language.FR)
        for text in forms(message.string)
        if re.search(r"(?<![\u202f\u00a0]) [;:!?»]|« ", text)
    ]
    assert loose == []


def test_no_other_name_hides_messages_from_the_catalogues() -> None:
    """What takes messages out of the code knows these names alone."""
    alias = re.compile(r"(\w+)\s*=\s*\w+\.n?gettext$")
    lines = [line for file in (ROOT / "training").rglob("*.py") for line in file.read_text("utf-8").splitlines()]
    assert {found.group(1) for line in lines if (found := alias.search(line.strip()))} <= {"said", "str", "ngettext"}


START = """
import os, sys
sys.path.insert(0, os.getcwd())
from datetime import UTC, datetime
from pathlib import Path
from training import schema, work
from training.app import create_app
from training.certificates.production import speech_of
from training.db import Database
from training.languages import Language
from training.settings import read_settings
from training.web.words import catalogue
said = lambda: speech_of(Language.DE).gettext("Certificate of completion")
settings = read_settings(os.environ)
schema.upgrade(Database(settings.database_url), demo=False, now=datetime.now(UTC))
create_app(settings)
print(said())
for file in Path("translations").rglob("*.mo"):
    file.unlink()
catalogue.cache_clear()
work.push = lambda *_: sys.exit(print(said()))
work.run(settings)
"""


def test_whatever_process_finds_no_compiled_catalogue_compiles_it_before_it_words_anything(tmp_path: Path) -> None:
    """Otherwise a certificate would be sealed in English words under another language, for good."""
    for folder in ("training", "translations"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
    environment = os.environ | seal_files() | {
        "TRAINING_SECRET_KEY": SECRET,
        "TRAINING_DATABASE_URL": f"sqlite:///{tmp_path}/database.sqlite3",
        "TRAINING_DATA_DIR": str(tmp_path / "data"),
        "TRAINING_MAIL_URL": f"file://{tmp_path}/letters",
        "TRAINING_COURSES_DIR": str(ROOT / "courses"),
        "TRAINING_VIDEOS_MANIFEST": str(ROOT / "videos_manifest.json"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["Teilnahmebescheinigung"] * 2, done.stderr


def test_a_catalogue_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "translations", tmp_path / "translations", ignore=shutil.ignore_patterns("*.mo"))
    file = tmp_path / "translations" / "it" / "LC_MESSAGES" / "messages.po"
    for spoil in (lambda: file.write_bytes(b'msgid "\xff"'), file.unlink):
        spoil()
        with pytest.raises(CatalogueFault, match=re.escape(str(file))):
            compile_catalogues(tmp_path / "translations")
