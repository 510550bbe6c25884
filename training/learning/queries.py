"""What the hot pages need, in as few statements as there can be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, String, bindparam, case, cast, literal, null, select, union_all

from training.comparison.models import Comparison
from training.comparison.queries import taken
from training.comparison.rules import Moment, Record
from training.contacts.models import ContactCard
from training.contacts.rules import Card, card_of
from training.courses.manifest import Film
from training.db import Transaction, rows_of
from training.people.models import Belonging, LocalAuthority
from training.quizzes.models import Attempt, DilemmaChoice, DilemmaTally
from training.watching.models import Watched
from training.watching.rules import Part


@dataclass(frozen=True, kw_only=True)
class ChapterState:
    """What a person's own traces in a chapter are, apart from milestones."""

    watched: Sequence[Part]
    choices: Mapping[str, str]
    tallies: Mapping[str, Mapping[str, int]]
    attempt_open: bool
    compared: Record
    country: str | None
    """The country of the city or region that the person belongs to today."""
    card: Card | None
    """The contacts of that city or region."""


_STATE: CompoundSelect[Any] = union_all(
    select(
        literal("watched").label("what"),
        cast(Watched.revision, String).label("a"),
        cast(Watched.parts, String).label("b"),
        literal(0).label("n"),
    ).where(
        Watched.person_id == bindparam("person"),
        Watched.course == bindparam("course"),
        Watched.film == bindparam("chapter"),
    ),
    select(literal("choice"), DilemmaChoice.dilemma, DilemmaChoice.choice, literal(0)).where(
        DilemmaChoice.person_id == bindparam("person"), DilemmaChoice.course == bindparam("course")
    ),
    select(literal("tally"), DilemmaTally.dilemma, DilemmaTally.choice, DilemmaTally.shown).where(
        DilemmaTally.course == bindparam("course")
    ),
    select(literal("attempt"), null(), null(), Attempt.number).where(
        Attempt.person_id == bindparam("person"),
        Attempt.course == bindparam("course"),
        Attempt.chapter == bindparam("chapter"),
        Attempt.submitted_at.is_(None),
    ),
    select(
        literal("compared"),
        Comparison.moment,
        Comparison.form,
        case((Comparison.handed_in_at.is_(None), 0), else_=1),
    ).where(Comparison.person_id == bindparam("person"), Comparison.course == bindparam("course")),
    select(literal("town"), LocalAuthority.country, cast(ContactCard.card, String), literal(0))
    .join(Belonging, Belonging.authority_id == LocalAuthority.id)
    .outerjoin(ContactCard, ContactCard.authority_id == LocalAuthority.id)
    .where(Belonging.person_id == bindparam("person"), Belonging.until.is_(None)),
)


def chapter_state(
    transaction: Transaction, person_id: UUID, course: str, chapter: str, film: Film | None
) -> ChapterState:
    """Return a person's own traces in a chapter. One statement."""
    rows = rows_of(transaction).execute(_STATE, {"person": person_id, "course": course, "chapter": chapter}).all()
    tallies: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.what == "tally":
            tallies.setdefault(row.a, {})[row.b] = row.n
    town = next((row for row in rows if row.what == "town"), None)
    watched: list[tuple[int, int]] = next(
        (json.loads(row.b) for row in rows if row.what == "watched" and film is not None and row.a == film.revision), []
    )
    return ChapterState(
        watched=[(begin, end) for begin, end in watched],
        choices={row.a: row.b for row in rows if row.what == "choice"},
        tallies=tallies,
        attempt_open=any(row.what == "attempt" for row in rows),
        compared={Moment(row.a): taken(row.b, done=row.n == 1) for row in rows if row.what == "compared"},
        country=town.a if town else None,
        card=card_of(json.loads(town.b)) if town and town.b else None,
    )
