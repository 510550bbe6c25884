"""Rules of training groups: how much a trainer sees, codes to join by, who attended. Values in, values out."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class PrivacyMode(StrEnum):
    """What a group's trainers see of its members, from the gentlest to the most open."""

    AGGREGATE = "aggregate"
    """Figures about the group, never about fewer than five people."""
    MILESTONES = "milestones"
    """Done or not, and since when: no marks, attempts, times or answers of a person."""
    INDIVIDUAL = "individual"
    """Also the marks and attempts of each person. Shown to members before they join."""


@dataclass(frozen=True)
class Terms:
    """What somebody reads of a group before they join it."""

    mode: PrivacyMode
    sessions_asked: int = 0
    """How many of its sessions a member has to attend for their course to be completed."""


MOST_SESSIONS_ASKED = 50
GENTLER = (PrivacyMode.INDIVIDUAL, PrivacyMode.MILESTONES, PrivacyMode.AGGREGATE)
"""The modes from the most open to the gentlest: a group only moves along this row."""
FEWEST = 5
"""People, below which no figure about a group is shown."""
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another when read aloud or off a board


INVITATION_LASTS = timedelta(days=30)
LONGEST_NAME = 200
"""Characters of a name, as in the table of people."""


class SessionKind(StrEnum):
    """How a group meets."""

    FACE_TO_FACE = "face-to-face"
    ONLINE = "online"
    FIELD_VISIT = "field-visit"


LONGEST_SESSION = 720
"""Minutes of a session; what lasts for days is a session a day."""


@dataclass(frozen=True)
class Tally:
    """How many sessions somebody attended, of those that were held while they took part."""

    attended: int
    held: int


NONE_HELD = Tally(attended=0, held=0)


def tally(noted: Iterable[bool]) -> Tally:
    """Count what was noted of somebody. What is planned, or was never noted, is not held against them."""
    all_noted = list(noted)
    return Tally(attended=sum(all_noted), held=len(all_noted))


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """Return the moment (UTC) of a time of day in a zone; none where the clock skips it on that day."""
    moment = datetime.combine(day, at, zone).astimezone(UTC)
    return moment if moment.astimezone(zone).time() == at else None


def has_begun(starts_at: datetime, now: datetime) -> bool:
    """Whether attendance may be noted: nobody has attended what is still to come."""
    return starts_at <= now


def attendance_notes(
    ticked: Collection[UUID], joined_at: Mapping[UUID, datetime], *, ends_at: datetime, noted: Collection[UUID] = ()
) -> dict[UUID, bool]:
    """Return whether each member attended. Who joined after the end was not expected, and is noted only if ticked, or
    if it was `noted` of them before."""
    return {
        person_id: person_id in ticked
        for person_id, joined in joined_at.items()
        if person_id in ticked or person_id in noted or joined <= ends_at
    }


class Fate(StrEnum):
    """What an import does with a line of a list."""

    INVITE = "invite"
    INVITE_AGAIN = "invite-again"
    """Was invited and has not come: another letter; the older link stays good until one is used."""
    MEMBER = "member"
    TWICE = "twice"
    """Stands in the list a second time."""
    NO_ADDRESS = "no-address"
    """Holds no complete e-mail address."""
    NAME_TOO_LONG = "name-too-long"
    """Holds more in the place of the name than a name has: nothing is cut off behind anybody's back."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may be invited; `email` is empty where there was no complete address."""

    row: int
    email: str
    name: str
    language: str


def fates(
    candidates: Sequence[Candidate], *, members: Collection[str], invited: Collection[str]
) -> list[tuple[Candidate, Fate]]:
    """Return what happens to each line, row by row. Addresses of `members` and `invited` are casefolded."""
    found: list[tuple[Candidate, Fate]] = []
    seen: set[str] = set()
    for candidate in candidates:
        key = candidate.email.casefold()
        if not key:
            fate = Fate.NO_ADDRESS
        elif len(candidate.name) > LONGEST_NAME:
            fate = Fate.NAME_TOO_LONG
        elif key in seen:
            fate = Fate.TWICE
        elif key in members:
            fate = Fate.MEMBER
        else:
            fate = Fate.INVITE_AGAIN if key in invited else Fate.INVITE
        seen.add(key)
        found.append((candidate, fate))
    return found


def is_as_gentle(wanted: PrivacyMode, present: PrivacyMode) -> bool:
    """Whether a mode shows no more than the present one."""
    return GENTLER.index(wanted) >= GENTLER.index(present)


def still_hold(seen: Terms, present: Terms) -> bool:
    """Whether a group asks and shows no more than what somebody read of it."""
    return is_as_gentle(present.mode, seen.mode) and present.sessions_asked <= seen.sessions_asked


def moved(due: Mapping[str, date], *, before: date, after: date) -> dict[str, date]:
    """Return due dates that follow a start that was put off or brought forward."""
    return {chapter: day + (after - before) for chapter, day in due.items()}


def new_code() -> str:
    """Return a code to join by: eight letters and digits, a good 39 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def code_key(typed: str) -> str:
    """Return a code as it is kept, however it was typed."""
    return "".join(character for character in typed.upper() if character.isalnum())


def shown_code(code: str) -> str:
    """Return a code as it is shown: in two halves, easier to read aloud."""
    return f"{code[:4]}-{code[4:]}"


def in_steps(people: int) -> int:
    """Return how many of `people` a figure may speak of: the largest multiple of five.

    A figure that changed with each person would tell what that person chose.
    """
    return people - people % FEWEST
