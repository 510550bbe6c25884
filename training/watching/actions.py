"""Adding to what was watched. What wall time forbids is refused and changes nothing; coverage never falls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
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
    """Add what a device reports and return what is watched now. Raises `UnsoundReport` and `ImpossibleReport`."""
    if not rules.is_sound(reports, film.duration):
        raise UnsoundReport
    key = {"person_id": person_id, "course": film.course, "film": film.chapter}
    seen = session.get(WatchingDevice, (person_id, film.course, film.chapter, device))
    accounted_until = seen.accounted_until if seen else None
    if not rules.is_possible(reports, accounted_until=accounted_until, now=now):
        raise ImpossibleReport(rules.budget(accounted_until=accounted_until, now=now))
    if seen is None:
        session.add(WatchingDevice(**key, device=device, accounted_until=now))
    else:
        seen.accounted_until = now
    insert_once(session, Watched, [{**key, "revision": film.revision, "parts": [], "covered": 0, "updated_at": now}])
    kept = session.scalars(
        select(Watched)
        .where(
            Watched.person_id == person_id,
            Watched.course == film.course,
            Watched.film == film.chapter,
            Watched.revision == film.revision,
        )
        .with_for_update()
    ).one()
    fresh = [(film.neutral(report.begin), film.neutral(report.end)) for report in reports]
    parts = rules.union([*((begin, end) for begin, end in kept.parts), *fresh])
    kept.parts, kept.covered, kept.updated_at = [list(part) for part in parts], rules.length(parts), now
    session.flush()
    return Coverage(parts=parts, share=rules.share(parts, film.length))
