"""The letter to the administrators of the installation when somebody reports a barrier."""

from training.mail.actions import Draft
from training.mail.wording import Body, compose
from training.web.words import Speech


def barrier(speech: Speech, *, name: str, page: str, words: str, email: str) -> Draft:
    """Return the letter; the words of whoever reported it stand as they were written."""
    paragraphs = [
        speech.gettext("Somebody has reported a barrier. Please reply within a month if an address is given.")
    ]
    if page:
        paragraphs.append(speech.gettext("Page: %(page)s", page=page))
    paragraphs.append(speech.gettext("What they wrote: %(words)s", words=words))
    if email:
        paragraphs.append(speech.gettext("Reply to: %(email)s", email=email))
    return compose(
        "barrier",
        name,
        Body(subject=speech.gettext("An accessibility barrier has been reported"), paragraphs=paragraphs),
        speech,
    )
