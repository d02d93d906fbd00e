"""The outlet's day over HTTP: a paste becomes a table, a bulk, cases; the lists and the report agree."""

import re
from datetime import timedelta

from django.test import Client

from tests.world import World
from yishi.cases.models.case import Case
from yishi.cases.queries.cards import CaseCard
from yishi.kit.clock import now
from yishi.shipments.models.parcels import Shipment


def parcel(waybill_no: str, outlet_id: int, milestone: str = "AT_OUTLET", hours: int = 8) -> None:
    then = now() - timedelta(hours=hours)
    Shipment.objects.create(
        waybill_no=waybill_no, carrier="yuantong", milestone=milestone, outlet_id=outlet_id,
        moved_at=then, last_event_at=then,
    )  # fmt: skip


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def test_a_paste_becomes_cases_once(world: World, case: CaseCard, lin: Client) -> None:
    parcel("771200000017403", world.dongshan_id)
    said = f"@东山 {case.waybill_no} 和 771200000017403 客户催\n771299999999999"
    page = lin.post("/desk/day/paste", {"text": said}).content.decode()
    assert "没有这个运单" in page and "有到未派" in page and page.count('name="no"') == 2
    chosen = {"key": hidden(page, "key")[0], "no": hidden(page, "no"), "do_first": "press"}
    form = lin.post("/desk/day/act", chosen).content.decode()
    again = lin.post("/desk/day/act", chosen).content.decode()
    assert hidden(form, "key") == hidden(again, "key") and hidden(form, "parcel") == ["771200000017403"]
    asked = {
        "key": hidden(form, "key")[0], "case": hidden(form, "case"), "parcel": hidden(form, "parcel"),
        "opens": "URGE", "opens_text": "群里催了", "do": ["press"],
    }  # fmt: skip
    shown = lin.post("/desk/bulk/ask", asked)
    assert "2 件可以办" in lin.get(shown.url).content.decode() and Case.objects.count() == 1
    for _press in range(2):
        lin.post(f"{shown.url}/run")
        lin.post("/desk/bulk/ask", asked)
    assert Case.objects.filter(waybill_no="771200000017403", category="URGE").count() == 1
    assert "办好了 2 件" in lin.get(shown.url).content.decode()


def test_the_report_says_what_the_lists_hold(world: World, case: CaseCard, lin: Client, he: Client) -> None:
    parcel("771200000017403", world.dongshan_id)
    parcel("771200000017404", world.dongshan_id, "OUT_FOR_DELIVERY", 12)
    page = lin.get("/desk/day?list=OUT_NOT_SIGNED").content.decode()
    assert "771200000017404" in page.replace(" ", "") and 'data-copy="【东山网点】' in page
    assert "今日收到 1，办结 0" in page and "有到未派 1，有派未签 1，有发未到 0，滞留 0" in page
    assert he.get("/desk/day?outlet=DS01").status_code == 404
    assert (
        "771200000017403"
        not in he.post("/desk/day/paste", {"text": "771200000017403"}).context["rows"][0].carrier
    )
    assert lin.post("/desk/day/paste", {"text": "没有单号"}).status_code == 422
