"""What the course stands on, for everyone to read: search, glossary, sources, and the partners of the programme."""

from collections.abc import Sequence
from itertools import groupby

from flask import abort, render_template, request

from training.courses.accessors import known_sources, library, search_index
from training.courses.labels import today_word
from training.courses.places import Place
from training.courses.search import LONGEST_QUERY
from training.languages import plain, sort_key
from training.web.guard import Allow, Pages
from training.web.words import country_name, language, tongue_name

pages = Pages("courses", __name__)


@pages.page("/search", allow=Allow.EVERYONE)
def search() -> str:
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    hits, terms = search_index().find(query, language())
    return render_template("courses/search.html", query=query, hits=hits, terms=terms)


@pages.page("/glossary", allow=Allow.EVERYONE)
def glossary() -> str:
    reader = language()
    terms = [term for course in library().courses.values() for term in course.glossary.values()]
    terms.sort(key=lambda term: sort_key(term.term[reader], reader))
    by_letter = groupby(terms, key=lambda term: plain(term.term[reader])[0].upper())
    return render_template("courses/glossary.html", letters=[(letter, list(inside)) for letter, inside in by_letter])


@pages.page("/sources", allow=Allow.EVERYONE)
def sources() -> str:
    listed = sorted(known_sources().items(), key=lambda pair: sort_key(f"{pair[1].by} {pair[1].title}"))
    return render_template("courses/sources.html", sources=listed)


@pages.page("/places/", allow=Allow.EVERYONE)
def places() -> str:
    authorities = [place for place in library().places if place.is_authority]
    countries = [
        (country_name(code), list(inside)) for code, inside in groupby(sorted(authorities, key=_code), key=_code)
    ]
    countries.sort(key=lambda pair: sort_key(pair[0], language()))
    organisations = [place for place in library().places if not place.is_authority]
    return render_template(
        "courses/places.html",
        countries=[(name, _in_order(inside)) for name, inside in countries],
        organisations=_in_order(organisations),
        practices_of=library().practices_of,
    )


@pages.page("/places/<place>", allow=Allow.EVERYONE)
def place(place: str) -> str:
    found = library().by_place.get(place)
    if found is None:
        abort(404)
    cited = dict.fromkeys([*(key for part in found.parts for key in part.sources), *found.sources])
    return render_template(
        "courses/place.html",
        place=found,
        practices=library().practices_of(place),
        sources=[(key, known_sources()[key]) for key in cited],
        country_name=country_name,
        tongue_name=tongue_name,
        today_word=today_word,
    )


def _code(place: Place) -> str:
    return place.country or ""


def _in_order(places: Sequence[Place]) -> list[Place]:
    return sorted(places, key=lambda place: sort_key(place.name[language()], language()))
