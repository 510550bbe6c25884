"""The five languages: which one a visitor means, and how each sorts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.languages import CSV_DELIMITERS, OWN_NAMES, Language, best_language, plain, sort_key


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        (["fr"], Language.FR),
        (["fr-BE", "en"], Language.FR),
        (["DE_at"], Language.DE),
        (["pl", "it"], Language.IT),
        (["pl"], Language.EN),
        ([""], Language.EN),
        ([], Language.EN),
        (["*", "es"], Language.ES),
        (["../../etc", "de"], Language.DE),
    ],
)
def test_the_first_language_that_is_ours_is_taken(candidates: list[str], chosen: Language) -> None:
    assert best_language(candidates) is chosen


@given(candidates=st.lists(st.text()))
def test_whatever_a_browser_says_a_language_of_ours_is_found(candidates: list[str]) -> None:
    assert best_language(candidates) in set(Language)


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        (None, ["Ábel", "Abraham", "Zoé"]),
        (Language.DE, ["Ahr", "Ähre", "Bär", "Bären", "Zar"]),
        (Language.FR, ["cote", "côté", "cotisation"]),
        (Language.ES, ["nube", "nuez", "ñandú", "oso"]),
        (Language.IT, ["Cefalù", "Cesena", "È", "Empoli"]),
        (None, ["Đorđe", "Łódź", "Lublin"]),
    ],
    ids=["names", "German", "French", "Spanish", "Italian", "stroke letters"],
)
def test_each_language_sorts_as_its_readers_expect(language: Language | None, ordered: list[str]) -> None:
    mixed = ordered[::-1]
    assert sorted(mixed, key=lambda word: sort_key(word, language)) == ordered


@given(words=st.lists(st.text(max_size=20), max_size=8), language=st.sampled_from([None, *Language]))
def test_the_order_of_names_does_not_depend_on_the_order_in_which_they_came(
    words: list[str], language: Language | None
) -> None:
    once = sorted(words, key=lambda word: (sort_key(word, language), word))
    turned = words[::-1]
    again = sorted(turned, key=lambda word: (sort_key(word, language), word))
    assert once == again


@given(word=st.text(max_size=40))
def test_a_plain_text_has_neither_case_nor_accents(word: str) -> None:
    assert not any(unicodedata.combining(character) for character in plain(word))
    assert plain(word) == plain(word.upper()) or any(len(one.upper().lower()) != 1 for one in word)


@pytest.mark.parametrize(
    ("written", "searched"),
    [("Straße", "strasse"), ("Œuvre", "oeuvre"), ("Łódź", "lodz"), ("L’Hospitalet", "l’hospitalet"), ("ÉTÉ", "ete")],
)
def test_a_word_is_found_without_its_accents(written: str, searched: str) -> None:
    assert plain(written) == searched


def test_every_language_has_a_name_of_its_own_and_a_delimiter() -> None:
    assert set(OWN_NAMES) == set(CSV_DELIMITERS) == set(Language)
    assert {language for language, sign in CSV_DELIMITERS.items() if sign == ","} == {Language.EN}
