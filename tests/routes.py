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


def in_course(_world: World) -> dict[str, Any]:
    return {"course": COURSE}


def in_chapter(_world: World) -> dict[str, Any]:
    return {"course": COURSE, "chapter": CHAPTER}


def of_group(world: World) -> dict[str, Any]:
    return {"group_id": world.group}


def of_session(world: World) -> dict[str, Any]:
    return {"group_id": world.group, "session_id": world.meeting}


def of_person(world: World) -> dict[str, Any]:
    return {"person_id": world.newcomer}


def of_certificate(world: World) -> dict[str, Any]:
    return {"certificate_id": world.certificate}


def of_batch(world: World) -> dict[str, Any]:
    return {"batch_id": world.batch}


VALUES: Mapping[str, Values] = {
    "certificates.own_badge": lambda world: {"certificate_id": world.own_certificate},
    "certificates.own_europass": lambda world: {"certificate_id": world.own_certificate},
    "certificates.own_pdf": lambda world: {"certificate_id": world.own_certificate},
    "certificates_admin.batch": of_batch,
    "certificates_admin.go_on": of_batch,
    "certificates_issuers.issuer": lambda world: {"issuer_id": world.place},
    "certificates_issuers.revoke_token": lambda world: {"token_id": world.token},
    "certificates_register.certificate": of_certificate,
    "certificates_register.evidence_file": of_certificate,
    "certificates_register.pdf": lambda world: {"certificate_id": world.certificate, "document": "de"},
    "certificates_register.refresh": of_certificate,
    "certificates_register.replace": of_certificate,
    "certificates_register.revoke": of_certificate,
    "checking.verified": lambda world: {"code": world.certificate_code},
    "groups.edit": of_group,
    "groups.join": lambda world: {"code": world.code},
    "groups.join_now": lambda world: {"code": world.code},
    "groups.leave": of_group,
    "comparison.answer": lambda _world: {"course": COURSE, "moment": "after", "number": 1},
    "comparison.check": lambda _world: {"course": COURSE, "moment": "after"},
    "comparison.end": lambda _world: {"course": COURSE, "moment": "after"},
    "comparison.hand_in": lambda _world: {"course": COURSE, "moment": "after"},
    "comparison.item": lambda _world: {"course": COURSE, "moment": "after", "number": 1},
    "comparison.skip": lambda _world: {"course": COURSE, "moment": "after"},
    "comparison.start": lambda _world: {"course": COURSE, "moment": "after"},
    "contacts_admin.card": lambda world: {"authority_id": world.place},
    "contacts_admin.remove": lambda world: {"authority_id": world.place},
    "courses.place": lambda _world: {"place": "liege"},
    "entry.link": lambda world: {"secret": "no-such-secret"},
    "invitations.confirm": of_group,
    "invitations.invitation": lambda world: {"secret": world.invitation},
    "invitations.invite": of_group,
    "invitations.preview": of_group,
    "learning.chapter": in_chapter,
    "learning.choose": in_chapter,
    "learning.course": in_course,
    "learning.project": in_chapter,
    "learning.read": in_chapter,
    "learning.transcript_read": in_chapter,
    "learning.watched": in_chapter,
    "offline.draw": in_chapter,
    "offline.keep": in_chapter,
    "operation_admin.again": lambda world: {"letter_id": world.letter},
    "people.change_second_factor": lambda _world: {"step": "remove"},
    "people_admin.authority": lambda world: {"authority_id": world.place},
    "people_admin.close": of_person,
    "people_admin.grant": of_person,
    "people_admin.move": of_person,
    "people_admin.open_again": of_person,
    "people_admin.person": of_person,
    "people_admin.welcome_link": of_person,
    "people_admin.withdraw": lambda world: {"person_id": world.newcomer, "grant_id": world.grant},
    "privacy.document": lambda _world: {"document": "record"},
    "quiz.answer": in_chapter,
    "quiz.hand_in": in_chapter,
    "quiz.kept": in_chapter,
    "quiz.quiz": in_chapter,
    "quiz.result": lambda _world: {"course": COURSE, "chapter": CHAPTER, "number": 1},
    "quiz.start": in_chapter,
    "register_api.certificate": lambda _world: {"number": 1},
    "reports.group": of_group,
    "reports.questions": lambda world: {"group_id": world.group, "chapter": CHAPTER},
    "sessions.cancel": lambda world: {"group_id": world.group, "session_id": world.planned_meeting},
    "sessions.calendar": of_session,
    "sessions.edit": of_session,
    "sessions.new": of_group,
    "sessions.note": of_session,
    "sessions.session": of_session,
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
