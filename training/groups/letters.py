"""The wording of invitations, in the language of whoever is invited."""

from datetime import datetime

from training.mail.actions import Draft
from training.mail.wording import Body, compose
from training.web.words import Speech


def invitation(speech: Speech, *, name: str, trainer: str, group: str, address: str, until: datetime) -> Draft:
    """Return the letter by which a trainer invites somebody to a group."""
    return compose(
        "invitation",
        name,
        Body(
            subject=speech.gettext("Invitation to the training group “%(group)s”", group=group),
            paragraphs=[
                speech.gettext(
                    "%(trainer)s invites you to take the course “Preventing and countering radicalisation at the local "
                    "level” in the training group “%(group)s”.",
                    trainer=trainer,
                    group=group,
                ),
                speech.gettext("Before you join, you will read exactly what the trainers will see of you."),
            ],
            label=speech.gettext("See the invitation"),
            address=address,
            after=[
                speech.gettext(
                    "The invitation is open until %(day)s, %(time)s (time zone: %(city)s).", **speech.until(until)
                ),
                speech.gettext(
                    "If you do not wish to join, you need not do anything: the invitation, with your address, is "
                    "deleted a month later."
                ),
            ],
        ),
        speech,
    )
