"""What a person does with the questions before and after: begin, answer, hand in, skip. Repeating changes nothing."""

import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training.comparison import queries, rules
from training.comparison.models import Comparison, ComparisonAnswer, ComparisonForm
from training.comparison.rules import Confidence, Moment, Stage
from training.courses.library import LoadedCourse
from training.courses.parallel import FormName, ParallelForm
from training.db import insert_once
from training.languages import Language


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What somebody answers to one item, in which language."""

    item: str
    option: str
    confidence: Confidence | None
    language: Language


class NotOpen(Exception):
    """The person is not asked now: not yet, no longer, or by their own wish never."""


class NoSuchItem(Exception):
    """The form does not ask this."""


class NoSuchOption(Exception):
    """The item does not offer this answer."""


def begin(
    session: Session, person_id: UUID, course: LoadedCourse, moment: Moment, *, passed: Collection[str], now: datetime
) -> None:
    """Let a person begin; who has begun goes on. Raises `NotOpen`.

    The forms are counted without a lock: of two who begin at once, both may get the same, and the next ones level it.
    """
    record = queries.record_of(session, person_id, course.slug)
    found = rules.stage(moment, record, passed=passed, last=course.last)
    if found is Stage.BEGUN:
        return
    if found is not Stage.OPEN:
        raise NotOpen
    before = record.get(Moment.BEFORE)
    if before is not None and before.form is not None:
        name = rules.other(before.form)
    else:
        coin = secrets.choice(list(FormName))
        name = rules.first_form(queries.assigned(session, course.slug), coin=coin)
    row = {
        "person_id": person_id,
        "course": course.slug,
        "moment": moment.value,
        "form": name.value,
        "revision": _keep_form(session, course.forms[name], now),
        "decided_at": now,
        "handed_in_at": None,
    }
    insert_once(session, Comparison, [row])  # two tabs that begin at once begin once


def answer(
    session: Session, person_id: UUID, course: LoadedCourse, moment: Moment, reply: Reply, *, now: datetime
) -> None:
    """Keep an answer; the last one stands. Raises `NotOpen`, `NoSuchItem` and `NoSuchOption`; then nothing is kept."""
    _own(session, person_id, course, moment)
    form = queries.form_taken(session, person_id, course.slug, moment)
    asked = form.items.get(reply.item) if form else None
    if asked is None:
        raise NoSuchItem
    if reply.option not in {option.id for option in asked.options}:
        raise NoSuchOption
    key = {"person_id": person_id, "course": course.slug, "moment": moment.value, "item": reply.item}
    said = {
        "option": reply.option,
        "confidence": reply.confidence,
        "language": reply.language.value,
        "given_at": now,
    }
    if insert_once(session, ComparisonAnswer, [{**key, **said}])[0]:
        return
    kept = session.get_one(ComparisonAnswer, tuple(key.values()))
    if (kept.option, kept.confidence) != (reply.option, reply.confidence):
        for name, value in said.items():
            setattr(kept, name, value)
        session.flush()


def hand_in(session: Session, person_id: UUID, course: LoadedCourse, moment: Moment, *, now: datetime) -> None:
    """Let a person be done, whatever they left open. Raises `NotOpen`."""
    _own(session, person_id, course, moment).handed_in_at = now
    session.flush()


def skip(session: Session, person_id: UUID, course: LoadedCourse, moment: Moment, *, now: datetime) -> None:
    """Let a person not be asked again, and delete what they have answered, before as well as after.

    It is also how somebody takes back what they gave: one half tells nothing without the other.
    """
    for table in (ComparisonAnswer, Comparison):
        session.execute(delete(table).where(table.person_id == person_id, table.course == course.slug))
    row = {"person_id": person_id, "course": course.slug, "moment": moment.value, "decided_at": now}
    insert_once(session, Comparison, [row])


def _own(session: Session, person_id: UUID, course: LoadedCourse, moment: Moment) -> Comparison:
    """Return the row of somebody who is in the middle of it, locked."""
    own = session.scalar(
        select(Comparison)
        .where(
            Comparison.person_id == person_id,
            Comparison.course == course.slug,
            Comparison.moment == moment.value,
            Comparison.form.is_not(None),
            Comparison.handed_in_at.is_(None),
        )
        .with_for_update()
    )
    if own is None:
        raise NotOpen
    return own


def _keep_form(session: Session, form: ParallelForm, now: datetime) -> str:
    """Keep a form as it stands, under the hash of what it says, and return the hash."""
    content = form.model_dump(mode="json", by_alias=True)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    identity = hashlib.sha256(text.encode()).hexdigest()
    insert_once(session, ComparisonForm, [{"id": identity, "content": content, "first_used_at": now}])
    return identity
