"""What has to be true of content beyond the shape of its files: references, and five languages that are alike."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from training.courses.content import ChapterFile, Course, Guide, Storyboard
from training.courses.faults import Fault, YamlFile
from training.courses.questions import Quiz
from training.courses.text import Block, SectionText, blocks_of
from training.languages import Language

Texts = Mapping[Language, Sequence[SectionText]]


def course_faults(file: YamlFile, course: Course, chapters: Sequence[ChapterFile]) -> list[Fault]:
    """Return what is wrong between a course and its chapters."""
    faults = []
    published = {chapter.chapter for chapter in chapters if chapter.state == "published"}
    for index, chapter in enumerate(chapters):
        if chapter.number != index + 1:
            faults.append(file.fault(["chapters", index], f"{chapter.chapter} says that it is number {chapter.number}"))
    for index, rule in enumerate(course.rules):
        place: list[str | int] = ["rules", index]
        if rule.version != index + 1:
            faults.append(file.fault(place, "versions count 1, 2, 3 …"))
        faults += [
            file.fault([*place, "chapters"], f"{chapter} is no published chapter")
            for chapter in rule.chapters
            if chapter not in published
        ]
        if not 0 < rule.passed_at <= rule.draw:
            faults.append(file.fault([*place, "passed-at"], f"between 1 and the {rule.draw} questions drawn"))
    return faults


def chapter_faults(chapter: ChapterFile, file: YamlFile, sources: set[str], places: set[str]) -> list[Fault]:
    """Return what is wrong within `chapter.yaml`."""
    faults = file.twice(["objectives"], [item.id for item in chapter.objectives])
    faults += file.twice(["sections"], [item.id for item in chapter.sections])
    faults += file.twice(["examples"], [item.id for item in chapter.examples])
    for index, example in enumerate(chapter.examples):
        faults += [
            file.fault(["examples", index, "sources"], f"{key} is no source")
            for key in example.sources
            if key not in sources
        ]
        if example.place is not None and example.place not in places:
            faults.append(file.fault(["examples", index, "place"], f"{example.place} is no place"))
    if chapter.review_by <= chapter.reviewed:
        faults.append(file.fault(["review-by"], "the next review comes after the last"))
    return faults


def text_faults(
    chapter: ChapterFile, texts: Texts, quiz: Quiz, *, folder: str, sources: set[str], terms: set[str]
) -> list[Fault]:
    """Return what is wrong in the five texts: sections, blocks that differ between languages, references."""
    faults: list[Fault] = []
    wanted = [section.id for section in chapter.sections]
    known = {
        "example": {example.id for example in chapter.examples},
        "practice": {question.id for question in quiz.practice},
        "dilemma": {dilemma.id for dilemma in quiz.dilemmas},
        "reflection": set(quiz.reflections),
    }
    for language, sections in texts.items():
        name = f"{folder}/{language.value}.md"
        found = [section.id for section in sections]
        if found != wanted:
            faults.append(Fault(name, 1, f"sections are {', '.join(found)}; chapter.yaml has {', '.join(wanted)}"))
        for block in blocks_of(sections):
            faults += [Fault(name, block.line, f"{key} is no source") for key in block.citations if key not in sources]
            faults += [Fault(name, block.line, f"{term} is no term") for term in block.terms if term not in terms]
            if block.kind in known and block.argument not in known[block.kind]:
                faults.append(Fault(name, block.line, f"{block.argument} is no {block.kind} of this chapter"))
    faults += _unused(known, texts[Language.EN], f"{folder}/en.md")
    for language in Language:
        if language is not Language.EN:
            faults += _differences(texts[Language.EN], texts[language], f"{folder}/{language.value}.md")
    return faults


def link_faults(chapters: Sequence[tuple[ChapterFile, Texts, str]]) -> list[Fault]:
    """Return the links between chapters that lead nowhere."""
    anchors = {
        file.chapter: {block.anchor for block in blocks_of(texts.get(Language.EN, []))} | {s.id for s in file.sections}
        for file, texts, _folder in chapters
    }
    faults = []
    for _file, texts, folder in chapters:
        for language, sections in texts.items():
            for block in blocks_of(sections):
                for link in block.chapters:
                    slug, _hash, anchor = link.partition("#")
                    if slug not in anchors or (anchor and anchor not in anchors[slug]):
                        faults.append(
                            Fault(f"{folder}/{language.value}.md", block.line, f"no chapter or anchor {link}")
                        )
    return faults


def storyboard_faults(chapter: ChapterFile, storyboard: Storyboard, file: YamlFile) -> list[Fault]:
    """Return what is wrong in the film's words: unknown sections, identifiers that stand twice, labels unspoken."""
    known = {section.id for section in chapter.sections}
    faults = [
        file.fault(["scenes", index, "section"], f"{scene.section} is no section of this chapter")
        for index, scene in enumerate(storyboard.scenes)
        if scene.section not in known
    ]
    steps = [step for scene in storyboard.scenes for step in scene.steps]
    identifiers = [scene.id for scene in storyboard.scenes] + [step.id for step in steps]
    identifiers += [spoken.id for spoken in storyboard.sentences()]
    identifiers += [label.id for step in steps for label in step.labels]
    return faults + file.twice(["scenes"], identifiers)


def guide_faults(guide: Guide, file: YamlFile) -> list[Fault]:
    """Return what is wrong in the facilitator's guide."""
    identifiers = [section.id for section in guide.sections]
    identifiers += [block.id for section in guide.sections for block in section.blocks]
    return file.twice(["sections"], identifiers)


def _differences(english: Sequence[SectionText], other: Sequence[SectionText], name: str) -> list[Fault]:
    faults: list[Fault] = []
    for ours, theirs in zip(english, other, strict=False):
        for block, translated in zip_longest(ours.blocks, theirs.blocks):
            if translated is None:
                return [
                    *faults,
                    Fault(name, theirs.line, f"section {ours.id}: the block {{#{block.anchor}}} is missing"),
                ]
            if block is None:
                return [*faults, Fault(name, translated.line, f"section {ours.id}: a block more than in English")]
            if block.shape != translated.shape:
                faults.append(
                    Fault(
                        name,
                        translated.line,
                        f"differs from en.md:{block.line} (kind, anchor, sources or terms): "
                        f"{_shape(block)} / {_shape(translated)}",
                    )
                )
            elif block.meaning != translated.meaning:
                faults.append(Fault(name, translated.line, f"{{#{block.anchor}}} is older than its English source"))
    return faults


def _shape(block: Block) -> str:
    return " ".join([block.kind, f"#{block.anchor}", *sorted(set(block.citations)), *sorted(block.terms)])


def _unused(known: Mapping[str, set[str]], sections: Sequence[SectionText], name: str) -> list[Fault]:
    used = {(block.kind, block.argument) for block in blocks_of(sections)}
    return [
        Fault(name, 1, f"the {kind} {one} appears nowhere in the text")
        for kind, identifiers in known.items()
        for one in sorted(identifiers)
        if (kind, one) not in used
    ]
