"""Tables of watching: the union of what was watched, and what each device has reported."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped

from training.db import Base, column
from training.terms import Erasure, OnErasure, Privacy, Purpose

OF_THE_PERSON = Erasure(OnErasure.DELETE, "It exists for the person alone.")


class Watched(Base):
    """The parts of a film that a person has watched: `[[from, to), …]` in whole milliseconds of the neutral timeline.

    `film` is the chapter, `revision` the timeline: a film with other sentences is another one.
    """

    __tablename__ = "watched"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "course"], ["enrolment.person_id", "enrolment.course"]),
        CheckConstraint("covered >= 0", name="covered_is_a_length"),
    )
    erasure = OF_THE_PERSON
    serves = Purpose.LEARNING

    person_id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    course: Mapped[str] = column(Privacy.DETAIL, String(60), primary_key=True)
    film: Mapped[str] = column(Privacy.DETAIL, String(60), primary_key=True)
    revision: Mapped[str] = column(Privacy.DETAIL, String(64), primary_key=True)
    parts: Mapped[list[Any]] = column(Privacy.DETAIL)
    covered: Mapped[int] = column(Privacy.DETAIL)
    updated_at: Mapped[datetime] = column(Privacy.DETAIL)


class WatchingDevice(Base):
    """Up to when a device has accounted for its time: a report may not hold more film than the time since."""

    __tablename__ = "watching_device"
    __table_args__ = (ForeignKeyConstraint(["person_id", "course"], ["enrolment.person_id", "enrolment.course"]),)
    erasure = OF_THE_PERSON
    serves = Purpose.LEARNING

    person_id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    course: Mapped[str] = column(Privacy.DETAIL, String(60), primary_key=True)
    film: Mapped[str] = column(Privacy.DETAIL, String(60), primary_key=True)
    device: Mapped[str] = column(Privacy.DETAIL, String(36), primary_key=True)
    accounted_until: Mapped[datetime] = column(Privacy.DETAIL)
