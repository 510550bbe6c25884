"""Every word of the content is one that Debian's hunspell knows, or stands on a list with the reason why.

A new word that no dictionary has: if it is right, add it to `words/<language>.txt` (a name: `words/names.txt`) with
two spaces, `# ` and the reason.
"""

from collections.abc import Iterable
from functools import cache

import pytest

from tests.courses.spelling import LISTS, bare, listed, unknown, words_of
from training.courses.library import Library
from training.languages import Language
from training.settings import ROOT

every_language = pytest.mark.parametrize("language", list(Language))


@pytest.fixture(scope="session")
def names(library: Library) -> set[str]:
    """The names that are no words of a language: of the fictional town, and those of `words/names.txt`."""
    fictional = {word for course in library.courses.values() for name in course.file.fictional for word in name.split()}
    return fictional | set(listed("names"))


@cache
def strange(language: Language, *, published: bool = True) -> set[str]:
    """Return the words of the content that hunspell does not know."""
    return unknown(words_of(ROOT / "courses", language, published=published), language)


def allowed(word: str, known: Iterable[str]) -> bool:
    forms = {word, bare(word), bare(word).removesuffix("s")}
    return len(word) == 1 or not (forms | {form.casefold() for form in forms}).isdisjoint(known)


@every_language
def test_every_word_is_spelt_as_the_dictionary_has_it(language: Language, names: set[str]) -> None:
    known = names | set(listed(language.value))
    assert sorted(word for word in strange(language) if not allowed(word, known)) == []


@pytest.mark.parametrize("name", sorted(path.stem for path in LISTS.glob("*.txt")))
def test_every_listed_word_has_a_reason_and_is_needed(name: str) -> None:
    languages = list(Language) if name == "names" else [Language(name)]
    found = set().union(*(strange(language, published=False) for language in languages))
    met = {form for word in found for form in (word, bare(word), bare(word).removesuffix("s"))}
    met |= {form.casefold() for form in met}
    assert [word for word, reason in listed(name).items() if not reason] == []
    assert [word for word in listed(name) if word not in met] == []


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        (Language.EN, "radicalizaton", "radicalisation"),
        (Language.FR, "extrêmisme", "l’extrémisme"),
        (Language.ES, "proteccion", "protección"),
        (Language.IT, "radicalizazione", "estremismo"),
        (Language.DE, "Gemeinderath", "Gemeinderat"),
    ],
)
def test_a_misspelt_word_is_found(language: Language, wrong: str, right: str) -> None:
    assert unknown({right, wrong}, language) == {wrong}
