"""A made-up language: every message of the interface and every text of the content between ‹ and ›.

Whatever stands outside them on a page is a word that nobody can translate. The marks stand around the words of a
message and never around a value filled into it, so that a bare word inside a message shows as well.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import polib
from babel.support import NullTranslations

from training.courses.content import Shape, Source, Text
from training.courses.text import Block
from training.languages import Language
from training.settings import ROOT

OPEN, CLOSE = "‹", "›"
Value = TypeVar("Value")
_FILLED = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>|&\w+;)")
_TEXT_NODE = re.compile(r"(?<=>)([^<]+)(?=<)")


def marked(message: str) -> str:
    """Return a message with marks around its words, its placeholders and its markup left as they are."""
    parts = _FILLED.split(message)
    return "".join(part if _FILLED.fullmatch(part) or not part.strip() else f"{OPEN}{part}{CLOSE}" for part in parts)


class MadeUp(NullTranslations):
    """A catalogue that knows every message."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(msgid1 if n == 1 else msgid2)

    ugettext, ungettext = gettext, ngettext


def lay_catalogue(folder: Path) -> None:
    """Write the made-up catalogue where that of English is looked for."""
    source = polib.pofile(str(ROOT / "translations" / "messages.pot"))
    source.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    for entry in source:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: marked(entry.msgid), 1: marked(entry.msgid_plural)}
        else:
            entry.msgstr = marked(entry.msgid)
    place = folder / Language.EN.value / "LC_MESSAGES"
    place.mkdir(parents=True)
    source.save_as_mofile(str(place / "messages.mo"))


def spoken(value: Value) -> Value:
    """Return content with every English text between the marks."""
    found: Any = value
    if isinstance(value, Text):
        found = value.model_copy(update={"en": f"{OPEN}{value.en}{CLOSE}"})
    elif isinstance(value, Source):  # a title stands in its own language on every page
        found = value.model_copy(update={"title": f"{OPEN}{value.title}{CLOSE}", "by": f"{OPEN}{value.by}{CLOSE}"})
    elif isinstance(value, Shape):
        known = {name: getattr(value, name) for name in type(value).model_fields}
        found = value.model_copy(update={name: spoken(one) for name, one in known.items()})
    elif isinstance(value, Block):
        found = replace(value, html=_TEXT_NODE.sub(rf"{OPEN}\1{CLOSE}", value.html))
    elif is_dataclass(value) and not isinstance(value, type):
        found = replace(value, **{one.name: spoken(getattr(value, one.name)) for one in fields(value) if one.init})
    elif isinstance(value, str | Path):
        found = value
    elif isinstance(value, Mapping):
        found = {key: spoken(one) for key, one in value.items()}
    elif isinstance(value, Sequence):
        found = type(value)([spoken(one) for one in value])  # type: ignore[call-arg]
    return cast("Value", found)


def bare(text: str) -> str:
    """Return what is left of a text when everything between marks is taken away."""
    before = None
    while before != text:
        before, text = text, re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", text)
    return " ".join(text.split())
