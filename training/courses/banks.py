"""What has to be true of questions: references, halves or twins, lengths, and a balance that is counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from training.courses.content import ChapterFile, Text
from training.courses.faults import Fault, YamlFile
from training.courses.parallel import About, ComparedQuestion, FirstStep, FormName, ParallelForm
from training.courses.questions import Extremism, Kind, Outcome, Profession, Question, Quiz
from training.courses.text import SectionText, blocks_of, words
from training.languages import Language

LONGEST = {"question": 90, "option": 35, "feedback": 60}
"""Words, in English."""
STRETCH = 1.35
"""How much longer than the English one a Romance or German text may be before its card stops fitting a telephone."""
EVEN = (0.75, 1.33)
"""How long the right options of a question may be, seen from its wrong ones: longer or shorter gives the key away."""
LARGEST_SHARE = 3
"""No form of extremism and no profession in more than one of three counted questions; nor does it end with police."""
A_CHAPTER = 2
"""How many questions on each chapter stand in a form that is asked before or after the course."""


def recall_faults(banks: Sequence[tuple[Quiz | None, str]]) -> list[Fault]:
    """Return the situations from earlier chapters that no earlier chapter has."""
    faults = []
    known: set[str] = set()
    for quiz, folder in banks:
        if quiz is None:
            continue
        faults += [
            Fault(f"{folder}/quiz.yaml", 1, f"recall: no earlier chapter has {one}")
            for one in quiz.recall
            if one not in known
        ]
        known |= {question.id for question in (*quiz.questions, *quiz.practice)}
    return faults


def quiz_faults(
    chapter: ChapterFile,
    quiz: Quiz,
    file: YamlFile,
    texts: Mapping[Language, Sequence[SectionText]],
    sources: set[str],
) -> list[Fault]:
    """Return what is wrong in the bank: references, halves, texts too long, keys given away, a bank out of balance."""
    objectives = {objective.id for objective in chapter.objectives}
    anchors = {block.anchor for block in blocks_of(texts[Language.EN])}
    faults = file.twice(["questions"], [question.id for question in (*quiz.questions, *quiz.practice)])
    for part, questions in (("questions", quiz.questions), ("practice", quiz.practice)):
        for index, question in enumerate(questions):
            place: list[str | int] = [part, index]
            faults += _lost(file, place, "objectives", "objective", set(question.objectives) - objectives)
            faults += _lost(file, place, "sources", "source", set(question.sources) - sources)
            faults += _lost(file, place, "read", "anchor of the text", {question.read} - anchors)
            if (question.set is None) != (part == "practice"):
                faults.append(file.fault(place, "counted questions have a `set`, practice questions have none"))
            faults += [file.fault([*place, *where], message) for where, message in _lengths(question)]
    halves = list(_halves(quiz.questions, objectives))
    return faults + [file.fault(["questions"], message) for message in (*halves, *_balance(quiz.questions))]


def _lost(file: YamlFile, place: list[str | int], key: str, what: str, unknown: Iterable[str]) -> list[Fault]:
    return [file.fault([*place, key], f"{one} is no {what}") for one in sorted(unknown)]


def _halves(questions: Sequence[Question], objectives: set[str]) -> Iterator[str]:
    for half in ("a", "b"):
        inside = [question for question in questions if question.set == half]
        covered = {objective for question in inside for objective in question.objectives}
        if len(inside) < 8:
            yield f"set {half} has {len(inside)} questions, 8 are needed"
        yield from (f"set {half} has no question on {one}" for one in sorted(objectives - covered))


def _balance(questions: Sequence[Question]) -> Iterator[str]:
    """Yield what is out of balance among the counted questions of a chapter."""
    most = len(questions) / LARGEST_SHARE
    forms = Counter(one.form for one in questions if one.form not in {Extremism.ALL, Extremism.NONE})
    fields = Counter(one.profession for one in questions if one.profession is not Profession.ANY)
    police = sum(one.outcome is Outcome.POLICE for one in questions)
    shares = [("form", *one) for one in forms.items()] + [("profession", *one) for one in fields.items()]
    for what, name, count in [*shares, ("outcome", Outcome.POLICE, police)]:
        if count > most:
            yield f"the {what} {name} in {count} of {len(questions)} questions; a third at most"
    if fields.total() < 2 * most:
        yield f"{fields.total()} of {len(questions)} are situations of a profession; two thirds are needed"
    if not any(one.outcome is Outcome.DISSOLVES for one in questions):
        yield "in no question does the concern dissolve on enquiry; one at least"
    if len({one.kind for one in questions}) < 3:
        yield "fewer than three kinds of questions"


def _lengths(question: Question) -> Iterator[tuple[list[str | int], str]]:
    """Yield the texts that are too long, and the languages in which length tells right from wrong options."""
    parts: list[tuple[list[str | int], str, Text]] = [(["text"], "question", question.text)]
    for index, option in enumerate(question.options):
        parts.append((["options", index, "text"], "option", option.text))
        parts.append((["options", index, "feedback"], "feedback", option.feedback))
    for language in Language:
        for where, what, text in parts:
            if words(text[language]) > LONGEST[what] * (1 if language is Language.EN else STRETCH):
                yield (
                    [*where, language.value],
                    f"{words(text[language])} words in {language.value}; {LONGEST[what]} at most in English",
                )
        if question.kind in {Kind.ONE, Kind.SEVERAL}:
            share = _length(question, language, right=True) / _length(question, language, right=False)
            if not EVEN[0] <= share <= EVEN[1]:
                yield ["options"], f"in {language.value} right options are {share:.2f} times as long as wrong ones"


def _length(question: Question, language: Language, *, right: bool) -> float:
    """Return how many characters the right or the wrong options have on average."""
    lengths = [len(option.text[language]) for option in question.options if option.right is right]
    return sum(lengths) / len(lengths)


def form_faults(
    file: YamlFile, form: ParallelForm, *, name: FormName, chapters: Sequence[str], sources: set[str]
) -> list[Fault]:
    """Return what is wrong in one of the two forms that are asked before and after the course."""
    faults = file.twice([], [*(one.id for one in form.vignettes), *(one.id for one in form.questions)])
    if form.form is not name:
        faults.append(file.fault(["form"], f"this file holds form {name}"))
    if [one.about for one in form.vignettes] != list(About):
        faults.append(file.fault(["vignettes"], f"one on each of {', '.join(About)}, in this order"))
    for index, vignette in enumerate(form.vignettes):
        place: list[str | int] = ["vignettes", index]
        faults += file.twice([*place, "options"], [option.id for option in vignette.options])
        if sorted(option.step for option in vignette.options) != sorted(FirstStep):
            faults.append(file.fault([*place, "options"], f"one option for each of {', '.join(FirstStep)}"))
    wanted = [slug for slug in chapters for _number in range(A_CHAPTER)]
    if [question.chapter for question in form.questions] != wanted:
        faults.append(file.fault(["questions"], f"{A_CHAPTER} on each of {', '.join(chapters)}, in this order"))
    for index, question in enumerate(form.questions):
        place = ["questions", index]
        faults += file.twice([*place, "options"], [option.id for option in question.options])
        faults += _lost(file, place, "sources", "source", set(question.sources) - sources)
        faults += [file.fault([*place, "options"], message) for message in _told_by_length(question)]
    spoken = Counter(one.form for one in form.questions if one.form not in {Extremism.ALL, Extremism.NONE})
    faults += [
        file.fault(["questions"], f"the form {one} in {count} of {len(form.questions)} questions; a third at most")
        for one, count in spoken.items()
        if count > len(form.questions) / LARGEST_SHARE
    ]
    return faults


def twin_faults(file: YamlFile, form: ParallelForm, other: ParallelForm) -> list[Fault]:
    """Return where a form is not parallel to the other: twins measure the same and offer as many answers."""
    faults = [file.fault([], f"{one} stands in both forms") for one in form.items if one in other.items]
    for index, (ours, theirs) in enumerate(zip(form.questions, other.questions, strict=False)):
        if (ours.measures, len(ours.options)) != (theirs.measures, len(theirs.options)):
            faults.append(file.fault(["questions", index], f"{ours.id} is no twin of {theirs.id}"))
    return faults


def _told_by_length(question: ComparedQuestion) -> Iterator[str]:
    for language in Language:
        right = [len(option.text[language]) for option in question.options if option.right]
        wrong = [len(option.text[language]) for option in question.options if not option.right]
        share = sum(right) / len(right) / (sum(wrong) / len(wrong))
        if not EVEN[0] <= share <= EVEN[1]:
            yield f"in {language.value} the right option is {share:.2f} times as long as the wrong ones"
