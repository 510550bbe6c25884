"""`training seal …` and `training certificates …`: the installation's key pair, and batches that were interrupted."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from training.certificates import batches, keyring, keys
from training.certificates.batches import Workshop
from training.certificates.office import Office
from training.courses.library import Library
from training.db import Database

A_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def seal() -> None:
    """The key pair by which certificates are sealed and signed."""


@seal.command("make")
@click.option("--name", required=True, help="Whose seal it is, as readers of PDF show it: the issuer.")
@click.option("--key", type=A_FILE, default="seal-key.pem", show_default=True, help="File for the private key.")
@click.option(
    "--certificate", type=A_FILE, default="seal-certificate.pem", show_default=True, help="File for the certificate."
)
def make(name: str, key: Path, certificate: Path) -> None:
    """Make a self-signed pair (ECDSA, P-256, 20 years). No file is ever overwritten.

    A certificate of an authority that readers of PDF trust can take its place at any time.
    """
    pair = keys.make(name, now=datetime.now(UTC))
    for file, content in ((key, pair["key"]), (certificate, pair["certificate"])):
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise click.ClickException(f"{file} is there already: a key that is overwritten is lost.") from error
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
    made = keys.read(key, certificate)
    click.echo(f"Made the key {made.kid}. Keep a copy of it in a safe place, then set:")
    click.echo(f"TRAINING_SEAL_KEY={key.absolute()}\nTRAINING_SEAL_CERTIFICATE={certificate.absolute()}")


@seal.command("list")
@with_appcontext
def listed() -> None:
    """List every key that has signed here, the present one first."""
    with _database().reading() as session:
        for used in keyring.keys_used(session):
            until = f"until {used.until:%Y-%m-%d}" if used.until else "in use"
            distrusted = f", distrusted since {used.distrusted_at:%Y-%m-%d}" if used.distrusted_at else ""
            click.echo(f"{used.kid}  since {used.since:%Y-%m-%d}, {until}{distrusted}")


@seal.command("distrust")
@click.argument("kid")
@with_appcontext
def distrust(kid: str) -> None:
    """Say that a key may be in wrong hands: what it signed counts only as far as the register knows it."""
    with _database().transaction() as session:
        known = keyring.distrust_key(session, kid, now=datetime.now(UTC))
    if not known:
        raise click.ClickException(f"{kid} is no key that was in use here and is trusted.")
    click.echo(f"{kid} is not trusted any more. Make another pair with `training seal make` if it was the present one.")


@click.group()
def certificates() -> None:
    """Certificates."""


@certificates.command("resume")
@with_appcontext
def resume() -> None:
    """Go on with every batch that was interrupted. `training work` does so by itself."""
    done = batches.work_on_all(workshop(current_app))
    click.echo(f"Worked on {done} batches.")


def workshop(app: Flask) -> Workshop:
    """Return all that issuing needs, from an app."""
    library: Library = app.extensions["training.library"]
    office: Office = app.extensions["training.office"]
    return Workshop(database=_database_of(app), library=library, office=office)


def _database() -> Database:
    return _database_of(current_app)


def _database_of(app: Flask) -> Database:
    found: Database = app.extensions["training.database"]
    return found
