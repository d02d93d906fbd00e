"""Which notice is promised to whom when something happens to a case."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.notifications.conftest import a_case
from tests.world import START
from yishi.cases.actions.reply import add_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status
from yishi.cases.facts import CaseOpened
from yishi.kit.errors import Invalid
from yishi.notifications.actions.cases import tell_staff, withdraw_deliveries
from yishi.notifications.actions.codes import send_code
from yishi.notifications.actions.queue import queue_delivery
from yishi.notifications.models import Delivery
from yishi.notifications.queries.letters import Letter

LATER = START + timedelta(hours=1)


def notices(**only):
    return list(Delivery.objects.filter(**only).order_by("id"))


def test_opening_is_acknowledged_with_the_private_link(world, settings):
    case = a_case()
    (ack,) = notices(kind="ACK")
    assert (ack.channel, ack.to, ack.state) == ("SMS", "19900000001", "QUEUED")
    assert "总部客服" in ack.body and "YT0001" in ack.body
    assert f"{settings.ENVIRONMENT.web_origin}/c/{case.token}" in ack.body


def test_a_mail_is_preferred_and_written_in_the_persons_language(world):
    a_case(email="wang@example.cn", language="en")
    (ack,) = notices(kind="ACK")
    assert (ack.channel, ack.to) == ("EMAIL", "wang@example.cn")
    assert ack.heading.startswith("We have opened a case")


@pytest.mark.parametrize("more", [{"phone": ""}, {"is_internal": True}])
def test_nobody_to_tell(world, more):
    a_case(**more)
    assert notices() == []


def test_a_reply_reaches_the_person(world):
    case = a_case()
    add_reply(case_id=case.case_id, text="今天下午 {case_no} 送到", by=world.viewer(world.quality), at=LATER)
    (step,) = notices(kind="PUBLIC_STEP")
    assert "今天下午 {case_no} 送到" in step.body


@pytest.mark.parametrize(("status", "count"), [("WAITING_CUSTOMER", 1), ("IN_PROGRESS", 0)])
def test_only_waiting_is_told(world, status, count):
    case = a_case()
    by = world.viewer(world.quality)
    change_status(case_id=case.case_id, status=status, reason="等照片", by=by, at=LATER)
    assert len(notices(kind="PUBLIC_STEP")) == count


def test_waiting_for_the_person_asks_him(world):
    case = a_case()
    by = world.viewer(world.quality)
    change_status(case_id=case.case_id, status="WAITING_CUSTOMER", reason="您住几楼？", by=by, at=LATER)
    (step,) = notices(kind="PUBLIC_STEP")
    assert "想请您回一句：您住几楼？" in step.body


def test_settling_is_told_and_a_rating_asked_for_the_next_day(world):
    case = a_case()
    finding = Finding(validity="VALID", reason="属实")
    by = world.viewer(world.quality)
    resolve_case(case_id=case.case_id, remedy="重派", text="已送到", finding=finding, by=by, at=LATER)
    (settled,) = notices(kind="SETTLED")
    (request,) = notices(kind="RATING_REQUEST")
    assert settled.due_at == LATER
    assert request.due_at >= LATER + timedelta(hours=20)
    assert withdraw_deliveries(kind="RATING_REQUEST", case_id=case.case_id) == 1
    request.refresh_from_db()
    assert (request.state, request.due_at) == ("WITHDRAWN", None)


def test_nothing_is_promised_when_the_transaction_fails(world):
    class Broken(Exception):
        pass

    with pytest.raises(Broken), transaction.atomic():
        a_case()
        raise Broken
    assert notices() == []


@pytest.mark.parametrize(("level", "told"), [(0, ["lin"]), (1, ["zhou"]), (2, ["laoban", "zhikong"])])
def test_staff_are_told_by_level(world, level, told):
    case = a_case()
    by = world.viewer(world.quality)
    from yishi.cases.actions.assign import assign

    assign(
        case_id=case.case_id,
        outlet_id=world.dongshan_id,
        assignee_id=world.lin.pk,
        reason="x",
        by=by,
        at=LATER,
    )
    values = {"kind": "STAFF_BREACH", "clock_kind": "RESOLUTION", "due_at": LATER, "share": 100}
    count = tell_staff(case_id=case.case_id, level=level, at=LATER, **values)
    mails = notices(kind="STAFF_BREACH")
    assert count == len(mails)
    assert sorted(mail.to.partition("@")[0] for mail in mails) == told
    assert f"/desk/cases/{case.case_no}" in mails[0].body


def test_a_code_stands_only_in_the_sealed_delivery(world):
    code_id, expires_at = send_code(phone="+86 199 0000 0001", at=START)
    (delivery,) = notices(kind="CODE")
    assert delivery.subject_id == str(code_id)
    assert delivery.to == "19900000001"
    assert expires_at > START


def test_no_code_for_what_is_no_phone(world):
    with pytest.raises(Invalid):
        send_code(phone="abc", at=START)
    assert notices() == []


@pytest.mark.parametrize(
    ("to", "heading"), [("a@example.cn\nBcc: b@example.cn", "x"), ("a@example.cn", "x\r\nBcc: b@example.cn")]
)
def test_no_header_can_be_added(world, to, heading):
    values = {"kind": "ACK", "subject_kind": "CASE", "subject_id": 1, "channel": "EMAIL", "language": "en"}
    with pytest.raises(ValueError, match="cannot be sent"):
        queue_delivery(to=to, letter=Letter(heading, "x"), at=START, **values)
    assert notices() == []


def test_opening_costs_two_statements(world, django_assert_max_num_queries):
    """Hot: one read, one insert; both prepared by the driver and thus not counted by Django."""
    from yishi.notifications.reactions import on_case_opened

    case = a_case()
    fact = CaseOpened(
        case_id=case.case_id,
        case_no=case.case_no,
        category="DELAY",
        case_class="C",
        source="SELF",
        waybill_no="YT0001",
        language="zh-hans",
        at=START,
    )
    with django_assert_max_num_queries(0):
        on_case_opened(fact)
