"""Course, chapter, film and progress: what everybody reads, and what is kept for those who have an account."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask import abort, flash, jsonify, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from training.access import Actor, Permission
from training.cohorts.accessors import session_kind, session_time
from training.cohorts.sessions import own_groups
from training.comparison import queries as comparison_queries
from training.comparison.rules import Moment, Record, offered
from training.courses.accessors import chapter_or_404, course_or_404, library, published_or_404
from training.courses.library import Chapter, LoadedCourse
from training.db import Transaction
from training.languages import Language
from training.learning import accessors, queries, rendering, rules
from training.learning.forms import Malformed, read_moment, read_watched
from training.people import sign_ins
from training.progress import actions as progress_actions
from training.progress import queries as progress_queries
from training.progress.rules import (
    ChapterStanding,
    MilestoneKind,
    Reached,
    Step,
    happened,
    passed_quizzes,
    remaining,
    standing,
)
from training.quizzes import actions as quiz_actions
from training.watching import actions as watching_actions
from training.watching import rules as watching_rules
from training.web import assets, visitor
from training.web.guard import Allow, Pages, wants_json
from training.web.requests import now, reading, reading_rows, writing, writing_rows
from training.web.words import _, language, speech

pages = Pages("learning", __name__)


@pages.page("/courses/<course>/", allow=Allow.EVERYONE)
def course(course: str) -> str:
    found = course_or_404(course)
    actor = visitor.actor_or_none()
    rule, own, asked, ahead = found.file.current_rule, None, None, None
    if actor is not None:
        version, reached = progress_queries.progress_of(reading(), actor.person_id, course)
        rule = found.rule(version) if version else rule
        demand = progress_queries.demand_of(library(), course, rule.version)
        own = standing(demand, reached)
        ahead = next(iter(rules.open_steps(demand, own)), None)
        asked = _offered(found, comparison_queries.record_of(reading(), actor.person_id, course), reached)
    return render_template(
        "learning/course.html",
        course=found,
        standing=own,
        ahead=ahead,
        rule=rule,
        asked_numbers=speech().listing([str(found.by_slug[slug].file.number) for slug in rule.chapters]),
        stops=accessors.stops(found, own),
        offered=asked,
    )


@pages.page("/courses/<course>/<chapter>/", allow=Allow.EVERYONE)
def chapter(course: str, chapter: str) -> Response | str:
    loaded = course_or_404(course)
    found = chapter_or_404(loaded, chapter)
    if not found.published:
        return render_template("learning/in_preparation.html", course=loaded, chapter=found)
    actor = visitor.actor_or_none()
    film = accessors.film_shown(found)
    version: int | None = None
    reached: Sequence[Reached] = []
    state = None
    if actor is not None:
        version, reached = progress_queries.progress_of(reading_rows(), actor.person_id, course)
        state = queries.chapter_state(reading_rows(), actor.person_id, course, chapter, film)
    response = make_response()
    personal = (actor.person_id, actor.name, actor.roles, actor.session_key) if actor else None
    today = speech().day_of(now())
    mark = (library().revision, assets.digest(), language(), personal, version, reached, state, today)
    response.set_etag(rendering.fingerprint(mark))
    if "_flashes" not in session and response.make_conditional(request).status_code == 304:
        return response
    own = _chapter_standing(loaded, chapter, version, reached)
    response.set_data(
        render_template(
            "learning/chapter.html",
            **accessors.CONTEXT,
            course=loaded,
            chapter=found,
            frame=rendering.frame(loaded, found, language()),
            sections=rendering.sections(loaded, found, language()),
            keep_panel=rendering.keep_panel(loaded, found, language(), actor),
            player=rendering.player(film, language()) if film and not film.external else None,
            own=own,
            read=_read(found, reached),
            state=state,
            offered=_offered(loaded, state.compared, reached, at=chapter) if state else None,
            film=film,
            lines=rendering.country_lines(state.country, language(), today) if state and state.country else None,
            today=today,
            coverage=watching_rules.share(state.watched, film.length) if state and film else 0.0,
        )
    )
    return response


@pages.page("/courses/<course>/<chapter>/project", allow=Allow.EVERYONE)
def project(course: str, chapter: str) -> str:
    """The chapter for a room, without a person, whoever opens it; with a second language beside it, if wanted."""
    loaded = course_or_404(course)
    found = published_or_404(loaded, chapter)
    beside = next((one for one in Language if one == request.args.get("with") and one is not language()), None)
    shade = next((one for one in accessors.SHADES if one == request.args.get("shade")), "")
    shown = rendering.screens(loaded, found, language())
    film = library().film(course, chapter, language())
    return render_template(
        "learning/projection.html",
        **accessors.CONTEXT,
        actor=None,
        course=loaded,
        chapter=found,
        film=film if film and not film.external else None,
        screens=shown,
        sections=[screen for screen in shown if screen.place == 1],
        others=rendering.screens(loaded, found, beside) if beside else [],
        beside=beside,
        shade=shade,
        chosen=accessors.chosen,
        sources=rendering.frame(loaded, found, language()).sources,
    )


@pages.page("/courses/<course>/<chapter>/read", allow=Permission.LEARN, methods=("POST",))
def read(course: str, chapter: str) -> Response:
    found = published_or_404(course_or_404(course), chapter)
    section = request.form.get("section", "")
    if section not in found.section_ids or request.form.get("read") not in {"0", "1"}:
        abort(422)
    try:
        given_at = read_moment(request.form.get("given_at", ""), now=now())
    except Malformed:
        abort(422)
    actor = visitor.actor()
    with writing() as transaction:
        sign_ins.mark_seen(transaction, actor, now=now())
        if request.form["read"] == "1":
            step = Step(MilestoneKind.SECTION_READ, f"{chapter}/{section}")
            _reach(transaction, actor, course, step, given_at=given_at)
        else:
            progress_actions.unread(transaction, actor.person_id, course, f"{chapter}/{section}")
    if wants_json():
        return jsonify(section=section, read=request.form["read"] == "1", stored_at=now().isoformat())
    return redirect(url_for("learning.chapter", course=course, chapter=chapter, _anchor=_after(found, section)))


@pages.page("/courses/<course>/<chapter>/watched", allow=Permission.LEARN, methods=("POST",))
def watched(course: str, chapter: str) -> Response | tuple[Response, int]:
    found = published_or_404(course_or_404(course), chapter)
    try:
        sent = read_watched(request.get_json(silent=True))
    except Malformed:
        abort(422)
    shown = [accessors.film_shown(found), *accessors.films_of(found)]  # the reader's own comes before others alike
    film = next((one for one in shown if one is not None and one.revision == sent.revision), None)
    if sent.film != chapter or film is None:
        abort(404)
    actor, moment = visitor.actor(), now()
    try:
        with writing_rows() as transaction:
            sign_ins.mark_seen(transaction, actor, now=moment)
            coverage = watching_actions.watch(
                transaction,
                actor.person_id,
                film,
                device=sent.device,
                reports=[report.report() for report in sent.reports],
                enrol=partial(progress_actions.enrol, transaction, library(), actor.person_id, course, now=moment),
                now=moment,
            )
            whole = progress_queries.is_film_watched(
                transaction, library(), actor.person_id, course, share=coverage.share
            )
            if whole:
                step = Step(MilestoneKind.FILM_WATCHED, chapter)
                _reach(transaction, actor, course, step, given_at=sent.given_at or moment)
    except watching_actions.UnsoundReport:
        abort(422)
    except watching_actions.ImpossibleReport as refusal:
        allowed = int(refusal.allowed.total_seconds() * 1000)
        message = _("More film was reported than time has passed.")
        return jsonify(error="impossible", message=message, allowed=allowed), 422
    return jsonify(
        share=coverage.share,
        watched=whole,
        parts=[[film.own(begin), film.own(end)] for begin, end in coverage.parts],
        stored_at=moment.isoformat(),
    )


@pages.page("/courses/<course>/<chapter>/transcript", allow=Permission.LEARN, methods=("POST",))
def transcript_read(course: str, chapter: str) -> Response:
    """The transcript was read instead: the route of those who do not hear, or have a slow line."""
    if not accessors.films_of(published_or_404(course_or_404(course), chapter)):
        abort(404)
    try:
        given_at = read_moment(request.form.get("given_at", ""), now=now())
    except Malformed:
        abort(422)
    actor = visitor.actor()
    with writing() as transaction:
        _reach(transaction, actor, course, Step(MilestoneKind.FILM_WATCHED, chapter), given_at=given_at)
    if wants_json():
        return jsonify(read=True, stored_at=now().isoformat())
    flash(_("Noted: you have read the transcript. It counts as much as the film."), "success")
    return redirect(url_for("learning.chapter", course=course, chapter=chapter, _anchor="film"))


@pages.page("/courses/<course>/<chapter>/dilemmas", allow=Permission.LEARN, methods=("POST",))
def choose(course: str, chapter: str) -> Response:
    found = published_or_404(course_or_404(course), chapter)
    dilemma = found.dilemmas.get(request.form.get("dilemma", ""))
    choice = request.form.get("choice", "")
    if dilemma is None or choice not in {one.id for one in dilemma.choices}:
        abort(422)
    with writing() as transaction:
        quiz_actions.choose(
            transaction, visitor.actor().person_id, course, dilemma.id, choice, language=language(), now=now()
        )
    place = next(anchor for anchor, (_section, block) in found.places.items() if block.argument == dilemma.id)
    return redirect(url_for("learning.chapter", course=course, chapter=chapter, _anchor=place))


@pages.page("/progress", allow=Permission.LEARN)
def progress() -> str:
    actor = visitor.actor()
    rows = []
    for loaded in library().courses.values():
        version, reached = progress_queries.progress_of(reading(), actor.person_id, loaded.slug)
        demand = progress_queries.demand_of(library(), loaded.slug, version or loaded.file.current_rule.version)
        own = standing(demand, reached)
        asked = _offered(loaded, comparison_queries.record_of(reading(), actor.person_id, loaded.slug), reached)
        groups = own_groups(reading(), actor.person_id, loaded.slug)
        meetings = [(one, group, one.ends_at > now()) for group in groups for one in group.sessions]
        meetings.sort(key=lambda row: row[0].starts_at)
        left = remaining(demand, reached)
        rows.append((loaded, own, rules.open_steps(demand, own), left, asked, groups, meetings))
    return render_template("learning/progress.html", rows=rows, session_kind=session_kind, session_time=session_time)


def _read(chapter: Chapter, reached: Sequence[Reached]) -> set[str]:
    """Return the sections of a chapter, as it stands now, that a reader has read."""
    subjects = {one.subject for one in reached if one.kind is MilestoneKind.SECTION_READ}
    return {section.id for section in chapter.file.sections if f"{chapter.slug}/{section.id}" in subjects}


def _chapter_standing(
    course: LoadedCourse, chapter: str, version: int | None, reached: Sequence[Reached]
) -> ChapterStanding | None:
    """Return how far a reader is in a chapter; in one that their own rule does not ask for, as today's rule has it."""
    today = course.file.current_rule.version
    demands = [progress_queries.demand_of(library(), course.slug, number) for number in (version or today, today)]
    found = (standing(demand, reached).chapter(chapter) for demand in demands)
    return next((own for own in found if own is not None), None)


def _offered(course: LoadedCourse, record: Record, reached: Sequence[Reached], *, at: str = "") -> Moment | None:
    """Return the moment for which a reader is asked the questions before and after: on a chapter's page, only where
    the course begins or ends."""
    if not course.forms:
        return None
    found = offered(record, passed=passed_quizzes(reached), last=course.last)
    places = {Moment.BEFORE: course.chapters[0].slug, Moment.AFTER: course.last}
    return found if found is None or at in {"", places[found]} else None


def _reach(transaction: Transaction, actor: Actor, course: str, step: Step, *, given_at: datetime) -> None:
    progress_actions.reach(
        transaction,
        library(),
        actor.person_id,
        course,
        [step],
        done_at=happened(given_at=given_at, received_at=now()),
        language=language(),
        now=now(),
    )


def _after(chapter: Chapter, section: str) -> str:
    """Return where to go on reading after a section was marked: the next one, or the end."""
    sections = list(chapter.section_ids)
    place = sections.index(section) + 1
    return sections[place] if place < len(sections) else "next"
