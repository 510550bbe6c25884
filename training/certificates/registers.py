"""The register as a table: for export in five languages, and as the list in an archive."""

from collections.abc import Sequence
from datetime import datetime

from training.certificates import documents, rules
from training.certificates.accessors import reason_word, state_of, state_word
from training.certificates.models import Certificate
from training.certificates.rules import Claims
from training.certificates.snapshots import ISSUER_ZONE
from training.web.spreadsheets import Value
from training.web.words import Speech


def table(
    certificates: Sequence[Certificate], public_url: str, now: datetime, speech: Speech
) -> tuple[Sequence[str], Sequence[Sequence[Value]]]:
    """Return headings and rows in a language; the register number, which never changes, is the first column."""
    headings = [
        speech.gettext("Register number"),
        speech.gettext("Holder"),
        speech.gettext("City or region"),
        speech.gettext("Training group"),
        speech.gettext("Course"),
        speech.gettext("Minutes"),
        speech.gettext("Completed on"),
        speech.gettext("Issued on"),
        speech.gettext("Issuer"),
        speech.gettext("State"),
        speech.gettext("Since"),
        speech.gettext("Reason"),
        speech.gettext("Refresher advised from"),
        speech.gettext("Where it is checked"),
        speech.gettext("Key"),
    ]
    return headings, [_row(one, public_url, now, speech) for one in certificates]


def _row(certificate: Certificate, public_url: str, now: datetime, speech: Speech) -> Sequence[Value]:
    claims = Claims.model_validate(certificate.claims)
    ended = certificate.revoked_at or certificate.replaced_at
    reason = certificate.revoked_reason or certificate.replaced_reason
    authority = documents.in_language(claims.authority, speech.language)["text"] if claims.authority else ""
    return [
        claims.number,
        claims.holder,
        authority,
        claims.group or "",
        claims.course_title[speech.language],
        claims.minutes,
        claims.completed_on,
        claims.issued_on,
        claims.issuer,
        state_word(state_of(certificate, now), speech),
        ended.astimezone(ISSUER_ZONE).date() if ended else None,
        reason_word(reason, speech) if reason else "",
        certificate.refresher_on,
        rules.verify_address(public_url, speech.language, certificate.code),
        certificate.key_id or "",
    ]
