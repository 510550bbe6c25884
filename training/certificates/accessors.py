"""How reasons of revocation are worded."""

from training.certificates.rules import RevocationReason
from training.web.words import _


def reason_word(reason: str) -> str:
    """Return why a certificate was revoked, as far as the public is told."""
    words = {
        RevocationReason.ISSUED_IN_ERROR: _("issued in error"),
        RevocationReason.WRONG_DETAILS: _("wrong details"),
        RevocationReason.AT_HOLDERS_REQUEST: _("at the holder’s request"),
    }
    return words[RevocationReason(reason)]
