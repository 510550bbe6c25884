"""Building a film and entering it into the manifest. Nothing here is needed to run the platform."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.courses.faults import ContentFault, Fault
from training.courses.manifest import File, Film, FilmSource, Sentence
from training.films import encoding, pictures, sound, voices
from training.films.captions import Cue, Speech, chapters_webvtt, cues_of, webvtt
from training.films.entries import made_from, path_of, refuse_replaced, update_manifest
from training.films.load import FilmChapter
from training.films.store import Store, sum_of
from training.films.timing import HIGHEST_PACE, LONGEST_STILL, WANTED_PACE, Timeline, frames, lay_out, longest_run
from training.films.transcript import (
    SpokenText,
    Still,
    Transcript,
    TranscriptScene,
    TranscriptStep,
    json_of,
)
from training.languages import Language

STILL_WIDTH, STILL_QUALITY = 640, 70
POSTER_WIDTH, POSTER_QUALITY = 1280, 78
LARGEST = 4_000_000
"""Bytes that both formats of a film may have together."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast a caption is to be read, in characters a second."""

    sentence: str
    pace: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Built:
    """A film that was built, and what a reader of the report wants to know."""

    film: Film
    changed: bool
    paces: Sequence[Pace]
    longest_still: int

    @property
    def bytes(self) -> int:
        """What both formats weigh together."""
        return sum(source.bytes for source in self.film.sources)

    def complaints(self) -> list[str]:
        """Return what is outside the bounds that a film keeps."""
        said = [
            f"{one.sentence} at {one.pace:.1f} characters a second (at most {HIGHEST_PACE:.0f}): {one.text}"
            for one in self.paces
            if one.pace > HIGHEST_PACE
        ]
        if self.longest_still > LONGEST_STILL:
            said.append(f"a picture stands for {self.longest_still / 1000:.1f} s (at most {LONGEST_STILL // 1000})")
        if self.bytes > LARGEST:
            said.append(f"both formats have {self.bytes} bytes (at most {LARGEST})")
        return said

    def brisk(self) -> list[Pace]:
        """Return the captions above the pace that is wanted, fastest first."""
        return sorted((one for one in self.paces if one.pace > WANTED_PACE + 0.05), key=lambda one: -one.pace)


def build_film(store: Store, chapter: FilmChapter, language: Language, manifest: Path) -> Built:
    """Build a chapter's film in a language, write its files beside the chapter and its entry into the manifest.

    What was built before from the same parts is taken from the store. Raises `ReplacedByHand`, `ProgramMissing`,
    `ProgramFailed` and `DrawingFault`.
    """
    refuse_replaced(manifest, chapter, language)
    sentences = {
        spoken.id: voices.spoken(store, language, spoken.id, spoken.text[language], chapter.recordings)
        for spoken in chapter.storyboard.sentences()
    }
    timeline = lay_out(chapter.storyboard.scenes, {name: sentence.length for name, sentence in sentences.items()})
    choices = pictures.choices_of(store, chapter)
    row = pictures.drawn(store, chapter, language, frames(timeline, choices.motion))
    mp4, webm = encoding.encoded(store, row, encoding.mastered(store, _track(store, timeline, sentences)))
    room = _Room(chapter=chapter, language=language, root=manifest.parent, store=store)
    cues = _cues(chapter, language, timeline, sentences)
    stills = pictures.finished(store, chapter, language)
    film = Film(
        course=chapter.course,
        chapter=chapter.slug,
        language=language,
        duration=timeline.duration,
        origin="own-recorded" if all(one.recorded for one in sentences.values()) else "own-synthetic",
        licence="CC-BY-4.0",
        sources=[
            room.source(webm.read_bytes(), ".webm", encoding.WEBM_TYPE),
            room.source(mp4.read_bytes(), ".mp4", encoding.MP4_TYPE),
        ],
        poster=room.file(_poster(store, stills, choices.poster).read_bytes(), ".poster.webp"),
        captions=room.file(webvtt([cue for of_sentence in cues.values() for cue in of_sentence]).encode(), ".vtt"),
        chapters=room.file(_chapters(chapter, language, timeline).encode(), ".chapters.vtt"),
        transcript=room.file(json_of(room.transcript(timeline, stills)).encode(), ".transcript.json"),
        sentences=[Sentence(id=one.sentence, start=one.start) for one in timeline.heard],
    )
    room.tidy()
    changed = update_manifest(manifest, film)
    return Built(
        film=film,
        changed=changed or room.changed,
        paces=[
            Pace(sentence=name, pace=cue.pace, text=" ".join(cue.lines))
            for name, of_sentence in cues.items()
            for cue in of_sentence
        ],
        longest_still=longest_run([sum_of(frame) for frame in row]),
    )


@dataclass(kw_only=True)
class _Room:
    """The folder into which a film's files go; it remembers which it wrote and whether one differs from before."""

    chapter: FilmChapter
    language: Language
    root: Path
    store: Store
    changed: bool = False

    def write(self, content: bytes, suffix: str) -> tuple[str, int, str]:
        path = path_of(self.chapter, self.language, self.root, suffix)
        target = self.root / path
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            self.changed = True
        return path, len(content), hashlib.sha256(content).hexdigest()

    def file(self, content: bytes, suffix: str) -> File:
        path, size, seal = self.write(content, suffix)
        return File(path=path, bytes=size, sha256=seal)

    def source(self, content: bytes, suffix: str, kind: str) -> FilmSource:
        path, size, seal = self.write(content, suffix)
        return FilmSource(
            path=path, bytes=size, sha256=seal, type=kind, width=pictures.WIDTH, height=pictures.HEIGHT
        )  # fmt: skip

    def still(self, step: str, png: Path) -> Still:
        picture = encoding.small_picture(self.store, png, width=STILL_WIDTH, quality=STILL_QUALITY)
        path, size, seal = self.write(picture.read_bytes(), f"/{step}.webp")
        height = STILL_WIDTH * pictures.HEIGHT // pictures.WIDTH
        return Still(path=path, bytes=size, sha256=seal, width=STILL_WIDTH, height=height)

    def transcript(self, timeline: Timeline, stills: Mapping[str, Path]) -> Transcript:
        shown = {step.step: step for step in timeline.steps}
        titles = self.chapter.titles(self.language)
        scenes = [
            TranscriptScene(
                id=scene.id,
                section=scene.section,
                title=titles[scene.id],
                start=shown[scene.steps[0].id].start,
                end=shown[scene.steps[-1].id].end,
                steps=[
                    TranscriptStep(
                        id=step.id,
                        start=shown[step.id].start,
                        end=shown[step.id].end,
                        still=self.still(step.id, stills[step.id]),
                        alt=scene.alt[self.language] if step is scene.steps[-1] else "",
                        sentences=[
                            SpokenText(id=spoken.id, text=spoken.text[self.language], start=heard.start, end=heard.end)
                            for spoken, heard in zip(step.sentences, shown[step.id].heard, strict=True)
                        ],
                    )
                    for step in scene.steps
                ],
            )
            for scene in self.chapter.storyboard.scenes
        ]
        return Transcript(
            version=1,
            course=self.chapter.course,
            chapter=self.chapter.slug,
            language=self.language,
            duration=timeline.duration,
            made_from=made_from(self.chapter, self.language),
            scenes=scenes,
        )

    def tidy(self) -> None:
        """Remove the stills of steps that are no more."""
        steps = {step.id for scene in self.chapter.storyboard.scenes for step in scene.steps}
        folder = self.root / path_of(self.chapter, self.language, self.root, "")
        for still in folder.glob("*.webp"):
            if still.stem not in steps:
                still.unlink()


def _track(store: Store, timeline: Timeline, sentences: Mapping[str, voices.Sentence]) -> Path:
    parts = [[one.start, sum_of(sentences[one.sentence].file)] for one in timeline.heard]

    def make(target: Path) -> None:
        placed = [(one.start, sound.read_wave(sentences[one.sentence].file)) for one in timeline.heard]
        sound.write_wave(target, sound.track(placed, timeline.duration))

    return store.file("tracks", [parts, timeline.duration], ".wav", make)


def _cues(
    chapter: FilmChapter, language: Language, timeline: Timeline, sentences: Mapping[str, voices.Sentence]
) -> dict[str, list[Cue]]:
    texts = {spoken.id: spoken.text[language] for spoken in chapter.storyboard.sentences()}
    heard = timeline.heard
    ends = [0, *(one.end for one in heard)]
    starts = [*(one.start for one in heard[1:]), timeline.duration]
    return {
        one.sentence: cues_of(
            Speech(
                text=texts[one.sentence],
                start=one.start,
                end=one.end,
                pauses=sentences[one.sentence].pauses,
                free_before=one.start - before,
                free_after=after - one.end,
            )
        )
        for one, before, after in zip(heard, ends, starts, strict=False)
    }


def _chapters(chapter: FilmChapter, language: Language, timeline: Timeline) -> str:
    titles = chapter.titles(language)
    return chapters_webvtt([(titles[scene], start) for scene, start in timeline.scene_starts()], timeline.duration)


def _poster(store: Store, stills: Mapping[str, Path], chosen: str | None) -> Path:
    if chosen is not None and chosen not in stills:
        raise ContentFault([Fault("drawings.typ", 1, f"the poster is to be {chosen}, which is no step")])
    png = stills[chosen] if chosen else next(iter(stills.values()))
    return encoding.small_picture(store, png, width=POSTER_WIDTH, quality=POSTER_QUALITY)
