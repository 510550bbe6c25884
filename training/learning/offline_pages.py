"""What a browser keeps on a device: the service worker, the page that it shows without a network, and the list of what
a chapter consists of. Nothing that is kept by these addresses shows a person."""

import json
from uuid import UUID

from flask import Response, jsonify, render_template, url_for

from training.access import Permission
from training.courses.accessors import course_or_404, library, published_or_404
from training.courses.library import Chapter
from training.courses.manifest import File, Film, media_address
from training.languages import Language
from training.learning import accessors, rendering
from training.people import sign_ins
from training.progress import actions as progress_actions
from training.progress import queries as progress_queries
from training.quizzes import actions as quiz_actions
from training.quizzes import queries as quiz_queries
from training.web import assets, visitor
from training.web.forms import csrf_token
from training.web.guard import Allow, Pages
from training.web.requests import now, reading, writing
from training.web.words import language

pages = Pages("offline", __name__)
bare = Pages("device", __name__, bare=True)

FRAME_BYTES = 30_000
"""What a chapter's page weighs beside its sections, roughly: it is only shown, rounded to a tenth of a megabyte."""


@bare.page("/sw.js", allow=Allow.EVERYONE)
def worker() -> Response:
    """The service worker, at the root so that all addresses are in its scope. It changes whenever a file does."""
    shell = [url_for("offline.offline", language=one) for one in Language]
    constants = {"version": assets.digest(), "pages": shell, "files": list(assets.addresses())}
    scripts = [assets.address("js/outbox.js"), assets.address("js/worker.js")]
    text = f"const SHELL = {json.dumps(constants)};\nimportScripts({json.dumps(scripts)[1:-1]});\n"
    response = Response(text, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bare.page("/api/session", allow=Allow.EVERYONE)
def session() -> Response:
    """Whose session this is, with the token that its forms bring: what a queue asks before it sends anything."""
    actor = visitor.actor_or_none()
    response = jsonify(account=str(actor.person_id) if actor else None, csrf_token=csrf_token())
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.page("/offline", allow=Allow.EVERYONE)
def offline() -> str:
    """What is kept on this device; and what the service worker shows instead of a page that is not."""
    return render_template("learning/offline.html", actor=None)


@pages.page("/courses/<course>/<chapter>/keep", allow=Allow.EVERYONE)
def keep(course: str, chapter: str) -> Response:
    """What a chapter consists of in this language, with bytes: shown before anything is stored."""
    found = published_or_404(course_or_404(course), chapter)
    film = accessors.film_shown(found)
    text = sum(len(str(piece)) for section in rendering.sections(course_or_404(course), found, language())
               for piece in section.pieces)  # fmt: skip
    beside = _beside(film) if film else []
    source = _smallest(film) if film else None
    response = jsonify(
        title=found.file.title[language()],
        revision=f"{library().revision}-{assets.digest()}",
        page=url_for("learning.chapter", course=course, chapter=chapter),
        files=[media_address(file) for file in beside],
        bytes=text + FRAME_BYTES + sum(assets.addresses().values()) + sum(file.bytes for file in beside),
        film={"address": media_address(source), "bytes": source.bytes} if source else None,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.page("/courses/<course>/<chapter>/keep", allow=Permission.LEARN, methods=("POST",), endpoint="draw")
def draw(course: str, chapter: str) -> Response:
    """Draw the attempt that is kept with a chapter, unless its quiz is passed already."""
    found = published_or_404(course_or_404(course), chapter)
    attempt = _drawn(found)
    return jsonify(attempt=str(attempt) if attempt else None)


def _drawn(found: Chapter) -> UUID | None:
    actor = visitor.actor()
    course = course_or_404(found.course)
    standing = progress_queries.standing_of(reading(), library(), actor.person_id, course.slug)
    present = quiz_queries.open_attempt(reading(), actor.person_id, course.slug, found.slug)
    if present is not None:
        return present.id
    own = standing.chapter(found.slug)
    if own is not None and own.has("quiz-passed"):
        return None
    with writing() as transaction:
        sign_ins.mark_seen(transaction, actor, now=now())
        progress_actions.enrol(transaction, library(), actor.person_id, course.slug, now=now())
        attempt = quiz_actions.begin(
            transaction,
            actor.person_id,
            found,
            count=progress_queries.rule_of(transaction, library(), actor.person_id, course.slug).draw,
            field_of_work=actor.field_of_work,
            language=language(),
            now=now(),
        )
        return attempt.id


def _beside(film: Film) -> list[File]:
    """Return what belongs to a film apart from its pictures and its sound."""
    single = [film.poster, film.captions, film.chapters]
    return [*(file for file in single if file), *accessors.stills_of(accessors.transcript(film))]


def _smallest(film: Film) -> File | None:
    """Return the source that is kept: WebM where there is one, it is half the size."""
    webm = [source for source in film.sources if source.type.startswith("video/webm")]
    return next(iter([*webm, *film.sources]), None)
