"""Adding to what was watched. What wall time forbids is refused and changes nothing; coverage never falls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from training.courses.manifest import Film
from training.db import insert_once
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
    kept = _kept(session, person_id, film, now)
    seen = session.get(WatchingDevice, (person_id, film.course, film.chapter, device), with_for_update=True)
    fresh = [(film.neutral(report.begin), film.neutral(report.end)) for report in reports]
    accounted_until = seen.accounted_until if seen else None
    if not rules.is_possible(reports, accounted_until=accounted_until, now=now):
        before = _parts(kept)
        if rules.union([*before, *fresh]) != before:
            raise ImpossibleReport(rules.budget(accounted_until=accounted_until, now=now))
        return Coverage(parts=before, share=rules.share(before, film.length))
    if seen is not None:
        seen.accounted_until = now
    else:
        key = {"person_id": person_id, "course": film.course, "film": film.chapter, "device": device}
        if not insert_once(session, WatchingDevice, [{**key, "accounted_until": now}])[0]:  # of another revision
            return watch(session, person_id, film, device=device, reports=reports, now=now)
    parts = rules.union([*_parts(kept), *fresh])
    kept.parts, kept.covered, kept.updated_at = [list(part) for part in parts], rules.length(parts), now
    session.flush()
    return Coverage(parts=parts, share=rules.share(parts, film.length))


def _kept(session: Session, person_id: UUID, film: Film, now: datetime) -> Watched:
    """Return what is kept of a person and a film, locked before anything else: reports are added one after the other,
    and none waits for another that waits for it."""
    key = {"person_id": person_id, "course": film.course, "film": film.chapter, "revision": film.revision}
    known = session.get(Watched, tuple(key.values()), with_for_update=True)
    if known is None:
        insert_once(session, Watched, [{**key, "parts": [], "covered": 0, "updated_at": now}])
        known = session.get_one(Watched, tuple(key.values()), with_for_update=True)
    return known


def _parts(kept: Watched) -> list[rules.Part]:
    return [(begin, end) for begin, end in kept.parts]
