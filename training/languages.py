"""The five languages of the platform: their codes, their names, and how the spreadsheets of each are written."""

import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum


class Language(StrEnum):
    """A language in which everything exists (ISO 639-1)."""

    EN = "en"
    FR = "fr"
    ES = "es"
    IT = "it"
    DE = "de"


OWN_NAMES: Mapping[Language, str] = {
    Language.EN: "English",
    Language.FR: "Français",
    Language.ES: "Español",
    Language.IT: "Italiano",
    Language.DE: "Deutsch",
}
"""What each language calls itself: a switch is read by people who do not understand the page that they are on."""

CSV_DELIMITERS: Mapping[Language, str] = {language: "," if language is Language.EN else ";" for language in Language}
"""The delimiter that a spreadsheet program of that language expects in a CSV file (it follows the decimal mark)."""


def best_language(candidates: Iterable[str]) -> Language:
    """Return the first candidate that is one of ours; a regional tag (`fr-BE`) counts as its language.

    English when none is: the candidates come from outside (a cookie, a header) and may be anything.
    """
    for candidate in candidates:
        primary = candidate.strip().lower().replace("_", "-").split("-")[0]
        if primary in set(Language):
            return Language(primary)
    return Language.EN


_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})


def sort_key(text: str, language: Language | None = None) -> str:
    """Return a key by which texts sort as in a telephone book: accents and case only break ties.

    Spanish sorts ñ after n. Without a language the order is the one that the others share (CLDR root collation, its
    first two levels, as far as Latin, Greek and Cyrillic letters go).
    """
    folded = text.casefold()
    if language is Language.ES:
        folded = folded.replace("ñ", "n\uffff")
    bare = plain(folded)
    return f"{bare}\t{folded}"


def plain(text: str) -> str:
    """Return `text` in lower case without accents and ligatures, for comparing and searching."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
