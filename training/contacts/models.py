"""The table of what a city or region adds to its country's contacts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped

from training.db import Base, column
from training.terms import Erasure, OnErasure, Privacy


class ContactCard(Base):
    """Whom to turn to in one city or region. `card` is read and written as a whole: the shape is `rules.Card`."""

    __tablename__ = "contact_card"
    erasure = Erasure(OnErasure.NOTHING, "It holds how to reach an office, and asks for no person's name or number.")

    authority_id: Mapped[UUID] = column(Privacy.NONE, ForeignKey("local_authority.id"), primary_key=True)
    card: Mapped[dict[str, Any]] = column(Privacy.NONE)
    changed_at: Mapped[datetime] = column(Privacy.NONE)
