"""Content made up for tests: questions of each kind, in five languages that differ by a prefix; contact cards."""

import hashlib
from datetime import date

from training.contacts.rules import Card
from training.courses.content import Text
from training.courses.manifest import Film
from training.courses.questions import Extremism, Kind, Option, Outcome, Profession, Question
from training.languages import Language


def text(words: str) -> Text:
    """Return a text whose five languages can be told apart."""
    return Text.model_validate({language.value: f"{language.value}: {words}" for language in Language})


def option(identifier: str, *, right: bool = False, partner: bool = False) -> Option:
    return Option(
        id=identifier,
        text=text(identifier),
        feedback=text(f"about {identifier}"),
        right=right,
        partner=text(f"beside {identifier}") if partner else None,
    )


def question(
    identifier: str = "question",
    kind: Kind = Kind.ONE,
    *,
    options: tuple[str, ...] = ("a", "b", "c"),
    right: tuple[str, ...] = ("a",),
    half: str = "a",
    objectives: tuple[str, ...] = ("one",),
    profession: Profession = Profession.ANY,
) -> Question:
    """Return a question; `right` is left aside where the order or the partners are the key."""
    keyed = kind in {Kind.ONE, Kind.SEVERAL}
    return Question.model_validate(
        {
            "id": identifier,
            "kind": kind,
            "set": half,
            "objectives": list(objectives),
            "profession": profession,
            "form": Extremism.NONE,
            "outcome": Outcome.DISSOLVES,
            "read": "somewhere",
            "text": text(identifier),
            "options": [option(one, right=keyed and one in right, partner=kind is Kind.MATCH) for one in options],
        }
    )


def film(*starts: int, duration: int = 100_000, language: Language = Language.EN, name: str = "film") -> Film:
    """Return a film of the first chapter; with `starts`, its sentences lie on the neutral timeline."""
    return Film.model_validate(
        {
            "course": "local-prevention",
            "chapter": "understanding",
            "language": language,
            "duration": duration,
            "origin": "own-recorded",
            "licence": "CC BY 4.0",
            "sources": [
                {
                    "path": f"{name}.webm",
                    "bytes": 1,
                    "sha256": hashlib.sha256(name.encode()).hexdigest(),
                    "type": "video/webm",
                    "width": 640,
                    "height": 360,
                }
            ],
            "sentences": [{"id": f"s{number}", "start": start} for number, start in enumerate(starts)],
        }
    )


def card(office: str = "Office", *, confirmed_on: date = date(2026, 11, 20), **instead: str) -> Card:
    """Return the contact card of an office, with a name and a note in two languages."""
    ways = {"telephone": "000 11 22 33", "text_message": "", "email": "office@town.example", "website": ""} | instead
    return Card(
        names={"en": f"{office} of the town", "fr": f"{office} de la ville"},
        notes={"fr": "De 9 h à 17 h"},
        confirmed_on=confirmed_on,
        **ways,
    )
