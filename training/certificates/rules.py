"""Rules of certificates: codes, claims, states. Values in, values out."""

from enum import StrEnum


class RevocationReason(StrEnum):
    """Why a certificate does not hold any more, as far as the public is told."""

    ISSUED_IN_ERROR = "issued-in-error"
    WRONG_DETAILS = "wrong-details"
    AT_HOLDERS_REQUEST = "at-holders-request"
