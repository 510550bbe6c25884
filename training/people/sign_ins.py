"""Signing in and out: what is begun, kept up, ended, and how often it failed."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from training.access import Actor
from training.db import Transaction, insert_once, rows_of
from training.people import rules
from training.people.models import SignIn, SignInFailure


def begin_sign_in(
    session: Session, person_id: UUID, *, own_device: bool, user_agent: str, now: datetime, strong: bool = False
) -> str:
    """Begin a sign-in and return the secret that the browser keeps; only its hash is stored."""
    secret = secrets.token_urlsafe(32)
    lasts = rules.OWN_DEVICE_SIGN_IN if own_device else rules.LONGEST_SIGN_IN
    session.add(
        SignIn(
            person_id=person_id,
            key=rules.secret_key_of(secret),
            made_at=now,
            seen_at=now,
            ends_at=now + lasts,
            own_device=own_device,
            strong=strong,
            device=rules.device_name(user_agent),
        )
    )
    session.flush()
    return secret


def end_sign_in(session: Session, person_id: UUID, key: str, *, now: datetime) -> None:
    """End one sign-in of a person."""
    session.execute(
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.key == key, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all_sign_ins(session: Session, person_id: UUID, *, now: datetime, but: str | None = None) -> None:
    """End every sign-in of a person, but for the one under the key `but`."""
    found = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    session.execute((found.where(SignIn.key != but) if but else found).values(ended_at=now))


def strengthen(session: Session, actor: Actor) -> None:
    """Note that in this sign-in a second factor was given."""
    session.execute(
        update(SignIn)
        .where(SignIn.person_id == actor.person_id, SignIn.key == rules.secret_key_of(actor.session_key))
        .values(strong=True)
    )


def mark_seen(transaction: Transaction, actor: Actor, *, now: datetime) -> None:
    """Note that a sign-in is in use, every five minutes at most: reading pages write nothing."""
    if actor.seen_lately:
        return
    rows_of(transaction).execute(
        update(SignIn)
        .where(
            SignIn.person_id == actor.person_id,
            SignIn.key == rules.secret_key_of(actor.session_key),
            SignIn.seen_at < now - rules.SEEN_PRECISION,
        )
        .values(seen_at=now)
    )


def note_failure(session: Session, keys: list[str], *, now: datetime) -> None:
    """Count a failed sign-in under each key; what is older than an hour is forgotten."""
    session.execute(delete(SignInFailure).where(SignInFailure.last_at < now - rules.FAILURES_FORGOTTEN))
    for key in keys:
        insert_once(session, SignInFailure, [{"key": key, "failures": 0, "last_at": now}])
        counted = update(SignInFailure).where(SignInFailure.key == key)
        session.execute(counted.values(failures=SignInFailure.failures + 1, last_at=now))


def forget_failures(session: Session, key: str) -> None:
    """Forget the failures of an account that was signed in to."""
    session.execute(delete(SignInFailure).where(SignInFailure.key == key))
