"""How each language is set: quotation marks, apostrophes, spaces, accents. Lapses are named, never mended silently."""

import re
from collections.abc import Iterator

from training.languages import Language

THIN = "\u202f"
"""The narrow no-break space."""

_Rule = tuple[re.Pattern[str], str]


def _rules(*rows: tuple[str, str]) -> tuple[_Rule, ...]:
    return tuple((re.compile(pattern), message) for pattern, message in rows)


_EVERYWHERE = _rules(
    (r'"', "a straight quotation mark"),
    (r"'", "a straight apostrophe"),
    (r"\.\.\.", "three full stops for an ellipsis (…)"),
    (r"\S {2,}\S", "two spaces"),
    (r" [,.)](?!\d)", "a space before a comma, a full stop or a bracket"),
    (r"(?<!\S)-(?= )", "a hyphen for a dash"),
    (r"\w[·•]\w", "a dot inside a word: write the pair or a neutral form"),
)
_FRENCH_QUOTES = (r"“(?![^«»]*»)", "“…” outside «…»")
_OWN = {
    Language.EN: _rules(
        (r"[«»„‚]", "quotation marks of another language; English has ‘…’ with “…” inside"),
        (r"“(?<!‘)(?![^‘’“”]*”[^‘]*’)", "“…” outside ‘…’"),
        (r"\d\s%", "a space before %"),
    ),
    Language.FR: _rules(
        (rf"(?<![\d{THIN}:;!?])[;:!?»]|(?<=\d):(?!\d)", "no narrow no-break space before ; : ! ? »"),
        (rf"«(?!{THIN})", "no narrow no-break space after «"),
        (r"[„‚‘]", "quotation marks of another language; French has « … » with “…” inside"),
        _FRENCH_QUOTES,
        (r"\xa0", "a wide no-break space (U+00A0 instead of U+202F)"),
        (rf"(?<!{THIN})%", "no narrow no-break space before %"),
        (r"\d[ .]\d{3}(?!\d)", "thousands without a narrow no-break space"),
    ),
    Language.ES: _rules(
        (r"[„‚‘]", "quotation marks of another language; Spanish has «…» with “…” inside"),
        _FRENCH_QUOTES,
        (r"\s[;:!?»]|[«¿¡]\s", "a space inside the marks"),
        (rf"(?<!{THIN})%", "no narrow no-break space before %"),
        (r"\d–\d", "a dash in a span of numbers; Spanish has a hyphen"),
    ),
    Language.IT: _rules(
        (r"[„‚‘]", "quotation marks of another language; Italian has «…» with “…” inside"),
        _FRENCH_QUOTES,
        (r"\s[;:!?»]|«\s", "a space inside the marks"),
        (r"(?i)\b(?:perchè|poichè|finchè|affinchè|benchè|purchè|anzichè|nè|sè|ventitrè)\b", "è for é"),
        (r"(?i)\b(?:cioé|caffé|é|ahimé)(?!\w)", "é for è"),
        (r"(?i)\b(?:perche|poiche|cosi|piu|puo|gia|cioe|citta|attivita|pero)\b", "a word without its accent"),
        (r"\bE’|(?i:\b(?:qual’è|un pò|un’altro)\b)", "an apostrophe for an accent, or one too many"),
        (r"(?i)\b(?!(?:po|mo|fa|da|sta|di|va)’)\w+’ (?=\w)", "a space after an apostrophe"),
        (r"\d\s%", "a space before %"),
    ),
    Language.DE: _rules(
        (r"[«»”]", "quotation marks of another language; German has „…“ with ‚…‘ inside"),
        (r"\s[;:!?]", "a space before a mark"),
        (r"\w[*:_](?:in|innen)\b", "a star, colon or underscore inside a word: write the pair or a neutral form"),
        (r"(?<![\xa0\u202f])%", "no no-break space before %"),
        (r"\bz\.B\.|\bd\.h\.|\bu\.a\.", "an abbreviation without its space"),
        (r"—", "an em dash; German has – with spaces"),
    ),
}
_PAIRS = {
    Language.EN: (("“", "”"),),
    Language.FR: (("«", "»"), ("“", "”")),
    Language.ES: (("«", "»"), ("“", "”"), ("¿", "?"), ("¡", "!")),
    Language.IT: (("«", "»"), ("“", "”")),
    Language.DE: (("„", "“"), ("‚", "‘")),
}
_MARKUP = re.compile(
    r" ?\[@[^\]]*\]|^\{#.*\}$|\]\([^)]*\)|^:::.*|^\|[-| :]+$|https?://\S+|(?<!\w)\*+|\*+(?!\w)|^#+ |^(?:-|\d+\.) +",
    re.MULTILINE,
)


def lapses(text: str, language: Language) -> Iterator[str]:
    """Yield what is set wrongly in a text of a language, each with the place where it stands."""
    shown = _MARKUP.sub("", text)
    for pattern, message in (*_EVERYWHERE, *_OWN[language]):
        found = pattern.search(shown)
        if found:
            yield f"{message}: {_around(shown, found)}"
    for opening, closing in _PAIRS[language]:
        if shown.count(opening) != shown.count(closing):
            yield f"{shown.count(opening)} {opening} but {shown.count(closing)} {closing}: {shown[:40]}"
    if language is Language.EN and shown.count("‘") > shown.count("’"):
        yield f"a ‘ that no ’ closes: {shown[:40]}"


def line_lapses(markdown: str, language: Language) -> Iterator[tuple[int, str]]:
    """Yield the lapses of a Markdown file, paragraph by paragraph, each with its line (1 is the first)."""
    for paragraph in re.finditer(r"(?:.*\S.*(?:\n|$))+", markdown):
        for lapse in lapses(paragraph.group(), language):
            yield markdown.count("\n", 0, paragraph.start()) + 1, lapse


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 15) : found.end() + 15].replace("\n", " ").strip()
