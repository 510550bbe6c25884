"""The voices: one sound file per sentence, from a recording if there is one, else from an offline synthetic voice.

A recorded sentence lies beside the chapter as `voice/<language>/<sentence>.wav` or `.flac`; nothing else changes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from training.courses.faults import YamlFile
from training.films import sound
from training.films.captions import Pause, Speech, changes_in, cues_of
from training.films.programs import ffmpeg_version, run
from training.films.store import Store, sum_of
from training.films.timing import CAPTION_EARLY, slower
from training.languages import Language

RECORDINGS = ("wav", "flac")
RECIPE = 3
"""Raised when this module makes other sound from the same sentence."""
BREATH = 300
"""Milliseconds that a synthetic voice pauses at least where a caption changes."""
CLEAN = "highpass=f=70,aformat=sample_fmts=fltp:channel_layouts=mono,aresample=48000"


@dataclass(frozen=True, kw_only=True)
class Voice:
    """A synthetic voice; `usual` and `slowest` are its speed in percent of its own."""

    program: str
    name: str
    usual: int
    slowest: int


VOICES: Mapping[Language, Voice] = {
    Language.EN: Voice(program="festival", name="cmu_us_slt_arctic_hts", usual=94, slowest=80),
    Language.FR: Voice(program="pico", name="fr-FR", usual=86, slowest=66),
    Language.ES: Voice(program="pico", name="es-ES", usual=97, slowest=80),
    Language.IT: Voice(program="pico", name="it-IT", usual=97, slowest=80),
    Language.DE: Voice(program="pico", name="de-DE", usual=93, slowest=78),
}


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence as sound: where its samples are, how long it lasts, where it pauses, and whether a person spoke."""

    file: Path
    length: int
    pauses: list[Pause]
    recorded: bool


def spoken(store: Store, language: Language, sentence: str, text: str, recordings: Path) -> Sentence:
    """Return a sentence of a film as sound, trimmed and levelled, at a speed at which its captions can be read."""
    recording = recording_of(recordings, language, sentence)
    if recording is not None:
        return _sentence(_prepared(store, recording), recorded=True)
    voice = VOICES[language]
    words = said_as(text, pronunciations().get(language, {}))
    usual = _breathing(store, _prepared(store, _synthesised(store, voice, words, voice.usual)), text)
    captions = [(cue.end - cue.start, cue.characters) for cue in cues_of(_alone(text, usual))]
    speed = slower(voice.usual, voice.slowest, captions)
    if speed == voice.usual:
        return usual
    return _breathing(store, _prepared(store, _synthesised(store, voice, words, speed)), text)


def recording_of(recordings: Path, language: Language, sentence: str) -> Path | None:
    """Return the file in which a person speaks the sentence, if there is one."""
    files = (recordings / language.value / f"{sentence}.{suffix}" for suffix in RECORDINGS)
    return next((file for file in files if file.is_file()), None)


def said_as(text: str, pronunciation: Mapping[str, str]) -> str:
    """Return the words that the voice is given for a text: typographic signs plain, known words as they sound."""
    plain = text.replace("’", "'").replace("‘", "").replace("…", ".").replace("\u202f", " ").replace("\xa0", " ")
    plain = re.sub(r"[“”„«»\"<>&]", "", plain)
    plain = re.sub(r"\s[–—]\s", ", ", plain)
    for written, sounds in pronunciation.items():
        plain = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", sounds, plain)
    return re.sub(r"\s+([?!;:,.])", r"\1", plain).strip()


@cache
def pronunciations() -> Mapping[Language, Mapping[str, str]]:
    """Return what voices would read wrongly, by language."""
    file = YamlFile(Path(__file__).with_name("pronunciation.yaml"), "pronunciation.yaml")
    return file.read(TypeAdapter(dict[Language, dict[str, str]]))


def _sentence(file: Path, *, recorded: bool) -> Sentence:
    samples = sound.read_wave(file)
    return Sentence(
        file=file, length=sound.milliseconds(samples), pauses=sound.pauses_in(samples), recorded=recorded
    )  # fmt: skip


def _alone(text: str, sentence: Sentence) -> Speech:
    return Speech(text=text, start=CAPTION_EARLY, end=CAPTION_EARLY + sentence.length, pauses=sentence.pauses)


def _breathing(store: Store, file: Path, text: str) -> Sentence:
    """Return the sentence with a pause that can be heard wherever its caption changes in one."""
    sentence = _sentence(file, recorded=False)
    changes = [
        Pause(start=change.start - CAPTION_EARLY, end=change.end - CAPTION_EARLY)
        for change in changes_in(_alone(text, sentence))
    ]
    short = [pause for pause in changes if 0 < pause.end - pause.start < BREATH]
    if not short:
        return sentence

    def make(target: Path) -> None:
        sound.write_wave(target, sound.widened(sound.read_wave(file), short, BREATH))

    places = [(pause.start, pause.end) for pause in short]
    return _sentence(store.file("breathing", [RECIPE, sum_of(file), places, BREATH], ".wav", make), recorded=False)


def _synthesised(store: Store, voice: Voice, words: str, speed: int) -> Path:
    def make(target: Path) -> None:
        if voice.program == "festival":
            _festival(voice, words, speed, target)
        else:
            run("pico2wave", f"--lang={voice.name}", f"--wave={target}", f'<speed level="{speed}">{words}</speed>')

    return store.file("voice", [RECIPE, voice.program, voice.name, words, speed], ".wav", make)


def _festival(voice: Voice, words: str, speed: int, target: Path) -> None:
    text = target.with_suffix(".txt")
    text.write_text(words, encoding="latin-1", errors="replace")
    setting = (
        f'(begin (voice_{voice.name}) (set! hts_engine_params (append hts_engine_params \'(("-r" {speed / 100:.2f})))))'
    )
    run("text2wave", "-eval", setting, "-o", target, text)


def _prepared(store: Store, raw: Path) -> Path:
    def make(target: Path) -> None:
        even = target.with_suffix(".even.wav")
        run("ffmpeg", "-v", "error", "-i", raw, "-af", CLEAN, "-c:a", "pcm_s16le", "-bitexact", even)
        sound.write_wave(target, sound.levelled(sound.trimmed(sound.read_wave(even))))

    return store.file("speech", [RECIPE, sum_of(raw), CLEAN, ffmpeg_version()], ".wav", make)
