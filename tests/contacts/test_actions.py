"""Keeping and taking away a contact card, within one's scope and on record."""

import pytest
from sqlalchemy import select

from tests.cast import NOW, Cast, identifier
from tests.content import card
from tests.tables import nothing_changes
from training.audit.models import AuditEntry
from training.audit.queries import broken_links
from training.contacts import actions, queries
from training.contacts.actions import OutsideScope


def test_a_card_is_kept_changed_and_taken_away_and_each_act_is_in_the_towns_own_chain(cast: Cast) -> None:
    liege = cast.places["liege"]
    lou = cast.actor(cast.administrator("Lou Local", place="liege"))
    actions.save_card(cast.session, lou, liege, card("First"), now=NOW)
    actions.save_card(cast.session, lou, liege, card("Second"), now=NOW)
    assert queries.card(cast.session, liege) == card("Second")
    assert [town.authority.slug for town in queries.town_cards(cast.session)] == ["liege"]
    actions.remove_card(cast.session, lou, liege, now=NOW)
    actions.remove_card(cast.session, lou, liege, now=NOW)
    assert queries.card(cast.session, liege) is None
    told = cast.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.chain == liege, AuditEntry.event.startswith("contact"))
        .order_by(AuditEntry.number)
    ).all()
    changed, removed = "contact-card-changed", "contact-card-removed"
    assert [entry.event for entry in told] == [changed, changed, removed]
    assert {entry.subject for entry in told} == {str(liege)}
    assert list(broken_links(cast.session)) == []


def test_a_towns_administrator_reaches_no_other_town_and_nobody_a_town_that_is_not_there(cast: Cast) -> None:
    everywhere = cast.actor(cast.administrator())
    actions.save_card(cast.session, everywhere, cast.places["augsburg"], card(), now=NOW)
    lou = cast.actor(cast.administrator("Lou Local", place="liege"))
    learner = cast.actor(cast.person())
    for actor, place in ((lou, cast.places["augsburg"]), (learner, cast.places["liege"]), (everywhere, identifier())):
        with nothing_changes(cast.session):
            with pytest.raises(OutsideScope):
                actions.save_card(cast.session, actor, place, card("Taken over"), now=NOW)
            with pytest.raises(OutsideScope):
                actions.remove_card(cast.session, actor, place, now=NOW)
