"""The paste box over HTTP: a piece of group chat becomes a table, touches do what they say once, and the text
to copy back tells the group nothing that is a person's."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.desk.test_day import hidden, parcel
from tests.world import CONSUMER_PHONE, World
from yishi.cases.models.case import Case
from yishi.cases.models.talks import CaseConversation
from yishi.consignees.queries import preferences_of_contact
from yishi.conversations.models.calls import Call
from yishi.conversations.models.talk import Conversation
from yishi.kit.clock import now
from yishi.shipments.models.parcels import Shipment, ShipmentDetails

MINE, OTHER, FOREIGN = "771200000017403", "771200000017404", "771200000017499"
SAID = f"""张三 11:20
@东山网点 {MINE} 催一下，客户电话19900000009
李四 11:21
[图片]
{OTHER} 不要放柜
王五: {FOREIGN} 拦截
赵六: 我的件没收到"""


@pytest.fixture
def parcels(world: World) -> World:
    parcel(MINE, world.dongshan_id)
    parcel(OTHER, world.dongshan_id)
    parcel(FOREIGN, world.jiangning_id)
    return world


def post(client: Client, text: str = SAID, **more: object) -> str:
    return client.post("/desk/paste", {"text": text, **more}).content.decode()


def test_a_paste_is_a_table_and_does_nothing(parcels: World, lin: Client) -> None:
    page = post(lin)
    assert "有把握的一起办（2）" in page and "没写单号" in page and "1 件不归你" in page
    assert f'value="urge {MINE}"' in page and f'value="wish {OTHER} NO_LOCKER"' in page
    assert f'value="intercept {FOREIGN}"' not in page and Case.objects.count() == 0


def test_a_touch_is_done_once(parcels: World, lin: Client) -> None:
    key = hidden(post(lin), "key")[0]
    for _press in range(2):
        page = post(lin, key=key, touch=f"urge {MINE}")
    (case,) = Case.objects.all()
    assert (case.category, case.source, case.is_internal) == ("URGE", "GROUP_CHAT", True)
    assert f"{MINE}：到网点了，东山网点；已催办" in page
    back = re.search(r'data-copy="([^"]*)"', page)
    assert back and "19900000009" not in back[1] and f"{FOREIGN}：没有这个单号" in back[1]
    assert "@赵六 请把单号发一下" in back[1]


def test_what_is_not_ours_is_not_touched(parcels: World, lin: Client) -> None:
    page = post(lin, touch=f"intercept {FOREIGN}")
    assert "没有这个运单" in page and Case.objects.count() == 0
    post(lin, touch=f"open {MINE} NOTHING")
    assert Case.objects.count() == 0


def test_all_sure_ones_after_a_preview(parcels: World, lin: Client) -> None:
    consignee(parcels)
    page = post(lin, touch="preview")
    plan = hidden(page, "plan")
    assert plan == [f"urge {MINE}", f"wish {OTHER} NO_LOCKER"] and Case.objects.count() == 0
    page = post(lin, key=hidden(page, "key")[0], touch="all", plan=plan)
    assert "办好了 2 项" in page and "收货要求已记下" in page
    (wish,) = preferences_of_contact(parcels.contact_id, at=now())
    assert wish.kind == "NO_LOCKER" and wish.valid_until < now() + timedelta(days=15)


def consignee(world: World) -> None:
    one = Shipment.objects.get(waybill_no=OTHER)
    ShipmentDetails.objects.create(shipment=one, consignee_id=world.contact_id, updated_at=now())


def test_a_refusal_stands_in_its_row_and_in_the_text(parcels: World, lin: Client) -> None:
    page = post(lin, touch=f"wish {OTHER} NO_LOCKER")
    assert "记下：不放快递柜没办成：运单上没有收件人电话" in page
    again = post(lin, touch=f"urge {MINE}", why=hidden(page, "why"))
    assert "记下：不放快递柜没办成" in again and "已催办" in again


def test_a_claim_is_one_touch_in_the_case_of_what_went_wrong(parcels: World, lin: Client) -> None:
    said = f"张三: {MINE} 箱子压坏了，客户要理赔"
    for _paste in range(2):
        page = post(lin, said, touch=f"claim {MINE}")
        (case,) = Case.objects.all()
        assert (case.category, case.is_internal) == ("DAMAGED", False)
        assert "理赔已登记" in page and f"{case.case_no}#claims" in page
    refused = post(lin, f"张三: {FOREIGN} 要理赔", touch=f"claim {FOREIGN}")
    assert "没有这个运单" in refused and Case.objects.count() == 1


def test_bad_input_gets_a_word_and_stays(parcels: World, lin: Client) -> None:
    for text, word in (("", "先粘贴"), ("早上好", "没有认出单号"), ("催" * 20_001, "太长了")):
        answer = lin.post("/desk/paste", {"text": text})
        assert answer.status_code == 422 and word in answer.content.decode()
        assert text in answer.content.decode()


def test_statements_do_not_grow_with_the_rows(world: World, lin: Client) -> None:
    def count(rows: int) -> int:
        text = "\n".join(f"张三: {771200000020000 + n} 催一下" for n in range(rows))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            post(lin, text)
        return len(asked)

    for n in range(40):
        parcel(str(771200000020000 + n), world.dongshan_id)
    post(lin)
    assert count(2) == count(40)


NOTE = {"channel": "WALK_IN", "phone": CONSUMER_PHONE, "text": "显示签收了，我没收到", "is_over": "1"}


def test_a_walk_in_is_noted_with_a_case(parcels: World, lin: Client) -> None:
    answer = lin.post("/desk/talk-note", {**NOTE, "waybill_no": MINE, "do": "case"})
    assert answer.status_code == 302
    link = CaseConversation.objects.get()
    made = Case.objects.get(pk=link.case_id)
    assert (made.category, made.source) == ("SIGNED_NOT_RECEIVED", "WALK_IN")
    assert Conversation.objects.get().state == "ENDED"


def test_a_note_alone_and_a_refused_one(world: World, lin: Client) -> None:
    assert lin.post("/desk/talk-note", {**NOTE, "do": "note"}).status_code == 302
    assert Conversation.objects.get().channel == "WALK_IN" and not Case.objects.exists()
    answer = lin.post("/desk/talk-note", {**NOTE, "phone": "", "do": "case"})
    assert answer.status_code == 422 and NOTE["text"] in answer.content.decode()
    assert Conversation.objects.count() == 1
    assert lin.post("/desk/talk-note", {**NOTE, "channel": "PHONE", "do": "note"}).status_code == 302
    assert Call.objects.get().caller == CONSUMER_PHONE
    what = lin.post("/desk/talk-note/category", {"text": "杯子碎了"}).content.decode()
    assert 'value="DAMAGED" selected' in what
