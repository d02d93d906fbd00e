"""The operator's pages of money: rules tried and changed, limits, penalties, the export, the books."""

import pytest

from tests.claims.making import proposed
from tests.web.desk.conftest import browser
from yishi.claims.models.ledger import Entry
from yishi.claims.models.penalty import ReceivedPenalty
from yishi.claims.models.policy import ApprovalLimit, CompensationRule

pytestmark = pytest.mark.django_db
RULE = {
    "part": "GOODS", "pays": "GOODS", "loss_type": "DAMAGED", "cover": "UNINSURED", "percent": "100",
    "cap": "100", "unproven": "50", "carrier": "yuantong", "valid_from": "2026-01-01",
    "basis": "圆通协议第 3 条",
    "reason": "新签的协议",
}  # fmt: skip
FINE = {
    "origin": "HQ",
    "amount": "50",
    "day": "2026-11-20",
    "fee_code": "100201",
    "outlet": "DS01",
    "waybill_no": "",
}


def said(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def test_a_rule_is_tried_on_past_claims_before_it_counts(world):
    proposed(world)
    quality, before = browser(world.quality), CompensationRule.objects.count()
    page = said(quality.post("/manage/claim-rules", {**RULE, "do": "try"}))
    assert "388.00" in page and "<b>100.00</b>" in page and CompensationRule.objects.count() == before
    assert quality.post("/manage/claim-rules", {**RULE, "do": "add"}).status_code == 302
    added = CompensationRule.objects.latest("pk")
    assert "圆通协议第 3 条" in said(quality.get(f"/manage/claim-rules?change={added.pk}"))
    replaced = {**RULE, "cap": "120", "replaces": str(added.pk), "do": "add"}
    assert quality.post("/manage/claim-rules", replaced).status_code == 302
    added.refresh_from_db()
    newest = CompensationRule.objects.latest("pk")
    assert added.ended_at and (newest.replaces_id, newest.cap_fen) == (added.pk, 12_000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": "1001"}, {"cap": "-1"}, {"basis": ""}, {"reason": ""}, {"valid_from": "gestern"},
        {"valid_until": "2025-01-01"}, {"loss_type": "GONE"}, {"pays": "FIXED"}, {"part": "<b>"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_kept_typed(world, wrong):
    before = CompensationRule.objects.count()
    page = said(browser(world.quality).post("/manage/claim-rules", {**RULE, **wrong, "do": "add"}), 422)
    assert CompensationRule.objects.count() == before and "什么都没改" in page


def test_a_law_for_mail_is_no_ground_for_express(world):
    quality = browser(world.quality)
    assert "postal-46-49" not in said(quality.get("/manage/claim-rules"))
    said(quality.post("/manage/claim-rules", {**RULE, "citation": "postal-46-49", "do": "add"}), 422)


def test_limits_are_data_but_not_ones_own(world):
    quality, limit = browser(world.quality), {"role": "AGENT", "up_to": "80", "own": "30"}
    assert quality.post("/manage/claim-rules/limit", limit).status_code == 302
    assert ApprovalLimit.objects.get(role="AGENT", ended_at__isnull=True).up_to_fen == 8_000
    said(quality.post("/manage/claim-rules/limit", {**limit, "role": "QUALITY"}), 403)
    assert browser(world.lin).get("/manage/claim-rules").status_code == 403


def test_a_penalty_from_the_form_to_the_books_and_the_export(world):
    zhou = browser(world.zhou)
    assert zhou.post("/manage/penalties", {**FINE, "external_no": "=1+1"}).status_code == 302
    row = ReceivedPenalty.objects.get()
    assert "工单自动考核" in said(zhou.get("/manage/penalties"))
    said(zhou.post("/manage/penalties", {**FINE, "external_no": "=1+1"}), 409)
    said(zhou.post("/manage/penalties", {**FINE, "amount": "5o"}), 422)
    exported = b"".join(zhou.get("/manage/penalties/export").streaming_content).decode()
    assert "'=1+1" in exported and ",=1+1" not in exported and "50.00" in exported
    for what, form in (("appeal", {"reason": "打过电话"}), ("result", {"result": "REDUCED", "left": "20"})):
        assert zhou.post(f"/manage/penalties/{row.pk}/{what}", form).status_code == 302
    page = said(zhou.get("/manage/penalties?view=done"))
    assert "减免" in page and "省下 ¥30.00" in page
    books = said(browser(world.owner).get("/manage/ledger"))
    assert "借贷相平" in books and "20.00" in books and Entry.objects.count() == 2
    assert zhou.get("/manage/ledger").status_code == 403


def test_another_outlets_penalty_cannot_be_touched(world):
    zhou = browser(world.zhou)
    zhou.post("/manage/penalties", FINE)
    row = ReceivedPenalty.objects.get()
    other = browser(world.he)
    assert other.post(f"/manage/penalties/{row.pk}/void", {}).status_code == 403
