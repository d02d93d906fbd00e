"""A parcel taken for one carrier's turns out to be another's: everything that stood with it follows."""

import json
from datetime import timedelta

import pytest
from django.apps import apps

from tests.api.conftest import COMPLAINT
from tests.shipments.tracking import AT, event, take
from tests.stories.conftest import photo
from tests.world import START
from yishi.cases.models.case import Case
from yishi.cases.models.history import Evidence
from yishi.cases.models.interceptions import Interception
from yishi.consignees.actions.contacts import keep_contact
from yishi.conversations.actions.begin import Person, begin_conversation
from yishi.conversations.rules import Channel
from yishi.detection.models.events import MassEvent, MassParcel
from yishi.detection.models.incidents import Incident
from yishi.detection.models.inspections import Inspection, Sign
from yishi.detection.models.risk import Complaint, Risk
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.models import FileEffect, FileImport, Source, Subscription
from yishi.network.models import Station
from yishi.notifications.models import AheadNote, AheadParcel, Delivery
from yishi.shipments.actions.correct import correct_carrier
from yishi.shipments.actions.take_in import take_in
from yishi.shipments.models.ahead import DoorChoice
from yishi.shipments.models.bookings import Booking
from yishi.shipments.models.codes import CodeQuestion, PickupCode
from yishi.shipments.models.parcels import ContactAttempt, Shipment, ShipmentDetails, TrackingEvent
from yishi.shipments.models.promises import PromiseWatch, TraceBreak, TraceDuty
from yishi.shipments.models.remaps import Remap, RemapParcel
from yishi.shipments.models.rounds import DeliveryProof
from yishi.shipments.models.stops import ParcelStop, ScanCheck
from yishi.shipments.queries.public import get_public_shipment
from yishi.stations.models.materials import Material, MaterialMove, MaterialStock
from yishi.stations.models.parcels import StationParcel

pytestmark = pytest.mark.django_db
NUMBER = "YT6190000000077"
CONSIGNEE = {"name": "何田", "phone": "19900000031"}
# a table that comes to point at parcels is added here and to shipments.actions.joined (or its own room)
POINTERS = {
    "cases.Case", "cases.Interception", "conversations.Conversation", "detection.Complaint",
    "detection.Incident", "detection.Inspection", "detection.MassParcel", "detection.Risk",
    "detection.Sign", "feeds.FileEffect", "notifications.AheadParcel", "shipments.Booking",
    "shipments.CodeQuestion", "shipments.ContactAttempt", "shipments.DeliveryProof", "shipments.DoorChoice",
    "shipments.ParcelStop", "shipments.PickupCode", "shipments.PromiseWatch",
    "shipments.RemapParcel", "shipments.ScanCheck", "shipments.Shipment", "shipments.ShipmentDetails",
    "shipments.TraceDuty", "shipments.TrackingEvent", "stations.MaterialMove", "stations.StationParcel",
}  # fmt: skip


def pointers():
    """Every field of every table that names a parcel by its id."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Shipment or field.attname == "shipment_id":
                yield model, field.attname


def _stay(pk):
    said = {"keep_until": START, "booked_in_at": START, "booked_in_by": "user:1"}
    StationParcel.objects.create(station=Station.objects.get(), shipment_id=pk, **said)


def plant(shipment):
    """One row of everything beside the parcel."""
    source = Source.objects.get(code="test")
    pk = shipment.pk
    ContactAttempt.objects.create(shipment_id=pk, kind="CALL", at=START, recorded_at=START)
    DeliveryProof.objects.create(shipment_id=pk, receiver="SELF", recorded_by="user:1", at=START)
    PickupCode.objects.create(
        shipment_id=pk, source_id=source.pk, code_hash=b"c" * 16, code="3-2-1", happened_at=START
    )
    DoorChoice.objects.create(shipment_id=pk, kind="DOOR", via="link", chosen_at=START)
    PromiseWatch.objects.create(shipment_id=pk, deadline_at=START, due_at=START, told_at=START, notices=1)
    duty = TraceDuty.objects.create(shipment_id=pk, due_at=START + timedelta(days=1), is_silent=True)
    TraceBreak.objects.create(duty=duty, since=START)
    plant_trouble(pk)
    CodeQuestion.objects.create(shipment_id=pk, due_at=START)
    Booking.objects.create(
        shipment_id=pk, sender="{}", receiver="{}", source="HAND", booked_at=START, booked_by="user:1"
    )
    packing = Material.objects.create(code="BOX", label="纸箱")
    stock = MaterialStock.objects.create(station=Station.objects.get(), material=packing)
    MaterialMove.objects.create(stock=stock, change=-1, shipment_id=pk, at=START, moved_by="user:1")
    _stay(pk)
    stop = ParcelStop.objects.create(shipment_id=pk, reason="INTERCEPTED", since=START, stopped_by="user:1")
    ScanCheck.objects.create(shipment_id=pk, kind="SIGN", stop=stop, asked_by="user:1", at=START)
    Interception.objects.create(
        case=Case.objects.get(), shipment_id=pk, stop=stop, asked="HOLD", holder="OUTLET", asked_at=START
    )
    remap = Remap.objects.create(source_id=source.pk, source_code="X", asked_at=START, total=1)
    RemapParcel.objects.create(remap=remap, shipment_id=pk)
    file = FileImport.objects.create(source=source, name="a.csv", size=1, body_hash=b"h", uploaded_at=START)
    FileEffect.objects.create(of=file, kind="EVENT", mark=b"m" * 16, shipment_id=pk)
    begin_conversation(person=Person(channel=Channel.WEB), waybill_no=NUMBER, at=START)
    Subscription.objects.create(
        source=source, waybill_no=NUMBER, carrier="yuantong", created_at=START, until_at=START
    )
    told_ahead(pk)


def told_ahead(pk):
    Delivery.objects.create(
        kind="ETA_SLIP",
        subject_kind="PARCEL",
        subject_id=str(pk),
        channel="SMS",
        to_hash=b"t",
        created_at=START,
    )
    note = AheadNote.objects.create(
        contact_id=keep_contact(phone=CONSIGNEE["phone"], at=START), person=b"p", day=START.date(),
        token_hash=b"a", expires_at=START,
    )  # fmt: skip
    AheadParcel.objects.create(note=note, shipment_id=pk, day=START.date())


def plant_trouble(pk):
    """What detection keeps of a parcel."""
    Incident.objects.create(
        shipment_id=pk, kind="STALLED", party="CARRIER", certainty="KNOWN", reason="no_scan", severity=3,
        since=START, opened_at=START,
    )  # fmt: skip
    storm = Incident.objects.create(
        kind="STALLED", party="CARRIER", certainty="KNOWN", reason="storm", severity=1, since=START,
        opened_at=START,
    )  # fmt: skip
    event = MassEvent.objects.create(
        incident=storm, outlet_ids=[], hubs=[], cities=[], text="暴雪封路", until=START, declared_by="user:1"
    )
    MassParcel.objects.create(event=event, shipment_id=pk)
    Inspection.objects.create(shipment_id=pk, due_at=START)
    Risk.objects.create(shipment_id=pk, level="LOW", reckoned_at=START)
    Complaint.objects.create(shipment_id=pk, case_no="C-1", at=START)
    Sign.objects.create(
        shipment_id=pk, carrier="yuantong", courier_number="1", signed_at=START, is_night=False,
        was_contacted=True,
    )  # fmt: skip


@pytest.fixture
def wrong(world, client):
    """A parcel of 圆通 with a complaint, its evidence and all that a parcel can have."""
    take({"waybill_no": NUMBER, "carrier": "yuantong", "consignee": CONSIGNEE}, expects="shipments")
    take(event(NUMBER, carrier="yuantong", minutes=9, text="到达南京"))
    case = json.dumps(COMPLAINT | {"waybill_no": NUMBER})
    answer = client.post("/api/v1/public/cases", {"case": case, "attachments": photo()})
    assert answer.status_code == 201
    shipment = Shipment.objects.get(waybill_no=NUMBER)
    plant(shipment)
    return shipment


def test_the_list_of_what_points_at_parcels_is_whole():
    assert {model._meta.label for model, _ in pointers()} == POINTERS


def correct():
    return correct_carrier(waybill_no=NUMBER, old="yuantong", new="zhongtong", at=START)


def test_everything_follows_into_the_parcel_that_is_there(wrong):
    take(event(NUMBER, carrier="zhongtong"))
    right = Shipment.objects.get(carrier="zhongtong")
    before = {model: model.objects.filter(**{name: wrong.pk}).count() for model, name in pointers()}
    assert correct() == right.pk
    left = [model for model, name in pointers() if model.objects.filter(**{name: wrong.pk}).exists()]
    assert left == []
    for model, name in pointers():
        if model is not Shipment and model is not TrackingEvent:
            assert model.objects.filter(**{name: right.pk}).count() == before[model] == 1, model
    assert TrackingEvent.objects.filter(shipment=right).count() == 2
    assert ShipmentDetails.objects.get().consignee.name == "何田"
    assert Case.objects.get().carrier == "zhongtong"
    assert Subscription.objects.get().carrier == "zhongtong"
    assert set(Delivery.objects.filter(kind="ETA_SLIP").values_list("subject_id", flat=True)) == {
        str(right.pk)
    }
    assert len(get_public_shipment(NUMBER).events) == 2


def test_a_parcel_given_its_right_key_keeps_everything(wrong):
    assert correct() == wrong.pk
    for model, name in pointers():
        if model is not Shipment:
            assert model.objects.filter(**{name: wrong.pk}).count() == 1, model
    assert Case.objects.get().carrier == "zhongtong"
    assert Subscription.objects.get().carrier == "zhongtong"
    assert TraceDuty.objects.get().due_at == START


def test_where_both_have_it_the_right_ones_stays(wrong):
    take({"waybill_no": NUMBER, "carrier": "zhongtong", "product": "标快"}, expects="shipments")
    right = Shipment.objects.get(carrier="zhongtong")
    PromiseWatch.objects.create(shipment=right, deadline_at=START, due_at=START + timedelta(days=2))
    TraceDuty.objects.create(shipment=right, due_at=START + timedelta(days=2))
    source = Source.objects.get(code="test")
    Subscription.objects.create(
        source=source, waybill_no=NUMBER, carrier="zhongtong", created_at=START, until_at=START
    )
    correct()
    watch, details = PromiseWatch.objects.get(), ShipmentDetails.objects.get()
    assert (watch.pk, watch.notices, watch.told_at) == (right.pk, 1, START)
    assert (details.pk, details.product, details.consignee.name) == (right.pk, "标快", "何田")
    assert TraceDuty.objects.get().due_at == START
    assert Subscription.objects.get().carrier == "zhongtong"


def test_the_complaints_photos_stay_with_its_case(wrong, client):
    case = Case.objects.get()
    take(event(NUMBER, carrier="zhongtong"))
    correct()
    case.refresh_from_db()
    assert case.shipment.carrier == "zhongtong"
    assert list(Evidence.objects.values_list("case_id", flat=True)) == [case.pk]


def test_the_source_finds_the_carrier_out_and_everything_follows(wrong):
    push = {
        "status": "polling", "autoCheck": "1", "comOld": "yuantong", "comNew": "zhongtong",
        "lastResult": {"nu": NUMBER, "com": "zhongtong", "state": "0", "data": [
            {"ftime": "2026-09-20 10:00:00", "context": "快件到达苏州", "statusCode": "1002"},
        ]},
    }  # fmt: skip
    source = ensure_source(code="k100", plugin="kuaidi100", at=START)
    body = json.dumps(push, ensure_ascii=False).encode()
    counts = take_in(source=source, body=body, content_type="application/json", at=AT)
    assert (counts.accepted, counts.quarantined) == (1, "")
    parcel = Shipment.objects.get(waybill_no=NUMBER, merged_into=None)
    assert parcel.carrier == Case.objects.get().carrier == Subscription.objects.get().carrier == "zhongtong"
    assert TrackingEvent.objects.filter(shipment=parcel).count() == 2
    assert Evidence.objects.get().case.shipment == parcel
