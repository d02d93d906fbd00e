"""What the pages of the desk cost: a number of statements that does not grow with what hangs on a case."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.claims.making import BROKEN
from tests.security.conftest import photo
from tests.web.consumer.conftest import WAYBILL_NO, take_road
from tests.web.desk.conftest import browser
from tests.world import World, add_person
from yishi.automation.actions.macros import save_macro
from yishi.cases.actions.assign import assign
from yishi.cases.actions.evidence import add_evidence
from yishi.cases.actions.open import open_case
from yishi.cases.actions.reply import add_note, add_reply, consumer_reply
from yishi.cases.actions.tasks import give_task, remind_me
from yishi.cases.queries.cards import CaseCard, get_case
from yishi.claims.actions.propose import change_proposal, propose_claim
from yishi.claims.queries.proposals import claim_of_case
from yishi.kit.clock import now
from yishi.kit.files import Upload, store_upload
from yishi.network.actions import add_outlet
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER, Role, Viewer
from yishi.shipments.queries.parcels import find_shipment_refs

CEILING = 46
HOUR = timedelta(hours=1)


def statements(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return [str(one["sql"]) for one in asked.captured_queries]


def open_one(world: World, viewer: Viewer) -> CaseCard:
    """A case about the parcel on the road, in the hands of this person."""
    (ref,) = find_shipment_refs(WAYBILL_NO)
    opened = open_case(
        waybill_no=WAYBILL_NO, category="DAMAGED", text="杯子碎了",
        contact_id=world.contact_id, shipment=ref, by=None, at=now(),
    )  # fmt: skip
    give = {"case_id": opened.case_id, "outlet_id": world.dongshan_id, "assignee_id": viewer.user_id}
    assign(**give, reason="签收扫描在这里", by=SYSTEM_VIEWER, at=now())
    return get_case(opened.case_id)


def burden(world: World, case: CaseCard, lin: Viewer, times: int) -> None:
    """History, proof of both sides, a task and a reminder, so many times."""
    one, by = {"case_id": case.id, "at": now()}, {"by": lin}
    for number in range(times):
        consumer_reply(**one, text=f"第 {number} 次", files=[_photo()])
        add_reply(**one, **by, text="在查")
        add_note(**one, **by, text="先打电话")
        add_evidence(**one, **by, files=[_photo()])
        give_task(**one, **by, title="调监控", outlet_id=world.jiangning_id, due_at=now() + HOUR)
        remind_me(**one, **by, text="再问", due_at=now() + HOUR)


def _photo() -> object:
    upload = Upload(name="a.jpg", content_type="image/jpeg", stream=photo())
    return store_upload(upload=upload, retention_class="EVIDENCE", at=now()).id


@pytest.fixture
def ordinary(world: World, settings: LazySettings, tmp_path: Path) -> CaseCard:
    """A damaged parcel with its road, a claim, photos of both sides, tasks, a macro, and one case before."""
    settings.MEDIA_ROOT = tmp_path
    take_road(WAYBILL_NO)
    lin = world.viewer(world.lin)
    open_one(world, lin)
    case = open_one(world, lin)
    propose_claim(case_id=case.id, said=BROKEN, by=lin, at=now())
    steps = [{"do": "tag", "tag": "急"}]
    save_macro(name="贴签", steps=steps, scope="PERSONAL", by=lin, at=now())
    burden(world, case, lin, 2)
    return case


@pytest.fixture(params=["lin", "zhou", "quality", "owner"])
def reader(request: pytest.FixtureRequest, world: World) -> Iterator[User]:
    yield getattr(world, request.param)


def test_the_case_page_is_made_of_few_statements(world: World, ordinary: CaseCard, reader: User) -> None:
    client, address = browser(reader), f"/desk/cases/{ordinary.case_no}"
    client.get(address)  # what is kept in memory is read once
    asked = statements(client, address)
    # two rooms may ask for the name of the same person
    twice = [sql for sql, times in Counter(asked).items() if times > 1 and "people_user" not in sql]
    assert len(asked) <= CEILING and twice == [], "\n".join(sql[:150] for sql in asked)


def test_the_case_page_costs_the_same_however_long_its_history(world: World, ordinary: CaseCard) -> None:
    client, address = browser(world.lin), f"/desk/cases/{ordinary.case_no}"
    client.get(address)
    few, lin = statements(client, address), world.viewer(world.lin)
    burden(world, ordinary, lin, 5)
    claim = get_claim(ordinary)
    for fen in (1_000, 2_000, 3_000):
        change_proposal(claim_id=claim, amount_fen=fen, said=BROKEN, reason="商量过", by=lin, at=now())
    many = statements(client, address)
    assert len(many) == len(few), "\n".join(sql[:150] for sql in many)


def get_claim(case: CaseCard) -> int:
    claim = claim_of_case(case.id, viewer=SYSTEM_VIEWER)
    assert claim is not None
    return claim.id


@pytest.mark.parametrize("page", ["case", "worklist"])
def test_head_office_pays_no_more_for_more_outlets(world: World, ordinary: CaseCard, page: str) -> None:
    client = browser(world.quality)
    address = f"/desk/cases/{ordinary.case_no}" if page == "case" else "/desk/?view=all"
    client.get(address)
    few = statements(client, address)
    for number in range(5):
        code = f"LH{number}"
        add_outlet(code=code, name=f"六合 {number}", region_code="NJ", by=SYSTEM_VIEWER, at=now())
        add_person(f"lh{number}", f"六合客服 {number}", Role.AGENT, code)
        burden(world, open_one(world, world.viewer(world.lin)), world.viewer(world.zhou), 1)
    many = statements(client, address)
    assert len(many) == len(few), "\n".join(sql[:150] for sql in many)
    assert page == "worklist" or "六合客服 4" in client.get(address).content.decode()
