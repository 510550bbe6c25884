"""What happens to what people answer before and after, on both engines."""

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.cast import COURSE, NOW, Cast
from tests.tables import nothing_changes
from training.comparison import actions, queries
from training.comparison.actions import NoSuchItem, NoSuchOption, NotOpen, Reply
from training.comparison.models import Comparison, ComparisonAnswer, ComparisonForm
from training.comparison.rules import Confidence, Moment, Taken
from training.courses.library import LoadedCourse
from training.courses.parallel import FormName
from training.languages import Language

BEFORE, AFTER = Moment.BEFORE, Moment.AFTER


def course(cast: Cast) -> LoadedCourse:
    return cast.library.courses[COURSE]


def begin(cast: Cast, person_id: UUID, moment: Moment = BEFORE) -> FormName:
    passed = {course(cast).last} if moment is AFTER else set()
    actions.begin(cast.session, person_id, course(cast), moment, passed=passed, now=NOW)
    form = queries.record_of(cast.session, person_id, COURSE)[moment].form
    assert form is not None
    return form


def answer(
    cast: Cast,
    person_id: UUID,
    moment: Moment = BEFORE,
    *,
    item: str = "",
    option: str = "",
    confidence: Confidence | None = Confidence.SURE,
    language: Language = Language.FR,
) -> str:
    """Answer an item, the first one without a name, with an option, the first one without a name; return the item."""
    form = queries.form_taken(cast.session, person_id, COURSE, moment)
    name = item or (next(iter(form.items)) if form else "anything")
    choice = option or (form.items[name].options[0].id if form and name in form.items else "anything")
    reply = Reply(item=name, option=choice, confidence=confidence, language=language)
    actions.answer(cast.session, person_id, course(cast), moment, reply, now=NOW)
    return name


def done(cast: Cast, person_id: UUID, *moments: Moment) -> None:
    for moment in moments:
        begin(cast, person_id, moment)
        answer(cast, person_id, moment)
        actions.hand_in(cast.session, person_id, course(cast), moment, now=NOW)


def test_who_gets_one_form_before_gets_the_other_after_and_both_are_kept_as_they_were_asked(cast: Cast) -> None:
    ada = cast.person()
    done(cast, ada, BEFORE, AFTER)
    record = queries.record_of(cast.session, ada, COURSE)
    assert {taken.form for taken in record.values()} == set(FormName)
    assert all(taken.done for taken in record.values())
    for moment, taken in record.items():
        kept = queries.form_taken(cast.session, ada, COURSE, moment)
        assert taken.form is not None
        assert kept == course(cast).forms[taken.form]


def test_the_forms_are_shared_out_evenly_among_people_of_one_course(cast: Cast) -> None:
    forms = Counter(begin(cast, cast.person(f"Person {number}")) for number in range(21))
    assert abs(forms[FormName.A] - forms[FormName.B]) <= 2
    assert queries.assigned(cast.session, COURSE) == forms
    assert queries.assigned(cast.session, "another-course") == {}


def test_beginning_twice_is_beginning_once(cast: Cast) -> None:
    ada = cast.person()
    begin(cast, ada)
    with nothing_changes(cast.session):
        begin(cast, ada)


def test_a_form_is_kept_once_for_everybody(cast: Cast) -> None:
    for number in range(8):
        begin(cast, cast.person(f"Person {number}"))
    assert len(cast.session.scalars(select(ComparisonForm)).all()) == 2


@pytest.mark.parametrize(
    ("moment", "passed"),
    [
        pytest.param(BEFORE, {"understanding"}, id="before, with a quiz passed"),
        pytest.param(AFTER, set(), id="after, at the start"),
        pytest.param(AFTER, {"counter-narratives"}, id="after, without before"),
    ],
)
def test_nobody_begins_what_is_not_open(cast: Cast, moment: Moment, passed: set[str]) -> None:
    ada = cast.person()
    with nothing_changes(cast.session), pytest.raises(NotOpen):
        actions.begin(cast.session, ada, course(cast), moment, passed=passed, now=NOW)


def test_an_answer_is_kept_with_its_confidence_and_the_last_one_stands(cast: Cast) -> None:
    ada = cast.person()
    begin(cast, ada)
    item = answer(cast, ada)
    options = [one.id for one in course(cast).forms[begin(cast, ada)].items[item].options]
    with nothing_changes(cast.session):
        answer(cast, ada)
    answer(cast, ada, option=options[1], confidence=None, language=Language.DE)
    assert queries.answers_of(cast.session, ada, COURSE, BEFORE) == {
        item: queries.Given(option=options[1], confidence=None)
    }
    row = cast.session.scalars(select(ComparisonAnswer)).one()
    assert (row.language, row.person_id) == ("de", ada)


def test_what_the_form_does_not_ask_is_not_kept(cast: Cast) -> None:
    ada = cast.person()
    form = begin(cast, ada)
    first, second = list(course(cast).forms[form].items.values())[:2]
    with nothing_changes(cast.session):
        with pytest.raises(NoSuchItem):
            answer(cast, ada, item="no-such-item", option="x")
        with pytest.raises(NoSuchOption):
            answer(cast, ada, item=first.id, option=second.options[0].id)


def test_nothing_is_answered_before_the_beginning_or_after_the_end(cast: Cast) -> None:
    ada, eve = cast.person("Ada"), cast.person("Eve")
    begin(cast, eve)
    with nothing_changes(cast.session):
        for act in (answer, lambda *who: actions.hand_in(cast.session, ada, course(cast), BEFORE, now=NOW)):
            with pytest.raises(NotOpen):
                act(cast, ada)
    done(cast, ada, BEFORE)
    with nothing_changes(cast.session):
        with pytest.raises(NotOpen):
            answer(cast, ada)
        with pytest.raises(NotOpen):
            begin(cast, ada)


@pytest.mark.parametrize("state", ["new", "begun", "done before", "begun after", "done both"])
def test_who_skips_leaves_no_answer_and_is_never_asked_again(cast: Cast, state: str) -> None:
    ada, bea = cast.person("Ada"), cast.person("Bea")
    done(cast, bea, BEFORE)
    if state == "begun":
        begin(cast, ada)
        answer(cast, ada)
    elif state != "new":
        done(cast, ada, *([BEFORE, AFTER] if state == "done both" else [BEFORE]))
    if state == "begun after":
        begin(cast, ada, AFTER)
        answer(cast, ada, AFTER)
    moment = AFTER if "after" in state or "both" in state else BEFORE
    for _twice in range(2):
        actions.skip(cast.session, ada, course(cast), moment, now=NOW)
        assert queries.record_of(cast.session, ada, COURSE) == {moment: Taken(form=None)}
    answered = cast.session.scalars(select(ComparisonAnswer.person_id)).all()
    assert set(answered) == {bea}
    for asked in Moment:
        with pytest.raises(NotOpen):
            begin(cast, ada, asked)


def test_an_erased_person_is_gone_from_both_tables(cast: Cast) -> None:
    from training.privacy.actions import erase

    ada, bea = cast.person("Ada"), cast.person("Bea")
    for person_id in (ada, bea):
        done(cast, person_id, BEFORE, AFTER)
    erase(cast.session, ada, now=NOW)
    for table in (Comparison, ComparisonAnswer):
        assert set(cast.session.scalars(select(table.person_id))) == {bea}
