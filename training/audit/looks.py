"""Looks at what people have reached: noted in the audit once a day, so that each of them reads who looked and when."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from training.access import Actor
from training.audit.actions import Act, record_once
from training.audit.models import INSTALLATION
from training.audit.queries import acted_since
from training.audit.rules import Event
from training.web import visitor
from training.web.requests import now, reading, writing

RANGE = ("token", "first", "last")


def note_look(event: Event, people: Iterable[UUID | None]) -> None:
    """Note that the visitor sees something of each of these people: of everybody but themselves, and of no erased one.

    It costs one statement where all was noted today, and some more where it was not, however many people there are.
    """
    actor = visitor.actor()
    others = [str(one) for one in dict.fromkeys(people) if one is not None and one != actor.person_id]
    act = Act(
        event=event,
        actor_id=actor.person_id,
        now=now(),
        authority_id=chain_of(actor),
        facts={"people": len(others)},
    )
    _note(act, others, since=_midnight(now().astimezone(actor.zone)))


def note_look_at_group(group_id: UUID, *, last_joined_at: datetime | None) -> None:
    """Note that the visitor sees a training group: each of its members can read it, whoever joined today as well."""
    actor = visitor.actor()
    act = Act(event=Event.GROUP_LOOKED_AT, actor_id=actor.person_id, now=now())
    midnight = _midnight(now().astimezone(actor.zone))
    _note(act, [str(group_id)], since=max(midnight, last_joined_at or midnight))


def note_reading(token_id: UUID, authority_id: UUID | None, *, first: int, last: int) -> None:
    """Note that another system reads the entries of a register from one number to another."""
    act = Act(
        event=Event.REGISTER_READ,
        actor_id=None,
        now=now(),
        authority_id=authority_id,
        facts={"token": str(token_id), "first": first, "last": last},
    )
    _note(act, [str(authority_id or INSTALLATION)], since=_midnight(now()), alike=RANGE)


def chain_of(actor: Actor) -> UUID | None:
    """Return the authority in whose chain stands what an administrator does; none for the installation."""
    return None if actor.administers_everywhere else min(actor.administers - {None}, key=str, default=None)


def _note(act: Act, subjects: Sequence[str], *, since: datetime, alike: Sequence[str] = ()) -> None:
    told = {name: act.facts[name] for name in alike}
    done = acted_since(reading(), act.event, act.actor_id, subjects, since=since, facts=told) if subjects else ()
    if len(done) < len(subjects):
        with writing() as session:
            record_once(session, act, subjects, since=since, alike=alike)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
