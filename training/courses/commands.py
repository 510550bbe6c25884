"""`training content …`: what an author asks for."""

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

import click
from pydantic import TypeAdapter

from training.courses.content import ChapterFile, Course, Guide, Source, Storyboard, Term
from training.courses.countries import Advice, Country
from training.courses.faults import ContentFault, Fault
from training.courses.load import load_library
from training.courses.manifest import Manifest, verify_sums
from training.courses.parallel import ParallelForm
from training.courses.places import Place
from training.courses.questions import Quiz
from training.settings import content_places

SHAPES: dict[str, Any] = {
    "course.yaml": Course,
    "chapter.yaml": ChapterFile,
    "quiz.yaml": Quiz,
    "storyboard.yaml": Storyboard,
    "guide.yaml": Guide,
    "form-a.yaml": ParallelForm,
    "sources.yaml": dict[str, Source],
    "glossary.yaml": list[Term],
    "country.yaml": Country,
    "first-steps.yaml": Advice,
    "places.yaml": list[Place],
    "videos_manifest.json": Manifest,
}


@click.group()
def content() -> None:
    """The content's files."""


@content.command("check")
def content_check() -> None:
    """Check all content, and name every fault with file and line; what is past its review date is a warning."""
    courses_dir, manifest_file = content_places(os.environ)
    try:
        library = load_library(courses_dir, manifest_file)
    except ContentFault as fault:
        for one in fault.faults:
            click.echo(one, err=True)
        raise click.ClickException(f"{len(fault.faults)} faults") from fault
    faults = verify_sums(library.manifest, manifest_file.parent)
    faults += [Fault(manifest_file.name, 1, lacking) for lacking in library.films_lacking()]
    for one in faults:
        click.echo(one, err=True)
    if faults:
        sys.exit(1)
    overdue = library.overdue(datetime.now(UTC).date())
    for one in overdue:
        click.echo(f"{one} (a warning)", err=True)
    chapters = [chapter for course in library.courses.values() for chapter in course.chapters]
    published = sum(chapter.published for chapter in chapters)
    click.echo(f"{published} of {len(chapters)} chapters are published, in five languages; no fault.")
    click.echo(f"{len(library.countries)} countries; past their review date: {len(overdue)}.")


@content.command("schema")
@click.argument("file", type=click.Choice(sorted(SHAPES)))
def content_schema(file: str) -> None:
    """Print the JSON Schema of a kind of file."""
    click.echo(json.dumps(TypeAdapter(SHAPES[file]).json_schema(), indent=2, ensure_ascii=False))
