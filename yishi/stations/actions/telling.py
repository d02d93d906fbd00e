"""What a station does becomes tracking like any other scan, by the one path of `shipments`."""

from datetime import datetime

from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.port import Parsed, ParsedEvent, ParsedPickupCode
from yishi.kit.hot import KeptQuery
from yishi.shipments.actions.take_in import take_parsed
from yishi.shipments.models.parcels import UNKNOWN_CARRIER, Shipment
from yishi.stations.queries.stations import StationCard

SOURCE = "stations"


_BY_NUMBER = KeptQuery(
    lambda: (
        Shipment.objects.select_for_update(of=("self",))
        .select_related("details")
        .filter(waybill_no="a-number", merged_into__isnull=True)
        .order_by("pk")
    ),
    "a-number",
)


def find_parcel(waybill_no: str, carrier: str = "") -> Shipment | None:
    """The parcel of that number, locked, with its details; the one with the newest scan where several are."""
    rows = [one for one in _BY_NUMBER.rows(waybill_no) if not carrier or one.carrier in (carrier, "unknown")]
    found = sorted(rows, key=lambda s: (s.last_event_at is not None, s.last_event_at))
    return found[-1] if found else None


def booked_in_event(
    card: StationCard, waybill_no: str, carrier: str, *, at: datetime, code: str, phone: str
) -> Parsed:
    """It has come to the pickup point, with its code for whoever proves the phone."""
    parsed = Parsed(
        events=[_event(card, waybill_no, carrier, "stored_at_pickup_point", "已到%s，请凭取件码取件", at)]
    )
    if phone:
        parsed.pickup_codes.append(
            ParsedPickupCode(
                waybill_no=waybill_no,
                carrier=carrier,
                code=code,
                happened_at=at,
                place=card.name,
                address=card.address,
                place_phone=card.phone,
                phone=phone,
            )
        )
    return parsed


def seen_event(card: StationCard, waybill_no: str, carrier: str, *, at: datetime) -> ParsedEvent:
    """A count found it on a shelf, though nobody had told of it."""
    return _event(card, waybill_no, carrier, "arrived_at_outlet", "%s盘点时扫到", at)


def damaged_event(card: StationCard, waybill_no: str, carrier: str, *, at: datetime) -> ParsedEvent:
    """It was broken when it came: the carrier, and whoever follows the parcel, learn it as of any scan."""
    return _event(card, waybill_no, carrier, "damaged", "%s入库验货，外包装破损", at)


def handed_out_event(card: StationCard, waybill_no: str, carrier: str, *, at: datetime) -> ParsedEvent:
    """Its person has it."""
    return _event(card, waybill_no, carrier, "delivered", "已在%s取件", at)


def handed_back_event(card: StationCard, waybill_no: str, carrier: str, *, at: datetime) -> ParsedEvent:
    """Nobody fetched it, or nobody wanted it."""
    return _event(card, waybill_no, carrier, "returning", "无人领取，%s已交回快递公司", at)


def undone_event(card: StationCard, waybill_no: str, carrier: str, *, at: datetime) -> ParsedEvent:
    """It was booked in by mistake: its courier has it again."""
    return _event(card, waybill_no, carrier, "retrieved_by_courier", "%s撤销入库", at)


def _event(
    card: StationCard, waybill_no: str, carrier: str, kind: str, text: str, at: datetime
) -> ParsedEvent:
    return ParsedEvent(
        waybill_no=waybill_no,
        kind=kind,
        happened_at=at,
        carrier=carrier,
        detail="pickup_point" if kind == "delivered" else "",
        outlet=card.outlet_code,
        text=text % card.name,
    )


def tell_network(parsed: Parsed, *, at: datetime) -> None:
    """Takes it in as tracking; a parcel nobody knew is made."""
    source = ensure_source(code=SOURCE, plugin="generic", label="驿站", at=at)
    take_parsed(source=source, parsed=parsed, at=at)


def tell_of_one(parsed: Parsed, known: Shipment | None, *, at: datetime) -> int:
    """The same for one parcel, which the caller holds where it is `known`; its id, which is another than
    before where its carrier was told now."""
    tell_network(parsed, at=at)
    if known is not None and known.carrier != UNKNOWN_CARRIER:
        return known.pk
    first = parsed.events[0]
    found = find_parcel(first.waybill_no, first.carrier)
    assert found is not None, "a scan has its parcel"
    return found.pk
