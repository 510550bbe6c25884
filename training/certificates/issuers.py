"""In whose name certificates are issued, and who signs them: changed by administrators, each within their scope."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.access import Actor
from training.audit.actions import record
from training.audit.rules import Event
from training.certificates.models import INSTALLATION, Issuer, IssuerLogo
from training.db import insert_once
from training.people.models import LocalAuthority
from training.people.queries import authorities_administered_by


class OutsideScope(Exception):
    """The actor does not look after this authority, or not after the installation."""


@dataclass(frozen=True, kw_only=True)
class IssuerSaid:
    """What an administrator says of an issuer. `logo` is kind and picture, nothing to leave it, `no_logo` to take it
    away; signatories are one or two of name and function by language."""

    name: str
    signatories: Sequence[Mapping[str, object]]
    funding: Mapping[str, str]
    logo: tuple[str, bytes] | None
    no_logo: bool


def demand_scope(session: Session, actor: Actor, authority_id: UUID | None) -> None:
    """Raise `OutsideScope` unless the actor looks after the authority, or, without one, after the installation."""
    if authority_id is None:
        if not actor.administers_everywhere:
            raise OutsideScope
        return
    within = authorities_administered_by(actor).where(LocalAuthority.id == authority_id)
    if session.scalar(within) is None:
        raise OutsideScope


def save_issuer(session: Session, actor: Actor, authority_id: UUID | None, said: IssuerSaid, *, now: datetime) -> None:
    """Keep who issues and who signs from now on; certificates that were issued keep theirs. Raises `OutsideScope`."""
    demand_scope(session, actor, authority_id)
    issuer = session.get(Issuer, authority_id or INSTALLATION, with_for_update=True)
    if issuer is None:
        issuer = Issuer(id=authority_id or INSTALLATION, authority_id=authority_id, logo=None)
        session.add(issuer)
    issuer.name, issuer.signatories, issuer.funding = said.name, list(said.signatories), dict(said.funding)
    issuer.changed_at = now
    if said.no_logo:
        issuer.logo = None
    elif said.logo is not None:
        issuer.logo = _keep_logo(session, *said.logo)
    session.flush()
    record(
        session,
        Event.ISSUER_CHANGED,
        actor_id=actor.person_id,
        subject=str(authority_id or INSTALLATION),
        now=now,
        authority_id=authority_id,
    )


@dataclass(frozen=True, kw_only=True)
class IssuerLine:
    """Who issues to the people of an authority, or to everybody else."""

    authority: LocalAuthority | None
    issuer: Issuer | None


def issuer_lines(session: Session, actor: Actor) -> Sequence[IssuerLine]:
    """Return the issuers within an administrator's scope: the installation's first, where they look after it."""
    issuers = {issuer.id: issuer for issuer in session.scalars(select(Issuer))}
    authorities = session.scalars(authorities_administered_by(actor)).all()
    lines = [IssuerLine(authority=one, issuer=issuers.get(one.id)) for one in authorities]
    if actor.administers_everywhere:
        lines.insert(0, IssuerLine(authority=None, issuer=issuers.get(INSTALLATION)))
    return lines


def _keep_logo(session: Session, kind: str, picture: bytes) -> str:
    digest = hashlib.sha256(picture).hexdigest()
    insert_once(session, IssuerLogo, [{"sha256": digest, "kind": kind, "picture": picture}])
    return digest
