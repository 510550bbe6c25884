"""How privacy modes are worded (the same before joining, in the group and for the member), sessions, list fates."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask import abort

from training.cohorts.models import TrainingGroup
from training.cohorts.queries import group_led_by
from training.cohorts.rules import Fate, PrivacyMode, SessionKind
from training.web import visitor
from training.web.requests import reading
from training.web.words import Speech, _, zone_of


def group_or_404(group_id: UUID) -> TrainingGroup:
    """Return a group that the visitor leads; another's is not found."""
    found = group_led_by(reading(), visitor.actor().person_id, group_id)
    if found is None:
        abort(404)
    return found


class Meeting(Protocol):
    """When a session takes place, in the clock of its place."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def time_zone(self) -> str: ...


def mode_label(mode: str) -> str:
    """Return the name of a privacy mode."""
    labels = {
        PrivacyMode.AGGREGATE: _("Figures of the group only"),
        PrivacyMode.MILESTONES: _("Milestones only"),
        PrivacyMode.INDIVIDUAL: _("Individual results"),
    }
    return labels[PrivacyMode(mode)]


def mode_explained(mode: str) -> str:
    """Return what the trainers of a group see in a privacy mode."""
    texts = {
        PrivacyMode.AGGREGATE: _(
            "The trainers see your name and figures about the whole group, never about fewer than five people. "
            "They do not see how far you are."
        ),
        PrivacyMode.MILESTONES: _(
            "The trainers see your name, your city or region, and which chapters you have completed and when. "
            "They do not see marks, attempts, times or answers."
        ),
        PrivacyMode.INDIVIDUAL: _(
            "The trainers see your name, your city or region, which chapters you have completed and when, and for each "
            "quiz your attempts and how many answers were right. They do not see which answers you gave."
        ),
    }
    attendance = _("They also note who attends the group’s sessions.")
    return f"{texts[PrivacyMode(mode)]} {attendance}"


def session_kind(kind: str, speech: Speech) -> str:
    """Return how a group meets."""
    words = {
        SessionKind.FACE_TO_FACE: speech.gettext("face to face"),
        SessionKind.ONLINE: speech.gettext("online"),
        SessionKind.FIELD_VISIT: speech.gettext("field visit"),
    }
    return words[SessionKind(kind)]


def session_time(meeting: Meeting, speech: Speech) -> str:
    """Return day and time of a session at its place; its zone is named where the reader's clock shows another time."""
    there = Speech(speech.language, zone_of(meeting.time_zone))
    begin = meeting.starts_at
    named = there.until(begin) | {"begin": there.time(begin), "end": there.time(meeting.ends_at)}
    if begin.astimezone(there.zone).utcoffset() == begin.astimezone(speech.zone).utcoffset():
        return speech.gettext("%(day)s, %(begin)s–%(end)s", **named)
    return speech.gettext("%(day)s, %(begin)s–%(end)s (time zone: %(city)s)", **named)


def fate_word(fate: Fate) -> str:
    """Return what happens to a line of a list of people."""
    words = {
        Fate.INVITE: _("gets an invitation"),
        Fate.INVITE_AGAIN: _("gets another invitation; the first one stays good"),
        Fate.MEMBER: _("is a member already"),
        Fate.TWICE: _("stands in the list twice"),
        Fate.NO_ADDRESS: _("no complete e-mail address"),
        Fate.NAME_TOO_LONG: _("the name is too long"),
    }
    return words[fate]
