"""Reading what was watched."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.watching.models import Watched
from training.watching.rules import Part


def parts_watched(session: Session, person_id: UUID, course: str, film: str, revision: str) -> Sequence[Part]:
    """Return the parts of a film's timeline that a person has watched."""
    parts = session.scalar(
        select(Watched.parts).where(
            Watched.person_id == person_id,
            Watched.course == course,
            Watched.film == film,
            Watched.revision == revision,
        )
    )
    return [(begin, end) for begin, end in parts or []]
