"""How certificates are spoken of: reasons, states, what a stranger is told, what keeps a name from being printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training.certificates import rules
from training.certificates.inspection import Seal
from training.certificates.models import Certificate
from training.certificates.rules import Claims, Life, NameFault, ReplacementReason, RevocationReason, State
from training.certificates.snapshots import ISSUER_ZONE, issuer_day
from training.certificates.tokens import Refusal
from training.web.words import Speech


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What somebody who checks is told first. `kind` is valid, revoked or unknown; `icon` stands beside the words."""

    kind: str
    icon: str
    title: str
    words: Sequence[str] = ()


def state_of(certificate: Certificate, now: datetime) -> State:
    """Return how a certificate stands today."""
    life = Life(
        revoked_at=certificate.revoked_at, replaced_at=certificate.replaced_at, refresher_on=certificate.refresher_on
    )
    return rules.state(life, issuer_day(now))


def state_word(state: State, speech: Speech) -> str:
    """Return a state in a word or two, for tables."""
    words = {
        State.VALID: speech.gettext("Valid"),
        State.REFRESHER_ADVISED: speech.gettext("Valid, refresher advised"),
        State.REPLACED: speech.gettext("Replaced"),
        State.REVOKED: speech.gettext("Revoked"),
    }
    return words[state]


def reason_word(reason: str, speech: Speech) -> str:
    """Return why a certificate does not hold any more, as far as the public is told."""
    words: dict[str, str] = {
        RevocationReason.ISSUED_IN_ERROR: speech.gettext("issued in error"),
        RevocationReason.WRONG_DETAILS: speech.gettext("wrong details"),
        RevocationReason.AT_HOLDERS_REQUEST: speech.gettext("at the holder’s request"),
        ReplacementReason.CORRECTED_NAME: speech.gettext("the name was corrected"),
        ReplacementReason.REFRESHER: speech.gettext("the course was gone through again"),
    }
    return words[reason]


def verdict_on(certificate: Certificate, claims: Claims, now: datetime, speech: Speech, *, newer: str = "") -> Verdict:
    """Return what the register says of a certificate; `newer` is the number of the one that has replaced it."""
    state = state_of(certificate, now)
    if state is State.REVOKED and certificate.revoked_at is not None:
        return Verdict(
            kind="revoked",
            icon="ban",
            title=speech.gettext("This certificate was revoked on %(day)s", day=_day(certificate.revoked_at, speech)),
            words=[
                speech.gettext(
                    "Reason: %(reason)s. It has not been valid since that day.",
                    reason=reason_word(certificate.revoked_reason or "", speech),
                )
            ],
        )
    if state is State.REPLACED and certificate.replaced_at is not None:
        return Verdict(
            kind="unknown",
            icon="history",
            title=speech.gettext("This certificate was replaced on %(day)s", day=_day(certificate.replaced_at, speech)),
            words=[
                speech.gettext("Reason: %(reason)s.", reason=reason_word(certificate.replaced_reason or "", speech)),
                speech.gettext(
                    "Certificate %(number)s has taken its place. Please ask the holder for it.", number=newer
                ),
            ],
        )
    words = [speech.gettext("Issued on %(day)s.", day=speech.date(claims.issued_on))]
    if claims.holder:
        words = [
            speech.gettext("Issued to %(name)s on %(day)s.", name=claims.holder, day=speech.date(claims.issued_on))
        ]
    if state is State.REFRESHER_ADVISED and certificate.refresher_on is not None:
        day = speech.date(certificate.refresher_on)
        words.append(speech.gettext("Going through the course again has been advised since %(day)s.", day=day))
    return Verdict(kind="valid", icon="circle-check", title=speech.gettext("This certificate is valid"), words=words)


def verdict_on_seal(seal: Seal, speech: Speech) -> Verdict:
    """Return what the seal of a document says that is none of those that are kept."""
    return {
        Seal.WHOLE: Verdict(
            kind="valid",
            icon="circle-check",
            title=speech.gettext("This document is sealed by us and unchanged"),
            words=[speech.gettext("We keep no copy of it any more; the seal fits every byte.")],
        ),
        Seal.EXTENDED: Verdict(
            kind="unknown",
            icon="alert",
            title=speech.gettext("Something was added to this document after it was sealed"),
            words=[
                speech.gettext(
                    "What was sealed is unchanged; what was added is not by us. Ask for the document as it was issued."
                )
            ],
        ),
        Seal.ALTERED: Verdict(
            kind="revoked",
            icon="ban",
            title=speech.gettext("This document was changed after it was sealed"),
            words=[
                speech.gettext("Do not rely on it. Type the code that stands on it to see what was really certified.")
            ],
        ),
        Seal.FORGED: Verdict(
            kind="revoked",
            icon="ban",
            title=speech.gettext("The seal of this document is forged"),
            words=[speech.gettext("It names a key of ours, and this key has not made it. Do not rely on it.")],
        ),
        Seal.FOREIGN: Verdict(
            kind="unknown",
            icon="help",
            title=speech.gettext("This document is sealed, but not by us"),
            words=[speech.gettext("We can say nothing about it.")],
        ),
        Seal.NONE: Verdict(
            kind="unknown",
            icon="help",
            title=speech.gettext("This is no document that we have sealed"),
            words=[
                speech.gettext(
                    "Perhaps it was printed and scanned, or saved anew. Use the code or the QR code on it instead."
                )
            ],
        ),
    }[seal]


def verdict_on_signed(distrusted_since: datetime | None, speech: Speech) -> Verdict:
    """Return what is said of signed facts: of those of a key that may be in wrong hands, that they prove nothing."""
    if distrusted_since is not None:
        return verdict_on_distrusted(distrusted_since, speech)
    return Verdict(
        kind="valid",
        icon="circle-check",
        title=speech.gettext("These facts were signed by us"),
        words=[speech.gettext("The signature fits: nothing in the link was changed.")],
    )


def verdict_on_distrusted(since: datetime, speech: Speech) -> Verdict:
    """Return what is said of whatever a key has signed or sealed that may be in wrong hands."""
    return Verdict(
        kind="unknown",
        icon="alert",
        title=speech.gettext("The key of this certificate is not trusted any more"),
        words=[
            speech.gettext("It may have been in wrong hands since %(day)s. Ask the issuer.", day=_day(since, speech))
        ],
    )


def verdict_on_refused(why: Refusal, speech: Speech) -> Verdict:
    """Return what is said of a token that proves nothing."""
    return {
        Refusal.UNREADABLE: Verdict(
            kind="unknown",
            icon="help",
            title=speech.gettext("This holds no signed facts"),
            words=[speech.gettext("Copy the whole link that the QR code shows, from “http” to its end.")],
        ),
        Refusal.ALTERED: Verdict(
            kind="revoked",
            icon="ban",
            title=speech.gettext("This link was changed or copied incompletely"),
            words=[
                speech.gettext("Scan the code again and copy the whole link. If that does not help, do not rely on it.")
            ],
        ),
        Refusal.UNKNOWN_KEY: Verdict(
            kind="unknown",
            icon="help",
            title=speech.gettext("This was signed with a key that we do not know"),
            words=[speech.gettext("It may be of another installation: the address in the link says which.")],
        ),
        Refusal.FORGED: Verdict(
            kind="revoked",
            icon="ban",
            title=speech.gettext("This is forged"),
            words=[speech.gettext("It names a key of ours, and this key has not signed it. Do not rely on it.")],
        ),
    }[why]


def name_fault_words(fault: NameFault, speech: Speech) -> str:
    """Return what to do about a name that cannot stand on a certificate."""
    return {
        NameFault.EMPTY: speech.gettext("Please write your name."),
        NameFault.TOO_LONG: speech.gettext("Please write %(max)d characters or fewer.", max=rules.LONGEST_NAME),
        NameFault.UNSEEN_SIGNS: speech.gettext(
            "There are invisible characters in this name. Please type it instead of copying it."
        ),
    }[fault]


def unprintable_words(speech: Speech) -> str:
    """Return what is said of a name in a script that the document's fonts lack."""
    return speech.gettext(
        "The certificate can be printed in Latin, Greek and Cyrillic letters. Please write your name in one of them, "
        "for instance as it stands in the machine-readable part of your passport."
    )


def _day(moment: datetime, speech: Speech) -> str:
    return speech.date(moment.astimezone(ISSUER_ZONE).date())
