from pathlib import Path

import pytest

from training.films.programs import ProgramMissing
from training.films.store import Store
from training.films.voices import VOICES, pronunciations, recording_of, said_as, spoken
from training.languages import Language


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what don’t I know?", "what don't I know?"),
        ("La personne\u202f: qui\u202f?", "La personne: qui?"),
        ("« ce qui retient »", "ce qui retient"),
        ("Das Wort „Wurzel“ – ein Bild", "Das Wort Wurzel, ein Bild"),
        ("Call 112 first, not 1124.", "Call one one two first, not 1124."),
        ("a <break> & more", "a break more"),
    ],
)
def test_a_voice_is_given_plain_words_as_they_sound(text: str, said: str) -> None:
    assert " ".join(said_as(text, {"112": "one one two"}).split()) == said


def test_every_language_has_a_voice_and_pronunciations_are_only_for_known_languages() -> None:
    assert set(VOICES) == set(Language)
    assert all(voice.slowest <= voice.usual <= 100 for voice in VOICES.values())
    assert pronunciations()[Language.EN]["112"] == "one one two"


def test_a_recorded_sentence_is_taken_before_a_synthetic_one(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "s01.flac").touch()
    assert recording_of(tmp_path, Language.FR, "s01") == tmp_path / "fr" / "s01.flac"
    assert recording_of(tmp_path, Language.FR, "s02") is None
    assert recording_of(tmp_path, Language.DE, "s01") is None


def test_a_missing_voice_is_named_with_the_script_that_installs_it(tmp_path: Path, without_programs: None) -> None:
    with pytest.raises(ProgramMissing, match=r"text2wave is not installed.*install-film-tools"):
        spoken(Store(tmp_path), Language.EN, "s01", "Hello.", tmp_path)
