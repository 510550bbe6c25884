"""Tokens with which other systems read the register of an authority: made, shown once, revoked."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from training.access import Actor
from training.audit.actions import record
from training.audit.rules import Event
from training.certificates.issuers import OutsideScope, demand_scope
from training.certificates.models import Certificate, RegisterToken
from training.db import new_id

PREFIX = "ltr_"
"""By which whoever finds such a token in a file knows what it opens."""


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token just made: its secret is shown once and never again."""

    id: UUID
    secret: str


def make_token(session: Session, actor: Actor, authority_id: UUID | None, label: str, *, now: datetime) -> NewToken:
    """Make a token for the register of an authority, or of all. Raises `OutsideScope`."""
    demand_scope(session, actor, authority_id)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = RegisterToken(
        id=new_id(), key=_key(secret), authority_id=authority_id, label=label, made_at=now, made_by=actor.person_id
    )
    session.add(token)
    session.flush()
    _record(session, Event.REGISTER_TOKEN_MADE, actor, token, now)
    return NewToken(id=token.id, secret=secret)


def revoke_token(session: Session, actor: Actor, token_id: UUID, *, now: datetime) -> None:
    """Let a token open nothing any more; a second time changes nothing. Raises `OutsideScope`."""
    token = session.scalar(_within(actor).where(RegisterToken.id == token_id).with_for_update())
    if token is None:
        raise OutsideScope
    if token.revoked_at is None:
        token.revoked_at = now
        session.flush()
        _record(session, Event.REGISTER_TOKEN_REVOKED, actor, token, now)


def tokens_within(session: Session, actor: Actor) -> Sequence[RegisterToken]:
    """Return the tokens within an administrator's scope, the newest first."""
    return session.scalars(_within(actor).order_by(RegisterToken.id.desc())).all()


def token_of(session: Session, secret: str) -> RegisterToken | None:
    """Return the token of a secret; nothing for a secret that opens none."""
    if not secret.startswith(PREFIX):
        return None
    return session.scalar(
        select(RegisterToken).where(RegisterToken.key == _key(secret), RegisterToken.revoked_at.is_(None))
    )


def register_of(token: RegisterToken) -> Select[Certificate]:
    """Return the part of the register that a token opens."""
    found = select(Certificate)
    return found if token.authority_id is None else found.where(Certificate.authority_id == token.authority_id)


def _within(actor: Actor) -> Select[RegisterToken]:
    found = select(RegisterToken)
    if actor.administers_everywhere:
        return found
    return found.where(RegisterToken.authority_id.in_(sorted(actor.administers - {None}, key=str)))


def _key(secret: str) -> str:
    """Return the hash under which a secret is kept. It has 256 random bits: no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(session: Session, event: Event, actor: Actor, token: RegisterToken, now: datetime) -> None:
    record(
        session,
        event,
        actor_id=actor.person_id,
        subject=str(token.id),
        now=now,
        authority_id=token.authority_id,
    )
