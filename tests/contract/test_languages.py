"""One record, five languages: how somebody changes between them leaves nothing but the language of each event."""

from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.cast import COURSE, NOW, Cast, wrong_answer
from training.db import new_id
from training.languages import Language
from training.progress.actions import enrol, reach
from training.progress.models import Milestone
from training.progress.queries import standing_of
from training.progress.rules import MilestoneKind, Step
from training.quizzes import actions, queries
from training.quizzes.models import Answer, Attempt
from training.quizzes.rules import key_of

Move = tuple[int, bool, Language]
"""Which question is answered, whether rightly, and in which language the page stood."""

walks = st.lists(st.tuples(st.integers(0, 7), st.booleans(), st.sampled_from(Language)), min_size=1, max_size=24)


def walk(cast: Cast, person_id: UUID, moves: list[Move], *, like: Attempt | None = None) -> Attempt:
    """Begin a quiz (with the questions of another attempt), answer and answer anew, read now and then, hand in."""
    enrol(cast.session, cast.library, person_id, COURSE, now=NOW)
    chapter = cast.chapter()
    attempt = actions.begin(
        cast.session, person_id, chapter, count=8, field_of_work="social", language=moves[0][2], now=NOW
    )
    if like is not None:
        attempt.drawn, attempt.seed = like.drawn, like.seed
        cast.session.flush()
    questions = list(queries.questions_of(cast.session, attempt).values())
    for number, (index, right, language) in enumerate(moves):
        at = NOW + timedelta(minutes=number)
        question = questions[index % len(questions)]
        change = actions.Change(
            id=new_id(),
            attempt_id=attempt.id,
            question=question.id,
            response=key_of(question) if right else wrong_answer(question),
            language=language,
            device="",
            given_at=at,
        )
        actions.store(cast.session, person_id, chapter, change, now=at)
        section = chapter.section_ids[index % len(chapter.section_ids)]
        step = Step(MilestoneKind.SECTION_READ, f"{chapter.slug}/{section}")
        reach(cast.session, cast.library, person_id, COURSE, [step], done_at=at, language=language, now=at)
    actions.hand_in(cast.session, person_id, chapter, attempt.id, passed_at=6, now=NOW + timedelta(hours=1))
    return attempt


def record(cast: Cast, person_id: UUID) -> list[object]:
    """Return everything that is kept of the work, without identifiers and languages."""
    answers = cast.session.scalars(select(Answer).where(Answer.person_id == person_id).order_by(Answer.received_at))
    attempts = cast.session.scalars(select(Attempt).where(Attempt.person_id == person_id))
    milestones = cast.session.scalars(select(Milestone).where(Milestone.person_id == person_id))
    return [
        [(row.question, row.revision, row.response, row.given_at, row.received_at, row.late) for row in answers],
        [(row.drawn, row.seed, row.correct, row.passed, row.submitted_at) for row in attempts],
        sorted((row.kind, row.subject, row.done_at, row.reached_at) for row in milestones),
        standing_of(cast.session, cast.library, person_id, COURSE),
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(moves=walks)
def test_a_walk_through_five_languages_leaves_the_record_of_a_walk_in_one(cast: Cast, moves: list[Move]) -> None:
    """A1, A2, A3, A5, A7: progress, answers and marks know no language but as an attribute of each event."""
    wanderer, settled = cast.person("Wanda Wanderer"), cast.person("Sam Settled")
    attempt = walk(cast, wanderer, moves)
    walk(cast, settled, [(index, right, Language.DE) for index, right, _language in moves], like=attempt)
    assert record(cast, wanderer) == record(cast, settled)
    given_in = cast.session.scalars(select(Answer.language).where(Answer.person_id == wanderer)).all()
    assert sorted(given_in) == sorted(language.value for _index, _right, language in moves)
