"""Compiling the catalogues of `translations/`: done by every process before it words anything.

A document is kept as it was made first: a process that found no catalogue would seal English words under another
language for good.
"""

import contextlib
import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from training.languages import Language
from training.settings import ROOT

TRANSLATIONS = ROOT / "translations"


class CatalogueFault(Exception):
    """A catalogue is missing, or cannot be read or compiled; the message names the file."""


def compile_catalogues(folder: Path = TRANSLATIONS) -> None:
    """Compile the messages of each language, where the text is newer than what was compiled from it.

    English stands in the code itself. Raises `CatalogueFault`.
    """
    for language in set(Language) - {Language.EN}:
        source = folder / language.value / "LC_MESSAGES" / "messages.po"
        try:
            _compile(source, language)
        except (OSError, ValueError, PoFileError) as error:
            raise CatalogueFault(f"{source}: the words of {language.value} cannot be used ({error})") from error


def _compile(source: Path, language: Language) -> None:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    with source.open("rb") as text:
        catalogue = read_po(text, locale=language.value, abort_invalid=True)
    fresh = target.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as compiled:
        write_mo(compiled, catalogue)
    with contextlib.suppress(FileNotFoundError):
        fresh.replace(target)
