"""Reading what one person was asked and answered, and how evenly the forms are shared out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.comparison.models import Comparison, ComparisonAnswer, ComparisonForm
from training.comparison.rules import Confidence, Moment, Record, Taken
from training.courses.parallel import FormName, ParallelForm


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer; without confidence where none was stated, or where it has been forgotten."""

    option: str
    confidence: Confidence | None


def record_of(session: Session, person_id: UUID, course: str) -> Record:
    """Return what is kept of a person at each moment. One statement."""
    rows = session.scalars(select(Comparison).where(Comparison.person_id == person_id, Comparison.course == course))
    return {Moment(row.moment): taken(row.form, done=row.handed_in_at is not None) for row in rows}


def taken(form: str | None, *, done: bool) -> Taken:
    """Return a row in the terms of the rules."""
    return Taken(form=FormName(form) if form else None, done=done)


def form_taken(session: Session, person_id: UUID, course: str, moment: Moment) -> ParallelForm | None:
    """Return the form that a person is asked at a moment, as it stood when they began. One statement."""
    content = session.scalar(
        select(ComparisonForm.content)
        .join(Comparison, Comparison.revision == ComparisonForm.id)
        .where(Comparison.person_id == person_id, Comparison.course == course, Comparison.moment == moment.value)
    )
    return ParallelForm.model_validate(content) if content else None


def answers_of(session: Session, person_id: UUID, course: str, moment: Moment) -> Mapping[str, Given]:
    """Return what a person has answered so far, by item. One statement."""
    rows = session.scalars(
        select(ComparisonAnswer).where(
            ComparisonAnswer.person_id == person_id,
            ComparisonAnswer.course == course,
            ComparisonAnswer.moment == moment.value,
        )
    )
    return {
        row.item: Given(option=row.option, confidence=Confidence(row.confidence) if row.confidence else None)
        for row in rows
    }


def assigned(session: Session, course: str) -> Mapping[FormName, int]:
    """Return how many people were asked each form first. One statement."""
    rows = session.execute(
        select(Comparison.form, func.count())
        .where(
            Comparison.course == course, Comparison.moment == Moment.BEFORE.value, Comparison.form.in_(list(FormName))
        )
        .group_by(Comparison.form)
    )
    return {FormName(form): people for form, people in rows if form is not None}
