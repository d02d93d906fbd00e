"""Dongshan's things, one of each kind that an address can name: what strangers must not reach by guessing."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tests.cases.making import WAYBILL, opened, parcel
from tests.claims.making import BROKEN
from tests.world import World, add_person
from yishi.automation.actions.automations import save_rule
from yishi.automation.actions.bulk import ask_bulk
from yishi.automation.actions.macros import save_macro
from yishi.cases.actions.exports import ask_export
from yishi.cases.actions.interceptions import conclude, intercept
from yishi.cases.actions.reconcile import compare_all
from yishi.cases.actions.reply import add_note
from yishi.cases.actions.searches import PlaceWanted, open_search
from yishi.cases.actions.tasks import give_task, remind_me
from yishi.cases.actions.views import save_view
from yishi.cases.actions.work_order_rows import hand_in
from yishi.cases.actions.work_order_sources import add_order_source
from yishi.cases.jobs import sweep_work_orders
from yishi.cases.models.case import Case
from yishi.cases.models.searches import PlaceLookedAt
from yishi.cases.models.work_orders import WorkOrder, WorkOrderDifference
from yishi.cases.queries.work_order_sources import get_order_source
from yishi.claims.actions.arbitrate import file_arbitration
from yishi.claims.actions.packs import ask_pack
from yishi.claims.actions.penalties import NewPenalty, note_penalty
from yishi.claims.actions.propose import propose_claim
from yishi.claims.actions.recover import ask_recovery
from yishi.claims.models.claim import Claim, ClaimState
from yishi.conversations.actions.accounts import add_account
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.actions.call_backs import ask_call_back
from yishi.conversations.actions.hand import hand_over
from yishi.conversations.actions.members import bind_member, make_member_code
from yishi.conversations.actions.receive import receive
from yishi.conversations.actions.say import say
from yishi.conversations.models.calls import Call, Recording
from yishi.conversations.models.pieces import Member
from yishi.conversations.rules import Channel
from yishi.detection.actions.settings import add_setting
from yishi.detection.rules.kinds import Kind
from yishi.detection.rules.settings import Terms
from yishi.feeds.models import FilePerson
from yishi.kit.clock import now
from yishi.kit.models import StoredFile
from yishi.knowledge.actions.articles import Text, save_article
from yishi.knowledge.actions.questions import note_question
from yishi.knowledge.actions.replies import save_reply
from yishi.network.actions import add_duty_shift, add_outlet
from yishi.network.models import DutyShift, Outlet
from yishi.notifications.actions.webhooks import add_webhook
from yishi.people.actions import add_key
from yishi.people.models import ApiKey
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.routing.actions.handovers import offer
from yishi.shipments.actions.contacts import record_contact
from yishi.shipments.models.bookings import Booking, BookingFile, BookingSlip
from yishi.shipments.models.parcels import ShipmentDetails
from yishi.sla.actions.policies import add_policy
from yishi.sla.rules.policies import Policy

ROWS = "工单号,运单号,工单类型,工单内容,工单状态\nW1,YT9900000000017,虚假签收,没收到,待处理\n"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Estate:
    """Numbers by the name that addresses give them; `person` are one person's own, `outlet` Dongshan's."""

    case_no: str
    order_no: str
    token: str
    numbers: dict[str, str]


def build(world: World, file_id: str) -> Estate:
    """All of it, done by the outlet's own people. `file_id` is proof of another case of Dongshan."""
    at, lin = now(), world.viewer(world.lin)
    third_id = add_outlet(code="LH01", name="六合网点", region_code="NJ", by=SYSTEM_VIEWER, at=at)
    ref = parcel(outlet_id=world.dongshan_id)
    ShipmentDetails.objects.create(shipment_id=ref.id, updated_at=at)
    case = opened(world, at=at, ref=ref, category="DAMAGED", text="杯子碎了")
    record_contact(
        waybill_no=ref.waybill_no, carrier=ref.carrier, kind="PHOTO", made_at=at, outcome="", courier="",
        reference=f"file:{file_id}", by=SYSTEM_VIEWER, at=at,
    )  # fmt: skip
    one = {"case_id": case.case_id, "by": lin, "at": at}
    order = _work_order(world)
    numbers = _of_case(world, one, third_id) | _of_person(world, one, case.case_no) | _of_place(world)
    numbers |= _of_talk(world, file_id)
    numbers |= {"file_id": file_id, "difference_id": str(WorkOrderDifference.objects.get().pk)}
    return Estate(case.case_no, order.case.case_no, case.token, {k: str(v) for k, v in numbers.items()})


def _of_case(world: World, one: dict, third_id: int) -> dict:
    """What hangs on one case."""
    outlet = {"outlet_id": world.dongshan_id}
    claim = propose_claim(**one, said=BROKEN)
    arbitration = file_arbitration(**one, against="云锦小店", asked_fen=100, reason="没有破损")
    asked = {"debtor": "CARRIER", "who": "圆通", "amount_fen": 100, "reason": "中转压坏"}
    Claim.objects.update(state=ClaimState.ACCEPTED)
    recovery = ask_recovery(claim_id=claim, **asked, by=one["by"], at=one["at"])
    pack = ask_pack(**one, is_for_outside=True)
    place = PlaceWanted(place="OUTLET_FLOOR", **outlet)
    open_search(**one, places=[place], within=HOUR)
    intercept(**one, asked="RETURN")
    conclude(**one, state="STOPPED", text="在拦截区")
    return {
        "claim": claim,
        "arbitration": arbitration,
        "recovery": recovery,
        "pack_id": pack,
        "place": PlaceLookedAt.objects.get().pk,
        "handover_id": offer(**one, outlet_id=third_id, reason="他们扫的"),
        "task_id": give_task(**one, title="去看看", **outlet, due_at=one["at"] + HOUR),
        "entry_id": add_note(**one, text="先打电话"),
        "waybill_no": WAYBILL,
    }


def _of_talk(world: World, file_id: str) -> dict:
    """A conversation with all that hangs on it."""
    at, lin = now(), world.viewer(world.lin)
    talk = begin_conversation(
        person=Person(channel=Channel.WEB), at=at, outlet=Outlet.objects.get(pk=world.dongshan_id)
    ).id
    receive(conversation_id=talk, text="杯子碎了", at=at)
    hand_over(conversation_id=talk, reason="ASKED", at=at)
    one = {"conversation_id": talk, "at": at}
    call = Call.objects.create(
        outlet_id=world.dongshan_id, caller_hash=b"c" * 16, state=Call.State.ENDED, rang_at=at
    )
    heard = {"reference": "r1", "reference_hash": b"r" * 16, "named_at": at}
    say(**one, text="见附件", files=[StoredFile.objects.get(pk=file_id)], by=lin)
    return {
        "conversation_id": talk,
        "held_id": say(**one, text="明天回你", send_at=at + HOUR, by=lin),
        "talk_file_id": file_id,
        "recording_id": Recording.objects.create(call=call, file_id=file_id, **heard).pk,
        "call_back_id": ask_call_back(**one, phone="19900000009", wished_at=at, due_at=at + HOUR),
    }


def _of_person(world: World, one: dict, case_no: str) -> dict:
    """What is one person's own, even among colleagues."""
    lin, at = one["by"], one["at"]
    who = {"by": lin, "at": at}
    asked = {"filters": {"view": "outlet"}, "reason": "月度复盘", "format": "csv", "is_plain": False}
    export = ask_export(**asked, **who)
    key = ask_bulk(key=uuid.uuid4(), case_nos=[case_no], steps=[{"do": "tag", "tag": "大客户"}], **who)
    return {
        "reminder_id": remind_me(**one, due_at=at + HOUR, text="回电"),
        "bulk": key,
        **_bookings(world, lin.label, at),
        "export_id": export,
        "view_id": save_view(name="我的", filters={"view": "outlet"}, **who),
        "reply_id": save_reply(title="在找", body="在找了", scope="PERSONAL", **who),
        "macro_id": save_macro(name="贴签", steps=[{"do": "tag", "tag": "急"}], scope="PERSONAL", **who),
        "run_id": hand_in(
            source=get_order_source(code="sto"), way="PASTE", body=ROWS.replace("W1", "W2").encode(), **who
        ),
    }


def _bookings(world: World, label: str, at: datetime) -> dict:
    """A slip that 林客服 photographed, a booking and a file of bookings of Dongshan."""
    file = StoredFile.objects.first()
    assert file is not None
    here = {"outlet_id": world.dongshan_id}
    taken = {"sender": "{}", "receiver": "{}", "source": "HAND", "booked_at": at, "booked_by": label}
    sent = {"uploaded_at": at, "uploaded_by": label}
    said_hash = b"h" * 32
    return {
        "slip_id": BookingSlip.objects.create(file_id=file.pk, state="BLANK", **here, **sent).pk,
        "booking_id": Booking.objects.create(**here, **taken).pk,
        "list_id": BookingFile.objects.create(name="寄件.csv", said_hash=said_hash, **here, **sent).pk,
    }


def _of_place(world: World) -> dict:
    """What is the outlet's, and what the operator set up for it."""
    at, system = now(), {"by": SYSTEM_VIEWER}
    keeper = world.viewer(add_person("yunwei2", "网点运维", Role.OPERATOR, "DS01"))
    fine = NewPenalty(origin="HQ", amount_fen=5_000, happened_at=at, external_no="KH1", outlet_code="DS01")
    add_key(role=Role.AGENT, outlet_code="DS01", name="前台", at=at, **system)
    shift = {"starts": time(9), "ends": time(18), "weekdays": [1]}
    add_duty_shift(outlet_code="DS01", user_id=world.lin.pk, **shift, **system)
    policy = Policy(kind="FIRST_RESPONSE", within=HOUR, outlet_id=world.dongshan_id, escalate_within=HOUR)
    text = Text(slug="pets", language="zh-hans", title="宠物", body="不能寄。")
    step = [{"do": "tag", "tag": "急"}]
    terms = Terms(kind=Kind.STALLED, numbers={"after_hours": 36}, valid_from=at.date())
    rule = {"name": "破损", "trigger": "case_opened", "conditions": [], "steps": step}
    webhook_id, _secret = add_webhook(
        url="https://hooks.example.cn/y", events=["case.opened"], by=keeper, at=at
    )
    return {
        "member_id": _member(world),
        "penalty_id": note_penalty(penalty=fine, at=at, **system),
        "key_id": ApiKey.objects.get(name="前台").pk,
        "shift_id": DutyShift.objects.get().pk,
        "article_id": save_article(text=text, by=world.viewer(world.quality), at=at),
        "question_id": note_question(text="能寄鱼吗", language="zh-hans", source="SEARCH", at=at),
        "policy_id": add_policy(policy=policy, at=at, **system),
        "rule_id": save_rule(**rule, at=at, **system),
        "setting_id": add_setting(terms=terms, reason="试一试", at=at, **system),
        "webhook_id": webhook_id,
        "user_id": world.lin.pk,
        "keeper_id": add_person("zhangui", "掌柜", Role.STATION_KEEPER, "DS01").pk,
        "courier": world.courier_id,
        "person_id": FilePerson.objects.create(
            carrier="yuantong", key_hash=b"k" * 16, said="刘", outlet_code="DS01", first_seen_at=at
        ).pk,
        "outlet_id": world.dongshan_id,
        "outlet": "DS01",
        "station": "ST01",
    }


def _member(world: World) -> int:
    """林客服 as a group's robot knows her."""
    settings = {"webhook_key": "k"}
    account_id, _key = add_account(code="qun", plugin="wecom", settings=settings, by=SYSTEM_VIEWER, at=now())
    code = make_member_code(by=world.viewer(world.lin), at=now())
    bind_member(account_id=account_id, external_id="user-1", code=code, at=now())
    return Member.objects.get().pk


def _work_order(world: World) -> WorkOrder:
    """A case of Dongshan that came from head office, closed there and open here."""
    at = now()
    add_order_source(code="sto", plugin="file", filed_as="HQ", label="总部", by=SYSTEM_VIEWER, at=at)
    said = {
        "source": get_order_source(code="sto"),
        "way": "FILE",
        "body": ROWS.encode(),
        "is_confirmed": True,
    }
    hand_in(**said, is_whole=True, by=SYSTEM_VIEWER, at=at)
    assert sweep_work_orders(at=at)
    order = WorkOrder.objects.get()
    Case.objects.filter(pk=order.case_id).update(outlet_id=world.dongshan_id)
    WorkOrder.objects.update(is_open_there=False, state_word="已完结")
    compare_all(at=at)
    return order
