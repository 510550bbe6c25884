"""The register of certificates. A row is a snapshot: nothing that changes elsewhere changes it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred

from training.db import Base, column
from training.terms import NOT_ABOUT_PEOPLE, Erasure, OnErasure, Privacy, Purpose


class Register(Base):
    """The one row that hands out register numbers: whoever holds it may issue."""

    __tablename__ = "register"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    erasure = NOT_ABOUT_PEOPLE

    id: Mapped[int] = column(Privacy.NONE, primary_key=True, autoincrement=False)
    last_number: Mapped[int] = column(Privacy.NONE)


class Certificate(Base):
    """One entry of the register. `claims` is what the certificate says; `code` is what a stranger checks it by."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked_with_a_reason"),
        Index(None, "person_id", "course"),
        Index(None, "authority_id", "number"),
    )
    erasure = Erasure(
        OnErasure.CUT,
        "An employer can check it for as long as it may be relied on; name and person are cut "
        "(GDPR art. 17(3)(e)), code, dates and state stay.",
    )
    serves = Purpose.CERTIFICATES

    id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    number: Mapped[int] = column(Privacy.LINK, unique=True)
    code: Mapped[str] = column(Privacy.LINK, String(26), unique=True)
    person_id: Mapped[UUID | None] = column(Privacy.LINK, ForeignKey("person.id"))
    authority_id: Mapped[UUID | None] = column(Privacy.BELONGING, ForeignKey("local_authority.id"))
    course: Mapped[str] = column(Privacy.LEARNING, String(60))
    claims: Mapped[dict[str, Any]] = column(Privacy.IDENTITY)
    issued_at: Mapped[datetime] = column(Privacy.LEARNING)
    issued_by: Mapped[UUID | None] = column(Privacy.TRACE)
    revoked_at: Mapped[datetime | None] = column(Privacy.LEARNING)
    revoked_reason: Mapped[str | None] = column(Privacy.LEARNING, String(30))
    revoked_by: Mapped[UUID | None] = column(Privacy.TRACE)


class CertificateDocument(Base):
    """The PDF of a certificate in one language: made once, its bytes kept."""

    __tablename__ = "certificate_document"
    erasure = Erasure(OnErasure.DELETE, "It shows the name; the holder keeps their own copy.")
    serves = Purpose.CERTIFICATES

    certificate_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("certificate.id"), primary_key=True)
    language: Mapped[str] = column(Privacy.NONE, String(2), primary_key=True)
    pdf: Mapped[bytes] = deferred(column(Privacy.IDENTITY, LargeBinary))
    sha256: Mapped[str] = column(Privacy.LINK, String(64))
    made_at: Mapped[datetime] = column(Privacy.LEARNING)
