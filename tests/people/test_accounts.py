"""Accounts and keys: made, refused, revoked."""

import pytest

from tests.world import PASSWORD, START
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.models import FactRow
from yishi.people.actions import (
    UsernameTaken,
    add_key,
    add_user,
    deactivate_user,
    note_key_use,
    revoke_key,
)
from yishi.people.models import ApiKey, User
from yishi.people.queries import (
    get_user_id,
    list_colleagues,
    list_mates,
    role_label,
    staff_contact,
    staff_contacts,
    staff_names,
    viewer_of_key,
    viewer_of_user,
)
from yishi.people.rules import SYSTEM_VIEWER, Permission, Role

pytestmark = pytest.mark.django_db


def add(by=SYSTEM_VIEWER, **changes):
    values = {
        "username": "xin",
        "name": "小新",
        "password": PASSWORD,
        "role": "AGENT",
        "outlet_codes": ["DS01"],
    }
    return add_user(**{**values, **changes}, by=by, at=START)


def test_an_agent_sees_his_outlet(world):
    viewer = viewer_of_user(world.lin)
    assert (viewer.role, viewer.outlet_codes, viewer.name) == (Role.AGENT, {"DS01"}, "林*")


def test_quality_and_owner_see_the_whole_operator(world):
    assert world.viewer(world.quality).outlet_codes is None
    assert world.viewer(world.owner).sees_outlet(None)


def test_a_region_means_its_outlets_and_a_station_its_outlet(world):
    person = add(role="OUTLET_MANAGER", outlet_codes=(), region_codes=["NJ"])
    keeper = add(username="zhan", role="STATION_KEEPER", outlet_codes=(), station_codes=["ST01"])
    assert viewer_of_user(person).outlet_codes == {"DS01", "JN01"}
    assert viewer_of_user(keeper).outlet_codes == {"DS01"}
    assert viewer_of_user(keeper).station_codes == {"ST01"}


def test_what_is_personal_lies_sealed(world):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, email FROM people_user WHERE username = 'lin'")
        name, email = cursor.fetchone()
    assert "林".encode() not in bytes(name) and b"example" not in bytes(email)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"username": "  "}, "/username"),
        ({"role": "INTEGRATOR"}, "/role"),
        ({"role": "KING"}, "/role"),
        ({"role": "COURIER", "outlet_codes": ()}, "/outlets"),
        ({"pin": "0000"}, "/pin"),
        ({"password": "short"}, "/password"),
    ],
)
def test_a_faulty_account_is_refused(changes, pointer):
    with pytest.raises(Invalid) as refusal:
        add(**changes)
    assert [found[0] for found in refusal.value.errors] == [pointer]
    assert not User.objects.exists() and not FactRow.objects.exists()


def test_a_name_is_given_once(world):
    before = User.objects.count()
    with pytest.raises(UsernameTaken):
        add(username="ＬIN")
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "changes",
    [{"role": "QUALITY"}, {"outlet_codes": ["JN01"]}, {"outlet_codes": ()}, {"region_codes": ["NJ"]}],
)
def test_a_manager_gives_no_more_than_he_has(world, changes):
    with pytest.raises(NotAllowed):
        add(by=world.viewer(world.zhou), **changes)
    assert not User.objects.filter(username="xin").exists()


def test_a_manager_adds_his_own_people(world):
    assert viewer_of_user(add(by=world.viewer(world.zhou))).outlet_codes == {"DS01"}
    with pytest.raises(NotAllowed):
        add(by=world.viewer(world.lin), username="other")


def test_who_has_left_is_nowhere(world):
    deactivate_user(user_id=world.lin.pk, by=world.viewer(world.zhou), at=START)
    assert staff_contact(world.lin.pk) is None
    assert "lin" not in {c.username for c in list_colleagues(SYSTEM_VIEWER, "DS01")}


def test_foreign_people_cannot_be_seen_or_sent_away(world):
    with pytest.raises(NotFound):
        deactivate_user(user_id=world.he.pk, by=world.viewer(world.zhou), at=START)
    with pytest.raises(NotAllowed):
        deactivate_user(user_id=world.zhou.pk, by=world.viewer(world.zhou), at=START)
    assert User.objects.filter(is_active=True).count() == 6


def test_colleagues_contacts_and_mates(world):
    viewer = world.viewer(world.zhou)
    assert [c.name for c in list_colleagues(viewer, "DS01")] == ["林客服", "周站长"]
    assert list_colleagues(viewer, "JN01") == list_colleagues(viewer, None) == []
    assert [c.username for c in list_mates(viewer)] == ["lin"]
    assert [c.email for c in staff_contacts("DS01", {"OUTLET_MANAGER"})] == ["zhou@example.cn"]
    assert {c.name for c in staff_contacts(None, {"QUALITY", "OWNER"})} == {"总部质控", "老板"}
    assert staff_names([world.lin.pk]) == {world.lin.pk: "林客服"}
    assert role_label("AGENT") == "客服"


def test_a_user_is_found_by_name_within_sight(world):
    assert get_user_id(viewer=world.viewer(world.zhou), username="Lin") == world.lin.pk
    with pytest.raises(NotFound):
        get_user_id(viewer=world.viewer(world.zhou), username="he")


def test_a_key_opens_by_its_hash(db):
    token = add_key(role="AGENT", outlet_code="DS01", name="desk", by=SYSTEM_VIEWER, at=START)
    viewer = viewer_of_key(token)
    assert token.startswith("yk_") and len(token) == 46
    assert viewer is not None and viewer.outlet_codes == {"DS01"} and viewer.may(Permission.CASE_READ)
    assert token.encode() not in bytes(ApiKey.objects.get().token_hash)
    assert viewer_of_key("yk_wrong") is None


@pytest.mark.parametrize("role", ["COURIER", "STATION_KEEPER", "AGENT", "OUTLET_MANAGER", "OWNER", "KING"])
def test_a_key_needs_a_role_that_keys_have_and_its_outlet(role, db):
    with pytest.raises(Invalid):
        add_key(role=role, by=SYSTEM_VIEWER, at=START)
    assert not ApiKey.objects.exists()


def test_a_key_of_the_whole_operator_needs_no_outlet(db):
    viewer = viewer_of_key(add_key(role="INTEGRATOR", by=SYSTEM_VIEWER, at=START))
    assert viewer is not None and viewer.outlet_codes is None


def test_a_revoked_key_opens_nothing(world):
    token = add_key(role="INTEGRATOR", by=SYSTEM_VIEWER, at=START)
    key = ApiKey.objects.get()
    note_key_use(key_id=key.pk, at=START)
    with pytest.raises(NotAllowed):
        revoke_key(key_id=key.pk, by=world.viewer(world.lin), at=START)
    assert viewer_of_key(token) is not None
    revoke_key(key_id=key.pk, by=world.viewer(world.operator), at=START)
    assert viewer_of_key(token) is None
    key.refresh_from_db()
    assert key.last_used_date == START.date()
