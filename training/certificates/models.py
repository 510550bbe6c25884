"""The register of certificates. A row is a snapshot: nothing that changes elsewhere changes it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped

from training.certificates.rules import LONGEST_NAME
from training.db import Base, column
from training.terms import NOT_ABOUT_PEOPLE, Erasure, OnErasure, Privacy, Purpose

SHOWS_THE_NAME = Erasure(OnErasure.DELETE, "It shows the name; the holder keeps their own copy.")
STANDING = "revoked_at IS NULL AND replaced_at IS NULL"
KEY_ID = String(16)
LONGEST_TOKEN = 6000
INSTALLATION = UUID(int=0)
"""The identifier of the issuer that is no authority."""


class Register(Base):
    """The one row that hands out register numbers: whoever holds it may issue."""

    __tablename__ = "register"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    erasure = NOT_ABOUT_PEOPLE

    id: Mapped[int] = column(Privacy.NONE, primary_key=True, autoincrement=False)
    last_number: Mapped[int] = column(Privacy.NONE)


class SealKeyUsed(Base):
    """A key that has signed something here: its public half and its certificate stay published for ever.

    `until` is when another key took over. A key that is `distrusted` may be in wrong hands: what it signed counts only
    as far as the register knows it.
    """

    __tablename__ = "seal_key_used"
    erasure = NOT_ABOUT_PEOPLE

    kid: Mapped[str] = column(Privacy.NONE, KEY_ID, primary_key=True)
    x: Mapped[str] = column(Privacy.NONE, String(43))
    y: Mapped[str] = column(Privacy.NONE, String(43))
    certificate: Mapped[str] = column(Privacy.NONE, Text)
    since: Mapped[datetime] = column(Privacy.NONE)
    until: Mapped[datetime | None] = column(Privacy.NONE)
    distrusted_at: Mapped[datetime | None] = column(Privacy.NONE)


class Certificate(Base):
    """One entry of the register. `claims` is what the certificate says; `code` is what a stranger checks it by."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked_with_a_reason"),
        CheckConstraint("(replaced_at IS NULL) = (replaced_reason IS NULL)", name="replaced_with_a_reason"),
        CheckConstraint("(replaced_at IS NULL) = (replaced_by_id IS NULL)", name="replaced_by_another"),
        CheckConstraint("revoked_at IS NULL OR replaced_at IS NULL", name="revoked_or_replaced"),
        CheckConstraint("erased_at IS NULL OR person_id IS NULL", name="erased_is_nobodys"),
        Index(None, "person_id", "course"),
        Index(None, "authority_id", "number"),
        Index(
            "uq_certificate_standing",
            "person_id",
            "course",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
    )
    erasure = Erasure(
        OnErasure.CUT,
        "An employer can check it for as long as it may be relied on; name and person are cut "
        "(GDPR art. 17(3)(e)), code, dates, state and key identifier stay.",
    )
    serves = Purpose.CERTIFICATES

    id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    number: Mapped[int] = column(Privacy.LINK, unique=True)
    code: Mapped[str] = column(Privacy.LINK, String(26), unique=True)
    person_id: Mapped[UUID | None] = column(Privacy.LINK, ForeignKey("person.id"))
    authority_id: Mapped[UUID | None] = column(Privacy.BELONGING, ForeignKey("local_authority.id"))
    course: Mapped[str] = column(Privacy.LEARNING, String(60))
    claims: Mapped[dict[str, Any]] = column(Privacy.IDENTITY)
    key_id: Mapped[str | None] = column(Privacy.NONE, KEY_ID, ForeignKey("seal_key_used.kid"))
    """The key of the installation when it was issued; none where that was before there was one."""
    issued_at: Mapped[datetime] = column(Privacy.LEARNING)
    issued_by: Mapped[UUID | None] = column(Privacy.TRACE)
    refresher_on: Mapped[date | None] = column(Privacy.LEARNING)
    revoked_at: Mapped[datetime | None] = column(Privacy.LEARNING)
    revoked_reason: Mapped[str | None] = column(Privacy.LEARNING, String(30))
    revoked_by: Mapped[UUID | None] = column(Privacy.TRACE)
    replaced_at: Mapped[datetime | None] = column(Privacy.LEARNING)
    replaced_reason: Mapped[str | None] = column(Privacy.LEARNING, String(30))
    replaced_by_id: Mapped[UUID | None] = column(
        Privacy.LINK, ForeignKey("certificate.id", deferrable=True, initially="DEFERRED")
    )
    erased_at: Mapped[datetime | None] = column(Privacy.LEARNING)


class CertificateDocument(Base):
    """The PDF of a certificate in one language: made and sealed once, its bytes kept. `token` is the one in its QR."""

    __tablename__ = "certificate_document"
    __table_args__ = (Index(None, "sha256"),)
    erasure = SHOWS_THE_NAME
    serves = Purpose.CERTIFICATES

    certificate_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("certificate.id"), primary_key=True)
    language: Mapped[str] = column(Privacy.NONE, String(2), primary_key=True)
    pdf: Mapped[bytes] = column(Privacy.IDENTITY, LargeBinary, deferred=True)
    sha256: Mapped[str] = column(Privacy.LINK, String(64))
    token: Mapped[str] = column(Privacy.IDENTITY, String(LONGEST_TOKEN))
    key_id: Mapped[str] = column(Privacy.NONE, KEY_ID, ForeignKey("seal_key_used.kid"))
    made_at: Mapped[datetime] = column(Privacy.LEARNING)


class CertificateBadge(Base):
    """The Open Badges credential of a certificate: made and signed once, its bytes kept."""

    __tablename__ = "certificate_badge"
    erasure = SHOWS_THE_NAME
    serves = Purpose.CERTIFICATES

    certificate_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("certificate.id"), primary_key=True)
    badge: Mapped[bytes] = column(Privacy.IDENTITY, LargeBinary, deferred=True)
    key_id: Mapped[str] = column(Privacy.NONE, KEY_ID, ForeignKey("seal_key_used.kid"))
    made_at: Mapped[datetime] = column(Privacy.LEARNING)


class CertificateEvidence(Base):
    """On what a certificate rests, as it stood when it was issued: dated milestones and attendance. No mark, no answer.

    Milestones go with the account; what an auditor of the funding asks for is kept as long as the certificate has a
    holder.
    """

    __tablename__ = "certificate_evidence"
    erasure = Erasure(OnErasure.DELETE, "It says when one person did what; the certificate stands without it.")
    serves = Purpose.CERTIFICATES

    certificate_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("certificate.id"), primary_key=True)
    facts: Mapped[dict[str, Any]] = column(Privacy.LEARNING)


class NameConfirmation(Base):
    """The name that a person wants on their certificates, exactly as they wrote it, and when they confirmed it."""

    __tablename__ = "name_confirmation"
    erasure = Erasure(OnErasure.DELETE, "It exists for the person alone.")
    serves = Purpose.CERTIFICATES

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = column(Privacy.IDENTITY, String(LONGEST_NAME))
    confirmed_at: Mapped[datetime] = column(Privacy.LEARNING)


class Issuer(Base):
    """In whose name certificates are issued to the people of an authority, or, without one, to everybody else.

    `id` is that of the authority, so that each has one; the installation's is `INSTALLATION`. Texts by language, as far
    as they are known; `signatories` is one or two of name and function. Whoever signs does so in office: their names
    are on every certificate and do not go with an account.
    """

    __tablename__ = "issuer"
    erasure = NOT_ABOUT_PEOPLE

    id: Mapped[UUID] = column(Privacy.NONE, primary_key=True)
    authority_id: Mapped[UUID | None] = column(Privacy.NONE, ForeignKey("local_authority.id"))
    name: Mapped[str] = column(Privacy.NONE, String(120))
    signatories: Mapped[list[Any]] = column(Privacy.NONE)
    funding: Mapped[dict[str, Any]] = column(Privacy.NONE)
    logo: Mapped[str | None] = column(Privacy.NONE, String(64), ForeignKey("issuer_logo.sha256"))
    changed_at: Mapped[datetime] = column(Privacy.NONE)


class IssuerLogo(Base):
    """A picture under its own sum: a certificate names it, and what replaces it later is another one."""

    __tablename__ = "issuer_logo"
    erasure = NOT_ABOUT_PEOPLE

    sha256: Mapped[str] = column(Privacy.NONE, String(64), primary_key=True)
    kind: Mapped[str] = column(Privacy.NONE, String(4))
    picture: Mapped[bytes] = column(Privacy.NONE, LargeBinary)


class IssueBatch(Base):
    """That an administrator had certificates issued to several people in one step. Whoever works on it may stop at any
    moment: another goes on where it stopped."""

    __tablename__ = "issue_batch"
    __table_args__ = (Index(None, "finished_at"),)
    erasure = Erasure(OnErasure.KEEP, "It says who issued, as the audit does; an erased person leads nowhere.")
    serves = Purpose.ACCOUNTABILITY

    id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    course: Mapped[str] = column(Privacy.NONE, String(60))
    made_at: Mapped[datetime] = column(Privacy.TRACE)
    made_by: Mapped[UUID] = column(Privacy.TRACE)
    finished_at: Mapped[datetime | None] = column(Privacy.TRACE)


class IssueItem(Base):
    """One person of a batch, and how far their certificate is. `why` says why somebody got none."""

    __tablename__ = "issue_item"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'registered', 'sealed', 'passed-over')", name="state_is_known"),
        CheckConstraint("(state IN ('registered', 'sealed')) = (certificate_id IS NOT NULL)", name="issued_is_there"),
        Index(None, "person_id"),
    )
    erasure = Erasure(OnErasure.DELETE, "It exists for the person alone; the register stays.")
    serves = Purpose.CERTIFICATES

    batch_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("issue_batch.id"), primary_key=True)
    position: Mapped[int] = column(Privacy.NONE, primary_key=True)
    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"))
    state: Mapped[str] = column(Privacy.LEARNING, String(12))
    why: Mapped[str] = column(Privacy.LEARNING, String(30))
    certificate_id: Mapped[UUID | None] = column(Privacy.LINK, ForeignKey("certificate.id"))


class RegisterToken(Base):
    """A secret with which another system reads the register of an authority, or all of it. Only its hash is kept."""

    __tablename__ = "register_token"
    erasure = Erasure(OnErasure.KEEP, "It belongs to an authority; who made it is an identifier that leads nowhere.")
    serves = Purpose.ACCOUNTABILITY

    id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    key: Mapped[str] = column(Privacy.CREDENTIAL, String(64), unique=True)
    authority_id: Mapped[UUID | None] = column(Privacy.NONE, ForeignKey("local_authority.id"))
    label: Mapped[str] = column(Privacy.NONE, String(80))
    made_at: Mapped[datetime] = column(Privacy.TRACE)
    made_by: Mapped[UUID | None] = column(Privacy.TRACE)
    revoked_at: Mapped[datetime | None] = column(Privacy.TRACE)
