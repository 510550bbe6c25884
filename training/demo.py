"""Demonstration data: a cohort from four cities, with the three sign-ins that everybody may know.

It is made by the same actions that real people use. A database is stamped when it is made: demonstration data is never
loaded where real people are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from training.access import Actor, Role
from training.certificates.actions import confirm_name, issue
from training.certificates.issuers import save_issuer
from training.certificates.keys import SealKey
from training.certificates.models import Certificate
from training.certificates.office import Office
from training.certificates.waiting import eligible_page
from training.cohorts.actions import GroupPlan, join, make_group
from training.cohorts.models import TrainingGroup
from training.cohorts.rules import PrivacyMode, Terms, shown_code
from training.contacts.actions import save_card
from training.courses.library import Library
from training.db import Database, new_id
from training.demo_acts import first_chapter, hold_sessions, learn, read
from training.demo_cast import (
    ADMINISTRATOR,
    COURSE,
    ISSUER,
    LEARNERS,
    PARTICIPANT,
    PASSWORD,
    TRAINER,
    contact_card,
)
from training.languages import Language
from training.people import actions, passwords, queries
from training.people.models import LocalAuthority
from training.people.rules import FieldOfWork


def load(app: Flask, *, now: datetime) -> None:
    """Load the demonstration cohort, unless it is there."""
    database: Database = app.extensions["training.database"]
    library: Library = app.extensions["training.library"]
    office: Office = app.extensions["training.office"]
    with database.transaction() as session:
        seed_authorities(session, library, now=now)
        if queries.account_by_email(session, ADMINISTRATOR) is not None:
            return
        _load(session, library, office.seal, now)


def seed_authorities(session: Session, library: Library, *, now: datetime) -> int:
    """Add the local authorities among the partners of the programme; return how many were new."""
    return sum(
        actions.seed_authority(
            session,
            LocalAuthority(
                id=new_id(),
                slug=place.slug,
                names={language.value: place.name[language] for language in Language},
                country=place.country,
                population=place.population,
                population_year=place.population_year,
                member_since=place.member_since,
                liaise=list(place.liaise),
                made_at=now,
            ),
        )
        for place in library.places
        if place.is_authority
    )


def known(app: Flask) -> dict[str, str]:
    """Return what a visitor of the demonstration may use: sign-ins, the group's code, a certificate's code."""
    database: Database = app.extensions["training.database"]
    with database.reading() as session:
        group = session.scalars(select(TrainingGroup).order_by(TrainingGroup.made_at)).first()
        certificate = session.scalars(select(Certificate).order_by(Certificate.number)).first()
    found = {
        "participant": PARTICIPANT,
        "trainer": TRAINER,
        "administrator": ADMINISTRATOR,
        "password": PASSWORD,
        "group": shown_code(group.code) if group else "",
    }
    return found | ({"certificate": certificate.code} if certificate else {})


def announcement(host: str, port: int) -> str:
    """Return what is printed when the demonstration is served."""
    return (
        f"\n  LIAISE Training, demonstration\n\n  http://{host}:{port}\n\n"
        f"  participant    {PARTICIPANT}\n  trainer        {TRAINER}\n  administrator  {ADMINISTRATOR}\n"
        f"  password       {PASSWORD}   (for all three)\n"
    )


def _load(session: Session, library: Library, seal: SealKey, now: datetime) -> None:
    begun = now - timedelta(days=21)
    hashed = passwords.hash_password(PASSWORD)
    places = {authority.slug: authority.id for authority in queries.authorities(session)}
    administrator = _person(session, ADMINISTRATOR, "Alba Romero", Language.EN, places["brussels"], hashed, begun)
    actions.grant(session, None, administrator, Role.ADMINISTRATOR, authority_id=None, now=begun)
    for town in ("bologna", "liege"):
        save_card(session, _actor(session, administrator), places[town], contact_card(begun.date()), now=begun)
    trainer = _person(session, TRAINER, "Tom Verbeeck", Language.EN, places["brussels"], hashed, begun)
    actions.grant(session, None, trainer, Role.TRAINER, authority_id=None, now=begun)
    participant = _person(session, PARTICIPANT, "Paola Conti", Language.EN, places["bologna"], hashed, begun)
    group = make_group(session, _actor(session, trainer), _plan(library, now), now=begun)
    learners = _learners(session, places, begun)
    members = [participant, *learners]
    for person_id in members:
        join(session, person_id, group, seen=Terms(PrivacyMode.MILESTONES, group.sessions_asked), now=begun)
    hold_sessions(session, library, _actor(session, trainer), group, members, now)
    for number, (person_id, learner) in enumerate(zip(learners, LEARNERS, strict=True), 1):
        learn(session, library, person_id, learner, begun + timedelta(days=number))
    chapter = first_chapter(library)
    read(session, library, participant, chapter, 2, Language.EN, now - timedelta(days=2))
    save_issuer(session, _actor(session, administrator), None, ISSUER, now=begun)
    _issue_first(session, library, administrator, seal, now)


def _plan(library: Library, now: datetime) -> GroupPlan:
    chapters = [chapter.slug for chapter in library.courses[COURSE].chapters]
    today = now.date()
    return GroupPlan(
        name="Four cities, autumn",
        course=COURSE,
        languages=list(Language),
        time_zone="Europe/Brussels",
        starts_on=today - timedelta(days=21),
        privacy_mode=PrivacyMode.MILESTONES,
        sessions_asked=1,
        due={slug: today + timedelta(days=5 + 21 * index) for index, slug in enumerate(chapters)},
    )


def _learners(session: Session, places: dict[str, UUID], begun: datetime) -> Sequence[UUID]:
    made = []
    for number, learner in enumerate(LEARNERS, 1):
        email = f"learner{number}@demo.example"
        person_id = _person(session, email, learner.name, learner.language, places[learner.place], None, begun)
        queries.person(session, person_id).field_of_work = learner.work.value
        made.append(person_id)
    return made


def _person(
    session: Session,
    email: str,
    name: str,
    language: Language,
    authority_id: UUID,
    password_hash: str | None,
    now: datetime,
) -> UUID:
    new = actions.NewPerson(
        name=name,
        email=email,
        password_hash=password_hash,
        language=language,
        time_zone="Europe/Brussels",
        field_of_work=FieldOfWork.ADMINISTRATION.value,
        employer="",
        authority_id=authority_id,
        confirmed=True,
    )
    person_id = actions.make_account(session, new, now=now).id
    confirm_name(session, person_id, name, now=now)
    return person_id


def _actor(session: Session, person_id: UUID) -> Actor:
    person = queries.person(session, person_id)
    grants = queries.grants_of(session, person_id)
    return Actor(
        person_id=person_id,
        name=person.name,
        language=Language(person.language),
        zone=ZoneInfo("Europe/Brussels"),
        field_of_work=person.field_of_work,
        session_key="",
        trains=any(grant.role == Role.TRAINER for grant in grants),
        administers=frozenset(grant.authority_id for grant in grants if grant.role == Role.ADMINISTRATOR),
    )


def _issue_first(session: Session, library: Library, administrator: UUID, seal: SealKey, now: datetime) -> None:
    actor = _actor(session, administrator)
    waiting, _more = eligible_page(session, actor, COURSE)
    if waiting:
        issue(session, actor, waiting[0].person_id, library.courses[COURSE], seal=seal, now=now)
