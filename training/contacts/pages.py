"""The page for somebody who is worried now. It keeps nothing, and is told nothing.

Every country and every town stands on the one page, folded. Which fold is opened is known to the browser alone: there
is no form to send, and no address that says where somebody lives or for whom they worry.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from training.contacts.queries import TownCard, card, town_cards
from training.courses.accessors import known_sources, library
from training.courses.countries import Country
from training.courses.labels import covers_word, runner_word
from training.languages import sort_key
from training.people.forms import authority_name
from training.people.models import LocalAuthority
from training.people.queries import current_authority
from training.web import visitor
from training.web.guard import Allow, Pages
from training.web.requests import now, reading
from training.web.words import country_name, language, speech, tongue_name

pages = Pages("contacts", __name__)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A country on the page: with its entries, if any is verified, and the towns that have a card."""

    code: str
    name: str
    country: Country | None
    towns: Sequence[TownCard]
    overdue: bool


@pages.page("/help-now", allow=Allow.EVERYONE)
def help_now() -> str:
    actor = visitor.actor_or_none()
    own = current_authority(reading(), actor.person_id) if actor else None
    cards = sorted(town_cards(reading()), key=lambda town: sort_key(_name(town.authority), language()))
    return render_template(
        "contacts/help_now.html",
        advice=library().advice,
        countries=_countries(cards),
        own=own,
        own_card=card(reading(), own.id) if own else None,
        name=_name,
        today=speech().day_of(now()),
        sources=known_sources(),
        country_name=country_name,
        tongue_name=tongue_name,
        runner_word=runner_word,
        covers_word=covers_word,
    )


def _countries(cards: Sequence[TownCard]) -> list[Shown]:
    today = speech().day_of(now())
    known = library().countries
    codes = {*known, *(place.country for place in library().places if place.country and place.is_authority)}
    shown = [
        Shown(
            code=code,
            name=country_name(code),
            country=known.get(code),
            towns=[town for town in cards if town.authority.country == code],
            overdue=code in known and bool(known[code].overdue(today)),
        )
        for code in codes | {town.authority.country for town in cards}
    ]
    return sorted(shown, key=lambda one: sort_key(one.name, language()))


def _name(authority: LocalAuthority) -> str:
    return authority_name(authority.names, language())
