"""What is done to a contact card, by an administrator of its city or region."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from training.access import Actor
from training.audit.actions import record
from training.audit.rules import Event
from training.contacts.models import ContactCard
from training.contacts.rules import Card
from training.people.models import LocalAuthority
from training.people.queries import authorities_administered_by


class OutsideScope(Exception):
    """The actor does not administer this city or region."""


def save_card(session: Session, actor: Actor, authority_id: UUID, card: Card, *, now: datetime) -> None:
    """Keep a card, in place of the one before it. Raises `OutsideScope`."""
    _demand(session, actor, authority_id)
    session.merge(ContactCard(authority_id=authority_id, card=card.document(), changed_at=now))
    session.flush()
    _record(session, Event.CONTACT_CARD_CHANGED, actor, authority_id, now)


def remove_card(session: Session, actor: Actor, authority_id: UUID, *, now: datetime) -> None:
    """Take a card away; one that is not there stays away. Raises `OutsideScope`."""
    _demand(session, actor, authority_id)
    present = session.get(ContactCard, authority_id)
    if present is None:
        return
    session.delete(present)
    session.flush()
    _record(session, Event.CONTACT_CARD_REMOVED, actor, authority_id, now)


def _demand(session: Session, actor: Actor, authority_id: UUID) -> None:
    """Hold the authority until the transaction ends, so that two who save follow each other."""
    within = authorities_administered_by(actor).where(LocalAuthority.id == authority_id).with_for_update(key_share=True)
    if session.scalar(within) is None:
        raise OutsideScope


def _record(session: Session, event: Event, actor: Actor, authority_id: UUID, now: datetime) -> None:
    record(session, event, actor_id=actor.person_id, subject=str(authority_id), now=now, authority_id=authority_id)
