"""Roles and permissions."""

from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from training.access import PERMISSIONS, Actor, Permission, Role
from training.languages import Language


def actor(*, trains: bool = False, administers: frozenset[UUID | None] = frozenset()) -> Actor:
    return Actor(
        person_id=UUID(int=1),
        name="Ada",
        language=Language.EN,
        zone=ZoneInfo("Europe/Brussels"),
        field_of_work="social",
        session_key="",
        trains=trains,
        administers=administers,
    )


ONE_AUTHORITY, EVERYWHERE = frozenset({UUID(int=7)}), frozenset({None})
ADMINISTRATION = {
    Permission.LEARN,
    Permission.LOOK_AFTER_PEOPLE,
    Permission.LOOK_AFTER_AUTHORITIES,
    Permission.ISSUE_CERTIFICATES,
    Permission.READ_THE_AUDIT,
}


@pytest.mark.parametrize(
    ("who", "may"),
    [
        pytest.param(actor(), {Permission.LEARN}, id="participant"),
        pytest.param(actor(trains=True), {Permission.LEARN, Permission.LEAD_GROUPS}, id="trainer"),
        pytest.param(actor(administers=ONE_AUTHORITY), ADMINISTRATION, id="administrator of one authority"),
        pytest.param(actor(administers=EVERYWHERE), ADMINISTRATION | {Permission.OPERATE}, id="administrator of all"),
        pytest.param(actor(trains=True, administers=EVERYWHERE), set(Permission), id="both"),
    ],
)
def test_who_may_what(who: Actor, may: set[Permission]) -> None:
    assert {permission for permission in Permission if who.may(permission)} == may


def test_only_an_unlimited_grant_reaches_the_whole_installation() -> None:
    assert actor(administers=EVERYWHERE).administers_everywhere
    assert not actor(administers=ONE_AUTHORITY).administers_everywhere
    assert not actor().administers_everywhere


def test_everybody_with_an_account_is_a_participant() -> None:
    assert actor().roles == {Role.PARTICIPANT}
    assert actor(trains=True, administers=ONE_AUTHORITY).roles == set(Role) - {Role.OPERATOR}
    assert actor(trains=True, administers=EVERYWHERE).roles == set(Role)


def test_every_role_has_permissions_and_every_permission_a_role() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)
