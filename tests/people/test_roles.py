"""Who may do and see what: the table, without a database."""

import pytest

from yishi.people.rules import (
    KEY_ROLES,
    PERMISSIONS,
    SYSTEM_VIEWER,
    USER_ROLES,
    Permission,
    Role,
    Viewer,
    may_share_machine,
)


def viewer(role=Role.AGENT, outlets=("DS01",)):
    return Viewer(
        kind="USER", role=role, user_id=3, outlet_codes=None if outlets is None else frozenset(outlets)
    )


def test_every_role_has_its_row():
    assert set(PERMISSIONS) == set(Role)
    assert USER_ROLES | KEY_ROLES | {Role.SYSTEM} == set(Role)


@pytest.mark.parametrize(
    ("role", "permission", "may"),
    [
        (Role.AGENT, Permission.CASE_WRITE, True),
        (Role.AGENT, Permission.USERS_MANAGE, False),
        (Role.AGENT, Permission.INGEST, False),
        (Role.OUTLET_MANAGER, Permission.USERS_MANAGE, True),
        (Role.OUTLET_MANAGER, Permission.FEEDS_MANAGE, False),
        (Role.OUTLET_MANAGER, Permission.FILES_IMPORT, True),
        (Role.AGENT, Permission.FILES_IMPORT, False),
        # what counts for everybody is set by whoever sees the whole operator
        (Role.QUALITY, Permission.POLICY_MANAGE, False),
        (Role.OPERATOR, Permission.METRICS, True),
        (Role.OPERATOR, Permission.CASE_READ, False),
        (Role.OPERATOR, Permission.REVEAL, False),
        (Role.OWNER, Permission.REVEAL, True),
        (Role.COURIER, Permission.CASE_READ, False),
        (Role.COURIER, Permission.CONTACT_WRITE, True),
        (Role.STATION_KEEPER, Permission.CASE_WRITE, False),
        (Role.INTEGRATOR, Permission.INGEST, True),
        (Role.INTEGRATOR, Permission.REVEAL, False),
    ],
)
def test_permissions(role, permission, may):
    assert viewer(role).may(permission) is may


@pytest.mark.parametrize(
    ("outlets", "code", "sees"),
    [(["DS01"], "DS01", True), (["DS01"], "JN01", False), (["DS01"], None, False), (None, None, True),
     (None, "JN01", True), ([], "DS01", False)],
)  # fmt: skip
def test_sight_ends_at_the_outlet(outlets, code, sees):
    assert viewer(outlets=outlets).sees_outlet(code) is sees


def test_nobody_gives_sight_or_roles_beyond_his_own():
    manager = viewer(Role.OUTLET_MANAGER)
    assert manager.may_give(Role.AGENT) and not manager.may_give(Role.OWNER)
    assert manager.covers(frozenset({"DS01"})) and not manager.covers(frozenset({"DS01", "JN01"}))
    assert not manager.covers(None) and SYSTEM_VIEWER.covers(None)


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [(["DS01"], ["DS01", "JN01"], True), (["DS01"], ["JN01"], False), (["DS01"], None, False),
     (None, ["DS01"], False), (None, None, True), ([], [], False)],
)  # fmt: skip
def test_a_machine_is_handed_on_within_an_outlet_and_never_upwards(one, other, may):
    assert may_share_machine(viewer(outlets=one), viewer(outlets=other)) is may


def test_labels_name_the_viewer_for_records():
    assert viewer().label == "user:3"
    assert SYSTEM_VIEWER.label == "system"
