"""The pictures: typst draws each state of a scene, with our fonts alone, so that every machine draws the same.

A scene is a function of the chapter's `drawings.typ`, named like the scene; see `drawing.typ` for what it is given.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import typst

from training.courses.content import Scene
from training.films.load import FilmChapter
from training.films.store import Store, sum_of
from training.films.timing import State, finished_states
from training.languages import Language

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
WIDTH, HEIGHT = 1280, 720
SHEET = """#import "drawings.typ" as drawings
#set page(width: 1280pt, height: 720pt, margin: 0pt)
#set text(font: "Inter")
#let chosen = dictionary(drawings).at("film", default: (:))
#metadata(chosen) <film>
#let job = json(bytes(sys.inputs.at("job", default: "{\\"frames\\": []}")))
#for frame in job.frames {
  page({
    (dictionary(drawings).at(job.scene))(frame.drawn, job.labels)
    drawings.veil(frame.paper)
  })
}
"""


class DrawingFault(Exception):
    """The drawings cannot be drawn; the message is typst's, with file and line."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the drawings say about the film: how long steps move (milliseconds), and which step is the poster."""

    motion: Mapping[str, Sequence[int]]
    poster: str | None


def choices_of(store: Store, chapter: FilmChapter) -> Choices:
    """Return what `#let film = (motion: …, poster: …)` in the chapter's drawings says, seconds as milliseconds."""
    sheet = _sheet(store, chapter)
    try:
        said = json.loads(_compiler(sheet, {}).query("<film>", field="value", one=True))
    except typst.TypstError as error:
        raise DrawingFault(str(error)) from error
    motion = {
        step: [round(second * 1000) for second in (seconds if isinstance(seconds, list) else [seconds])]
        for step, seconds in said.get("motion", {}).items()
    }
    return Choices(motion=motion, poster=said.get("poster"))


def drawn(store: Store, chapter: FilmChapter, language: Language, states: Sequence[State]) -> list[Path]:
    """Return the PNG of each state, in the same order. A state that was drawn before is not drawn again."""
    sources = [sum_of(HERE / "drawing.typ"), sum_of(chapter.drawings), version("typst"), SHEET]
    scenes = {scene.id: scene for scene in chapter.storyboard.scenes}
    places: dict[State, Path] = {}
    for state in states:
        if state not in places:
            scene = scenes[state.scene]
            ingredients = [*sources, labels_of(scene, language), state.scene, state.drawn, state.paper]
            places[state] = store.place("frames", ingredients, ".png")
    missing = [state for state, place in places.items() if not place.exists()]
    for scene in chapter.storyboard.scenes:
        fresh = [state for state in missing if state.scene == scene.id]
        for state, png in zip(fresh, _pages(store, chapter, scene, language, fresh), strict=True):
            places[state].write_bytes(png)
    return [places[state] for state in states]


def finished(store: Store, chapter: FilmChapter, language: Language) -> dict[str, Path]:
    """Return the PNG of each step when all of it is drawn, by step."""
    states = {step: state for scene in chapter.storyboard.scenes for step, state in finished_states(scene)}
    return dict(zip(states, drawn(store, chapter, language, list(states.values())), strict=True))


def labels_of(scene: Scene, language: Language) -> dict[str, str]:
    """Return the words of a scene by identifier."""
    return {label.id: label.text[language] for step in scene.steps for label in step.labels}


def _pages(
    store: Store, chapter: FilmChapter, scene: Scene, language: Language, states: Sequence[State]
) -> list[bytes]:
    if not states:
        return []
    job = {
        "scene": scene.id,
        "labels": labels_of(scene, language),
        "frames": [{"drawn": dict(state.drawn), "paper": state.paper} for state in states],
    }
    try:
        pages, warnings = _compiler(_sheet(store, chapter), {"job": json.dumps(job)}).compile_with_warnings(
            format="png", ppi=72
        )
    except typst.TypstError as error:
        raise DrawingFault(f"{chapter.slug}, {scene.id}, {language.value}: {error}") from error
    if warnings:
        raise DrawingFault(f"{chapter.slug}, {scene.id}, {language.value}: {warnings[0]}")
    return pages if isinstance(pages, list) else [pages or b""]


def _sheet(store: Store, chapter: FilmChapter) -> Path:
    folder = store.folder / "sheets" / chapter.slug
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "drawing.typ", folder / "drawing.typ")
    shutil.copyfile(chapter.drawings, folder / "drawings.typ")
    (folder / "film.typ").write_text(SHEET, encoding="utf-8")
    return folder / "film.typ"


def _compiler(sheet: Path, inputs: dict[str, str]) -> typst.Compiler:
    return typst.Compiler(
        str(sheet), root=str(sheet.parent), font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs=inputs
    )  # fmt: skip
