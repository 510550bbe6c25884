"""What milestones say follows from the detail that is kept, and goes on holding when the detail is gone."""

from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from tests.cast import CHAPTER, COURSE, NOW, Cast
from training.privacy.actions import forget, what_would_go
from training.privacy.rules import DETAIL_KEPT
from training.progress.models import Milestone
from training.progress.queries import standing_of
from training.progress.recompute import missing, repair
from training.progress.rules import MilestoneKind
from training.quizzes.models import Answer, Attempt

History = list[tuple[str, int]]
"""What somebody does, one thing a day: reads a section, hands in a quiz with so many right answers, does all that the
chapters ask, attends a session of their group, which asks for two."""

histories = st.lists(
    st.lists(
        st.one_of(
            st.tuples(st.just("reads"), st.integers(0, 6)),
            st.tuples(st.just("hands in"), st.integers(0, 8)),
            st.tuples(st.just("completes"), st.just(0)),
            st.tuples(st.just("attends"), st.just(0)),
        ),
        max_size=5,
    ),
    min_size=1,
    max_size=3,
)


def live(cast: Cast, person_id: UUID, history: History) -> None:
    trainer = cast.trainer()
    group = cast.group(trainer, person_id, sessions_asked=2)
    for day, (what, number) in enumerate(history):
        at = NOW - timedelta(days=20 - day)
        if what == "reads":
            cast.reads(person_id, cast.chapter().section_ids[number], at=at)
        elif what == "hands in":
            cast.hands_in(person_id, right=number, at=at)
        elif what == "completes":
            cast.completes(person_id, at=at)
        else:
            cast.meets(trainer, group, person_id)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(several=histories)
def test_whatever_people_did_nothing_is_missing_before_and_after_retention(cast: Cast, several: list[History]) -> None:
    people = [cast.person(f"Person {number}") for number in range(len(several))]
    for person_id, history in zip(people, several, strict=True):
        live(cast, person_id, history)
    assert list(missing(cast.session, cast.library)) == []
    before = [standing_of(cast.session, cast.library, person_id, COURSE) for person_id in people]
    later = NOW + DETAIL_KEPT + timedelta(days=1)
    expected = what_would_go(cast.session, now=later)
    assert forget(cast.session, now=later) == expected
    assert cast.session.scalar(select(func.count()).select_from(Answer)) == 0
    assert list(missing(cast.session, cast.library)) == []
    assert [standing_of(cast.session, cast.library, person_id, COURSE) for person_id in people] == before


def test_a_milestone_that_was_lost_is_named_and_written_again(cast: Cast) -> None:
    ada = cast.person("Ada")
    cast.hands_in(ada, right=8)
    lost = delete(Milestone).where(Milestone.person_id == ada, Milestone.kind == MilestoneKind.QUIZ_PASSED.value)
    cast.session.execute(lost)
    found = list(missing(cast.session, cast.library))
    assert [(one.person_id, one.step.kind, one.step.subject) for one in found] == [
        (ada, MilestoneKind.QUIZ_PASSED, CHAPTER)
    ]
    assert repair(cast.session, cast.library, now=NOW) == 1
    assert list(missing(cast.session, cast.library)) == []
    assert cast.session.scalars(select(Attempt.passed).where(Attempt.person_id == ada)).all() == [True]
