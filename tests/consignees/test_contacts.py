"""Contacts: kept once, never taken over by a stranger, masked, and every look written down."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection

from tests.world import CONSUMER_PHONE, START
from yishi.consignees.actions.contacts import keep_contact, keep_contacts
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import replace_preferences
from yishi.consignees.models import Contact, DeliveryPreference
from yishi.consignees.queries import (
    MaskedContact,
    find_contact_ids,
    list_preferences,
    masked_contact,
    preferences_of_contact,
    reach_contact,
    reveal_contact,
    see_contact,
)
from yishi.consignees.rules import ContactRow
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.models import Reveal
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db
PHONE = "19900000002"


def keep(**values):
    return keep_contact(**values, at=START)


def test_the_same_phone_is_the_same_contact():
    first = keep(phone=PHONE, name="王女士")
    assert keep(phone="+86 199-0000-0002") == keep(phone="１９９００００００02") == first
    assert Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_one_contact():
    def one(_number):
        with closing(connection):
            return keep(phone=PHONE, name="王女士")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(one, range(40)))) == 1


def test_nobody_can_be_reached_by_a_name():
    assert keep(name="王女士") is None
    assert not Contact.objects.exists()


def test_a_stranger_renames_nobody_and_attaches_no_address():
    (known,) = keep_contacts([ContactRow(phone=PHONE, name="王女士", email="wang@example.cn")], START)
    assert keep(phone=PHONE, name="路人") == known
    assert keep(phone=PHONE, name="路人", email="other@example.cn") != known
    assert reach_contact(known).name == "王女士"
    assert reach_contact(known).email == "wang@example.cn"
    assert find_contact_ids(PHONE)[0] == known


def test_master_data_is_trusted():
    stranger = keep(phone=PHONE, name="路人")
    assert keep_contacts([ContactRow(phone=PHONE, name="王女士")], START) == [stranger]
    assert keep_contacts([ContactRow(phone=PHONE, email="WANG@example.cn")], START) == [stranger]
    assert (reach_contact(stranger).name, reach_contact(stranger).email) == ("王女士", "wang@example.cn")


def test_many_contacts_in_the_order_they_came():
    rows = [
        ContactRow(phone="19900000003", name="李"),
        ContactRow(name="无法联系"),
        ContactRow(phone_tail="0004", name="赵"),
        ContactRow(virtual_number="19900000005", virtual_extension="12", virtual_until=START, name="孙"),
        ContactRow(phone="19900000003"),
    ]
    ids = keep_contacts(rows, START)
    assert ids[0] == ids[4] and ids[1] is None and len({*ids}) == 4
    assert keep_contacts(rows, START) == ids
    assert reach_contact(ids[3]).virtual_extension == "12"
    assert reach_contact(ids[3]).virtual_until == START


@pytest.mark.parametrize("count", [10, 1000])
def test_the_number_of_statements_does_not_grow(count, django_assert_num_queries):
    rows = [ContactRow(phone=f"199{number:08}", name="王") for number in range(count)]
    with django_assert_num_queries(2):
        keep_contacts(rows, START)
    with django_assert_num_queries(1):
        keep_contacts(rows, START)


def test_no_rows_no_harm():
    assert keep_contacts([], START) == []


def test_what_is_personal_lies_sealed():
    keep(phone=PHONE, name="王女士")
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM consignees_contact c")
        stored = cursor.fetchone()[0]
    for plain in (PHONE, "王"):
        assert plain not in stored and plain.encode().hex() not in stored


def test_masked_by_default():
    contact_id = keep(phone=PHONE, name="王女士", email="wang@example.cn")
    assert masked_contact(contact_id) == MaskedContact("王*", "199****0002", "w***@example.cn")
    assert masked_contact(None) == MaskedContact()
    with pytest.raises(NotFound):
        masked_contact(0)


def test_a_look_with_a_reason_is_written_down(world):
    viewer = world.viewer(world.lin)
    assert reveal_contact(viewer, world.contact_id, "phone", "回电核实", START) == CONSUMER_PHONE
    look = Reveal.objects.get()
    assert (look.viewer, look.subject) == (f"user:{world.lin.pk}", f"contact:{world.contact_id}")
    assert (look.field, look.reason, look.is_silent, look.at) == ("phone", "回电核实", False, START)


def test_a_look_without_reason_or_right_is_refused(world):
    with pytest.raises(Invalid):
        reveal_contact(world.viewer(world.lin), world.contact_id, "phone", "  ", START)
    with pytest.raises(NotAllowed):
        reveal_contact(world.viewer(world.operator), world.contact_id, "phone", "好奇", START)
    assert not Reveal.objects.exists()


def test_sight_that_the_task_needs_is_logged_silently(world):
    viewer = world.viewer(world.lin)
    assert reveal_contact(viewer, world.contact_id, "name", None, START) == "王女士"
    assert (
        see_contact(viewer=viewer, contact_id=world.contact_id, task="case:1", at=START).phone
        == CONSUMER_PHONE
    )
    assert [look.is_silent for look in Reveal.objects.all()] == [True, True]


def wishes(*kinds):
    return [Wish(kind=kind, source="CONSUMER") for kind in kinds]


def test_wishes_are_replaced_as_a_whole(world):
    for kinds in (["NO_LOCKER", "DOOR"], ["CALL_FIRST"]):
        replace_preferences(phone=PHONE, wishes=wishes(*kinds), by=SYSTEM_VIEWER, at=START)
        found = list_preferences(viewer=SYSTEM_VIEWER, phone=PHONE, at=START)
        assert [wish.kind for wish in found] == kinds


def test_wishes_of_a_parcels_consignee_show_no_address(world):
    wish = Wish(kind="NEIGHBOUR", source="CONSUMER", address="东山街道 1 幢 101 室")
    contact_id = replace_preferences(phone=CONSUMER_PHONE, wishes=[wish], by=SYSTEM_VIEWER, at=START)
    assert [found.address for found in preferences_of_contact(contact_id, at=START)] == ["东山街道 ***"]
    assert preferences_of_contact(keep(phone=PHONE), at=START) == []


def test_a_wish_ends(world):
    wish = Wish(kind="DOOR", source="CONSUMER", valid_until=START)
    replace_preferences(phone=PHONE, wishes=[wish], by=SYSTEM_VIEWER, at=START)
    assert len(list_preferences(viewer=SYSTEM_VIEWER, phone=PHONE, at=START)) == 1
    later = START.replace(hour=3)
    assert list_preferences(viewer=SYSTEM_VIEWER, phone=PHONE, at=later) == []
    assert list_preferences(viewer=SYSTEM_VIEWER, phone="", at=START) == []


def test_faulty_wishes_change_nothing(world):
    replace_preferences(phone=PHONE, wishes=wishes("DOOR"), by=SYSTEM_VIEWER, at=START)
    with pytest.raises(Invalid) as refusal:
        replace_preferences(phone=PHONE, wishes=wishes("DOOR", "FLY"), by=SYSTEM_VIEWER, at=START)
    assert refusal.value.errors[0][0] == "/items/1/kind"
    with pytest.raises(Invalid):
        replace_preferences(phone="12", wishes=[], by=SYSTEM_VIEWER, at=START)
    with pytest.raises(NotAllowed):
        replace_preferences(phone=PHONE, wishes=[], by=world.viewer(world.operator), at=START)
    assert DeliveryPreference.objects.get().kind == "DOOR"
