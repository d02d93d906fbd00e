"""Pickup codes are asked for when a parcel has come to wait; the source is a real server on loopback."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from tests.shipments.tracking import AT, event, take
from yishi.feeds.actions.asking import ask_again
from yishi.feeds.actions.sources import add_source
from yishi.kit.models import FactRow
from yishi.kit.outbox import run_due
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.jobs import sweep_code_questions
from yishi.shipments.models.codes import CodeQuestion
from yishi.shipments.models.parcels import Shipment
from yishi.shipments.queries.pickup import pickup_codes_of

pytestmark = pytest.mark.django_db
NUMBER, PHONE = "YT12345678", "19900000001"
TOLD = {
    "code": 200,
    "message": "",
    "data": {"kuaidicom": "yuantong", "kuaidinum": NUMBER, "pickUpCode": "8-3-1106"},
}


class Source(ThreadingHTTPServer):
    """Answers every question with `body` and `status`; `asked` are the forms it was asked with."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.body, self.status, self.asked = json.dumps(TOLD).encode(), 200, []


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        pass


@pytest.fixture
def source():
    server = Source()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/code"
    settings = {"key": "k", "secret": "s", "pickup_url": url}
    add_source(code="k100", plugin="kuaidi100", settings=settings, by=SYSTEM_VIEWER, at=AT)
    yield server
    server.shutdown()
    server.server_close()


def comes_to_wait():
    take({"waybill_no": NUMBER, "carrier": "yuantong", "consignee": {"phone": PHONE}}, expects="shipments")
    take(event(carrier="yuantong", kind="stored_at_pickup_point"))
    run_due(at=AT)


def shown():
    return [each.code for each in pickup_codes_of(Shipment.objects.get().pk, PHONE)]


def test_a_waiting_parcel_is_asked_for_once_and_its_code_is_kept(source):
    comes_to_wait()
    assert sweep_code_questions(at=AT) == 1
    assert shown() == ["8-3-1106"]
    (form,) = source.asked
    assert json.loads(form["param"][0])["receiverPhone"] == PHONE
    take(event(carrier="yuantong", kind="stored_at_pickup_point", minutes=9))
    run_due(at=AT)
    assert sweep_code_questions(at=AT + timedelta(days=1)) == 0


def test_where_nothing_is_set_up_nothing_is_asked():
    add_source(code="k100", plugin="kuaidi100", settings={"key": "k"}, by=SYSTEM_VIEWER, at=AT)
    comes_to_wait()
    assert (CodeQuestion.objects.count(), sweep_code_questions(at=AT)) == (0, 0)


@pytest.mark.parametrize("kind", ["out_for_delivery", "delivered"])
def test_a_parcel_that_does_not_wait_is_not_asked_for(source, kind):
    take({"waybill_no": NUMBER, "carrier": "yuantong", "consignee": {"phone": PHONE}}, expects="shipments")
    take(event(carrier="yuantong", kind=kind))
    run_due(at=AT)
    assert CodeQuestion.objects.count() == 0


def test_a_parcel_whose_phone_nobody_knows_is_not_asked_for(source):
    take(event(carrier="yuantong", kind="stored_at_pickup_point"))
    run_due(at=AT)
    assert CodeQuestion.objects.count() == 0


def test_no_code_yet_is_asked_again_three_times(source):
    source.body = json.dumps({**TOLD, "data": {**TOLD["data"], "pickUpCode": ""}}).encode()
    comes_to_wait()
    for at in (AT, AT + timedelta(hours=1), AT + timedelta(hours=3), AT + timedelta(hours=10)):
        assert sweep_code_questions(at=at) == 1
        assert sweep_code_questions(at=at) == 0
    assert sweep_code_questions(at=AT + timedelta(days=9)) == 0
    assert shown() == [] and len(source.asked) == 4


def test_a_parcel_that_the_source_refuses_is_not_asked_for_again(source):
    source.body = b'{"code": 701, "message": "no such service"}'
    comes_to_wait()
    assert sweep_code_questions(at=AT) == 1
    row = CodeQuestion.objects.get()
    assert row.due_at is None and "701" in row.error


def test_a_source_that_refuses_our_account_rests_until_it_is_mended(source):
    source.body = b'{"code": 601, "message": "key s expired"}'
    comes_to_wait()
    assert sweep_code_questions(at=AT) == 1
    assert sweep_code_questions(at=AT + timedelta(days=1)) == 0
    assert FactRow.objects.filter(fact="feeds.AskingStopped").count() == 1
    source.body = json.dumps(TOLD).encode()
    ask_again(code="k100", by=SYSTEM_VIEWER, at=AT)
    assert sweep_code_questions(at=AT + timedelta(days=1)) == 1
    assert shown() == ["8-3-1106"]


def test_a_source_that_is_away_is_asked_later(source):
    source.status = 503
    comes_to_wait()
    sweep_code_questions(at=AT)
    assert CodeQuestion.objects.get().due_at == AT + timedelta(minutes=10)


def test_what_was_fetched_meanwhile_is_not_asked_for(source):
    comes_to_wait()
    take(event(carrier="yuantong", kind="delivered", minutes=30))
    assert sweep_code_questions(at=AT) == 0
    assert (CodeQuestion.objects.get().due_at, source.asked) == (None, [])
