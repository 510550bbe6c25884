from collections.abc import Sequence
from pathlib import Path

import pytest

from training.films.store import Store


def test_what_was_made_from_the_same_ingredients_is_not_made_again(tmp_path: Path) -> None:
    made = []

    def make(target: Path) -> None:
        made.append(target)
        target.write_text("fresh")

    store = Store(tmp_path)
    first = store.file("words", ["a", {"speed": 90}], ".txt", make)
    assert store.file("words", ["a", {"speed": 90}], ".txt", make) == first
    assert store.file("words", ["a", {"speed": 91}], ".txt", make) != first
    assert len(made) == 2


def test_a_failed_attempt_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(target: Path) -> None:
        target.write_text("half")
        raise RuntimeError("no more ink")

    store = Store(tmp_path)
    with pytest.raises(RuntimeError):
        store.file("words", "a", ".txt", fail)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_files_made_together_are_made_again_when_one_is_lost(tmp_path: Path) -> None:
    def make(targets: Sequence[Path]) -> None:
        for target in targets:
            target.write_text(target.suffix)

    store = Store(tmp_path)
    mp4, webm = store.files("films", "a", (".mp4", ".webm"), make)
    webm.unlink()
    assert store.files("films", "a", (".mp4", ".webm"), make) == [mp4, webm]
    assert webm.read_text() == ".webm"
