"""What a contact card says to whom, and when it is old."""

from datetime import timedelta

import pytest

from tests.content import card
from training.contacts.rules import CONFIRMED_FOR, card_of
from training.languages import Language


def test_a_name_comes_in_the_readers_language_or_in_another_that_is_named() -> None:
    assert card("Desk").name(Language.FR) == (Language.FR, "Desk de la ville")
    assert card("Desk").name(Language.DE) == (Language.EN, "Desk of the town")


def test_a_note_that_exists_in_one_language_is_shown_to_all_and_none_stays_none() -> None:
    assert card().note(Language.IT) == (Language.FR, "De 9 h à 17 h")
    assert card_of({**card().document(), "notes": {}}).note(Language.FR) is None


@pytest.mark.parametrize(("later", "old"), [(timedelta(0), False), (CONFIRMED_FOR, False), (timedelta(366), True)])
def test_a_card_is_old_when_nobody_has_confirmed_it_for_a_year(later: timedelta, *, old: bool) -> None:
    assert card().is_old(card().confirmed_on + later) is old


def test_a_card_comes_back_as_it_was_kept() -> None:
    assert card_of(card().document()) == card()
