"""Who may do what: the roles, the permissions, and the one table that joins them.

A permission opens an address; which rows are behind it is decided by a scope in the query (`people.queries`,
`cohorts.queries`): an administrator of one authority has the same permissions as one of the installation, over
fewer people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from training.languages import Language


class Role(StrEnum):
    """What a person does here. A person may hold several."""

    PARTICIPANT = "participant"
    """Takes the course. Everyone with an account does."""
    TRAINER = "trainer"
    """Leads training groups, and sees of their members what each group's privacy mode allows."""
    ADMINISTRATOR = "administrator"
    """Looks after accounts and authorities and issues certificates, everywhere or within one local authority."""
    OPERATOR = "operator"
    """An administrator of the whole installation: sees also what concerns all of it, the outbox for instance."""


class Permission(StrEnum):
    """What an address may demand."""

    LEARN = "learn"
    """Answer quizzes, have progress, join groups, look after one's own account."""
    LEAD_GROUPS = "lead-groups"
    """Create training groups and look at one's own."""
    LOOK_AFTER_PEOPLE = "look-after-people"
    """See accounts, end sessions, grant and withdraw roles."""
    LOOK_AFTER_AUTHORITIES = "look-after-authorities"
    """Edit local authorities."""
    ISSUE_CERTIFICATES = "issue-certificates"
    """See who is eligible, issue and revoke."""
    READ_THE_AUDIT = "read-the-audit"
    """See what administrators and trainers did, within one's scope."""
    OPERATE = "operate"
    """See the outbox and the barriers that were reported."""


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.PARTICIPANT: frozenset({Permission.LEARN}),
    Role.TRAINER: frozenset({Permission.LEARN, Permission.LEAD_GROUPS}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.LEARN,
            Permission.LOOK_AFTER_PEOPLE,
            Permission.LOOK_AFTER_AUTHORITIES,
            Permission.ISSUE_CERTIFICATES,
            Permission.READ_THE_AUDIT,
        }
    ),
    Role.OPERATOR: frozenset({Permission.OPERATE}),
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A signed-in person, as far as decisions need to know them.

    `administers` holds the authorities within which the person is an administrator; `None` in it stands for the whole
    installation. `session_key` identifies the sign-in that acts, `own_device` says that the device is the person's own.
    """

    person_id: UUID
    name: str
    language: Language
    zone: ZoneInfo
    field_of_work: str
    session_key: str
    own_device: bool = False
    seen_lately: bool = False
    """Whether it is noted already that this sign-in is in use."""
    strong: bool = False
    """Whether a second factor was given at sign-in."""
    trains: bool = False
    administers: frozenset[UUID | None] = field(default_factory=frozenset)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that the person holds, the participant's always among them."""
        held = {Role.PARTICIPANT}
        if self.trains:
            held.add(Role.TRAINER)
        if self.administers:
            held.add(Role.ADMINISTRATOR)
        if self.administers_everywhere:
            held.add(Role.OPERATOR)
        return frozenset(held)

    @property
    def administers_everywhere(self) -> bool:
        """Whether the person is an administrator of the whole installation."""
        return None in self.administers

    def may(self, permission: Permission) -> bool:
        """Whether one of the person's roles holds `permission`."""
        return any(permission in PERMISSIONS[role] for role in self.roles)
