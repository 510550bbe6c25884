"""The content check names what an author got wrong, with its file; the content as it stands has no fault."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from training.courses.commands import content_check
from training.courses.faults import ContentFault
from training.courses.load import load_library
from training.courses.prose import facts_in
from training.settings import ROOT

ONE = "local-prevention/01-understanding"
Spoil = Callable[[str], str]


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """A copy of the first chapter that may be spoilt."""
    folder = tmp_path / "courses"
    shutil.copytree(ROOT / "courses", folder, ignore=shutil.ignore_patterns("video", "0[2-9]-*", "before-and-after"))
    course = folder / "local-prevention" / "course.yaml"
    course.write_text(every(r"^  - 0[2-9]-.*\n", "")(course.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def faults(courses: Path, manifest: Path = Path("no films.json")) -> list[str]:
    try:
        load_library(courses, manifest)
    except ContentFault as fault:
        return [str(one) for one in fault.faults]
    return []


def instead(old: str, new: str, count: int = -1) -> Spoil:
    def spoil(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return spoil


def every(pattern: str, new: str) -> Spoil:
    return lambda text: re.sub(pattern, new, text, flags=re.MULTILINE)


def longer(anchor: str, words: int) -> Spoil:
    return instead(f"{{#{anchor}}}\n", f"{{#{anchor}}}\n" + "Words " * words)


SPOILT = {
    "a French space is missing in a text": ("fr.md", instead("\u202f?", " ?", 1), "fr.md:11: no narrow no-break"),
    "German quotation marks in a quiz": ("quiz.yaml", instead("„Unauffällig“", "“Unauffällig”"), "German has"),
    "an Italian accent in a film": ("storyboard.yaml", instead("C’è", "E’", 1), "an apostrophe for an accent"),
    "a Spanish mark in a guide": ("guide.yaml", instead("¿", "", 1), "¿ but"),
    "a straight quotation mark in the glossary": ("../glossary.yaml", instead("very rare", "very 'rare'"), "straight"),
    "a figure differs in one language": ("es.md", instead("187", "188"), "es.md:187: other figures than in English"),
    "a figure differs in a question": ("quiz.yaml", instead("de 999", "de 998", 1), "other figures than in English"),
    "a fact has lost its source": ("en.md", instead(" [@N118]", ""), "no source for 2021, 187, Catalonia"),
    "a resident whom nobody knows": ("../course.yaml", instead("  - Piotr Nowak\n", ""), "no source for Piotr, Nowak"),
    "made-up numbers not marked so": ("en.md", instead("-sum .invented", "-sum"), "no source for 10,000"),
    "a chapter too long": ("en.md", longer("word-line", 300), "a chapter has 1800 to 2800"),
    "a language much longer than English": ("de.md", longer("word-line", 1500), "times as many words"),
    "a section too long": ("it.md", longer("why-bastian", 900), "7 at most"),
    "a section that says less than it takes": ("it.md", longer("why-bastian", 400), "minutes at 180 words a minute"),
    "sections that do not add up": ("chapter.yaml", instead("reading: 28", "reading: 25"), "add up to 28"),
    "a form in every second question": (
        "quiz.yaml",
        every("form: (all|mixed|jihadist)", "form: far-right"),
        "the form far-right in 10 of 16 questions; a third at most",
    ),
    "questions of nobody's work": ("quiz.yaml", every("profession: .*", "profession: any"), "two thirds are needed"),
    "a bank that ends with the police": ("quiz.yaml", every("outcome: .*", "outcome: police"), "the outcome police"),
    "no concern that dissolves": ("quiz.yaml", every("outcome: dissolves", "outcome: none"), "dissolve on enquiry"),
    "too long a feedback": (
        "quiz.yaml",
        instead("en: A written oath", "en: " + "word " * 60 + "A written oath"),
        "60 at most",
    ),
    "a right option that is longer": (
        "quiz.yaml",
        instead("en: She tells the residents", "en: " + "She reads, " * 9 + "she tells the residents"),
        "in en right options are",
    ),
    "a half without an objective": (
        "quiz.yaml",
        every(r"(set: b\n    kind: .*\n    objectives:) .*", r"\1 [process]"),
        "set b has no question on causes",
    ),
    "a source that is not there": ("quiz.yaml", instead("sources: [T20, C12]", "sources: [T99]"), "T99 is no source"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "spoil", "named"), SPOILT.values(), ids=SPOILT)
def test_each_fault_is_named(courses: Path, file: str, spoil: Spoil, named: str) -> None:
    """A4: a text, a question or an answer that one language lacks stops the start."""
    path = courses / ONE / file
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    found = faults(courses)
    assert any(named in fault for fault in found), found


def test_a_film_that_a_rule_asks_for_and_that_is_not_there_is_named() -> None:
    """A short film of one chapter stands in for all: every other is named, and the check fails."""
    manifest = ROOT / "tests" / "browser" / "media" / "videos_manifest.json"
    done = CliRunner().invoke(content_check, env={"TRAINING_VIDEOS_MANIFEST": str(manifest)})
    assert done.exit_code == 1
    assert "asks for the film of families: none in de" in done.output
    assert "the film of understanding: none in en" not in done.output


def test_the_content_as_it_stands_has_no_fault() -> None:
    assert faults(ROOT / "courses", ROOT / "videos_manifest.json") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Twelve people met. They agreed on Monday.", []),
        ("In the fictional town Mayor Brandt met Rotterdam’s team in May.", ["Rotterdam", "May"]),
        ("Read on in chapter 2. About 12% of 1,200.", ["12", "1,200"]),
        ("End with: ‘When it gets loud, I will …’ No names.", []),
        ("One\nTwo cells\nThe HAYAT service", ["HAYAT"]),
    ],
)
def test_what_asks_for_a_source_is_a_number_or_a_name(text: str, found: list[str]) -> None:
    assert sorted(facts_in(text, {"Brandt", "Mayor", "I", "Monday"})) == sorted(found)
