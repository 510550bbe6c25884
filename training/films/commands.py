"""`training videos …`: building the films, and checking that they are those of the storyboards."""

from pathlib import Path

import click

from training.courses.faults import ContentFault
from training.films.actions import Built, build_film
from training.films.entries import ReplacedByHand, stale_films
from training.films.load import FilmChapter, film_chapters
from training.films.pictures import DrawingFault
from training.films.programs import ProgramFailed, ProgramMissing
from training.films.store import Store
from training.languages import Language
from training.settings import ROOT

LANGUAGES = [language.value for language in Language]
A_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def videos() -> None:
    """The films of the chapters."""


@videos.command()
@click.option("--chapter", help="Only the film of this chapter; all that have a storyboard and drawings when left out.")
@click.option("--language", "codes", multiple=True, type=click.Choice(LANGUAGES), help="Only in this; repeatable.")
@click.option("--check", is_flag=True, help="Build nothing; say which films are not those of their storyboards.")
@click.option("--courses", type=A_FOLDER, envvar="TRAINING_COURSES_DIR", default=ROOT / "courses")
@click.option(
    "--manifest",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="TRAINING_VIDEOS_MANIFEST",
    default=ROOT / "videos_manifest.json",
)
@click.option("--data", type=A_FOLDER, envvar="TRAINING_DATA_DIR", default=ROOT / "var")
def build(
    *, chapter: str | None, codes: tuple[str, ...], check: bool, courses: Path, manifest: Path, data: Path
) -> None:
    """Build the films whose storyboards have changed, in all languages.

    Needs ffmpeg and the voices (scripts/install-film-tools.sh); with --check nothing but this program.
    """
    languages = [Language(code) for code in codes] or list(Language)
    try:
        chapters = film_chapters(courses.absolute(), chapter)
        if not chapters:
            raise click.ClickException("there is no such chapter with a storyboard and drawings")
        if check:
            _check(chapters, languages, manifest.absolute())
        else:
            _build(chapters, languages, manifest.absolute(), Store(data.absolute() / "films"))
    except (ContentFault, ProgramMissing, ProgramFailed, DrawingFault) as error:
        raise click.ClickException(str(error)) from error


def _check(chapters: list[FilmChapter], languages: list[Language], manifest: Path) -> None:
    faults = stale_films(chapters, languages, manifest)
    if faults:
        raise click.ClickException("\n".join(map(str, faults)))
    click.echo("All films are those of their storyboards.")


def _build(chapters: list[FilmChapter], languages: list[Language], manifest: Path, store: Store) -> None:
    outside = 0
    for chapter in chapters:
        for language in languages:
            try:
                built = build_film(store, chapter, language, manifest)
            except ReplacedByHand as kept:
                click.echo(f"{kept}; left alone")
                continue
            outside += len(built.complaints())
            click.echo(_report(built))
    if outside:
        raise click.ClickException(f"{outside} things are outside the bounds that a film keeps; they are named above")


def _report(built: Built) -> str:
    film = built.film
    paces = [one.pace for one in built.paces]
    sizes = " + ".join(f"{source.path.rsplit('.', 1)[1]} {source.bytes / 1e6:.2f}" for source in film.sources)
    facts = [
        f"{film.chapter}, {film.language.value}: {'built' if built.changed else 'unchanged'}",
        f"{film.duration // 60000}:{film.duration // 1000 % 60:02} min",
        f"{sizes} MB",
        f"captions {sum(paces) / len(paces):.1f} characters a second, {max(paces):.1f} at most",
        f"a picture stands {built.longest_still / 1000:.1f} s at most",
    ]
    lines = ["; ".join(facts)]
    lines += [f"  outside: {said}" for said in built.complaints()]
    lines += [f"  brisk: {one.sentence} {one.pace:.1f} {one.text}" for one in built.brisk()]
    return "\n".join(lines)
