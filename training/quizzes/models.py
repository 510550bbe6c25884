"""Tables of quizzes. Answers are only ever added; a question is kept as it was asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped

from training.db import Base, column
from training.terms import NOT_ABOUT_PEOPLE, Erasure, OnErasure, Privacy, Purpose

OF_THE_PERSON = Erasure(OnErasure.DELETE, "It exists for the person alone.")


class QuestionRevision(Base):
    """A question in its five languages as it stood at a first use. `id` is the hash of `content`."""

    __tablename__ = "question_revision"
    erasure = NOT_ABOUT_PEOPLE

    id: Mapped[str] = column(Privacy.NONE, String(64), primary_key=True)
    question: Mapped[str] = column(Privacy.NONE, String(80))
    content: Mapped[dict[str, Any]] = column(Privacy.NONE)
    first_used_at: Mapped[datetime] = column(Privacy.NONE)


class Attempt(Base):
    """One go at a chapter's quiz. `drawn` is the row of questions: pairs of identifier and revision.

    `seed` orders the options, so that every language and device shows the same order. `correct` is the number of
    right answers, once handed in.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "course"], ["enrolment.person_id", "enrolment.course"]),
        UniqueConstraint("person_id", "course", "chapter", "number"),
        CheckConstraint("(submitted_at IS NULL) = (correct IS NULL)", name="marked_when_handed_in"),
        CheckConstraint("(submitted_at IS NULL) = (passed IS NULL)", name="judged_when_handed_in"),
        Index(
            "uq_attempt_open",
            "person_id",
            "course",
            "chapter",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
    )
    erasure = OF_THE_PERSON
    serves = Purpose.LEARNING

    person_id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    course: Mapped[str] = column(Privacy.DETAIL, String(60))
    chapter: Mapped[str] = column(Privacy.DETAIL, String(60))
    number: Mapped[int] = column(Privacy.DETAIL)
    seed: Mapped[int] = column(Privacy.DETAIL)
    drawn: Mapped[list[Any]] = column(Privacy.DETAIL)
    language: Mapped[str] = column(Privacy.DETAIL, String(2))
    started_at: Mapped[datetime] = column(Privacy.DETAIL)
    submitted_at: Mapped[datetime | None] = column(Privacy.DETAIL)
    correct: Mapped[int | None] = column(Privacy.DETAIL)
    passed: Mapped[bool | None] = column(Privacy.DETAIL)


class Answer(Base):
    """One change that a person made to an answer. `change_id` comes from the browser: repeating it changes nothing.

    `position` is the server's order within the attempt; the last one of a question before submission counts.
    """

    __tablename__ = "answer"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "attempt_id"], ["attempt.person_id", "attempt.id"]),
        UniqueConstraint("person_id", "attempt_id", "position"),
    )
    erasure = OF_THE_PERSON
    serves = Purpose.LEARNING

    person_id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    change_id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    attempt_id: Mapped[UUID] = column(Privacy.LINK)
    position: Mapped[int] = column(Privacy.DETAIL)
    question: Mapped[str] = column(Privacy.DETAIL, String(80))
    revision: Mapped[str] = column(Privacy.DETAIL, ForeignKey("question_revision.id"))
    response: Mapped[list[Any]] = column(Privacy.DETAIL)
    language: Mapped[str] = column(Privacy.DETAIL, String(2))
    device: Mapped[str] = column(Privacy.DETAIL, String(36))
    given_at: Mapped[datetime] = column(Privacy.DETAIL)
    received_at: Mapped[datetime] = column(Privacy.DETAIL)
    late: Mapped[bool] = column(Privacy.DETAIL)


class DilemmaTally(Base):
    """How many people chose what. `shown` follows `people` only when their total is a multiple of five: a figure that
    changed with each person would tell what that person chose."""

    __tablename__ = "dilemma_tally"
    erasure = Erasure(OnErasure.NOTHING, "It counts people and names none; an erasure counts one person less.")
    serves = Purpose.LEARNING

    course: Mapped[str] = column(Privacy.NONE, String(60), primary_key=True)
    dilemma: Mapped[str] = column(Privacy.NONE, String(80), primary_key=True)
    choice: Mapped[str] = column(Privacy.NONE, String(80), primary_key=True)
    people: Mapped[int] = column(Privacy.NONE)
    shown: Mapped[int] = column(Privacy.NONE)


class DilemmaChoice(Base):
    """What a person chose in a dilemma: never marked, changed at will, shown to others only in steps of five."""

    __tablename__ = "dilemma_choice"
    erasure = OF_THE_PERSON
    serves = Purpose.LEARNING

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    course: Mapped[str] = column(Privacy.DETAIL, String(60), primary_key=True)
    dilemma: Mapped[str] = column(Privacy.DETAIL, String(80), primary_key=True)
    choice: Mapped[str] = column(Privacy.DETAIL, String(80))
    language: Mapped[str] = column(Privacy.DETAIL, String(2))
    chosen_at: Mapped[datetime] = column(Privacy.DETAIL)
