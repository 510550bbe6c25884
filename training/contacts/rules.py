"""What a town's contact card says, and for how long it is good. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from training.languages import Language

CONFIRMED_FOR = timedelta(days=365)
"""How long after its administrator last saved it a card counts as right."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """The contacts of one city or region. An office, never a private person; empty is what there is not."""

    names: Mapping[str, str]
    """What the office is called, by language; one at least."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Hours, and what happens when somebody writes or calls, by language."""
    telephone: str = ""
    text_message: str = ""
    """A number for text messages, for those who do not hear or would rather write."""
    email: str = ""
    website: str = ""
    confirmed_on: date

    def name(self, reader: Language) -> tuple[Language, str]:
        """Return the name in the reader's language, or in the first that it has, with that language."""
        return _in_language(self.names, reader) or (reader, "")

    def note(self, reader: Language) -> tuple[Language, str] | None:
        """Return the note in the reader's language, or in the first that it has; nothing where there is none."""
        return _in_language(self.notes, reader)

    def is_old(self, today: date) -> bool:
        """Whether nobody has confirmed the card for a year."""
        return today - self.confirmed_on > CONFIRMED_FOR

    def document(self) -> dict[str, Any]:
        """Return the card as it is kept."""
        return {
            "names": dict(self.names),
            "notes": dict(self.notes),
            "telephone": self.telephone,
            "text_message": self.text_message,
            "email": self.email,
            "website": self.website,
            "confirmed_on": self.confirmed_on.isoformat(),
        }


def card_of(document: Mapping[str, Any]) -> Card:
    """Return the card that was kept as a document."""
    return Card(**{**document, "confirmed_on": date.fromisoformat(document["confirmed_on"])})


def _in_language(texts: Mapping[str, str], reader: Language) -> tuple[Language, str] | None:
    order = [reader, *(language for language in Language if language is not reader)]
    return next(((language, texts[language.value]) for language in order if texts.get(language.value)), None)
