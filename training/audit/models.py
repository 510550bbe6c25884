"""Tables of the audit. No foreign keys: an entry outlives what it speaks of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped

from training.db import Base, column
from training.terms import NOT_ABOUT_PEOPLE, Erasure, OnErasure, Privacy, Purpose

INSTALLATION = UUID(int=0)
"""The chain of what concerns no single authority."""


class AuditChain(Base):
    """The head of one authority's chain: whoever holds this row may add to it."""

    __tablename__ = "audit_chain"
    erasure = NOT_ABOUT_PEOPLE

    chain: Mapped[UUID] = column(Privacy.NONE, primary_key=True)
    last_number: Mapped[int] = column(Privacy.NONE)
    last_digest: Mapped[str] = column(Privacy.NONE, String(64))


class AuditEntry(Base):
    """One act. It holds identifiers and numbers, no names; `digest` covers the row and the entry before."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject", "at"), Index(None, "at", "chain", "number"))
    erasure = Erasure(OnErasure.KEEP, "It holds no name; an identifier whose person is erased leads nowhere.")
    serves = Purpose.ACCOUNTABILITY

    chain: Mapped[UUID] = column(Privacy.NONE, primary_key=True)
    number: Mapped[int] = column(Privacy.NONE, primary_key=True)
    at: Mapped[datetime] = column(Privacy.TRACE)
    event: Mapped[str] = column(Privacy.TRACE, String(40))
    actor_id: Mapped[UUID | None] = column(Privacy.TRACE)
    subject: Mapped[str] = column(Privacy.TRACE, String(80))
    facts: Mapped[dict[str, Any]] = column(Privacy.TRACE)
    previous: Mapped[str] = column(Privacy.NONE, String(64))
    digest: Mapped[str] = column(Privacy.NONE, String(64))
