"""Adding to what was watched. What wall time forbids is refused and changes nothing; coverage never falls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from training.courses.manifest import Film
from training.db import Base, insert_once
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
    session: Session,
    person_id: UUID,
    film: Film,
    *,
    device: str,
    reports: Sequence[rules.Report],
    now: datetime,
) -> Coverage:
    """Add what a device reports and return what is watched now. Raises `UnsoundReport` and `ImpossibleReport`,
    whose transaction ends without a change.

    A report that adds nothing is acknowledged whenever it comes: its answer may have been lost on the way.
    """
    if not rules.is_sound(reports, film.duration):
        raise UnsoundReport
    key = {"person_id": person_id, "course": film.course, "film": film.chapter}
    connection = session.connection()
    before = _kept(session, {**key, "revision": film.revision}, now)
    accounted_until = connection.execute(_DEVICE, {**key, "device": device}).scalar()
    parts = rules.union([*before, *((film.neutral(report.begin), film.neutral(report.end)) for report in reports)])
    coverage = Coverage(parts=parts, share=rules.share(parts, film.length))
    if not rules.is_possible(reports, accounted_until=accounted_until, now=now):
        if parts != before:
            raise ImpossibleReport(rules.budget(accounted_until=accounted_until, now=now))
        return coverage
    if accounted_until is not None:
        connection.execute(_ACCOUNT, {**_named(key), "the_device": device, "now": now})
    elif not insert_once(session, WatchingDevice, [{**key, "device": device, "accounted_until": now}])[0]:
        return watch(session, person_id, film, device=device, reports=reports, now=now)  # it reports another film, too
    if parts != before:
        seen = {"seen": [list(part) for part in parts], "length": rules.length(parts), "now": now}
        connection.execute(_ADD, {**_named(key), "the_revision": film.revision, **seen})
    return coverage


def _kept(session: Session, key: Mapping[str, object], now: datetime) -> list[rules.Part]:
    """Return what is kept of a person and a film, locked before anything else: reports are added one after the other,
    and none waits for another that waits for it."""
    known = session.connection().execute(_KEPT, key).scalar()
    if known is None:
        insert_once(session, Watched, [{**key, "parts": [], "covered": 0, "updated_at": now}])
        known = session.connection().execute(_KEPT, key).scalar_one()
    return [(begin, end) for begin, end in known]


def _where(table: type[Base], *names: str, prefix: str = "") -> list[ColumnElement[bool]]:
    return [getattr(table, name) == bindparam(f"{prefix}{name}") for name in names]


def _named(key: Mapping[str, object]) -> dict[str, object]:
    return {f"the_{name}": value for name, value in key.items()}


_FILM = ("person_id", "course", "film")
_KEPT = select(Watched.parts).where(*_where(Watched, *_FILM, "revision")).with_for_update()
_DEVICE = select(WatchingDevice.accounted_until).where(*_where(WatchingDevice, *_FILM, "device")).with_for_update()
_ACCOUNT = (
    update(WatchingDevice)
    .where(*_where(WatchingDevice, *_FILM, "device", prefix="the_"))
    .values(accounted_until=bindparam("now"))
)
_ADD = (
    update(Watched)
    .where(*_where(Watched, *_FILM, "revision", prefix="the_"))
    .values(parts=bindparam("seen"), covered=bindparam("length"), updated_at=bindparam("now"))
)
