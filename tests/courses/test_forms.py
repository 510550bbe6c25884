"""The two forms before and after the course: parallel, fair, and never a reward for a report."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from tests.cast import COURSE
from training.courses.banks import form_faults, twin_faults
from training.courses.faults import ContentFault, YamlFile
from training.courses.library import Library, LoadedCourse
from training.courses.load import load_library
from training.courses.parallel import FirstStep, FormName, ParallelForm
from training.languages import Language
from training.settings import ROOT

FOLDER = ROOT / "courses" / COURSE / "before-and-after"
Spoil = Callable[[str], str]


@pytest.fixture
def course(library: Library) -> LoadedCourse:
    return library.courses[COURSE]


def faults(course: LoadedCourse, file: Path) -> list[str]:
    """What is said of form B in a file, beside the real form A."""
    yaml = YamlFile(file, file.name)
    try:
        form = yaml.read(TypeAdapter(ParallelForm))
    except ContentFault as fault:
        return [str(one) for one in fault.faults]
    chapters = [chapter.slug for chapter in course.chapters]
    found = form_faults(yaml, form, name=FormName.B, chapters=chapters, sources=set(course.sources))
    return [str(one) for one in found + twin_faults(yaml, form, course.forms[FormName.A])]


def instead(old: str, new: str) -> Spoil:
    def spoil(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return spoil


SPOILT = {
    "the other form's file": (instead("form: b", "form: a"), ":3: this file holds form b"),
    "a language is missing": (instead("      it: ", "      is: "), "vignettes.0.text.it"),
    "a situation of another kind": (instead("about: grief", "about: provocation"), "one on each of conversion,"),
    "a report twice, no enquiry": (instead("step: enquire", "step: report"), "one option for each of enquire,"),
    "a report that is right": (instead("step: report", "step: report\n        right: true"), "right: Extra inputs"),
    "a question on another chapter": (
        instead("chapter: resilience", "chapter: families"),
        "2 on each of understanding",
    ),
    "another construct": (instead("measures: hard-moments", "measures: easy-moments"), "is no twin of"),
    "an answer less": (instead("- id: two-witnesses\n", "- id: reason-to-talk\n"), "'reason-to-talk' stands twice"),
    "two keys": (
        instead("- id: two-witnesses\n", "- id: two-witnesses\n        right: true\n"),
        "exactly one option is right",
    ),
    "no key": (instead("        right: true\n", ""), "exactly one option is right"),
    "a source that is none": (instead("sources: [T20]", "sources: [T999]"), "T999 is no source"),
    "an item of the other form": (
        instead("id: goalkeeper", "id: registry-trainee"),
        "registry-trainee stands in both forms",
    ),
    "a key told by its length": (
        instead("nothing in it uses violence or", "nothing " * 20),
        "times as long as the wrong",
    ),
    "one form of extremism too often": (lambda text: text.replace("form: none", "form: far-right"), "a third at most"),
}


@pytest.mark.parametrize(("spoil", "said"), SPOILT.values(), ids=SPOILT)
def test_a_fault_is_named(course: LoadedCourse, tmp_path: Path, spoil: Spoil, said: str) -> None:
    file = tmp_path / "form-b.yaml"
    text = (FOLDER / "form-b.yaml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    assert faults(course, file) == []
    file.write_text(spoil(text), encoding="utf-8")
    assert any(said in one for one in faults(course, file)), faults(course, file)


def test_one_form_alone_is_refused(tmp_path: Path) -> None:
    import shutil

    courses = tmp_path / "courses"
    shutil.copytree(ROOT / "courses", courses, ignore=shutil.ignore_patterns("video"))
    (courses / COURSE / "before-and-after" / "form-b.yaml").unlink()
    with pytest.raises(ContentFault, match=r"form-b\.yaml:1: there is no such file"):
        load_library(courses, Path("no films.json"))


def test_no_answer_to_a_situation_is_marked_and_each_step_can_be_taken(course: LoadedCourse) -> None:
    for form in course.forms.values():
        for vignette in form.vignettes:
            assert Counter(option.step for option in vignette.options) == Counter(FirstStep)
            assert "right" not in type(vignette.options[0]).model_fields


@pytest.mark.parametrize("language", Language)
def test_the_longest_answer_is_not_the_key(course: LoadedCourse, language: Language) -> None:
    """Whoever always takes the longest answer would do hardly better than by chance."""
    for form in course.forms.values():
        longest = [max(one.options, key=lambda option: len(option.text[language])).right for one in form.questions]
        assert sum(longest) <= len(longest) * 2 / 3, (form.form, language)
