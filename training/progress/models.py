"""Tables of progress. Language is an attribute of what happened, never part of a key."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped

from training.db import Base, column
from training.progress.rules import MilestoneKind
from training.terms import Erasure, OnErasure, Privacy, Purpose

OF_THE_PERSON = Erasure(OnErasure.DELETE, "It exists for the person alone; a certificate keeps its own snapshot.")


class Enrolment(Base):
    """That a person takes a course, under the version of the completion rule that held when they began."""

    __tablename__ = "enrolment"
    erasure = OF_THE_PERSON
    serves = Purpose.LEARNING

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    course: Mapped[str] = column(Privacy.LEARNING, String(60), primary_key=True)
    rule_version: Mapped[int] = column(Privacy.LEARNING)
    enrolled_at: Mapped[datetime] = column(Privacy.LEARNING)


class Milestone(Base):
    """A dated fact, written once. `done_at` is when the person did it, `reached_at` when the server learned of it."""

    __tablename__ = "milestone"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "course"], ["enrolment.person_id", "enrolment.course"]),
        CheckConstraint("kind IN ({})".format(", ".join(f"'{kind}'" for kind in MilestoneKind)), name="kind_is_known"),
        CheckConstraint("done_at <= reached_at", name="done_before_it_is_known"),
        Index(None, "course", "kind", "reached_at", "person_id"),
    )
    erasure = OF_THE_PERSON
    serves = Purpose.LEARNING

    person_id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    course: Mapped[str] = column(Privacy.LEARNING, String(60), primary_key=True)
    kind: Mapped[str] = column(Privacy.LEARNING, String(20), primary_key=True)
    subject: Mapped[str] = column(Privacy.LEARNING, String(130), primary_key=True)
    chapter: Mapped[str] = column(Privacy.LEARNING, String(60))
    done_at: Mapped[datetime] = column(Privacy.LEARNING)
    reached_at: Mapped[datetime] = column(Privacy.LEARNING)
    language: Mapped[str] = column(Privacy.LEARNING, String(2))
