"""The union of watched intervals, and how much film a device can have shown. Values in, values out.

Intervals are half-open, in whole numbers. What was watched ten times counts once; what was jumped over, not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Part = tuple[int, int]
"""From and to, the end not included."""

FASTEST = 2.0
SLACK = timedelta(seconds=5)
"""What a report may hold beyond its time: clocks and timers are not exact."""
FIRST_REPORT = timedelta(seconds=30)
"""What a device may report that has not reported before: the page asks to be told at its first second."""
OFFLINE_AT_MOST = timedelta(hours=72)
ACCOUNTED = 0.995
"""A share so near to a whole film is one: the last milliseconds are never reported."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """That a device showed the film from `begin` to `end` (milliseconds of the film) at `rate`."""

    begin: int
    end: int
    rate: float


def union(parts: Iterable[Part]) -> list[Part]:
    """Return the same time as parts that do not touch, in order."""
    merged: list[Part] = []
    for begin, end in sorted(part for part in parts if part[0] < part[1]):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged


def length(parts: Iterable[Part]) -> int:
    """Return how long parts are that do not overlap."""
    return sum(end - begin for begin, end in parts)


def missing(parts: Sequence[Part], whole: int) -> list[Part]:
    """Return what of `0 .. whole` the parts leave out."""
    gaps: list[Part] = []
    position = 0
    for begin, end in [*parts, (whole, whole)]:
        if begin > position:
            gaps.append((position, min(begin, whole)))
        position = max(position, end)
    return gaps


def share(parts: Sequence[Part], whole: int) -> float:
    """Return the share (0 to 1) of a film that the parts cover."""
    covered = min(length(parts) / whole, 1.0)
    return 1.0 if covered >= ACCOUNTED else covered


def is_sound(reports: Sequence[Report], duration: int) -> bool:
    """Whether reports lie within the film and name rates that a player offers."""
    return all(0 <= report.begin < report.end <= duration and 0.25 <= report.rate <= FASTEST for report in reports)


def wall_time(reports: Sequence[Report]) -> timedelta:
    """Return how long it takes to watch what the reports say, at their rates."""
    return timedelta(milliseconds=sum((report.end - report.begin) / report.rate for report in reports))


def accounted_before(*, own: datetime | None, others: datetime | None, now: datetime) -> datetime:
    """Return from when on a device can have been showing a film: since it last accounted for its time, or since
    another device did that the person had before it. Nobody watches on two at once."""
    earliest = now - OFFLINE_AT_MOST
    if own is not None:
        return max(own, earliest)
    return now - FIRST_REPORT if others is None else max(others, earliest) + SLACK


def budget(before: datetime, now: datetime) -> timedelta:
    """Return how long a device can have been showing a film that has accounted for its time before."""
    return now - before + SLACK


def accounted_after(reports: Sequence[Report], *, before: datetime, now: datetime) -> datetime:
    """Return up to when a device has accounted for its time with these reports: what is taken of the slack is not
    given anew with the next report, and time in which nothing was shown cannot be saved up."""
    return max(now, before + wall_time(reports))


def is_possible(reports: Sequence[Report], *, before: datetime, now: datetime) -> bool:
    """Whether a device can have shown all this since it last accounted for its time."""
    return wall_time(reports) <= budget(before, now)
