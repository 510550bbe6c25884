"""The start page, the way to it from an address without a language, and the two probes of operation."""

from flask import Response, abort, redirect, render_template, request, url_for
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from training.cohorts.accessors import session_kind, session_time
from training.courses.accessors import PROGRAMME, course_or_404, library
from training.home import queries
from training.home.forms import SpecimenForm
from training.learning import rules as learning_rules
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import now, reading, reading_rows, settings
from training.web.words import wished_language

pages = Pages("home", __name__)
bare = Pages("bare", __name__, bare=True)

OFFERED_MINUTES = (5, 10, 20)


@bare.page("/", allow=Allow.EVERYONE)
def root() -> AnyResponse:
    visitor.actor_or_none()  # the account's language comes before the browser's
    response = redirect(url_for("home.start", language=wished_language()))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@pages.page("/", allow=Allow.EVERYONE)
def start() -> str:
    course = course_or_404(PROGRAMME)
    minutes = request.args.get("minutes", type=int)
    actor = visitor.actor_or_none()
    desk = queries.desk(reading_rows(), library(), actor.person_id, course, now()) if actor else None
    steps = desk.open_steps if desk else queries.first_steps(library(), course)
    return render_template(
        "home/desk.html" if desk else "home/start.html",
        course=course,
        desk=desk,
        minutes=minutes,
        session_kind=session_kind,
        session_time=session_time,
        fitting=learning_rules.fitting(steps, minutes) if minutes else [],
        offers=[(number, learning_rules.fitting(steps, number)) for number in OFFERED_MINUTES],
    )


@pages.page("/components", allow=Allow.EVERYONE)
def components() -> str:
    """Every component and pattern on one living page, where no real people are."""
    if not settings().demo:
        abort(404)
    form, calm_form = SpecimenForm(None), SpecimenForm(None, prefix="calm-")
    for one in (form, calm_form):
        one.offer()
    form.spoil()
    course = course_or_404(PROGRAMME)
    return render_template(
        "components_page.html",
        form=form,
        calm_form=calm_form,
        course=course,
        step=queries.first_steps(library(), course)[0],
        today=now().date(),
    )


@bare.page("/healthz", allow=Allow.EVERYONE)
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@bare.page("/readyz", allow=Allow.EVERYONE)
def readyz() -> Response:
    try:
        reading().execute(text("SELECT 1 FROM installation"))
    except SQLAlchemyError:
        return Response("database: cannot be read\n", 503, mimetype="text/plain")
    revision = library().revision
    return Response(f"ready\ncontent: {revision}\n", mimetype="text/plain")
