"""The command line: `training --help` lists all that an administrator of a host can do."""

import json
import os
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy import make_url

from training import backup as backups
from training import demo as demonstration
from training import schema, server
from training import work as work_process
from training.access import Role
from training.app import WrongDatabase, create_app
from training.audit.queries import broken_links
from training.certificates.commands import certificates, seal
from training.certificates.keys import SealFault
from training.courses.commands import content
from training.courses.faults import ContentFault
from training.courses.load import load_library
from training.db import Database
from training.films.commands import videos
from training.languages import Language
from training.people import actions, passwords
from training.people.queries import account_by_email
from training.people.rules import FieldOfWork
from training.privacy import actions as privacy_actions
from training.privacy.rules import DETAIL_KEPT
from training.progress.recompute import missing, repair
from training.settings import Settings, SettingsFault, read_settings
from training.web.catalogues import CatalogueFault
from training.web.guard import UnguardedRoute


def settings_or_exit() -> Settings:
    """Return the settings, or end the program with every fault named."""
    try:
        return read_settings(os.environ)
    except SettingsFault as fault:
        raise click.ClickException("The settings are not right:\n" + "\n".join(fault.faults)) from fault


def app_or_exit() -> Flask:
    """Return the app, or end the program with what keeps it from starting."""
    try:
        return create_app(settings_or_exit())
    except ContentFault as fault:
        raise click.ClickException(f"The content is not right:\n{fault}") from fault
    except (WrongDatabase, UnguardedRoute, SealFault, CatalogueFault) as fault:
        raise click.ClickException(str(fault)) from fault


@click.group(
    cls=FlaskGroup,
    create_app=app_or_exit,
    add_default_commands=False,
    add_version_option=False,
    help="The e-learning platform of the LIAISE programme.",
)
def training() -> None:
    """Group of all commands."""


training.add_command(seal)
training.add_command(certificates)
training.add_command(videos)
training.add_command(content)


@training.command(with_appcontext=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes that answer.")
@click.option("--prepare", is_flag=True, help="Bring the database up to date first, with demonstration data if empty.")
def serve(host: str, port: int, workers: int, prepare: bool) -> None:  # noqa: FBT001  click passes it so
    """Serve the platform."""
    settings = settings_or_exit()
    if prepare:
        with closing(Database(settings.database_url)) as database:
            schema.upgrade(database, demo=settings.demo, now=datetime.now(UTC))
    made = app_or_exit()  # faults are said once, before any worker starts
    if prepare and settings.demo:
        demonstration.load(made, now=datetime.now(UTC))
    found = made.extensions
    found["training.database"].close()  # no connection is carried into another process; workers share the content
    if settings.demo:
        click.echo(demonstration.announcement(host, port))
    app = partial(create_app, settings, library=found["training.library"])
    server.serve(app, partial(work_process.run, settings), host=host, port=port, workers=workers)


@training.command(with_appcontext=False)
def work() -> None:
    """Push letters and keep house; `serve` starts one such process by itself."""
    work_process.run(settings_or_exit())


@training.group(cls=click.Group, invoke_without_command=True)
@click.option(
    "--to", "file", type=click.Path(path_type=Path), help="File to write; a new one under the data folder without."
)
@click.pass_context
def backup(context: click.Context, file: Path | None) -> None:
    """Write a backup of the whole database, consistent while people work."""
    if context.invoked_subcommand is not None:
        return
    settings = settings_or_exit()
    now = datetime.now(UTC)
    if file is None:
        file = settings.data_dir / "backups" / f"{now:%Y-%m-%dT%H%M%SZ}.jsonl.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(Database(settings.database_url)) as database:
        sums = backups.back_up(database, file, now=now)
    click.echo(f"{file}: {sum(one.rows for one in sums.values())} rows in {len(sums)} tables")


@backup.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
def backup_verify(file: Path) -> None:
    """Restore a backup into an empty database, and compare sums, progress, certificates, audit and erasures."""
    settings = settings_or_exit()
    library = load_library(settings.courses_dir, settings.manifest_file)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(make_url(f"sqlite:///{folder}/restored.sqlite3"))
        sums, erased = _restored(file, database, settings)
        faults = backups.faults_in(database, library)
        database.close()
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    rows = sum(one.rows for one in sums.values())
    click.echo(
        f"{rows} rows restored with equal sums; {erased} erasures repeated; progress, certificates and audit hold."
    )


@training.command(with_appcontext=False)
@click.argument("file", type=click.Path(path_type=Path, exists=True))
def restore(file: Path) -> None:
    """Restore a backup into the empty database of the settings, on either engine; later erasures are repeated."""
    with closing(Database((settings := settings_or_exit()).database_url)) as database:
        sums, erased = _restored(file, database, settings)
    click.echo(f"{sum(one.rows for one in sums.values())} rows restored; {erased} erasures repeated.")


def _restored(file: Path, database: Database, settings: Settings) -> tuple[backups.Sums, int]:
    try:
        return backups.restore(file, database, data_dir=settings.data_dir, now=datetime.now(UTC))
    except backups.NotABackup as fault:
        raise click.ClickException(str(fault)) from fault
    except backups.NotEmpty as fault:
        raise click.ClickException("The database holds people already: a restore needs an empty one.") from fault


@training.command(with_appcontext=False)
@click.option("--check", is_flag=True, help="Only compare; end with 1 when something is missing.")
def recompute(check: bool) -> None:  # noqa: FBT001  click passes it so
    """Compare everybody's milestones with the detail that is kept, and write those that are missing."""
    settings = settings_or_exit()
    library = load_library(settings.courses_dir, settings.manifest_file)
    database = Database(settings.database_url)
    if check:
        with database.reading() as session:
            faults = list(missing(session, library))
        for fault in faults:
            click.echo(fault, err=True)
        if faults:
            sys.exit(1)
        click.echo("Every milestone follows from what is kept.")
        return
    with database.transaction() as session:
        written = repair(session, library, now=datetime.now(UTC))
    click.echo(f"{written} milestones written.")


@training.command(with_appcontext=False)
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
def retention(dry_run: bool) -> None:  # noqa: FBT001  click passes it so
    """Delete the detail that has served; milestones stay. The work process does this every hour."""
    database = Database(settings_or_exit().database_url)
    now = datetime.now(UTC)
    before = (now - DETAIL_KEPT).date().isoformat()
    if dry_run:
        with database.reading() as session:
            counts = privacy_actions.what_would_go(session, now=now)
    else:
        with database.transaction() as session:
            counts = privacy_actions.forget(session, now=now)
    for table, rows in counts.items():
        click.echo(f"{table}: {rows} rows {'would be' if dry_run else 'were'} deleted")
    click.echo(f"Answers and watched parts from before {before}; sign-ins and links that ended 30 days ago.")


@training.group(cls=click.Group)
def audit() -> None:
    """What administrators and trainers did."""


@audit.command("verify")
def audit_verify() -> None:
    """Check every chain of the audit, and name each entry that was altered, removed or added."""
    with closing(Database(settings_or_exit().database_url)) as database, database.snapshot() as session:
        faults = list(broken_links(session))
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    click.echo("Every chain of the audit holds.")


@training.group(cls=click.Group)
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the schema up to date, and stamp a new database."""
    settings = settings_or_exit()
    schema.upgrade(Database(settings.database_url), demo=settings.demo, now=datetime.now(UTC))
    click.echo("The schema is up to date.")


@training.command(with_appcontext=False)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def demo(as_json: bool) -> None:  # noqa: FBT001  click passes it so
    """Load the demonstration cohort if it is not there, and print its sign-ins."""
    settings = settings_or_exit()
    if not settings.demo:
        raise click.ClickException("TRAINING_DEMO is not set: no account with a known password is made.")
    app = app_or_exit()
    demonstration.load(app, now=datetime.now(UTC))
    known = demonstration.known(app)
    click.echo(json.dumps(known, indent=2) if as_json else "\n".join(f"{key}: {value}" for key, value in known.items()))


@training.group(cls=click.Group)
def user() -> None:
    """Accounts."""


@user.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--language", type=click.Choice([code.value for code in Language]), default="en", show_default=True)
@click.option("--administrator", is_flag=True, help="Of the whole installation.")
@click.option("--trainer", is_flag=True)
@click.password_option(help="Asked for when it is not given.")
def user_create(
    email: str,
    name: str,
    language: str,
    administrator: bool,  # noqa: FBT001  click passes it so
    trainer: bool,  # noqa: FBT001  click passes it so
    password: str,
) -> None:
    """Make an account, the first administrator's for instance."""
    if not passwords.is_long_enough(password) or passwords.is_easily_guessed(password, known=[email, name]):
        raise click.ClickException("The password is too short or among those that are tried first.")
    database = Database(settings_or_exit().database_url)
    now = datetime.now(UTC)
    new = actions.NewPerson(
        name=name,
        email=email,
        password_hash=passwords.hash_password(password),
        language=Language(language),
        time_zone="Europe/Brussels",
        field_of_work=FieldOfWork.ADMINISTRATION.value,
        employer="",
        authority_id=None,
        confirmed=True,
    )
    with database.transaction() as session:
        if account_by_email(session, email) is not None:
            raise click.ClickException("There is an account with this e-mail address.")
        person = actions.make_account(session, new, now=now)
        for role in [Role.ADMINISTRATOR] * administrator + [Role.TRAINER] * trainer:
            actions.grant(session, None, person.id, role, authority_id=None, now=now)
    click.echo(f"Made {email}.")


def main() -> None:
    """Run the command line."""
    training()


if __name__ == "__main__":
    main()
