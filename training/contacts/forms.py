"""The form of a contact card."""

from datetime import date
from typing import Any

from wtforms import EmailField, StringField, TelField, TextAreaField, URLField
from wtforms.validators import Optional, Regexp

from training.contacts.rules import Card
from training.languages import Language
from training.people.forms import complete_email, strip
from training.web.forms import Form, at_most
from training.web.words import _, lazy

LONGEST_NAME, LONGEST_NOTE = 120, 400


def _telephone() -> Regexp:
    return Regexp(
        r"^\+?[0-9][0-9 ()./-]{2,29}$", message=lazy("Please write a telephone number: digits, spaces and a leading +.")
    )


class CardForm(Form):
    """How an office is reached, with its name and a note in each language."""

    name_en = StringField(lazy("Name in English"), [at_most(LONGEST_NAME)], filters=[strip])
    name_fr = StringField(lazy("Name in French"), [at_most(LONGEST_NAME)], filters=[strip])
    name_es = StringField(lazy("Name in Spanish"), [at_most(LONGEST_NAME)], filters=[strip])
    name_it = StringField(lazy("Name in Italian"), [at_most(LONGEST_NAME)], filters=[strip])
    name_de = StringField(lazy("Name in German"), [at_most(LONGEST_NAME)], filters=[strip])
    telephone = TelField(lazy("Telephone"), [Optional(), at_most(30), _telephone()], filters=[strip])
    text_message = TelField(lazy("Number for text messages"), [Optional(), at_most(30), _telephone()], filters=[strip])
    email = EmailField(lazy("E-mail address"), [Optional(), at_most(254), complete_email], filters=[strip])
    website = URLField(
        lazy("Website or chat"),
        [
            Optional(),
            at_most(300),
            Regexp(r"^https://\S+$", message=lazy("Please write an address that begins with https://.")),
        ],
        filters=[strip],
    )
    note_en = TextAreaField(lazy("Hours, and what happens next, in English"), [at_most(LONGEST_NOTE)], filters=[strip])
    note_fr = TextAreaField(lazy("Hours, and what happens next, in French"), [at_most(LONGEST_NOTE)], filters=[strip])
    note_es = TextAreaField(lazy("Hours, and what happens next, in Spanish"), [at_most(LONGEST_NOTE)], filters=[strip])
    note_it = TextAreaField(lazy("Hours, and what happens next, in Italian"), [at_most(LONGEST_NOTE)], filters=[strip])
    note_de = TextAreaField(lazy("Hours, and what happens next, in German"), [at_most(LONGEST_NOTE)], filters=[strip])

    def is_whole(self) -> bool:
        """Whether the shape is right, some name is given and some way to reach the office."""
        right = bool(self.validate())
        if not any(self[f"name_{language.value}"].data for language in Language):
            self.blame("name_en", _("Please write the name of the office in one language at least."))
            right = False
        if not any(self[way].data for way in ("telephone", "text_message", "email", "website")):
            self.blame("telephone", _("Please give one way at least to reach the office."))
            right = False
        return right

    def card(self, *, confirmed_on: date) -> Card:
        """Return the card that was typed."""
        return Card(
            names=self._by_language("name"),
            notes=self._by_language("note"),
            telephone=self.telephone.data or "",
            text_message=self.text_message.data or "",
            email=self.email.data or "",
            website=self.website.data or "",
            confirmed_on=confirmed_on,
        )

    def _by_language(self, kind: str) -> dict[str, str]:
        return {
            language.value: self[f"{kind}_{language.value}"].data
            for language in Language
            if self[f"{kind}_{language.value}"].data
        }


def typed(card: Card | None) -> dict[str, Any]:
    """Return what stands in the form of a card before anybody types."""
    if card is None:
        return {}
    texts = {f"name_{language}": text for language, text in card.names.items()}
    texts |= {f"note_{language}": text for language, text in card.notes.items()}
    return texts | {way: getattr(card, way) for way in ("telephone", "text_message", "email", "website")}
