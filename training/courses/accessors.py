"""The content that this process serves, within a request."""

from collections.abc import Mapping

from flask import abort, current_app

from training.courses.content import Source
from training.courses.library import Chapter, Library, LoadedCourse
from training.courses.search import SearchIndex

PROGRAMME = "local-prevention"
"""The course of the programme, to which the navigation leads."""


def library() -> Library:
    """Return the content that this process serves."""
    found: Library = current_app.extensions["training.library"]
    return found


def search_index() -> SearchIndex:
    """Return the index over that content."""
    found: SearchIndex = current_app.extensions["training.search"]
    return found


def course_or_404(slug: str) -> LoadedCourse:
    """Return a course; what is not there is not found."""
    found = library().courses.get(slug)
    if found is None:
        abort(404)
    return found


def chapter_or_404(course: LoadedCourse, slug: str) -> Chapter:
    """Return a chapter of a course, published or in preparation."""
    found = course.by_slug.get(slug)
    if found is None:
        abort(404)
    return found


def published_or_404(course: LoadedCourse, slug: str) -> Chapter:
    """Return a chapter that can be worked on."""
    found = chapter_or_404(course, slug)
    if not found.published:
        abort(404)
    return found


def known_sources() -> Mapping[str, Source]:
    """Return the sources of all courses, by key."""
    return {key: source for course in library().courses.values() for key, source in course.sources.items()}
