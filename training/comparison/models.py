"""Tables of the comparison. Nothing in them is a mark: the key stands in the form alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped

from training.comparison.rules import Confidence, Moment
from training.courses.parallel import FormName
from training.db import Base, column
from training.terms import NOT_ABOUT_PEOPLE, Erasure, OnErasure, Privacy, Purpose

OF_THE_PERSON = Erasure(OnErasure.DELETE, "It was given freely and for figures only; who leaves takes it along.")


def _one_of(name: str, values: type[Moment] | type[FormName]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{name} IN ({listed})", name=f"{name}_is_known")


class ComparisonForm(Base):
    """A form in its five languages as it stood at a first use. `id` is the hash of `content`."""

    __tablename__ = "comparison_form"
    erasure = NOT_ABOUT_PEOPLE

    id: Mapped[str] = column(Privacy.NONE, String(64), primary_key=True)
    content: Mapped[dict[str, Any]] = column(Privacy.NONE)
    first_used_at: Mapped[datetime] = column(Privacy.NONE)


class Comparison(Base):
    """That a person was asked a form before or after a course; or, without a form, that they skipped it."""

    __tablename__ = "comparison"
    __table_args__ = (
        _one_of("moment", Moment),
        _one_of("form", FormName),
        CheckConstraint("(form IS NULL) = (revision IS NULL)", name="a_form_has_its_revision"),
        CheckConstraint("form IS NOT NULL OR handed_in_at IS NULL", name="what_was_skipped_is_not_done"),
        Index(None, "course", "moment", "form"),
    )
    erasure = OF_THE_PERSON
    serves = Purpose.COMPARISON

    person_id: Mapped[UUID] = column(Privacy.LINK, ForeignKey("person.id"), primary_key=True)
    course: Mapped[str] = column(Privacy.LEARNING, String(60), primary_key=True)
    moment: Mapped[str] = column(Privacy.LEARNING, String(6), primary_key=True)
    form: Mapped[str | None] = column(Privacy.LEARNING, String(1))
    revision: Mapped[str | None] = column(Privacy.LEARNING, ForeignKey("comparison_form.id"))
    decided_at: Mapped[datetime] = column(Privacy.LEARNING)
    handed_in_at: Mapped[datetime | None] = column(Privacy.LEARNING)


class ComparisonAnswer(Base):
    """What a person answered to one item of a form; the last answer stands. Confidence and moment go first."""

    __tablename__ = "comparison_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["person_id", "course", "moment"], ["comparison.person_id", "comparison.course", "comparison.moment"]
        ),
        CheckConstraint(
            f"confidence BETWEEN {Confidence.GUESSED.value} AND {Confidence.SURE.value}", name="confidence_is_known"
        ),
    )
    erasure = OF_THE_PERSON
    serves = Purpose.COMPARISON

    person_id: Mapped[UUID] = column(Privacy.LINK, primary_key=True)
    course: Mapped[str] = column(Privacy.DETAIL, String(60), primary_key=True)
    moment: Mapped[str] = column(Privacy.DETAIL, String(6), primary_key=True)
    item: Mapped[str] = column(Privacy.DETAIL, String(60), primary_key=True)
    option: Mapped[str] = column(Privacy.DETAIL, String(60))
    confidence: Mapped[int | None] = column(Privacy.DETAIL)
    language: Mapped[str] = column(Privacy.DETAIL, String(2))
    given_at: Mapped[datetime | None] = column(Privacy.DETAIL)
