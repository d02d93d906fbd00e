"""Pages of counting, finding, figures, packing and machines over HTTP: who comes in, what each says."""

import base64
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.security.conftest import database_print, photo
from tests.stations.making import PHONE, keeper, shelves, take_in
from tests.web.desk.conftest import browser
from tests.world import START, add_person
from yishi.cases.actions.open import open_case
from yishi.kit.clock import now
from yishi.kit.files import StoredFile, file_store
from yishi.kit.personal import decrypt
from yishi.network.actions import add_station
from yishi.network.models import Station
from yishi.people.models import User
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.models.parcels import ShipmentDetails
from yishi.shipments.queries.parcels import find_shipment_refs
from yishi.stations.actions import devices
from yishi.stations.models.devices import DevicePush, StationDevice
from yishi.stations.models.handouts import HandOut
from yishi.stations.models.materials import MaterialMove

pytestmark = pytest.mark.django_db
A, B = "YT6190000000001", "YT6190000000002"
PAGES = ("counts", "find", "find?q=0001", "score", "stock", "labels.pdf", "labels.pdf?what=door")
DEEDS = (
    *("counts/begin", "counts/999999/scans", "counts/999999/undo", "counts/999999/end"),
    "counts/999999/settle/999999",
    *("taken/999999", "takings/999999/ask/999999", "takings/999999/back"),
    *("stock/material", "stock/move", "stock/pack", "stock/device", "stock/device/999999/revoke"),
)
MANAGED = ("score", "stock", "labels")


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def floor(world):
    shelves()
    by = keeper()
    take_in(A, by=by, person_name="何田")
    take_in(B, by=by, phone="19900000022")
    return browser(User.objects.get(username="keeper"))


def test_pages_are_of_the_stations_own_people(world, floor):
    add_station(code="ST02", outlet_code="JN01", name="江宁驿站", by=SYSTEM_VIEWER)
    others = {
        "courier": browser(add_person("kuaidi", "送快递", Role.COURIER, "DS01")),
        "agent": browser(world.lin),
        "manager": browser(world.zhou),
    }
    before = database_print()
    for page in (*PAGES, *DEEDS):
        method = "post" if page in DEEDS else "get"
        assert getattr(Client(), method)(f"/station/ST01/{page}").status_code in {302, 401}
        assert getattr(floor, method)(f"/station/ST02/{page}").status_code == 404, page
        for who, client in others.items():
            is_open = who == "manager" and page.startswith(MANAGED)
            if is_open and method == "post":
                continue
            status = getattr(client, method)(f"/station/ST01/{page}").status_code
            assert status == (200 if is_open else 403), (who, page)
    assert {page: floor.get(f"/station/ST01/{page}").status_code for page in PAGES} == dict.fromkeys(
        PAGES, 200
    )
    for deed in DEEDS[1:8]:
        assert floor.post(f"/station/ST01/{deed}").status_code == 404, deed
    assert database_print() == before


@pytest.mark.parametrize("body", ["[]", '{"scans": 3}', '{"scans": [[]]}', '{"scans": []}', "[" * 9999])
def test_a_batch_that_says_nothing_is_refused(floor, body):
    count = floor.post("/station/ST01/counts/begin", {"shelf": "12"}).headers["Location"]
    assert floor.post(f"{count}/scans", body, "application/json").status_code == 422
    assert "12 号架" in floor.get(count).content.decode()


def test_a_count_without_a_script(floor):
    count = floor.post("/station/ST01/counts/begin").headers["Location"]
    floor.post(f"{count}/scans", {"text": A, "place": "12-1"})
    page = floor.get(count).content.decode()
    assert A in page and PHONE not in page
    floor.post(f"{count}/end", {"drop": "1"})
    assert floor.post(f"{count}/end").status_code == 409


def test_finding_shows_who_and_neighbours_and_no_phone(floor):
    page = floor.get(f"/station/ST01/find?q={A}").content.decode()
    assert "12-1" in page and "同一会儿入库" in page and "谁经手过" in page
    assert PHONE not in page and "何田" not in page


def test_figures_have_their_definitions_and_cases_in_constant_queries(floor):
    for _ in range(2):
        (ref,) = find_shipment_refs(A)
        said = {"waybill_no": A, "category": "PARCEL_NOT_FOUND", "text": "找不到", "shipment": ref}
        open_case(**said, by=None, at=now())
    week = f"/station/ST01/score?week={START:%Y-%m-%d}"
    with CaptureQueriesContext(
        connection,
    ) as few:
        floor.get(week)
    for number in range(3, 9):
        take_in(f"YT619000000000{number}", by=SYSTEM_VIEWER, phone=f"1990000003{number}")
    with CaptureQueriesContext(connection) as many:
        page = floor.get(week).content.decode()
    assert len(few) == len(many)
    assert "÷" in page and "太少，不比" in page
    assert floor.get("/station/ST01/score?week=2026-99-99").status_code == 200


def test_labels_are_pdfs_of_every_size(floor):
    for size in ("58", "60", "76", "a4", "x"):
        for what in ("parcels", "shelves", "door"):
            answer = floor.get(f"/station/ST01/labels.pdf?size={size}&what={what}")
            assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"


def test_a_machine_pushes_json(floor):
    page = floor.post("/station/ST01/stock/device", {"label": "门口"}).content.decode()
    key = page.partition("yd_")[2].partition("<")[0]
    picture = base64.b64encode(photo().read()).decode()

    def push(bearer, **said):
        headers = {"Authorization": f"Bearer {bearer}"}
        return Client().post(
            "/station-devices/handouts", json.dumps(said), "application/json", headers=headers
        )

    body = {"push_id": "1", "waybill_no": A, "photo": picture, "device_at": "2020-01-01T00:00:00+08:00"}
    assert push("yd_x", **body).status_code == 401 and push(f"yd_{key}", push_id="2").status_code == 422
    assert push(f"yd_{key}", **{**body, "photo": "%%"}).status_code == 422 and not HandOut.objects.exists()
    answer = push(f"yd_{key}", **body)
    assert answer.json()["waybill_nos"] == [A] and answer.json()["is_clock_wrong"]
    assert push(f"yd_{key}", **body).json() | {"server_at": ""} == answer.json() | {"server_at": ""}
    assert HandOut.objects.count() == 1
    floor.post(f"/station/ST01/stock/device/{StationDevice.objects.get().pk}/revoke")
    assert push(f"yd_{key}", **body).status_code == 401


def test_packing_is_kept_and_damage_counted(floor):
    page = floor.post(
        "/station/ST01/stock/material", {"code": "box", "label": "纸箱", "unit": "个", "goods": "易碎品"}
    )
    assert page.status_code == 302
    floor.post("/station/ST01/stock/move", {"code": "BOX", "change": "5", "way": "in"})
    floor.post("/station/ST01/stock/move", {"code": "BOX", "change": "1", "way": "out", "waybill_no": A})
    page = floor.get("/station/ST01/stock").content.decode()
    assert "易碎品" in page and "0/1" in page and "太少，不比" in page
    refused = floor.post("/station/ST01/stock/move", {"code": "BOX", "change": "9", "way": "out"})
    assert refused.status_code == 409 and "库存没有这么多" in refused.content.decode()


@pytest.fixture
def pushing(floor):
    page = floor.post("/station/ST01/stock/device", {"label": "门口"}).content.decode()
    headers = {"Authorization": "Bearer yd_" + page.partition("yd_")[2].partition("<")[0]}
    picture = photo().read()

    def push(body=picture, number=A, push_id="1", **said):
        said |= {"push_id": push_id, "waybill_no": number, "photo": base64.b64encode(body).decode()}
        return Client().post(
            "/station-devices/handouts", json.dumps(said), "application/json", headers=headers
        )

    return push


HOSTILE = {
    "not an image": b"<script>alert(1)</script>",
    "a PDF": b"%PDF-1.7 and no picture",
    "a film": b"\x00\x00\x00\x18ftypisom",
    "a cut picture": b"\xff\xd8\xff\xe0 and then nothing",
    "wide beyond measure": b"GIF89a\xff\xff\xff\xff\x00\x00\x00",
    "too large": b"\xff\xd8\xff" + b"0" * 6_400_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_photo_gives_nothing_and_is_not_kept(floor, pushing, body):
    answer = pushing(body)
    assert answer.status_code in (413, 415, 422) and answer["Content-Type"].startswith("application/")
    assert not (HandOut.objects.exists() or DevicePush.objects.exists() or StoredFile.objects.exists())


def test_a_polyglot_is_a_picture_and_nothing_else(floor, pushing):
    assert pushing(photo().read() + b"PK\x03\x04<script>alert(1)</script>").status_code == 200
    kept = StoredFile.objects.get(pk=HandOut.objects.get().file_id)
    shown = decrypt(file_store().get(kept.id.hex))
    assert kept.content_type == "image/jpeg" and b"script" not in shown


def test_a_large_photo_is_taken_and_words_that_no_table_holds_are_not(floor, pushing):
    assert pushing(photo().read() + b"\0" * 5_500_000).status_code == 200  # what follows is cut off
    for push_id in ("\0", "\ud800", "x" * 201, ["1"], {}):
        assert pushing(push_id=push_id).status_code == 422
    assert HandOut.objects.count() == 1


def test_a_machine_of_another_station_finds_nothing_here(floor, pushing):
    add_station(code="ST02", outlet_code="JN01", name="江宁驿站", by=SYSTEM_VIEWER)
    StationDevice.objects.update(station=Station.objects.get(code="ST02"))
    answer = pushing()
    assert answer.status_code == 404 and "not_here" in answer.json()["type"]
    assert not HandOut.objects.exists() and floor.get("/station/ST01/stock").status_code == 200


@pytest.mark.parametrize(
    ("device_at", "says"),
    [
        ("1970-01-01T08:00:00+08:00", "钟慢了"),
        ("2099-01-01T00:00:00Z", "钟快了"),
        ("0001-01-01T00:00:00+14:00", ""),
    ],
)
def test_a_wrong_clock_is_shown_and_does_no_harm(floor, pushing, device_at, says):
    assert pushing(device_at=device_at, sent_at=device_at).status_code == 200
    page = floor.get("/station/ST01/stock").content.decode()
    assert (says in page) if says else "钟快了" not in page and "钟慢了" not in page
    assert abs(now() - HandOut.objects.get().at).total_seconds() < 60


def test_what_was_cut_off_is_shown_until_it_is_pushed_again(floor, pushing, monkeypatch):
    whole = devices._hand_out

    def cut(*_args):
        raise RuntimeError("power")

    monkeypatch.setattr(devices, "_hand_out", cut)
    with pytest.raises(RuntimeError):
        pushing()
    assert f"{A} 拍了照没出完" in floor.get("/station/ST01/stock").content.decode()
    monkeypatch.setattr(devices, "_hand_out", whole)
    assert pushing().status_code == 200 and "没出完" not in floor.get("/station/ST01/stock").content.decode()


def test_a_parcel_is_packed_by_the_standard_of_its_goods(floor):
    said = {"unit": "个", "low_at": "1"}
    floor.post(
        "/station/ST01/stock/material", {**said, "code": "foam", "label": "气泡柱", "goods": "玻璃，瓷"}
    )
    floor.post("/station/ST01/stock/material", {**said, "code": "bag", "label": "快递袋", "goods": "衣服"})
    floor.post("/station/ST01/stock/move", {"code": "FOAM", "change": "2", "way": "in"})
    ShipmentDetails.objects.update_or_create(
        shipment_id=find_shipment_refs(A)[0].id, defaults={"goods": "玻璃杯 2 个", "updated_at": START}
    )
    pack = "/station/ST01/stock/pack"
    page = floor.post(pack, {"waybill_no": A.lower()}).content.decode()
    standard, _sep, others = page.partition("用了别的")
    assert "玻璃杯 2 个" in standard and 'value="FOAM"' in standard and 'value="BAG"' in others
    done = floor.post(pack, {"waybill_no": A, "code": "FOAM"})
    page = floor.get(done.headers["Location"].partition("#")[0]).content.decode()
    assert "库存减一" in page and "剩 1 个" in page and "0/1" in page
    assert floor.post(pack, {"waybill_no": A, "code": "BAG"}).status_code == 409  # none is there
    assert floor.post(pack, {"waybill_no": "YT0000000000000"}).status_code == 404
    assert floor.post(pack, {"waybill_no": "YT0000000000000", "code": "FOAM"}).status_code == 422
    assert MaterialMove.objects.filter(change__lt=0).count() == 1
