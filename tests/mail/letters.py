"""Every letter of the program with values that are hard to print, found by looking through its wording."""

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from training.certificates import letters as certificate_letters
from training.groups import letters as group_letters
from training.languages import Language
from training.mail.actions import Draft
from training.operation import letters as operation_letters
from training.people import letters as people_letters
from training.web.words import Speech

ROOMS: tuple[ModuleType, ...] = (certificate_letters, group_letters, operation_letters, people_letters)
NAME = "Đorđe Müller-O’Neill <Nuñez> & Ştefan"
ADDRESS = "https://training.example/fr/link/secret?a=1&b=2"
VALUES: dict[str, Any] = {
    "name": NAME,
    "address": ADDRESS,
    "until": datetime(2026, 12, 1, 22, 30, 47, tzinfo=UTC),
    "trainer": "Núria “Nur” d’Àvila",
    "group": "Liège & Sarcelles",
    "page": "/en/courses/local-prevention/",
    "words": "The film has no captions.\nI use a <screen reader>.",
    "email": "reader@example.org",
    "new": "new@example.org",
    "number": "LT-2026-000017",
    "contact": "Town hall <privacy@liege.example>, +32 4 221 80 00",
    "reason": "wrong details",
}


def wordings() -> Iterator[Callable[..., Draft]]:
    """Give every function that words a letter."""
    for room in ROOMS:
        for name, found in inspect.getmembers(room, inspect.isfunction):
            if found.__module__ == room.__name__ and found.__annotations__.get("return") is Draft and name[0] != "_":
                yield found


def draft(wording: Callable[..., Draft], language: Language, **other: Any) -> Draft:
    """A letter in a language, with values of `VALUES` or others; one that no letter had before is missing there."""
    values = VALUES | other
    wanted = [name for name in inspect.signature(wording).parameters if name != "speech"]
    return wording(Speech(language, ZoneInfo("Europe/Athens")), **{name: values[name] for name in wanted})
