"""The app, put together: the one module that opens every feature's pages."""

import os
from pathlib import Path
from uuid import UUID

from flask import Flask, Response, g
from flask_compress import Compress
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from training import (
    certificates,
    cohorts,
    contacts,
    courses,
    groups,
    home,
    learning,
    operation,
    people,
    privacy,
    reports,
)
from training.access import Actor
from training.certificates import admin_pages as certificates_admin_pages
from training.certificates import api_pages, check_pages, issuer_pages, register_pages
from training.certificates import pages as certificates_pages
from training.certificates.office import open_office
from training.contacts import admin_pages as contacts_admin_pages
from training.contacts import pages as contacts_pages
from training.courses import manifest
from training.courses import pages as courses_pages
from training.courses.library import Library
from training.courses.load import load_library
from training.courses.search import index_of
from training.db import Database, Installation
from training.groups import invitation_pages, session_pages
from training.groups import pages as groups_pages
from training.home import pages as home_pages
from training.languages import OWN_NAMES, Language
from training.learning import accessors, comparison_pages, offline_pages, quiz_pages
from training.learning import pages as learning_pages
from training.operation import admin_pages as operation_admin_pages
from training.operation import pages as operation_pages
from training.people import admin_pages as people_admin_pages
from training.people import entry_pages
from training.people import pages as people_pages
from training.people import queries as people_queries
from training.privacy import pages as privacy_pages
from training.reports import pages as reports_pages
from training.settings import Settings
from training.web import addresses, assets, errors, forms, guard, headers, requests, visitor, words

SLICES = (certificates, cohorts, contacts, courses, groups, home, learning, operation, people, privacy, reports)
ROOMS = [
    home_pages.pages,
    home_pages.bare,
    people_pages.pages,
    entry_pages.pages,
    people_admin_pages.pages,
    courses_pages.pages,
    contacts_pages.pages,
    contacts_admin_pages.pages,
    groups_pages.pages,
    invitation_pages.pages,
    session_pages.pages,
    learning_pages.pages,
    quiz_pages.pages,
    comparison_pages.pages,
    offline_pages.pages,
    offline_pages.bare,
    reports_pages.pages,
    privacy_pages.pages,
    operation_pages.pages,
    operation_admin_pages.pages,
    certificates_pages.pages,
    certificates_admin_pages.pages,
    register_pages.pages,
    issuer_pages.pages,
    check_pages.pages,
    check_pages.bare,
    api_pages.bare,
]
LARGEST_REQUEST = 1024 * 1024


class WrongDatabase(Exception):
    """The database cannot be reached, has no schema, or belongs to another kind of installation."""


def create_app(settings: Settings, *, database: Database | None = None, library: Library | None = None) -> Flask:
    """Return the app of an installation.

    Raises `ContentFault`, `WrongDatabase`, `SealFault`, `CatalogueFault` or `UnguardedRoute` when it could not serve
    every page.
    """
    library = library or load_library(settings.courses_dir, settings.manifest_file)
    database = database or Database(settings.database_url)
    check_database(database, settings)
    app = Flask("training", static_folder=None, template_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SESSION_COOKIE_NAME="session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.behind_tls,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIMETYPES=["text/html", "application/json", "text/csv", "image/svg+xml"],
        COMPRESS_MIN_SIZE=1000,
    )
    app.extensions["training.library"] = library
    app.extensions["training.search"] = index_of(library)
    app.extensions["training.office"] = open_office(settings)
    _init_templates(app, settings)
    requests.init_requests(app, settings, database)
    addresses.init_addresses(app)
    words.init_words(app)
    headers.init_headers(app, behind_tls=settings.behind_tls)
    forms.init_forms(app)
    visitor.init_visitor(app, _recognise)
    app.extensions["training.guards"] = guard.init_guard(app, ROOMS)
    errors.init_errors(app)
    Compress(app)
    _remember_language(app)
    _serve_files(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def check_database(database: Database, settings: Settings) -> None:
    """Raise `WrongDatabase` unless the database answers and is of this kind of installation."""
    shown = database.url.render_as_string(hide_password=True)
    try:
        with database.reading() as session:
            installation = session.scalar(select(Installation))
    except SQLAlchemyError as error:
        raise WrongDatabase(
            f"{shown}: cannot be used ({type(error).__name__}); run `training db upgrade`, and look at "
            "TRAINING_DATABASE_URL"
        ) from error
    if installation is None:
        raise WrongDatabase(f"{shown}: holds no installation; run `training db upgrade`")
    if installation.demo != settings.demo:
        kind = "demonstration data" if installation.demo else "an installation with real people"
        raise WrongDatabase(f"{shown}: holds {kind}; TRAINING_DEMO={int(settings.demo)} does not go with it")


def _recognise(person_id: UUID, secret: str) -> Actor | None:
    return people_queries.recognise(requests.reading_rows(), person_id, secret, requests.now())


def _init_templates(app: Flask, settings: Settings) -> None:
    folders = {room.__name__.rpartition(".")[2]: Path(str(room.__file__)).parent / "templates" for room in SLICES}
    app.jinja_env.loader = ChoiceLoader(
        [
            FileSystemLoader(Path(__file__).parent / "web" / "templates"),
            PrefixLoader({name: FileSystemLoader(folder / name) for name, folder in folders.items()}),
        ]
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.auto_reload = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=assets.address,
        languages=list(Language),
        own_names=OWN_NAMES,
        elsewhere=addresses.elsewhere,
        language_name=words.language_name,
        public_url=settings.public_url,
        demo=settings.demo,
        nav_current="",
    )

    @app.context_processor
    def visitor_context() -> dict[str, object]:
        return {
            "language": words.language(),
            "actor": visitor.actor_or_none(),
            "speech": words.speech(),
        }


def _remember_language(app: Flask) -> None:
    @app.after_request
    def remember(response: Response) -> Response:
        """Keep the language of the last page in a cookie: `/` opens in it."""
        chosen = g.get("language")
        if chosen and response.mimetype == "text/html" and words.cookie_language() != chosen.value:
            response.set_cookie(
                "language",
                chosen.value,
                max_age=365 * 24 * 3600,
                httponly=True,
                samesite="Lax",
                secure=app.config["SESSION_COOKIE_SECURE"],
            )
        return response


def _serve_files(app: Flask, settings: Settings) -> None:
    """Serve static files and films before the app is asked: under names that never change, with ranges."""
    files = WhiteNoise(
        app.wsgi_app,
        max_age=365 * 24 * 3600,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=_file_headers,
    )
    files.add_files(str(assets.publish(settings.data_dir)), prefix=f"static/{assets.digest()}/")
    root = settings.manifest_file.parent
    library = app.extensions["training.library"]
    for film in library.manifest.films:
        stills = accessors.stills_of(accessors.transcript_in(root, film))
        for file in (*manifest.files_of(film), *stills):
            path = str(root / file.path)
            files.add_file_to_dictionary(manifest.media_address(file), path, {path: os.stat(path)})  # noqa: PTH116
    app.wsgi_app = files  # type: ignore[method-assign]


def _file_headers(response_headers: object, _path: str, _url: str) -> None:
    response_headers["X-Content-Type-Options"] = "nosniff"  # type: ignore[index]
    response_headers["Cross-Origin-Resource-Policy"] = "same-origin"  # type: ignore[index]
