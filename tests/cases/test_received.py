"""Complaints that platforms hand on: kept once, opened once, nothing that was said is lost."""

import json
from datetime import timedelta

import pytest

from tests.world import START
from yishi.cases.actions import received
from yishi.cases.actions.received import open_received
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience
from yishi.cases.queries.history import list_timeline
from yishi.consignees.queries import reach_contact
from yishi.feeds.actions.complaints import NothingToOpen, hand_on_again
from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import Complaint
from yishi.feeds.port import Parsed, ParsedComplaint
from yishi.feeds.queries.sources import get_source
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.models import FactRow
from yishi.kit.outbox import run_due
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.actions.take_in import take_parsed

pytestmark = pytest.mark.django_db

SAID = ParsedComplaint(
    external_no="tok-1",
    category="DAMAGED",
    text="箱子压扁了",
    waybill_no="YT9900000000025",
    phone="19900000025",
    name="林晓",
)


@pytest.fixture
def source(world):
    add_source(code="wechat", plugin="wechat", settings={}, by=SYSTEM_VIEWER, at=START)
    return get_source("wechat")


def hand_on(source, *complaints):
    return take_parsed(source=source, parsed=Parsed(complaints=list(complaints)), at=START)


def changed(**values):
    return ParsedComplaint(**{**{f: getattr(SAID, f) for f in SAID.__struct_fields__}, **values})


def notes(case):
    lines = [line for line in list_timeline(case.pk) if line.kind == "NOTE"]
    assert all(line.audience == Audience.INTERNAL for line in lines)
    return "\n".join(line.text for line in lines)


def only_case(source, **values):
    hand_on(source, changed(**values))
    run_due(at=START)
    return Case.objects.get()


def test_a_complaint_becomes_a_case(source):
    case = only_case(source, due_at=START + timedelta(hours=6))
    assert (case.source, case.external_no, case.category) == ("WECHAT", "tok-1", "DAMAGED")
    assert (case.waybill_no, case.entry_point, case.is_verified) == ("YT9900000000025", "wechat", False)
    assert (case.opened_at, case.external_due_at) == (START, START + timedelta(hours=6))
    assert reach_contact(case.contact_id).phone == "19900000025"
    assert case.entries.get(kind="OPENED").text == "箱子压扁了"
    assert notes(case) == ""
    assert Complaint.objects.values_list("state", "case_no").get() == ("OPENED", case.case_no)


def test_the_same_number_again_changes_nothing(source):
    assert hand_on(source, SAID).accepted == 1
    while run_due(at=START):
        pass
    again = hand_on(source, changed(text="别的话"))
    assert (again.accepted, again.duplicate) == (0, 1)
    assert run_due(at=START) == 0
    assert Case.objects.get().entries.get(kind="OPENED").text == "箱子压扁了"


def test_the_same_number_twice_in_one_body(source):
    counts = hand_on(source, SAID, changed(text="后一句"), changed(external_no="tok-2"))
    assert (counts.accepted, counts.duplicate, counts.rejected) == (2, 1, ())
    assert FactRow.objects.filter(fact="feeds.ComplaintsReceived").count() == 2


def test_running_twice_opens_once(source):
    case = only_case(source)
    complaint = Complaint.objects.get()
    open_received(complaint_id=complaint.pk, at=START)
    Complaint.objects.update(state="WAITING", case_no="")
    open_received(complaint_id=complaint.pk, at=START)
    assert Case.objects.get() == case
    assert Complaint.objects.get().case_no == case.case_no


def test_a_category_that_nobody_knows_is_other_and_told(source):
    case = only_case(source, category="1099")
    assert case.category == "OTHER" and "1099" in notes(case)


def test_what_only_a_finding_may_say_is_other(source):
    assert only_case(source, category="FALSE_SIGN_OFF").category == "OTHER"


def test_without_a_text_the_category_still_counts(source):
    case = only_case(source, text=" ")
    assert (case.category, case.entries.get(kind="OPENED").text) == ("DAMAGED", "微信转来的诉求，没有写内容")


def test_without_a_phone_nobody_is_barred(source):
    case = only_case(source, phone="无", waybill_no="")
    assert (case.contact_id, case.waybill_no) == (None, "")
    assert "没有给能联系上的电话" in notes(case) and "林晓" not in notes(case)


def test_pictures_are_noted_not_fetched(source):
    urls = ("https://pictures.example.cn/a.jpg", "https://pictures.example.cn/b.jpg")
    case = only_case(source, pictures=urls)
    assert all(url in notes(case) for url in urls)
    assert case.evidence.count() == 0


def test_an_endless_text_is_cut_and_its_rest_noted(source):
    case = only_case(source, text="长" * 20_000 + "尾巴")
    assert len(case.entries.get(kind="OPENED").text) == 20_000
    assert notes(case).endswith("尾巴")


def test_without_a_number_it_is_known_by_what_it_says(source):
    hand_on(source, changed(external_no=""))
    assert hand_on(source, changed(external_no="")).duplicate == 1
    assert hand_on(source, changed(external_no="", text="另一件事")).accepted == 1


def test_signs_that_no_table_holds_bar_nobody(source):
    case = only_case(
        source, text="\x00\x01", waybill_no="YT99\x0000000025", name="\ud83d林晓", category="\x07"
    )
    assert (case.waybill_no, case.category) == ("YT9900000025", "OTHER")
    assert reach_contact(case.contact_id).name == "林晓"


def test_what_no_case_can_hold_is_refused_and_told(source, monkeypatch):
    def refuse(**_values):
        raise Invalid([("/text", "too_long", "最多 20,000 字")])

    monkeypatch.setattr(received, "open_complaint", refuse)
    hand_on(source, SAID)
    run_due(at=START)
    told = ("REFUSED", "", "invalid /text too_long")
    assert Complaint.objects.values_list("state", "case_no", "reason").get() == told
    assert Case.objects.count() == 0
    monkeypatch.undo()
    hand_on_again(complaint_id=Complaint.objects.get().pk, by=SYSTEM_VIEWER, at=START)
    run_due(at=START)
    assert Complaint.objects.get().case_no == Case.objects.get().case_no


def test_what_is_open_is_not_handed_on_again(source, world):
    case = only_case(source)
    complaint_id = Complaint.objects.get().pk
    with pytest.raises(NothingToOpen):
        hand_on_again(complaint_id=complaint_id, by=SYSTEM_VIEWER, at=START)
    with pytest.raises(NotAllowed):
        hand_on_again(complaint_id=complaint_id, by=world.viewer(world.lin), at=START)
    with pytest.raises(NotFound):
        hand_on_again(complaint_id=0, by=SYSTEM_VIEWER, at=START)
    assert Complaint.objects.values_list("state", "case_no").get() == ("OPENED", case.case_no)


def test_bodies_are_sealed(source):
    hand_on(source, SAID)
    assert json.loads(Complaint.objects.get().body)["phone"] == "19900000025"
    raw = Complaint.objects.extra(select={"sealed": "body::text"}).values_list("sealed", flat=True).get()
    assert "19900000025" not in raw


def test_unknown_complaints_are_not_found(source):
    with pytest.raises(NotFound):
        open_received(complaint_id=0, at=START)
