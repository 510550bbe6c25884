"""Every address of the platform, with values that lead to something in the world of the tests.

A route that is missing here fails the tests that walk them all: whoever adds a page says how it is reached.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

from tests.cast import CHAPTER, COURSE
from tests.world import World
from training.languages import Language

Values = Callable[[World], dict[str, Any]]

IN_COURSE: Values = lambda world: {"course": COURSE}  # noqa: E731  a row of a table
IN_CHAPTER: Values = lambda world: {"course": COURSE, "chapter": CHAPTER}  # noqa: E731
OF_GROUP: Values = lambda world: {"group_id": world.group}  # noqa: E731
OF_PERSON: Values = lambda world: {"person_id": world.newcomer}  # noqa: E731
OF_CERTIFICATE: Values = lambda world: {"certificate_id": world.certificate}  # noqa: E731

VALUES: Mapping[str, Values] = {
    "certificates.own_pdf": lambda world: {"certificate_id": world.own_certificate},
    "certificates.verified": lambda world: {"code": world.certificate_code},
    "certificates_admin.certificate": OF_CERTIFICATE,
    "certificates_admin.pdf": lambda world: {"certificate_id": world.certificate, "document": "de"},
    "certificates_admin.revoke": OF_CERTIFICATE,
    "cohorts.edit": OF_GROUP,
    "cohorts.join": lambda world: {"code": world.code},
    "cohorts.join_now": lambda world: {"code": world.code},
    "cohorts.leave": OF_GROUP,
    "entry.link": lambda world: {"secret": "no-such-secret"},
    "learning.chapter": IN_CHAPTER,
    "learning.choose": IN_CHAPTER,
    "learning.course": IN_COURSE,
    "learning.read": IN_CHAPTER,
    "learning.transcript_read": IN_CHAPTER,
    "learning.watched": IN_CHAPTER,
    "offline.draw": IN_CHAPTER,
    "offline.keep": IN_CHAPTER,
    "people_admin.authority": lambda world: {"authority_id": world.place},
    "people_admin.close": OF_PERSON,
    "people_admin.grant": OF_PERSON,
    "people_admin.move": OF_PERSON,
    "people_admin.open_again": OF_PERSON,
    "people_admin.person": OF_PERSON,
    "people_admin.welcome_link": OF_PERSON,
    "people_admin.withdraw": lambda world: {"person_id": world.newcomer, "grant_id": world.grant},
    "quiz.answer": IN_CHAPTER,
    "quiz.hand_in": IN_CHAPTER,
    "quiz.kept": IN_CHAPTER,
    "quiz.quiz": IN_CHAPTER,
    "quiz.result": lambda world: {"course": COURSE, "chapter": CHAPTER, "number": 1},
    "quiz.start": IN_CHAPTER,
    "reports.group": OF_GROUP,
    "reports.questions": lambda world: {"group_id": world.group, "chapter": CHAPTER},
    "reports.table": lambda world: {"group_id": world.group, "form": "csv"},
}


@dataclass(frozen=True)
class Route:
    """An address and a method, as it stands in the map of the app."""

    method: str
    endpoint: str
    arguments: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"

    def path(self, app: Flask, world: World, *, language: Language = Language.EN, **instead: Any) -> str:
        """Return the address with the values of the world, some of them replaced by others."""
        values = VALUES[self.endpoint](world) if self.endpoint in VALUES else {}
        if "language" in self.arguments:
            values = {"language": language, **values}
        adapter = app.url_map.bind("localhost")
        return adapter.build(self.endpoint, values | instead, method=self.method)


def routes(app: Flask) -> Iterator[Route]:
    """Give every address with every method that it answers."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(method, rule.endpoint, frozenset(rule.arguments))
