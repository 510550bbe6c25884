from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from training.films.commands import videos


@pytest.fixture
def run(courses: Path, manifest: Path, tmp_path: Path) -> "Run":
    return Run(courses, manifest, tmp_path / "var")


class Run:
    def __init__(self, courses: Path, manifest: Path, data: Path) -> None:
        self.places = ["--courses", str(courses), "--manifest", str(manifest), "--data", str(data)]

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(videos, ["build", *arguments, *self.places])


def test_check_names_every_film_that_is_missing(run: Run) -> None:
    result = run("--check", "--language", "fr", "--language", "it")
    assert result.exit_code == 1
    assert "paths, fr: there is no film yet" in result.output
    assert "paths, it: there is no film yet" in result.output
    assert "paths, de" not in result.output


def test_a_chapter_that_is_not_there_is_refused(run: Run) -> None:
    result = run("--chapter", "nowhere")
    assert result.exit_code == 1
    assert "no such chapter" in result.output


def test_building_without_the_tools_says_what_to_install(run: Run, without_programs: None) -> None:
    result = run("--language", "en")
    assert result.exit_code == 1
    assert "scripts/install-film-tools.sh" in result.output
