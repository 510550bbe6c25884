"""Reading contact cards. They are public: what is not public is who looks at them, and that is kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.contacts.models import ContactCard
from training.contacts.rules import Card, card_of
from training.people.models import LocalAuthority


@dataclass(frozen=True)
class TownCard:
    """A city or region with its card."""

    authority: LocalAuthority
    card: Card


def town_cards(session: Session) -> Sequence[TownCard]:
    """Return every card with its city or region, in no order: pages sort by the reader's language. One statement."""
    rows = session.execute(
        select(LocalAuthority, ContactCard.card).join(ContactCard, ContactCard.authority_id == LocalAuthority.id)
    )
    return [TownCard(authority, card_of(document)) for authority, document in rows]


def card(session: Session, authority_id: UUID) -> Card | None:
    """Return the card of a city or region, if it has one."""
    found = session.scalar(select(ContactCard.card).where(ContactCard.authority_id == authority_id))
    return card_of(found) if found is not None else None
