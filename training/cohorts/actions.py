"""What is done to groups: made, changed, joined, left."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from training.access import Actor
from training.audit.actions import record
from training.audit.rules import Event
from training.cohorts import queries, rules
from training.cohorts.models import DueDate, GroupTrainer, Invitation, Membership, TrainingGroup
from training.cohorts.rules import Candidate, PrivacyMode, Terms
from training.db import new_id
from training.languages import Language
from training.people.rules import email_key, secret_key_of


class ModeOnlyGetsGentler(Exception):
    """A group's mode would become more open than the one that its members were shown."""


class SessionsOnlyGetFewer(Exception):
    """A group would ask its members to attend more sessions than they were told."""


class NotYourGroup(Exception):
    """The actor does not lead this group."""


class TermsChanged(Exception):
    """The group shows, or asks, more than the person was told before they joined."""


class NotAMember(Exception):
    """The person has never taken part in this group, or there is no such group."""


@dataclass(frozen=True, kw_only=True)
class GroupPlan:
    """What a trainer says of a group."""

    name: str
    course: str
    languages: Sequence[Language]
    time_zone: str
    starts_on: date
    privacy_mode: PrivacyMode
    sessions_asked: int
    due: Mapping[str, date]


def make_group(session: Session, actor: Actor, plan: GroupPlan, *, now: datetime) -> TrainingGroup:
    """Make a group that the actor leads, and return it."""
    group = TrainingGroup(
        id=new_id(),
        course=plan.course,
        code=rules.new_code(),
        made_at=now,
        made_by=actor.person_id,
        **_details(plan),
    )
    session.add(group)
    session.flush()
    session.add(GroupTrainer(group_id=group.id, person_id=actor.person_id, since=now))
    _set_due(session, group, plan)
    record(
        session,
        Event.GROUP_MADE,
        actor_id=actor.person_id,
        subject=str(group.id),
        now=now,
        mode=plan.privacy_mode.value,
        sessions_asked=plan.sessions_asked,
    )
    return group


def change_group(session: Session, actor: Actor, group_id: UUID, plan: GroupPlan, *, now: datetime) -> TrainingGroup:
    """Change a group, and return it. Raises `NotYourGroup`, and unless nobody has joined yet `ModeOnlyGetsGentler`,
    `SessionsOnlyGetFewer`."""
    own = queries.groups_led_by(actor.person_id).where(TrainingGroup.id == group_id)
    group = session.scalar(own.with_for_update(of=TrainingGroup))  # nobody joins between the question and the answer
    if group is None:
        raise NotYourGroup
    present = terms_of(group)
    if not rules.still_hold(present, _terms(plan)) and queries.member_count(session, group.id):
        if not rules.is_as_gentle(plan.privacy_mode, present.mode):
            raise ModeOnlyGetsGentler
        raise SessionsOnlyGetFewer
    for name, value in _details(plan).items():
        setattr(group, name, value)
    _set_due(session, group, plan)
    record(
        session,
        Event.GROUP_CHANGED,
        actor_id=actor.person_id,
        subject=str(group.id),
        now=now,
        mode=plan.privacy_mode.value,
        sessions_asked=plan.sessions_asked,
    )
    return group


def terms_of(group: TrainingGroup) -> Terms:
    """Return what somebody reads of a group before they join it."""
    return Terms(PrivacyMode(group.privacy_mode), group.sessions_asked)


def join(session: Session, person_id: UUID, group: TrainingGroup, *, seen: Terms, now: datetime) -> None:
    """Let a person take part in a group, under the terms that they were shown. Raises `TermsChanged`."""
    session.refresh(group, with_for_update=True)  # its terms stay what they are until they are in
    if not rules.still_hold(seen, terms_of(group)):
        raise TermsChanged
    kept = session.get(Membership, (person_id, group.id))
    if kept is None:
        kept = Membership(person_id=person_id, group_id=group.id, reference=new_id(), joined_at=now)
        session.add(kept)
    elif kept.left_at is not None:
        kept.joined_at, kept.left_at = now, None
    else:
        return
    kept.mode_seen = seen.mode.value
    session.flush()


def leave(session: Session, person_id: UUID, group_id: UUID, *, now: datetime) -> TrainingGroup:
    """Let a person leave a group, and return it: its trainers see them no more. Their work stays theirs.

    Raises `NotAMember`.
    """
    kept = session.get(Membership, (person_id, group_id))
    if kept is None:
        raise NotAMember
    if kept.left_at is None:
        kept.left_at = now
        session.flush()
    return session.get_one(TrainingGroup, group_id)


@dataclass(frozen=True, kw_only=True)
class Invited:
    """An invitation that was made, with the secret of its link: the letter carries it, the database only its hash."""

    invitation: Invitation
    secret: str


def invite(
    session: Session, actor: Actor, group: TrainingGroup, candidates: Sequence[Candidate], *, now: datetime
) -> list[Invited]:
    """Invite people to a group and return what their letters need. Older links stay good until one is used."""
    made = []
    for candidate in candidates:
        secret = secrets.token_urlsafe(32)
        invitation = Invitation(
            group_id=group.id,
            id=new_id(),
            email=candidate.email,
            email_key=email_key(candidate.email),
            name=candidate.name,
            language=candidate.language,
            key=secret_key_of(secret),
            made_at=now,
            made_by=actor.person_id,
            ends_at=now + rules.INVITATION_LASTS,
        )
        session.add(invitation)
        made.append(Invited(invitation=invitation, secret=secret))
    session.flush()
    record(session, Event.PEOPLE_INVITED, actor_id=actor.person_id, subject=str(group.id), now=now, people=len(made))
    return made


def accept(
    session: Session,
    invitation: Invitation,
    person_id: UUID,
    group: TrainingGroup,
    *,
    seen: Terms,
    now: datetime,
) -> None:
    """Let an invited person join; every invitation of that address to that group is used up. Raises `TermsChanged`."""
    join(session, person_id, group, seen=seen, now=now)
    session.execute(
        update(Invitation)
        .where(
            Invitation.group_id == group.id,
            Invitation.email_key == invitation.email_key,
            Invitation.used_at.is_(None),
        )
        .values(used_at=now, person_id=person_id)
    )


def _details(plan: GroupPlan) -> dict[str, object]:
    return {
        "name": plan.name,
        "languages": [language.value for language in plan.languages],
        "time_zone": plan.time_zone,
        "starts_on": plan.starts_on,
        "privacy_mode": plan.privacy_mode.value,
        "sessions_asked": plan.sessions_asked,
    }


def _terms(plan: GroupPlan) -> Terms:
    return Terms(plan.privacy_mode, plan.sessions_asked)


def _set_due(session: Session, group: TrainingGroup, plan: GroupPlan) -> None:
    session.execute(delete(DueDate).where(DueDate.group_id == group.id))
    session.add_all(DueDate(group_id=group.id, chapter=chapter, due_on=day) for chapter, day in plan.due.items())
    session.flush()
