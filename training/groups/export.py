"""A session as an entry of a calendar (RFC 5545), in the words of the person who takes it along."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from training.cohorts.accessors import session_kind
from training.cohorts.models import GroupSession
from training.web.words import Speech, zone_of

DAY = timedelta(days=1)


def calendar_entry(meeting: GroupSession, group: str, speech: Speech, address: str, *, now: datetime) -> bytes:
    """Return a calendar file with one session, in the clock of its place.

    Taken again after a change, the entry replaces itself: it is known by the session. `address` is where a member
    reads about it.
    """
    there = zone_of(meeting.time_zone)
    begin, end = meeting.starts_at.astimezone(there), meeting.ends_at.astimezone(there)
    identifier = f"{meeting.id}@{urlsplit(address).hostname}"
    entry = Event.new(
        uid=identifier,
        stamp=now,
        start=begin,
        end=end,
        summary=meeting.title,
        location=meeting.place or None,
        description=speech.gettext("%(kind)s, %(group)s", kind=session_kind(meeting.kind, speech), group=group),
        url=address,
    )
    calendar = Calendar.new(
        uid=identifier,
        prodid=f"-//LIAISE//Training//{speech.language.upper()}",
        language=speech.language.value,
        subcomponents=[entry],
    )
    calendar.add_missing_timezones(first_date=begin.date() - DAY, last_date=end.date() + DAY)
    return bytes(calendar.to_ical())
