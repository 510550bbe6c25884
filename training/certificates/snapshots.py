"""What a certificate says and on what it rests, taken from what holds at the moment when it is issued."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from training.certificates import rules
from training.certificates.models import Issuer
from training.certificates.rules import ClaimedChapter, Claims, Signatory
from training.certificates.waiting import Eligible
from training.cohorts.models import GroupSession, TrainingGroup
from training.cohorts.rules import tally
from training.courses.content import CompletionRule, Text
from training.courses.library import LoadedCourse
from training.languages import Language
from training.progress.models import Milestone

ISSUER_ZONE = ZoneInfo("Europe/Brussels")


def issuer_day(moment: datetime) -> date:
    """Return the day of a moment in the issuer's zone: the day that certificates state and states depend on."""
    return moment.astimezone(ISSUER_ZONE).date()


def claims_of(
    holder: Eligible, name: str, course: LoadedCourse, rule: CompletionRule, issuer: Issuer, now: datetime
) -> Claims:
    """Return what the certificate of somebody says who is entered now; its number is still to come."""
    completed_on = issuer_day(holder.completed_at)
    months = rule.refresher_months
    return Claims(
        holder=name,
        course=course.slug,
        course_title=_titles(course.file.title),
        chapters=[
            ClaimedChapter(number=chapter.file.number, title=_titles(chapter.file.title))
            for chapter in course.chapters
            if chapter.slug in rule.chapters
        ],
        minutes=rule.minutes,
        rule_version=rule.version,
        completed_on=completed_on,
        issued_on=issuer_day(now),
        authority=holder.authority.names if holder.authority else None,
        number="",
        language=holder.language,
        refresher_months=months,
        refresher_on=rules.after_months(completed_on, months) if months else None,
        **issued_by(issuer),
    )


def cohort_of(group: TrainingGroup | None, held: Sequence[tuple[GroupSession, bool]]) -> dict[str, Any]:
    """Return the claims that say with which group somebody took the course, and how many of its sessions they attended.

    A group that has held no session says nothing of sessions.
    """
    counted = tally(attended for _meeting, attended in held)
    return {
        "group": group.name if group else None,
        "sessions": (counted.attended, counted.held) if counted.held else None,
    }


def issued_by(issuer: Issuer) -> dict[str, Any]:
    """Return the claims that say in whose name a certificate is issued, and who signs it."""
    return {
        "issuer": issuer.name,
        "signatories": tuple(Signatory.model_validate(one) for one in issuer.signatories),
        "funding": {Language(code): text for code, text in issuer.funding.items()} or None,
        "logo": issuer.logo,
    }


def evidence_of(
    course: LoadedCourse,
    rule: CompletionRule,
    milestones: Sequence[Milestone],
    group: TrainingGroup | None,
    held: Sequence[tuple[GroupSession, bool]],
) -> dict[str, Any]:
    """Return on what a certificate rests: the rule, what the group asked for, dated milestones, the sessions held."""
    return {
        "rule": rule.model_dump(mode="json"),
        "enrolled_chapters": [
            {"slug": chapter.slug, "number": chapter.file.number}
            for chapter in course.chapters
            if chapter.slug in rule.chapters
        ],
        "milestones": [
            {"kind": one.kind, "chapter": one.chapter, "subject": one.subject, "done_at": one.done_at.isoformat()}
            for one in milestones
        ],
        "sessions_asked": group.sessions_asked if group else 0,
        "sessions": [
            {
                "starts_at": meeting.starts_at.isoformat(),
                "time_zone": meeting.time_zone,
                "title": meeting.title,
                "kind": meeting.kind,
                "ends_at": meeting.ends_at.isoformat(),
                "attended": attended,
            }
            for meeting, attended in held
        ],
    }


def _titles(text: Text) -> dict[Language, str]:
    return {language: text[language] for language in Language}
