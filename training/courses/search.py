"""Searching the course in one language: without accents, in every form of a word, and inside German compounds.

The index is built in memory when the content is loaded, so that it is the same on every engine and never stale.
"""

import re
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer

from training.courses.library import Chapter, Library, LoadedCourse
from training.languages import Language, plain

STEMMERS = {
    Language.EN: "english",
    Language.FR: "french",
    Language.ES: "spanish",
    Language.IT: "italian",
    Language.DE: "german",
}
SHORTEST_PART = 4  # letters; a shorter part of a compound stands in too many words
LONGEST_QUERY = 200
MOST_HITS = 30
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Hit:
    """A paragraph that was found: where it is, and an excerpt as pieces of text, each looked for or not."""

    course: str
    chapter: str
    chapter_title: str
    section_title: str
    anchor: str
    excerpt: Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class TermHit:
    """A term of the glossary that was found."""

    id: str
    term: str
    definition: str


@dataclass(frozen=True)
class _Entry:
    """What is indexed: a block of text or a term."""

    course: str
    chapter: str
    section: str
    anchor: str
    title: str
    text: str


class SearchIndex:
    """The index over all published text, for every language."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._entries: list[_Entry] = []
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute(
            "CREATE VIRTUAL TABLE word USING fts5(raw, stems, language UNINDEXED, entry UNINDEXED)"
        )
        self._connection.execute(
            "CREATE VIRTUAL TABLE part USING fts5(raw, language UNINDEXED, entry UNINDEXED, tokenize='trigram')"
        )
        for language in Language:
            for entry in _entries(library, language):
                self._add(language, entry)

    def _add(self, language: Language, entry: _Entry) -> None:
        raw = plain(f"{entry.title} {entry.text}")
        number = len(self._entries)
        self._entries.append(entry)
        self._connection.execute(
            "INSERT INTO word VALUES (?, ?, ?, ?)",
            (raw, " ".join(_stems(language, f"{entry.title} {entry.text}")), language.value, number),
        )
        self._connection.execute("INSERT INTO part VALUES (?, ?, ?)", (raw, language.value, number))

    def find(self, query: str, language: Language) -> tuple[list[Hit], list[TermHit]]:
        """Return the paragraphs and the terms in which every word of `query` stands, the best first."""
        wanted = [plain(word) for word in _WORD.findall(query[:LONGEST_QUERY])]
        if not wanted:
            return [], []
        stems = list(_stems(language, query[:LONGEST_QUERY]))
        found = list(dict.fromkeys([*self._words(wanted, stems, language), *self._parts(wanted, language)]))
        hits: list[Hit] = []
        terms: list[TermHit] = []
        for number in found[:MOST_HITS]:
            entry = self._entries[number]
            if entry.chapter:
                hits.append(self._hit(entry, language, wanted, stems))
            else:
                terms.append(TermHit(entry.anchor, entry.title, entry.text))
        return hits, terms

    def _words(self, wanted: Sequence[str], stems: Sequence[str], language: Language) -> list[int]:
        each = [f'(raw : "{word}"* OR stems : "{stem}")' for word, stem in zip(wanted, stems, strict=True)]
        with self._lock:
            rows = self._connection.execute(
                "SELECT entry FROM word WHERE word MATCH ? AND language = ? ORDER BY bm25(word, 2.0, 1.0) LIMIT ?",
                (" AND ".join(each), language.value, MOST_HITS),
            ).fetchall()
        return [row[0] for row in rows]

    def _parts(self, wanted: Sequence[str], language: Language) -> list[int]:
        long = [word for word in wanted if len(word) >= SHORTEST_PART]
        if len(long) < len(wanted):
            return []
        with self._lock:
            rows = self._connection.execute(
                "SELECT entry FROM part WHERE part MATCH ? AND language = ? ORDER BY rank LIMIT ?",
                (" AND ".join(f'raw : "{word}"' for word in long), language.value, MOST_HITS),
            ).fetchall()
        return [row[0] for row in rows]

    def _hit(self, entry: _Entry, language: Language, wanted: Sequence[str], stems: Sequence[str]) -> Hit:
        chapter = self._library.courses[entry.course].by_slug[entry.chapter]
        return Hit(
            course=entry.course,
            chapter=entry.chapter,
            chapter_title=chapter.file.title[language],
            section_title=next(s.title[language] for s in chapter.file.sections if s.id == entry.section),
            anchor=entry.anchor,
            excerpt=_excerpt(entry.text or entry.title, language, wanted, stems),
        )


@cache
def index_of(library: Library) -> SearchIndex:
    """Return the index over some content, built once for it."""
    return SearchIndex(library)


def _entries(library: Library, language: Language) -> Iterator[_Entry]:
    for course in library.courses.values():
        for chapter in course.chapters:
            yield from _chapter_entries(course, chapter, language)
        for term in course.glossary.values():
            yield _Entry(course.slug, "", "", term.id, term.term[language], term.definition[language])


def _chapter_entries(course: LoadedCourse, chapter: Chapter, language: Language) -> Iterator[_Entry]:
    for section in chapter.file.sections:
        yield _Entry(course.slug, chapter.slug, section.id, section.id, section.title[language], "")
    for text in chapter.texts.get(language, []):
        for block in text.blocks:
            if block.plain:
                yield _Entry(course.slug, chapter.slug, text.id, block.anchor, "", block.plain.replace("\n", " "))


def _stems(language: Language, text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        yield _stem(language, word)


@lru_cache(maxsize=1 << 15)
def _stem(language: Language, word: str) -> str:
    """Return the stem of a word. A stemmer keeps a state: each word has one of its own, whatever the thread."""
    return plain(snowballstemmer.stemmer(STEMMERS[language]).stemWord(word))


def _excerpt(text: str, language: Language, wanted: Sequence[str], stems: Sequence[str]) -> list[tuple[str, bool]]:
    """Return a piece of `text` around the first word that was looked for, cut at words."""

    def looked_for(word: str) -> bool:
        bare = plain(word)
        return (
            any(bare.startswith(one) or (len(one) >= SHORTEST_PART and one in bare) for one in wanted)
            or _stem(language, word.casefold()) in stems
        )

    spans = [(match.start(), match.end()) for match in _WORD.finditer(text) if looked_for(match.group())]
    first = spans[0][0] if spans else 0
    begin = text.rfind(" ", 0, max(first - 80, 0)) + 1
    end = text.find(" ", first + 180)
    end = len(text) if end < 0 else end
    pieces: list[tuple[str, bool]] = [("… ", False)] if begin else []
    position = begin
    for start, stop in spans:
        if start >= begin and stop <= end:
            pieces += [(text[position:start], False), (text[start:stop], True)]
            position = stop
    pieces.append((text[position:end], False))
    if end < len(text):
        pieces.append((" …", False))
    return [piece for piece in pieces if piece[0]]
