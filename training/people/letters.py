"""The wording of letters about accounts, in their receiver's language."""

from datetime import datetime

from training.mail.actions import Draft
from training.mail.wording import Body, compose, whom_to_reach
from training.web.words import Speech


def confirm(speech: Speech, *, name: str, address: str, until: datetime) -> Draft:
    """Return the letter by which somebody proves the address of a new account."""
    return compose(
        "confirm",
        name,
        Body(
            subject=speech.gettext("Confirm your e-mail address"),
            paragraphs=[
                speech.gettext(
                    "An account for the LIAISE course has been created with this address. Open the link and press the "
                    "button to confirm that the address is yours."
                ),
            ],
            label=speech.gettext("Confirm the address"),
            address=address,
            after=[
                _until(speech, until),
                speech.gettext(
                    "If you did not create an account, you need not do anything: without confirmation it is deleted."
                ),
            ],
        ),
        speech,
    )


def registered_already(speech: Speech, *, name: str, address: str) -> Draft:
    """Return the letter to somebody who has an account and tried to make another with the same address."""
    return compose(
        "registered-already",
        name,
        Body(
            subject=speech.gettext("You already have an account"),
            paragraphs=[
                speech.gettext(
                    "Somebody, probably you, tried to create an account with this address. There already is one: sign "
                    "in with it, or choose a new password if you have forgotten yours."
                ),
            ],
            label=speech.gettext("Sign in"),
            address=address,
            after=[speech.gettext("If it was not you, you need not do anything.")],
        ),
        speech,
    )


def reset(speech: Speech, *, name: str, address: str, until: datetime) -> Draft:
    """Return the letter by which somebody chooses another password."""
    return compose(
        "reset",
        name,
        Body(
            subject=speech.gettext("Choose a new password"),
            paragraphs=[speech.gettext("Somebody, probably you, asked for a new password for this address.")],
            label=speech.gettext("Choose a new password"),
            address=address,
            after=[
                _until(speech, until),
                speech.gettext("If it was not you, you need not do anything: your password stays as it is."),
            ],
        ),
        speech,
    )


def no_account(speech: Speech, *, address: str) -> Draft:
    """Return the letter to an address without an account, for which a new password was asked."""
    return compose(
        "no-account",
        "",
        Body(
            subject=speech.gettext("No account with this address"),
            paragraphs=[
                speech.gettext(
                    "Somebody, probably you, asked for a new password for this address. There is no account with it; "
                    "perhaps you used another address."
                ),
            ],
            label=speech.gettext("Create an account"),
            address=address,
            after=[speech.gettext("If it was not you, you need not do anything.")],
        ),
        speech,
    )


def new_email(speech: Speech, *, name: str, address: str, until: datetime) -> Draft:
    """Return the letter by which somebody proves another address of theirs."""
    return compose(
        "new-email",
        name,
        Body(
            subject=speech.gettext("Confirm your new e-mail address"),
            paragraphs=[
                speech.gettext(
                    "You want to use this address for your LIAISE account. Open the link and press the button: from "
                    "then on you sign in with this address."
                )
            ],
            label=speech.gettext("Confirm the address"),
            address=address,
            after=[
                _until(speech, until),
                speech.gettext(
                    "If you did not ask for this, you need not do anything: without confirmation nothing changes."
                ),
            ],
        ),
        speech,
    )


def address_in_use(speech: Speech) -> Draft:
    """Return the letter to an address that somebody wanted for their account although another account has it."""
    return compose(
        "address-in-use",
        "",
        Body(
            subject=speech.gettext("This address already belongs to an account"),
            paragraphs=[
                speech.gettext(
                    "Somebody tried to use this address for their account. It belongs to another account already, so "
                    "nothing was changed."
                ),
                speech.gettext(
                    "If it was you, sign in with the account that has this address, or give another address. If it "
                    "was not you, you need not do anything."
                ),
            ],
        ),
        speech,
    )


def email_changed(speech: Speech, *, name: str, new: str, contact: str) -> Draft:
    """Return the letter to the former address after a change."""
    return compose(
        "email-changed",
        name,
        Body(
            subject=speech.gettext("Your e-mail address has been changed"),
            paragraphs=[
                speech.gettext("Your account now uses the address %(address)s.", address=new),
                speech.gettext("If it was not you, tell the administrator of your city or region at once."),
                *whom_to_reach(contact, speech),
            ],
        ),
        speech,
    )


def password_changed(speech: Speech, *, name: str, address: str, contact: str) -> Draft:
    """Return the letter after a change of password."""
    return compose(
        "password-changed",
        name,
        Body(
            subject=speech.gettext("Your password has been changed"),
            paragraphs=[
                speech.gettext(
                    "The password of your account has been changed, and every other device has been signed out."
                ),
                speech.gettext(
                    "If it was not you, choose a new password at once and tell the administrator of your city or "
                    "region."
                ),
                *whom_to_reach(contact, speech),
            ],
            label=speech.gettext("Choose a new password"),
            address=address,
        ),
        speech,
    )


def _until(speech: Speech, until: datetime) -> str:
    return speech.gettext("The link works until %(day)s, %(time)s (time zone: %(city)s).", **speech.until(until))
