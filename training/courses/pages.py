"""What the course stands on, for everyone to read: search, glossary, sources."""

from flask import render_template, request

from training.courses.accessors import library, search_index
from training.courses.search import LONGEST_QUERY
from training.languages import sort_key
from training.web.guard import Allow, Pages
from training.web.words import language

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
    return render_template("courses/glossary.html", terms=terms)


@pages.page("/sources", allow=Allow.EVERYONE)
def sources() -> str:
    listed = [pair for course in library().courses.values() for pair in course.sources.items()]
    listed.sort(key=lambda pair: sort_key(f"{pair[1].by} {pair[1].title}"))
    return render_template("courses/sources.html", sources=listed)
