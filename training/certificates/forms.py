"""Forms about certificates."""

from training.certificates.accessors import reason_word
from training.certificates.rules import RevocationReason
from training.web.forms import Choice, Form
from training.web.words import lazy


class RevokeForm(Form):
    """Why a certificate is revoked."""

    reason = Choice(lazy("Reason that the public is told"))

    def offer(self) -> None:
        self.reason.choices = [(reason.value, reason_word(reason)) for reason in RevocationReason]
