"""The quiz of a chapter: begin, answer question by question, hand in, look back."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from flask import abort, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from training.access import Permission
from training.courses.accessors import course_or_404, library, published_or_404
from training.courses.library import Chapter
from training.courses.questions import Question
from training.learning.forms import AnswerForm, Malformed, read_answer
from training.people import sign_ins
from training.progress import actions as progress_actions
from training.progress import queries as progress_queries
from training.progress.rules import MilestoneKind, Step, happened
from training.quizzes import actions, queries, rules
from training.quizzes.models import Attempt
from training.web import visitor
from training.web.forms import csrf_token
from training.web.guard import Pages, wants_json
from training.web.requests import now, reading, writing, writing_rows
from training.web.words import _, language

pages = Pages("quiz", __name__)


@pages.page("/courses/<course>/<chapter>/quiz", allow=Permission.LEARN)
def quiz(course: str, chapter: str) -> Response | str:
    """The quiz as a page; as JSON, what is held of an attempt: how a browser learns of another device's answers."""
    found = published_or_404(course_or_404(course), chapter)
    return _held(found) if wants_json() else _page(found)


@pages.page("/courses/<course>/<chapter>/quiz/kept", allow=Permission.LEARN)
def kept(course: str, chapter: str) -> Response:
    """The open attempt as a browser keeps it on the device: without keys, without a person, without answers."""
    found = published_or_404(course_or_404(course), chapter)
    attempt = queries.open_attempt(reading(), visitor.actor().person_id, course, chapter)
    if attempt is None:
        abort(404)
    response = make_response(_quiz(found, attempt, {}, actor=None, kept=True))
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.page("/courses/<course>/<chapter>/quiz/start", allow=Permission.LEARN, methods=("POST",))
def start(course: str, chapter: str) -> Response:
    found = published_or_404(course_or_404(course), chapter)
    actor = visitor.actor()
    with writing() as transaction:
        progress_actions.enrol(transaction, library(), actor.person_id, course, now=now())
        actions.begin(
            transaction,
            actor.person_id,
            found,
            count=progress_queries.rule_of(transaction, library(), actor.person_id, course).draw,
            field_of_work=actor.field_of_work,
            language=language(),
            now=now(),
        )
    return redirect(url_for("quiz.quiz", course=course, chapter=chapter))


@pages.page("/courses/<course>/<chapter>/quiz", allow=Permission.LEARN, methods=("POST",), endpoint="answer")
def answer(course: str, chapter: str) -> Response | tuple[Response | str, int]:
    found = published_or_404(course_or_404(course), chapter)
    try:
        sent = read_answer(request.form, now=now())
    except Malformed:
        return _refused(found, "malformed", _("This answer could not be read. Each place can be given once."), 422)
    try:
        receipt = _store(found, sent)
    except (actions.NoSuchAttempt, actions.NoSuchQuestion):
        abort(404)
    except actions.Unfit:
        return _refused(found, "unfit", _("This is not an answer to this question."), 422)
    except actions.OtherBody:
        return _refused(found, "other-body", _("This was sent before with another answer."), 409)
    except actions.Overtaken:
        return _refused(found, "overtaken", _("You answered this question later on another device."), 409)
    if wants_json():
        return jsonify(
            change=str(receipt.change),
            question=receipt.question,
            stored_at=receipt.stored_at.isoformat(),
            state=receipt.state.value,
        )
    return redirect(url_for("quiz.quiz", course=course, chapter=chapter, _anchor=sent.question))


def _store(chapter: Chapter, sent: AnswerForm) -> actions.Receipt:
    actor = visitor.actor()
    change = actions.Change(
        id=sent.change,
        attempt_id=sent.attempt,
        question=sent.question,
        response=sent.response,
        language=language(),
        device=sent.device,
        given_at=sent.given_at,
        known=sent.known,
    )
    with writing_rows() as transaction:
        sign_ins.mark_seen(transaction, actor, now=now())
        return actions.store(transaction, actor.person_id, chapter, change, now=now())


@pages.page("/courses/<course>/<chapter>/quiz/hand-in", allow=Permission.LEARN, methods=("POST",))
def hand_in(course: str, chapter: str) -> Response:
    found = published_or_404(course_or_404(course), chapter)
    actor = visitor.actor()
    try:
        attempt_id = UUID(request.form.get("attempt", ""))
    except ValueError:
        abort(422)
    try:
        with writing() as transaction:
            attempt = actions.hand_in(
                transaction,
                actor.person_id,
                found,
                attempt_id,
                passed_at=progress_queries.rule_of(transaction, library(), actor.person_id, course).passed_at,
                now=now(),
            )
            if attempt.passed:
                last = queries.last_given(transaction, actor.person_id, attempt.id) or now()
                progress_actions.reach(
                    transaction,
                    library(),
                    actor.person_id,
                    course,
                    [Step(MilestoneKind.QUIZ_PASSED, chapter)],
                    done_at=happened(given_at=last, received_at=now()),
                    language=language(),
                    now=now(),
                )
            number = attempt.number
    except actions.NoSuchAttempt:
        abort(404)
    if wants_json():
        return jsonify(result=url_for("quiz.result", course=course, chapter=chapter, number=number))
    return redirect(url_for("quiz.result", course=course, chapter=chapter, number=number))


@pages.page("/courses/<course>/<chapter>/quiz/attempts/<int:number>", allow=Permission.LEARN)
def result(course: str, chapter: str, number: int) -> str:
    loaded = course_or_404(course)
    found = published_or_404(loaded, chapter)
    person_id = visitor.actor().person_id
    attempt = queries.attempt_by_number(reading(), person_id, course, chapter, number)
    if attempt is None or attempt.submitted_at is None:
        abort(404)
    questions = queries.questions_of(reading(), attempt)
    held = queries.held_answers(reading(), person_id, attempt.id)
    responses = {identifier: answer.response for identifier, answer in held.items()}
    past = [one for one in queries.past_attempts(reading(), person_id, course, chapter) if one.number <= number]
    still = rules.open_objectives(list(found.questions.values()), past)
    rule = progress_queries.rule_of(reading(), library(), person_id, course)
    marked = rules.mark(questions, responses, passed_at=rule.passed_at)
    return render_template(
        "learning/quiz_result.html",
        course=loaded,
        chapter=found,
        attempt=attempt,
        questions=questions,
        rule=rule,
        responses=responses,
        right=marked.right,
        open_objectives=[objective for objective in found.file.objectives if objective.id in still],
        option_order=rules.option_order,
        key_of=rules.key_of,
        pairs=dict,
    )


def _page(found: Chapter, *, fault: str | None = None, faulty: str | None = None) -> str:
    person_id = visitor.actor().person_id
    attempt = queries.open_attempt(reading(), person_id, found.course, found.slug)
    if attempt is None:
        return _intro(found)
    held = queries.held_answers(reading(), person_id, attempt.id)
    return _quiz(found, attempt, held, fault=fault, faulty=faulty)


def _quiz(found: Chapter, attempt: Attempt, held: Mapping[str, queries.Held], **more: object) -> str:
    loaded = course_or_404(found.course)
    questions = queries.questions_of(reading(), attempt)
    return render_template(
        "learning/quiz.html",
        **{"fault": None, "faulty": None, "kept": False, **more},
        course=loaded,
        chapter=found,
        attempt=attempt,
        cards=[_card(attempt, number, question, held) for number, question in enumerate(questions.values(), 1)],
        answered=sum(bool(answer.response) for answer in held.values()),
        new_change=uuid4,
        now=now(),
    )


def _held(found: Chapter) -> Response:
    person_id = visitor.actor().person_id
    asked = request.args.get("attempt", type=UUID)
    attempt = (
        queries.attempt_by_id(reading(), person_id, found.course, found.slug, asked)
        if asked
        else queries.open_attempt(reading(), person_id, found.course, found.slug)
    )
    if asked and attempt is None:
        abort(404)
    held = queries.held_answers(reading(), person_id, attempt.id) if attempt else {}
    result = (
        url_for("quiz.result", course=found.course, chapter=found.slug, number=attempt.number)
        if attempt and attempt.submitted_at
        else None
    )
    response = jsonify(
        account=str(person_id),
        csrf_token=csrf_token(),
        attempt=str(attempt.id) if attempt else None,
        result=result,
        answers={
            question: {
                "response": list(answer.response),
                "change": str(answer.change),
                "device": answer.device,
                "stored_at": answer.stored_at.isoformat(),
            }
            for question, answer in held.items()
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _intro(found: Chapter) -> str:
    loaded = course_or_404(found.course)
    person_id = visitor.actor().person_id
    past = queries.past_attempts(reading(), person_id, found.course, found.slug)
    still = rules.open_objectives(list(found.questions.values()), past)
    return render_template(
        "learning/quiz_intro.html",
        course=loaded,
        chapter=found,
        rule=progress_queries.rule_of(reading(), library(), person_id, found.course),
        attempts=queries.attempts_of(reading(), person_id, found.course, found.slug),
        open_objectives=[objective for objective in found.file.objectives if objective.id in still],
    )


def _card(attempt: Attempt, number: int, question: Question, held: Mapping[str, queries.Held]) -> dict[str, object]:
    answer = held.get(question.id)
    return {
        "number": number,
        "question": question,
        "options": rules.option_order(question, attempt.seed),
        "partners": rules.partner_order(question, attempt.seed) if question.kind == "match" else [],
        "response": list(answer.response) if answer else [],
        "stored_at": answer.stored_at if answer else None,
        "change": answer.change if answer else None,
    }


def _refused(found: Chapter, error: str, message: str, status: int) -> tuple[Response | str, int]:
    if wants_json():
        return jsonify(error=error, message=message), status
    return _page(found, fault=message, faulty=request.form.get("question", "")), status
