"""The terms in which a table says what it holds of people: privacy classes, purposes, and what erasure does to it."""

from dataclasses import dataclass
from enum import StrEnum


class Privacy(StrEnum):
    """What a column says of a person. Export, erasure, retention and the privacy notice walk these classes."""

    IDENTITY = "identity"
    """Says who somebody is or how to reach them: name, e-mail."""
    SETTING = "setting"
    """What a person chose: language, time zone, field of work."""
    CREDENTIAL = "credential"
    """Proves who somebody is: hashes of passwords and tokens. Never exported."""
    LEARNING = "learning"
    """What a person did in the course, kept as long as the account."""
    DETAIL = "detail"
    """How they did it (answers, watched parts, times): deleted once it has served."""
    BELONGING = "belonging"
    """Groups, authorities, roles."""
    TRACE = "trace"
    """What somebody did to others' records."""
    LINK = "link"
    """The identifier of a person or of one of their records."""
    NONE = "none"
    """Says nothing about a person."""


class OnErasure(StrEnum):
    """What the erasure of a person does to the rows that point to them."""

    DELETE = "delete"
    CUT = "cut"
    """The row stays, without the link and the name."""
    KEEP = "keep"
    """The row stays as it is."""
    NOTHING = "nothing"
    """The table does not point to a person."""


class Purpose(StrEnum):
    """What data is kept for. Each has a legal basis, which the privacy notice and the record of processing state."""

    ACCOUNT = "account"
    """Letting people in, and nobody else."""
    LEARNING = "learning"
    """Taking the course and finding one's place again."""
    COMPARISON = "comparison"
    """Seeing what the course achieves: what people know before and after it, if they want to say so."""
    TRAINING = "training"
    """Leading training groups."""
    CERTIFICATES = "certificates"
    """Issuing certificates that an employer can check."""
    LETTERS = "letters"
    """Writing to people about their account, their groups and their certificates."""
    ACCOUNTABILITY = "accountability"
    """Showing afterwards who did what with the data of others."""
    OPERATION = "operation"
    """Running the platform; nothing about people."""


@dataclass(frozen=True)
class Erasure:
    """What erasure does to a table, and why that is right."""

    does: OnErasure
    why: str


NOT_ABOUT_PEOPLE = Erasure(OnErasure.NOTHING, "The table holds nothing about a person.")
