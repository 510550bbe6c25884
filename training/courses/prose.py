"""What has to be true of the words of a chapter: lengths, minutes, sources behind facts, figures, typography."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from training.courses.content import ChapterFile, Text, texts_in
from training.courses.faults import Fault, YamlFile
from training.courses.questions import Quiz
from training.courses.text import SectionText, blocks_of, words
from training.courses.typography import lapses, line_lapses
from training.languages import Language

Texts = Mapping[Language, Sequence[SectionText]]
CHAPTER = (1800, 2800)
"""Words of a chapter in English: all that stands in `en.md`, but for citations and further reading."""
AGAINST_ENGLISH = (0.9, 1.35)
"""How many words another language may need for the same text."""
PACE = 180
"""Words a minute. Adults read 238 in silence (Brysbaert 2019); this is three quarters, for text that is worked with."""
LONGEST_SECTION = 7
"""Minutes, in the language that needs most words, with practice questions (one feedback each) and dilemmas."""
_ALWAYS = frozenset(
    {"I", "Mr", "Mrs", "Ms", "Dr", "Mayor", "Councillor", "EU", "AI", "LGBTIQ"}
    | {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)
"""Words with a capital that name no place, project or date."""
_SENTENCE = re.compile(r"(?<=[.!?:…])[’”)]*\s+|\n|[‘“(]+")
_LINK = re.compile(r"\bchapters? \d")
_WORD = re.compile(r"[^\W\d_][\w’-]*")


def wording_faults(file: YamlFile, value: object) -> list[Fault]:
    """Return what is wrong in the texts of a YAML file: older than the English one, other figures, typography."""
    faults = []
    for place, text in texts_in(value):
        faults += [
            file.fault(place, f"{language.value} is older than its English source: {text.en[:50]}")
            for language in text.stale()
        ]
        for language in Language:
            where = [*place, language.value]
            faults += [file.fault(where, lapse) for lapse in lapses(text[language], language)]
            faults += [file.fault(where, message) for message in _other_figures(text.en, text[language])]
    return faults


def markdown_faults(path: Path, shown: str, language: Language) -> list[Fault]:
    """Return the lapses of typography of a chapter's text."""
    markdown = path.read_text(encoding="utf-8")
    return [Fault(shown, line, lapse) for line, lapse in line_lapses(markdown, language)]


def prose_faults(texts: Texts, *, folder: str, fictional: Sequence[str]) -> list[Fault]:
    """Return where the texts are too short or long, say other figures than the English one, or name no source."""
    faults = []
    exempt = {word for name in fictional for word in name.split()} | _ALWAYS
    english = {block.anchor: block for block in blocks_of(texts[Language.EN])}
    size = _size(texts[Language.EN])
    if not CHAPTER[0] <= size <= CHAPTER[1]:
        faults.append(Fault(f"{folder}/en.md", 1, f"{size} words; a chapter has {CHAPTER[0]} to {CHAPTER[1]}"))
    for language, sections in texts.items():
        name = f"{folder}/{language.value}.md"
        share = _size(sections) / max(size, 1)
        if not AGAINST_ENGLISH[0] <= share <= AGAINST_ENGLISH[1]:
            faults.append(Fault(name, 1, f"{share:.2f} times as many words as in English"))
        for block in blocks_of(sections):
            reference = english.get(block.anchor, block)
            faults += [Fault(name, block.line, one) for one in _other_figures(reference.plain, block.plain)]
    for block in english.values():
        named = [] if block.citations or block.invented else list(facts_in(block.plain, exempt))
        if named:
            faults.append(Fault(f"{folder}/en.md", block.line, f"no source for {', '.join(named)}"))
    return faults


def minutes_faults(chapter: ChapterFile, file: YamlFile, texts: Texts, quiz: Quiz) -> list[Fault]:
    """Return the sections that take longer than they may, or than they say."""
    faults = []
    for index, section in enumerate(chapter.sections):
        taken = max(minutes_of(sections[index], quiz, language) for language, sections in texts.items())
        if taken > LONGEST_SECTION:
            faults.append(file.fault(["sections", index], f"takes {taken} minutes; {LONGEST_SECTION} at most"))
        if abs(section.minutes - taken) > 1:
            faults.append(file.fault(["sections", index, "minutes"], f"takes {taken} minutes at {PACE} words a minute"))
    total = sum(section.minutes for section in chapter.sections)
    if total != chapter.minutes.reading:
        faults.append(file.fault(["minutes", "reading"], f"the sections add up to {total} minutes"))
    return faults


def minutes_of(section: SectionText, quiz: Quiz, language: Language) -> int:
    """Return how many minutes a section takes: its text, its practice questions with one feedback, its dilemmas."""
    practice = {question.id: question for question in quiz.practice}
    dilemmas = {dilemma.id: dilemma for dilemma in quiz.dilemmas}
    count = 0
    for block in section.blocks:
        count += words(block.plain)
        if block.kind == "practice" and block.argument in practice:
            question = practice[block.argument]
            count += _count([question.text, *(option.text for option in question.options)], language)
            count += max(words(option.feedback[language]) for option in question.options)
        elif block.kind == "dilemma" and block.argument in dilemmas:
            count += _count([text for _place, text in texts_in(dilemmas[block.argument])], language)
    return math.ceil(count / PACE)


def facts_in(plain: str, exempt: set[str] | frozenset[str]) -> Iterator[str]:
    """Yield the numbers in digits and the words with a capital within a sentence: what asks for a source in English."""
    yield from re.findall(r"\d[\d.,–]*\d|\d", _LINK.sub("", plain))
    for sentence in _SENTENCE.split(plain):
        for word in _WORD.findall(sentence)[1:]:
            bare = re.sub(r"’(?:s|ll|d|ve|m|re)?$", "", word)
            if bare[:1].isupper() and bare not in exempt:
                yield bare


def _other_figures(english: str, other: str) -> Iterator[str]:
    """Yield the figures from 100 on, years too, that stand in one of two texts and not in the other."""
    ours, theirs = _figures(english), _figures(other)
    missing, more = ours - theirs, theirs - ours
    if missing or more:
        yield f"other figures than in English: {', '.join((missing + more).elements())}"


def _figures(text: str) -> Counter[str]:
    joined = re.sub(r"(?<=\d)[.,\u202f](?=\d{3}(?!\d))", "", text)
    return Counter(re.findall(r"(?<![\d.,])\d{3,}(?!\d)", joined))


def _size(sections: Sequence[SectionText]) -> int:
    return sum(words(block.plain) for block in blocks_of(sections) if block.kind != "reading")


def _count(texts: Sequence[Text], language: Language) -> int:
    return sum(words(text[language]) for text in texts)
