"""A whole installation in a few rows: two cities, people of every role in each, groups, work and certificates.

Its people live in Liège unless their name says otherwise; what is `foreign` lies outside the scope of all of them.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from tests.cast import CHAPTER, COURSE, Cast
from tests.content import card
from tests.sealing import appoint, seal
from training.access import Role
from training.certificates import actions as certificate_actions
from training.certificates.batches import begin as begin_batch
from training.certificates.register_tokens import make_token
from training.certificates.rules import RevocationReason
from training.cohorts.actions import invite
from training.cohorts.rules import Candidate, PrivacyMode, shown_code
from training.comparison.actions import begin as compare
from training.comparison.rules import Moment
from training.contacts.actions import save_card
from training.courses.library import Library
from training.courses.manifest import read_manifest
from training.languages import Language
from training.mail.actions import Draft, post
from training.mail.models import Letter
from training.people.queries import grants_of
from training.people.sign_ins import begin_sign_in
from training.progress.rules import MilestoneKind, Step
from training.quizzes.actions import begin

MANIFEST = Path(__file__).parent / "browser" / "media" / "videos_manifest.json"
"""Short real films of the first chapter, in two of the languages."""


@dataclass(frozen=True, kw_only=True)
class World:
    """The identifiers of what is there."""

    participant: UUID
    trainer: UUID
    local: UUID
    administrator: UUID
    newcomer: UUID
    """Belongs to Liège and has done nothing."""
    finisher: UUID
    """Belongs to Liège, has completed the course and waits for a certificate."""
    foreign_participant: UUID
    foreign_finisher: UUID
    place: UUID
    foreign_place: UUID
    group: UUID
    code: str
    aggregate_group: UUID
    empty_group: UUID
    foreign_group: UUID
    meeting: UUID
    """A session of the group, at which the participant was."""
    planned_meeting: UUID
    foreign_meeting: UUID
    foreign_code: str
    attempt: UUID
    foreign_attempt: UUID
    own_certificate: UUID
    """The participant's own."""
    certificate: UUID
    certificate_code: str
    revoked_certificate: UUID
    revoked_code: str
    foreign_certificate: UUID
    foreign_certificate_code: str
    grant: UUID
    foreign_grant: UUID
    batch: UUID
    """Begun by the administrator of Liège."""
    foreign_batch: UUID
    token: UUID
    foreign_token: UUID
    letter: UUID
    invitation: str
    """The secret of a letter that invites the newcomer."""


def with_films(library: Library) -> Library:
    """Return the content with short real films in two of its languages."""
    return replace(library, manifest=read_manifest(MANIFEST))


def build(cast: Cast) -> World:
    """Put everybody on the stage."""
    session, now = cast.session, cast.now
    participant, newcomer, finisher = cast.person("Ada Learner"), cast.person("Nils New"), cast.person("Fia Finisher")
    holder, former = cast.person("Hugo Holder"), cast.person("Rita Revoked")
    foreign, foreign_finisher = cast.person("Eve Elsewhere", place="augsburg"), cast.person("Fritz", place="augsburg")
    trainer, foreign_trainer = cast.trainer(), cast.trainer("Tilda Elsewhere")
    administrator, local = cast.administrator(), cast.administrator("Lou Local", place="liege")
    more = [cast.person(f"Member {number}") for number in range(5)]
    due = {CHAPTER: now.date() + timedelta(days=3)}
    group = cast.group(trainer, participant, finisher, *more, mode=PrivacyMode.INDIVIDUAL, due=due)
    aggregate = cast.group(trainer, participant, *more, mode=PrivacyMode.AGGREGATE, name="Group by figures")
    empty = cast.group(trainer, name="Group of nobody")
    foreign_group = cast.group(foreign_trainer, foreign, foreign_finisher, name="Group elsewhere")
    meeting = cast.meets(trainer, group, participant, *more[:2])
    planned = cast.meets(trainer, group, days=9, title="Visit", place="https://meet.example/visit")
    foreign_meeting = cast.meets(foreign_trainer, foreign_group, foreign)
    cast.reads(participant, "the-word", at=now - timedelta(days=3))
    for person_id in (participant, finisher, holder, former, foreign, foreign_finisher):
        cast.completes(person_id, at=now - timedelta(days=2))
    for number, person_id in enumerate([participant, foreign, *more]):
        cast.hands_in(person_id, right=number)
    last = cast.library.courses[COURSE].last
    cast.reaches(participant, Step(MilestoneKind.QUIZ_PASSED, last), at=now - timedelta(days=2))
    attempts = {
        person_id: begin(
            session, person_id, cast.chapter(), count=8, field_of_work="social", language=Language.EN, now=now
        ).id
        for person_id in (participant, foreign)
    }
    cast.compares(participant, Moment.BEFORE, at=now - timedelta(days=9))
    compare(session, participant, cast.library.courses[COURSE], Moment.AFTER, passed={last}, now=now)
    cast.compares(finisher, *Moment, at=now - timedelta(days=1))
    begin_sign_in(session, participant, own_device=True, user_agent="Firefox Windows", now=now)
    actor = cast.actor(administrator)
    course = cast.library.courses[COURSE]
    appoint(session)
    for person_id in (participant, finisher, holder, former, foreign, foreign_finisher):
        certificate_actions.confirm_name(session, person_id, cast.actor(person_id).name, now=now)
    issued = {
        person_id: certificate_actions.issue(session, actor, person_id, course, seal=seal(), now=now)
        for person_id in (participant, holder, former, foreign)
    }
    revoked = certificate_actions.revoke(
        session,
        actor,
        issued[former].id,
        RevocationReason.WRONG_DETAILS,
        now=now + timedelta(minutes=1),
    )
    cast.grant(newcomer, Role.TRAINER)
    local_actor = cast.actor(local)
    batches = {one.person_id: begin_batch(session, one, COURSE, [finisher], now=now) for one in (local_actor, actor)}
    tokens = {slug: make_token(session, actor, cast.places[slug], slug, now=now).id for slug in ("liege", "augsburg")}
    for slug in ("liege", "augsburg"):
        save_card(session, actor, cast.places[slug], card(slug), now=now)
    draft = Draft(kind="test", language=Language.EN, subject="A letter", text="Words.", html="<p>Words.</p>")
    post(session, draft, address="ada@example.org", person_id=participant, occurrence="test", now=now)
    candidate = Candidate(row=1, email="nils@example.org", name="Nils New", language="fr")
    invited = invite(session, cast.actor(trainer), group, [candidate], now=now)
    return World(
        participant=participant,
        trainer=trainer,
        local=local,
        administrator=administrator,
        newcomer=newcomer,
        finisher=finisher,
        foreign_participant=foreign,
        foreign_finisher=foreign_finisher,
        place=cast.places["liege"],
        foreign_place=cast.places["augsburg"],
        group=group.id,
        code=shown_code(group.code),
        aggregate_group=aggregate.id,
        empty_group=empty.id,
        foreign_group=foreign_group.id,
        meeting=meeting,
        planned_meeting=planned,
        foreign_meeting=foreign_meeting,
        foreign_code=shown_code(foreign_group.code),
        attempt=attempts[participant],
        foreign_attempt=attempts[foreign],
        own_certificate=issued[participant].id,
        certificate=issued[holder].id,
        certificate_code=issued[holder].code,
        revoked_certificate=revoked.id,
        revoked_code=revoked.code,
        foreign_certificate=issued[foreign].id,
        foreign_certificate_code=issued[foreign].code,
        grant=grants_of(session, newcomer)[0].id,
        foreign_grant=grants_of(session, foreign_trainer)[0].id,
        batch=batches[local],
        foreign_batch=batches[administrator],
        token=tokens["liege"],
        foreign_token=tokens["augsburg"],
        letter=session.scalars(select(Letter.id)).one(),
        invitation=invited[0].secret,
    )
