"""The evidence file of a certificate, for whoever audits the funding: what it rests on, and how it was sealed.

It holds dates and no mark, no answer, no number of attempts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from training.certificates import documents, seals
from training.certificates.accessors import state_of, state_word
from training.certificates.models import Certificate, CertificateDocument, CertificateEvidence
from training.certificates.office import Office
from training.certificates.rules import Claims
from training.certificates.seals import Inscription
from training.certificates.snapshots import issuer_day
from training.cohorts.accessors import session_kind
from training.languages import OWN_NAMES, Language
from training.progress.rules import MilestoneKind
from training.web.words import Speech, zone_of

TEMPLATE = Path(__file__).parent / "evidence.typ"


def make(
    certificate: Certificate,
    rests_on: CertificateEvidence,
    made: Sequence[CertificateDocument],
    office: Office,
    speech: Speech,
    *,
    now: datetime,
) -> bytes:
    """Return the evidence file as a sealed PDF in a language. Raises `SealingFailed`."""
    claims = Claims.model_validate(certificate.claims)
    title = speech.gettext("Evidence for certificate %(number)s", number=claims.number)
    words = {
        "language": speech.language.value,
        "title": title,
        "issuer": claims.issuer,
        "footer": title,
        "lead": speech.gettext(
            "Taken when the certificate was issued. Marks, answers and attempts are not part of it."
        ),
        "parts": [
            _certificate(certificate, claims, speech, now),
            _rule(rests_on.facts, claims, speech),
            _milestones(rests_on.facts, claims, speech),
            _attendance(rests_on.facts, speech),
            _signatures(claims, speech),
            _seals(certificate, made, speech),
        ],
    }
    pdf = documents.compiled(TEMPLATE, words, now, holder=claims.holder)
    inscription = Inscription(
        label=speech.gettext("Electronic seal of %(issuer)s", issuer=claims.issuer),
        reason=title,
        link=office.public_url,
    )
    return seals.seal(pdf, office.seal, inscription, timestamp_url=office.timestamp_url)


def _part(
    heading: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float] = (1, 2),
    none: str = "",
) -> dict[str, Any]:
    return {
        "heading": heading,
        "columns": columns,
        "rows": rows,
        "widths": widths,
        "none": none,
    }


def _certificate(certificate: Certificate, claims: Claims, speech: Speech, now: datetime) -> dict[str, Any]:
    authority = documents.in_language(claims.authority, speech.language)["text"] if claims.authority else "–"
    rows = [
        [speech.gettext("Holder"), claims.holder],
        [speech.gettext("City or region"), authority],
        [speech.gettext("Training group"), claims.group or "–"],
        [speech.gettext("Course"), claims.course_title[speech.language]],
        [speech.gettext("Completed on"), speech.date(claims.completed_on)],
        [speech.gettext("Issued on"), speech.date(claims.issued_on)],
        [speech.gettext("Issuer"), claims.issuer],
        [
            speech.gettext("State on %(day)s", day=speech.date(issuer_day(now))),
            state_word(state_of(certificate, now), speech),
        ],
    ]
    return _part(speech.gettext("Certificate"), [speech.gettext("What"), speech.gettext("Value")], rows)


def _rule(facts: Mapping[str, Any], claims: Claims, speech: Speech) -> dict[str, Any]:
    rule = facts["rule"]
    chapters = speech.listing([f"{chapter.number} {chapter.title[speech.language]}" for chapter in claims.chapters])
    rows = [
        [speech.gettext("Version of the rule"), str(claims.rule_version)],
        [speech.gettext("Nominal length"), documents.duration(claims.minutes, speech)],
        [speech.gettext("Chapters asked for"), chapters],
        [
            speech.gettext("Film or transcript asked for"),
            speech.gettext("Yes") if rule["film"] else speech.gettext("No"),
        ],
        [
            speech.gettext("Quiz"),
            speech.gettext(
                "%(right)d of %(drawn)d questions answered rightly", right=rule["passed_at"], drawn=rule["draw"]
            ),
        ],
    ]
    if asked := facts.get("sessions_asked", 0):  # evidence that was taken before groups could ask for any has no entry
        rows.append([speech.gettext("Sessions asked for by the group"), speech.number(asked)])
    return _part(speech.gettext("What had to be done"), [speech.gettext("What"), speech.gettext("Value")], rows)


def _milestones(facts: Mapping[str, Any], claims: Claims, speech: Speech) -> dict[str, Any]:
    titles = {chapter.number: chapter.title[speech.language] for chapter in claims.chapters}
    rows = []
    for chapter in facts["enrolled_chapters"]:
        mine = [one for one in facts["milestones"] if one["chapter"] == chapter["slug"]]
        rows.append(
            [
                f"{chapter['number']} {titles.get(chapter['number'], chapter['slug'])}",
                _days(mine, MilestoneKind.SECTION_READ, speech),
                _days(mine, MilestoneKind.FILM_WATCHED, speech),
                _days(mine, MilestoneKind.QUIZ_PASSED, speech),
                _days(mine, MilestoneKind.CHAPTER_COMPLETED, speech),
            ]
        )
    columns = [
        speech.gettext("Chapter"),
        speech.gettext("Sections read"),
        speech.gettext("Film or transcript"),
        speech.gettext("Quiz passed"),
        speech.gettext("Chapter completed"),
    ]
    return _part(speech.gettext("What was done, and when"), columns, rows, widths=(2.6, 1.6, 1.2, 1.2, 1.3))


def _days(milestones: Sequence[Mapping[str, str]], kind: MilestoneKind, speech: Speech) -> str:
    """Return the day or the days of the milestones of a kind, and how many there are where there are several."""
    days = sorted(
        speech.day_of(datetime.fromisoformat(one["done_at"])) for one in milestones if one["kind"] == kind.value
    )
    if not days:
        return "–"
    if len(days) == 1:
        return speech.short_date(days[0])
    return f"{len(days)}: {speech.short_date(days[0])} – {speech.short_date(days[-1])}"


def _begin(meeting: Mapping[str, str], language: Language) -> str:
    """Return when a session began, in the clock of its place."""
    there, begin = Speech(language, zone_of(meeting["time_zone"])), datetime.fromisoformat(meeting["starts_at"])
    return f"{there.moment(begin)} ({there.until(begin)['city']})"


def _minutes(meeting: Mapping[str, str]) -> int:
    begin, end = (datetime.fromisoformat(meeting[name]) for name in ("starts_at", "ends_at"))
    return (end - begin) // timedelta(minutes=1)


def _attendance(facts: Mapping[str, Any], speech: Speech) -> dict[str, Any]:
    rows = [
        [
            _begin(one, speech.language),
            one["title"],
            session_kind(one["kind"], speech),
            documents.duration(_minutes(one), speech),
            speech.gettext("Yes") if one["attended"] else speech.gettext("No"),
        ]
        for one in facts["sessions"]
    ]
    columns = [
        speech.gettext("When"),
        speech.gettext("Session"),
        speech.gettext("How the group met"),
        speech.gettext("Length"),
        speech.gettext("Attended"),
    ]
    none = speech.gettext("No sessions were part of this course.")
    return _part(speech.gettext("Attendance at sessions"), columns, rows, widths=(2.1, 2, 1.2, 1, 1.2), none=none)


def _signatures(claims: Claims, speech: Speech) -> dict[str, Any]:
    rows = [[one.name, documents.in_language(one.function, speech.language)["text"]] for one in claims.signatories]
    return _part(speech.gettext("Signatories"), [speech.gettext("Name"), speech.gettext("Function")], rows)


def _seals(certificate: Certificate, made: Sequence[CertificateDocument], speech: Speech) -> dict[str, Any]:
    rows = [
        [
            OWN_NAMES[Language(one.language)],
            speech.moment(one.made_at),
            one.key_id,
            " ".join(one.sha256[start : start + 16] for start in range(0, 64, 16)),
        ]
        for one in made
    ]
    columns = [speech.gettext("Document"), speech.gettext("Sealed"), speech.gettext("Key"), "SHA-256"]
    none = speech.gettext(
        "No document was asked for yet; the register entry names the key %(key)s.", key=certificate.key_id or "–"
    )
    return _part(speech.gettext("Electronic seals"), columns, rows, widths=(1, 1.6, 1.5, 3), none=none)
