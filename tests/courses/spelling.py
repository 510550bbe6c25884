"""Reading all content words with Debian's hunspell: which words there are, and which of them it does not know."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from training.languages import Language

DICTIONARIES = {
    Language.EN: "en_GB",
    Language.FR: "fr",
    Language.ES: "es_ES",
    Language.IT: "it_IT",
    Language.DE: "de_DE",
}
LISTS = Path(__file__).parent / "words"
_WORD = re.compile(r"[^\W\d_]+(?:[’-][^\W\d_]+)*")
_MARKUP = re.compile(
    r"\[@[^\]]*\]|^\{#.*\}$|\]\([^)]*\)|^:::.*|^# .*|https?://\S+|[\w.-]+\.(?:eu|org|be|de|fr)\b", re.MULTILINE
)
_TITLE = re.compile(r"^- .*\*[^*\n]+\*.*$|^- .*\[@.*$", re.MULTILINE)
"""A line of further reading: titles stand in the language of the work."""
_ELIDED = re.compile(
    r"\b(?:l|d|un|c|n|s|m|t|v|dell|nell|all|dall|sull|coll|quell|quest|bell|anch|senz|nient|com|dov|cos|qualcos|gliel|"
    r"mezz|vent|trent|quarant|cinquant|sessant|settant|ottant|novant|diciott|sant|tutt|ciascun|nessun|alcun|dev)’(?=\W?\w)",
    re.IGNORECASE,
)
"""Italian words that end with an apostrophe: hunspell reads what comes after as a word of its own."""


def words_of(courses: Path, language: Language, *, published: bool) -> set[str]:
    """Return every word of the content: texts, and all that stands in five languages in a YAML file.

    The names of towns are left out and, of what is `published`, the chapters in preparation.
    """
    files = [path for path in courses.rglob("*.*") if path.parent.name != "places"]
    files = [path for path in files if not (published and _in_preparation(path.parent))]
    texts = [_TITLE.sub("", path.read_text("utf-8")) for path in files if path.name == f"{language.value}.md"]
    for path in files:
        if path.suffix == ".yaml":
            texts += [text[language.value] for text in texts_of(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))]
    shown = _MARKUP.sub(" ", "\n".join(texts))
    if language is Language.IT:
        shown = _ELIDED.sub("", shown)
    return set(_WORD.findall(shown))


def _in_preparation(folder: Path) -> bool:
    chapter = folder / "chapter.yaml"
    return chapter.is_file() and "\nstate: in-preparation\n" in chapter.read_text("utf-8")


def unknown(words: set[str], language: Language) -> set[str]:
    """Return the words that hunspell does not know."""
    done = subprocess.run(
        ["hunspell", "-d", DICTIONARIES[language], "-i", "utf-8", "-l"],
        input="\n".join(sorted(words)).replace("’", "'"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.replace("'", "’").split())


def listed(name: str) -> dict[str, str]:
    """Return the words of a list, each with the reason that stands on its line."""
    rows = (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {word: reason for word, _mark, reason in (row.partition("  # ") for row in rows)}


def bare(word: str) -> str:
    """Return a word without an elided article before it and without the genitive after it."""
    return re.sub(r"^(?:[dl]|qu)’|’s?$", "", word, flags=re.IGNORECASE)


def texts_of(value: object) -> Iterator[Mapping[str, str]]:
    """Give everything in a YAML file that stands in five languages."""
    if isinstance(value, dict):
        if all(isinstance(value.get(language.value), str) for language in Language):
            yield value
        else:
            for item in value.values():
                yield from texts_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
