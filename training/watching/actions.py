"""Adding to what was watched. What wall time forbids is refused and changes nothing; coverage never falls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, select, update

from training.courses.manifest import Film
from training.db import Base, Transaction, insert_once, rows_of
from training.watching import rules
from training.watching.models import Watched, WatchingDevice


class UnsoundReport(Exception):
    """A report lies outside the film, or names a rate that no player offers."""


class ImpossibleReport(Exception):
    """The device cannot have shown so much film in the time since its last report, but `allowed` of it."""

    def __init__(self, allowed: timedelta) -> None:
        super().__init__(allowed)
        self.allowed = allowed


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What is watched after a report. `share` is 0 to 1 of the neutral timeline."""

    parts: Sequence[rules.Part]
    share: float


def watch(
    transaction: Transaction,
    person_id: UUID,
    film: Film,
    *,
    device: str,
    reports: Sequence[rules.Report],
    enrol: Callable[[], object],
    now: datetime,
) -> Coverage:
    """Add what a device reports and return what is watched now. Raises `UnsoundReport` and `ImpossibleReport`,
    whose transaction ends without a change.

    A report that adds nothing is acknowledged whenever it comes: its answer may have been lost on the way. `enrol` is
    called before the first thing that is kept of a film: whoever has something kept is enrolled.
    """
    if not rules.is_sound(reports, film.duration):
        raise UnsoundReport
    again = partial(watch, transaction, person_id, film, device=device, reports=reports, enrol=enrol, now=now)
    key = {"person_id": person_id, "course": film.course, "film": film.chapter}
    connection = rows_of(transaction)
    kept = connection.execute(_KEPT, {**key, "revision": film.revision, "device": device}).one_or_none()
    if kept is None:
        enrol()
        begun = {**key, "revision": film.revision, "parts": [], "covered": 0, "updated_at": now}
        insert_once(transaction, Watched, [begun])
        return again()
    before, accounted_until = [(begin, end) for begin, end in kept.parts], kept.accounted_until
    parts = rules.union([*before, *((film.neutral(report.begin), film.neutral(report.end)) for report in reports)])
    coverage = Coverage(parts=parts, share=rules.share(parts, film.length))
    if parts == before and accounted_until is not None:
        return coverage
    others = None if accounted_until else connection.execute(_OTHERS, _named(key)).scalar()
    since = rules.accounted_before(own=accounted_until, others=others, now=now)
    if not rules.is_possible(reports, before=since, now=now):
        if parts != before:
            raise ImpossibleReport(rules.budget(since, now))
        return coverage
    until = rules.accounted_after(reports, before=since, now=now)
    if not _account(transaction, {**key, "device": device}, accounted_until, until):
        return again()
    if parts != before:
        seen = {"seen": [list(part) for part in parts], "length": rules.length(parts), "now": now}
        connection.execute(_ADD, {**_named(key), "the_revision": film.revision, **seen})
    return coverage


def _account(transaction: Transaction, key: Mapping[str, object], before: datetime | None, until: datetime) -> bool:
    """Note until when a device has accounted for its time, unless it did so since `before` was read: for another film
    of the chapter, whose parts are locked apart."""
    if before is None:
        return insert_once(transaction, WatchingDevice, [{**key, "accounted_until": until}])[0]
    return rows_of(transaction).execute(_ACCOUNT, {**_named(key), "before": before, "until": until}).rowcount == 1


def _where(table: type[Base], *names: str, prefix: str = "") -> list[ColumnElement[bool]]:
    return [getattr(table, name) == bindparam(f"{prefix}{name}") for name in names]


def _named(key: Mapping[str, object]) -> dict[str, object]:
    return {f"the_{name}": value for name, value in key.items()}


_FILM = ("person_id", "course", "film")
_KEPT = (  # what is watched is locked before anything else: reports are added one after the other, and none waits for
    # another that waits for it
    select(Watched.parts, WatchingDevice.accounted_until)
    .outerjoin(WatchingDevice, and_(*_where(WatchingDevice, *_FILM, "device")))
    .where(*_where(Watched, *_FILM, "revision"))
    .with_for_update(of=Watched)
)
_OTHERS = select(func.max(WatchingDevice.accounted_until)).where(*_where(WatchingDevice, *_FILM, prefix="the_"))
_ACCOUNT = (
    update(WatchingDevice)
    .where(
        *_where(WatchingDevice, *_FILM, "device", prefix="the_"), WatchingDevice.accounted_until == bindparam("before")
    )
    .values(accounted_until=bindparam("until"))
)
_ADD = (
    update(Watched)
    .where(*_where(Watched, *_FILM, "revision", prefix="the_"))
    .values(parts=bindparam("seen"), covered=bindparam("length"), updated_at=bindparam("now"))
)
