"""A database with many learners, as the platform itself would have written it, made in bulk."""

import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, make_url

from tests.cast import COURSE, Cast, assemble, password_hash
from training.cohorts.models import Membership
from training.courses.library import Library
from training.db import Database, new_id
from training.languages import sort_key
from training.people.models import Account, Belonging, Person
from training.progress.models import Enrolment, Milestone

FIRST = (
    "Amélie",
    "Jürgen",
    "Giulia",
    "Iñaki",
    "Đorđe",
    "Siobhán",
    "Ștefan",
    "Łucja",
    "Chiara",
    "Anders",
    "Noor",
    "Ines",
)
LAST = (
    "Lambert",
    "Weiß",
    "D’Angelo",
    "Nuñez",
    "Lukić",
    "O’Neill",
    "Ionescu",
    "Nowak",
    "Ferri",
    "Åkesson",
    "Haddad",
    "Costa",
)


def name(number: int) -> str:
    """Return a name of its own for each number."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]} {number}"


def gather(url: str, library: Library, people: int) -> dict[str, UUID]:
    """Fill an empty database with so many learners; return the people and groups that the journeys need."""
    chance = random.Random(7)  # noqa: S311  the same crowd in every run
    now = datetime.now(UTC)
    with closing(Database(make_url(url))) as database:
        with database.transaction() as session:
            named = _people(assemble(session, library), library, people, chance, now)
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    return named


def _people(cast: Cast, library: Library, people: int, chance: random.Random, now: datetime) -> dict[str, UUID]:
    named = {
        "participant": cast.person("Paola Participant", email="participant@bench.example"),
        "trainer": cast.trainer("Tom Trainer"),
        "administrator": cast.administrator("Alba Administrator"),
    }
    crowd = _crowd(cast, library, people, chance, now)
    named["small"] = cast.group(named["trainer"], *crowd[:25], name="Small").id
    named["large"] = cast.group(named["trainer"], name="Large").id
    members = [
        {
            "person_id": person,
            "group_id": named["large"],
            "reference": new_id(),
            "joined_at": now,
            "mode_seen": "milestones",
            "left_at": None,
        }
        for person in crowd[:1000]
    ]
    cast.session.execute(insert(Membership), members)
    return named


def _crowd(cast: Cast, library: Library, people: int, chance: random.Random, now: datetime) -> list[UUID]:
    places = list(cast.places.values())
    rows: dict[type, list[dict[str, object]]] = {Person: [], Account: [], Belonging: [], Enrolment: [], Milestone: []}
    crowd = []
    for number in range(people):
        person, at = new_id(), now - timedelta(days=chance.randrange(90))
        crowd.append(person)
        called = name(number)
        rows[Person].append(
            {
                "id": person,
                "name": called,
                "name_key": sort_key(called),
                "language": "fr",
                "time_zone": "Europe/Paris",
                "field_of_work": "social",
                "employer": "",
                "made_at": at,
            }
        )
        email = f"crowd{number}@bench.example"
        rows[Account].append(
            {
                "person_id": person,
                "email": email,
                "email_key": email,
                "password_hash": password_hash(),
                "made_at": at,
                "confirmed_at": at,
                "closed_at": None,
            }
        )
        rows[Belonging].append(
            {"person_id": person, "authority_id": chance.choice(places), "since": at.date(), "until": None}
        )
        rows[Enrolment].append({"person_id": person, "course": COURSE, "rule_version": 1, "enrolled_at": at})
        rows[Milestone] += _milestones(library, person, chance, at)
    for table, values in rows.items():
        for start in range(0, len(values), 5000):
            cast.session.execute(insert(table), values[start : start + 5000])
    return crowd


def _milestones(library: Library, person: UUID, chance: random.Random, at: datetime) -> list[dict[str, object]]:
    course = library.courses[COURSE]
    found: list[dict[str, object]] = []
    for slug in course.file.current_rule.chapters[: chance.randrange(len(course.file.current_rule.chapters) + 1)]:
        reached = [("section-read", f"{slug}/{name}") for name in course.by_slug[slug].section_ids]
        reached += [("quiz-passed", slug), ("chapter-completed", slug)]
        found += [
            {
                "person_id": person,
                "course": COURSE,
                "kind": kind,
                "subject": subject,
                "chapter": slug,
                "done_at": at,
                "reached_at": at,
                "language": "fr",
            }
            for kind, subject in reached
        ]
    return found
