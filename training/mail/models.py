"""The outbox."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped

from training.db import Base, column
from training.mail.rules import State
from training.terms import Erasure, OnErasure, Privacy, Purpose


class Letter(Base):
    """A letter to one receiver, worded when it was caused. `occurrence` makes it unique: one cause, one letter.

    Once sent, its words are deleted; that it was sent stays, until retention deletes it.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in State)), name="state_is_known"),
        Index(None, "state", "next_try_at"),
        Index(None, "person_id"),
    )
    erasure = Erasure(OnErasure.DELETE, "A letter to somebody who has left is not sent, and not kept.")
    serves = Purpose.LETTERS

    id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    person_id: Mapped[UUID | None] = column(Privacy.LINK)
    occurrence: Mapped[str] = column(Privacy.LINK, String(120), unique=True)
    kind: Mapped[str] = column(Privacy.DETAIL, String(40))
    language: Mapped[str] = column(Privacy.SETTING, String(2))
    address: Mapped[str] = column(Privacy.IDENTITY, String(254))
    subject: Mapped[str] = column(Privacy.IDENTITY, String(200))
    text: Mapped[str] = column(Privacy.IDENTITY, Text)
    html: Mapped[str] = column(Privacy.IDENTITY, Text)
    made_at: Mapped[datetime] = column(Privacy.DETAIL)
    state: Mapped[str] = column(Privacy.DETAIL, String(10))
    tries: Mapped[int] = column(Privacy.DETAIL)
    next_try_at: Mapped[datetime] = column(Privacy.DETAIL)
    sent_at: Mapped[datetime | None] = column(Privacy.DETAIL)
    fault: Mapped[str] = column(Privacy.IDENTITY, String(300))
