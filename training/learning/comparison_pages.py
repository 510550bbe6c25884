"""The questions before and after the course: why they are asked, one after the other, and the way out at any moment."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from training.access import Permission
from training.comparison import actions, queries, rules
from training.comparison.rules import Confidence, Moment, Stage
from training.courses.accessors import course_or_404
from training.courses.library import LoadedCourse
from training.courses.parallel import ComparedQuestion, ParallelForm, Vignette
from training.languages import Language
from training.people import sign_ins
from training.progress.queries import progress_of
from training.progress.rules import passed_quizzes
from training.web import visitor
from training.web.guard import Pages
from training.web.requests import now, reading, writing
from training.web.words import _, language

pages = Pages("comparison", __name__)

AT = "/courses/<course>/check/<any(before, after):moment>"


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where a person stands at one of the two moments. There is a form once it is begun."""

    course: LoadedCourse
    moment: Moment
    stage: Stage
    form: ParallelForm | None
    answered: frozenset[str]

    @property
    def length(self) -> int:
        """How many situations and questions there are."""
        return len((self.form or next(iter(self.course.forms.values()))).items)

    @property
    def open_numbers(self) -> list[int]:
        """The numbers of what is not answered yet."""
        items = self.form.items if self.form else {}
        return [number for number, item in enumerate(items, 1) if item not in self.answered]


@pages.page(AT, allow=Permission.LEARN)
def check(course: str, moment: str) -> str:
    """Why it is asked and who sees what; at the end, what asking would have shown."""
    return render_template("learning/comparison.html", where=_where(course, moment), stages=Stage)


@pages.page(f"{AT}/start", allow=Permission.LEARN, methods=("POST",))
def start(course: str, moment: str) -> Response:
    loaded, actor = _compared(course), visitor.actor()
    passed = passed_quizzes(progress_of(reading(), actor.person_id, course)[1])
    try:
        with writing() as transaction:
            sign_ins.mark_seen(transaction, actor, now=now())
            actions.begin(transaction, actor.person_id, loaded, Moment(moment), passed=passed, now=now())
    except actions.NotOpen:
        return redirect(url_for("comparison.check", course=course, moment=moment))
    return redirect(url_for("comparison.item", course=course, moment=moment, number=1))


@pages.page(f"{AT}/skip", allow=Permission.LEARN, methods=("POST",))
def skip(course: str, moment: str) -> Response:
    loaded = _compared(course)
    with writing() as transaction:
        actions.skip(transaction, visitor.actor().person_id, loaded, Moment(moment), now=now())
    return redirect(url_for("comparison.check", course=course, moment=moment))


@pages.page(f"{AT}/<int:number>", allow=Permission.LEARN)
def item(course: str, moment: str, number: int) -> str:
    where = _begun(course, moment)
    asked = _nth(where, number)
    held = queries.answers_of(reading(), visitor.actor().person_id, course, where.moment).get(asked.id)
    return _item(where, number, option=held.option if held else "", confidence=held.confidence if held else None)


@pages.page(f"{AT}/<int:number>", allow=Permission.LEARN, methods=("POST",), endpoint="answer")
def answer(course: str, moment: str, number: int) -> Response | tuple[str, int]:
    where = _begun(course, moment)
    asked = _nth(where, number)
    option, sure = request.form.get("option", ""), request.form.get("confidence", "")
    levels = {str(level.value): level for level in Confidence}
    if sure and sure not in levels:
        return _item(where, number, option=option, fault=_("Please choose one of the list.")), 422
    confidence = levels.get(sure)
    if confidence and not option:
        fault = _("Please choose an answer as well, or leave both open.")
        return _item(where, number, confidence=confidence, fault=fault), 422
    if option:
        try:
            _keep(where, asked.id, option, confidence)
        except actions.NoSuchOption:
            return _item(where, number, confidence=confidence, fault=_("Please choose one of the list.")), 422
    return redirect(_after(where, number, request.form.get("go", "")))


@pages.page(f"{AT}/end", allow=Permission.LEARN)
def end(course: str, moment: str) -> str:
    return render_template("learning/comparison_end.html", where=_begun(course, moment))


@pages.page(f"{AT}/end", allow=Permission.LEARN, methods=("POST",), endpoint="hand_in")
def hand_in(course: str, moment: str) -> Response:
    where = _begun(course, moment)
    with writing() as transaction:
        actions.hand_in(transaction, visitor.actor().person_id, where.course, where.moment, now=now())
    return redirect(url_for("comparison.check", course=course, moment=moment))


def _compared(course: str) -> LoadedCourse:
    found = course_or_404(course)
    if not found.forms:
        abort(404)
    return found


def _where(course: str, moment: str) -> Where:
    loaded, person_id, asked = _compared(course), visitor.actor().person_id, Moment(moment)
    record = queries.record_of(reading(), person_id, course)
    passed = passed_quizzes(progress_of(reading(), person_id, course)[1])
    return Where(
        course=loaded,
        moment=asked,
        stage=rules.stage(asked, record, passed=passed, last=loaded.last),
        form=queries.form_taken(reading(), person_id, course, asked),
        answered=frozenset(queries.answers_of(reading(), person_id, course, asked)),
    )


def _begun(course: str, moment: str) -> Where:
    """Return where somebody is who is in the middle of it; for all others there is nothing here."""
    where = _where(course, moment)
    if where.stage is not Stage.BEGUN:
        abort(404)
    return where


def _nth(where: Where, number: int) -> Vignette | ComparedQuestion:
    items = list(where.form.items.values()) if where.form else []
    if not 1 <= number <= len(items):
        abort(404)
    return items[number - 1]


def _item(where: Where, number: int, *, option: str = "", confidence: Confidence | None = None, fault: str = "") -> str:
    asked = _nth(where, number)
    options: list[object] = list(asked.options)
    return render_template(
        "learning/comparison_item.html",
        where=where,
        number=number,
        item=asked,
        options=rules.in_order_for(str(visitor.actor().person_id), asked.id, options),
        option=option,
        confidence=confidence,
        levels=Confidence,
        fault=fault,
    )


def _keep(where: Where, item: str, option: str, confidence: Confidence | None) -> None:
    actor = visitor.actor()
    reply = actions.Reply(item=item, option=option, confidence=confidence, language=language())
    with writing() as transaction:
        sign_ins.mark_seen(transaction, actor, now=now())
        actions.answer(transaction, actor.person_id, where.course, where.moment, reply, now=now())


def _after(where: Where, number: int, go: str) -> str:
    """Return where a reader wants to go with what they have chosen: on, or to the same place in another language."""
    course, moment = where.course.slug, where.moment.value
    if go in set(Language):
        other = Language(go)
        return url_for("comparison.item", course=course, moment=moment, number=number, language=other)
    if number < where.length:
        return url_for("comparison.item", course=course, moment=moment, number=number + 1)
    return url_for("comparison.end", course=course, moment=moment)
