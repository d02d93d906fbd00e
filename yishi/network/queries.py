"""Reads of the network: outlets by any of their codes, who serves an address, who is on duty."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Q

from yishi.kit.errors import NotFound
from yishi.kit.hot import hot_cursor
from yishi.kit.ids import private_token, token_hash
from yishi.kit.personal import keyed_hash, normalise_phone
from yishi.network.models import Carrier, Courier, DutyShift, Merchant, Outlet, Region, ServiceArea, Station
from yishi.network.rules import Area, Shift, person_on_duty, plain_place, serving_outlet
from yishi.people.models import User
from yishi.people.queries import within_scope
from yishi.people.rules import Viewer


@dataclass(frozen=True)
class OutletCard:
    """What others need to know of an outlet."""

    id: int
    code: str
    name: str
    phone: str
    city: str = ""
    address: str = ""
    is_full_mode: bool = False


@dataclass(frozen=True)
class CarrierCard:
    code: str
    name: str
    hotline: str


@dataclass(frozen=True)
class CourierCard:
    """A courier as his outlet knows him; name and phone in full, so pages mask them."""

    id: int
    outlet_id: int
    user_id: int | None
    name: str
    phone: str


def _card(outlet: Outlet) -> OutletCard:
    return OutletCard(
        outlet.pk,
        outlet.code,
        outlet.name,
        outlet.phone,
        outlet.city,
        outlet.address,
        outlet.is_full_mode,
    )


def find_outlet(code: str) -> OutletCard | None:
    """The outlet of our own code, closed ones too."""
    outlet = Outlet.objects.filter(code=code).first()
    return _card(outlet) if outlet else None


def get_outlet(code: str) -> OutletCard:
    """The outlet of our own code. Raises NotFound."""
    outlet = find_outlet(code)
    if outlet is None:
        raise NotFound()
    return outlet


def find_outlet_card(outlet_id: int) -> OutletCard | None:
    """The outlet of that id."""
    outlet = Outlet.objects.filter(pk=outlet_id).first()
    return _card(outlet) if outlet else None


def outlet_card(outlet_id: int) -> OutletCard:
    """The outlet of that id. Raises NotFound."""
    outlet = find_outlet_card(outlet_id)
    if outlet is None:
        raise NotFound()
    return outlet


def list_outlets(viewer: Viewer) -> list[OutletCard]:
    """The working outlets in this viewer's sight, by code."""
    return [
        _card(o) for o in Outlet.objects.filter(within_scope(viewer, "code"), is_active=True).order_by("code")
    ]


_BY_CODES = """
    SELECT asked.carrier, asked.code, COALESCE(named.outlet_id, own.id)
    FROM unnest(%s::text[], %s::text[]) AS asked (carrier, code)
    LEFT JOIN network_carrier c ON c.code = asked.carrier
    LEFT JOIN network_outlet_code named ON named.carrier_id = c.id AND named.code = asked.code
    LEFT JOIN network_outlet own ON own.code = asked.code
    WHERE COALESCE(named.outlet_id, own.id) IS NOT NULL
"""


def outlet_ids_by_codes(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Ids of outlets by (carrier, code), in one statement; unknown pairs are left out.

    The carrier's own code counts first, then our code, which feeds of our own API use.
    """
    asked = sorted({pair for pair in pairs if pair[1]})
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BY_CODES, [[carrier for carrier, _code in asked], [code for _carrier, code in asked]])
        return {(carrier, code): outlet_id for carrier, code, outlet_id in cursor.fetchall()}


def find_outlet_id_by_code(carrier_code: str, code: str) -> int | None:
    """The outlet that this carrier calls so, or that we do."""
    return outlet_ids_by_codes([(carrier_code, code)]).get((carrier_code, code))


def find_outlet_for_address(*, city: str, district: str, address: str) -> int | None:
    """The outlet whose service area holds this address; None when none does or the address says nothing."""
    found = Q(outlet__is_active=True)
    if city.strip():
        found &= Q(city__startswith=plain_place(city))  # 南京 and 南京市; the rule decides exactly
    rows = ServiceArea.objects.filter(found).values_list(
        "outlet_id", "city", "district", "keyword", "priority"
    )
    return serving_outlet((Area(*row) for row in rows), city=city, district=district, address=address)


@dataclass(frozen=True)
class StationHours:
    """When a station is open, every day the same."""

    name: str
    opens: time
    closes: time


def station_hours(outlet_id: int) -> list[StationHours]:
    """The stations of an outlet whose hours are on record."""
    rows = Station.objects.filter(outlet_id=outlet_id, opens__isnull=False, closes__isnull=False)
    return [
        StationHours(row.name, row.opens, row.closes)
        for row in rows.order_by("code")
        if row.opens is not None and row.closes is not None
    ]


def who_is_on_duty(outlet_id: int, at: datetime) -> int | None:
    """The active person who answers for the outlet at this moment, by the installation's zone."""
    rows = DutyShift.objects.filter(outlet_id=outlet_id, user__is_active=True)
    shifts = [Shift(s.user_id, s.starts, s.ends, s.weekday, s.date, s.is_fallback) for s in rows]
    return person_on_duty(shifts, local=at.astimezone(ZoneInfo(settings.TIME_ZONE)))


@dataclass(frozen=True)
class ShiftLine:
    """One line of an outlet's roster."""

    id: int
    user_id: int
    weekday: int | None
    date: date | None
    starts: time
    ends: time
    is_fallback: bool


def list_shifts(outlet_id: int, *, since: date) -> list[ShiftLine]:
    """The roster of an outlet: every weekday's duty, and that of single dates from a day on."""
    rows = DutyShift.objects.filter(Q(date__isnull=True) | Q(date__gte=since), outlet_id=outlet_id)
    return [
        ShiftLine(s.pk, s.user_id, s.weekday, s.date, s.starts, s.ends, s.is_fallback)
        for s in rows.order_by("date", "weekday", "starts", "pk")
    ]


def list_carriers() -> list[CarrierCard]:
    """All brands, by code."""
    return [
        CarrierCard(*row) for row in Carrier.objects.order_by("code").values_list("code", "name", "hotline")
    ]


def carrier_names() -> dict[str, str]:
    """The brands' names by code."""
    # kept prepared: every look at a parcel asks
    return dict(hot_cursor().execute("SELECT code, name FROM network_carrier", prepare=True).fetchall())


def merchant_ids_by_codes(codes: Collection[str]) -> dict[str, int]:
    """Ids of merchants by code; unknown codes are left out."""
    return dict(Merchant.objects.filter(code__in=set(codes)).values_list("code", "id"))


def merchant_codes(ids: Collection[int]) -> dict[int, str]:
    """Codes of merchants by id."""
    return dict(Merchant.objects.filter(pk__in=ids).values_list("id", "code"))


def list_outlet_codes() -> dict[int, str]:
    """Our own codes of all outlets, by id."""
    return dict(Outlet.objects.values_list("id", "code"))


@dataclass(frozen=True)
class CourierKeys:
    """All by which a working courier is known: in files, on slips. `numbers` are (carrier, number)."""

    id: int
    outlet_id: int
    name: str
    phone_hash: bytes
    numbers: tuple[tuple[str, str], ...]


def list_courier_keys() -> list[CourierKeys]:
    """Every working courier's keys, by id."""
    rows = Courier.objects.filter(is_active=True).prefetch_related("numbers__carrier").order_by("pk")
    return [
        CourierKeys(
            c.pk,
            c.outlet_id,
            c.name,
            bytes(c.phone_hash),
            tuple((n.carrier.code, n.number) for n in c.numbers.all()),
        )
        for c in rows
    ]


def find_courier(carrier_code: str, number: str) -> CourierCard | None:
    """The courier whom this carrier calls so."""
    found = Courier.objects.filter(numbers__carrier__code=carrier_code, numbers__number=number).first()
    return CourierCard(found.pk, found.outlet_id, found.user_id, found.name, found.phone) if found else None


def courier_phone(courier_id: int) -> str:
    """A working courier's own number, '' where none is on record."""
    found = Courier.objects.filter(pk=courier_id, is_active=True).first()
    return found.phone if found else ""


def courier_numbers(outlet_id: int) -> list[tuple[str, str]]:
    """(carrier, number) of the outlet's working couriers."""
    rows = Courier.objects.filter(outlet_id=outlet_id, is_active=True, numbers__isnull=False)
    return list(rows.order_by("pk").values_list("numbers__carrier__code", "numbers__number"))


@dataclass(frozen=True)
class Rounds:
    """The courier that somebody who signed in is: of which outlet, with which number at each brand.

    `is_full_mode`: his outlet has no device of a brand, so he scans on our page."""

    courier_id: int
    outlet_id: int
    outlet_code: str
    name: str
    numbers: tuple[tuple[str, str], ...]
    is_full_mode: bool = False


def rounds_of(viewer: Viewer) -> Rounds:
    """The working courier whose account this is: linked to it, or of an outlet in its sight and with its
    telephone. Raises NotFound where there is none, or more than one."""
    if viewer.user_id is None or viewer.is_shared:
        raise NotFound()
    working = Courier.objects.filter(within_scope(viewer, "outlet__code"), is_active=True)
    found = list(working.filter(user_id=viewer.user_id).select_related("outlet")[:1])
    if not found:
        phone = normalise_phone(User.objects.get(pk=viewer.user_id).phone)
        same = working.filter(user__isnull=True, phone_hash=keyed_hash("phone", phone))
        found = list(same.select_related("outlet")[:2]) if phone else []
    if len(found) != 1:
        raise NotFound()
    courier = found[0]
    numbers = courier.numbers.order_by("pk").values_list("carrier__code", "number")
    home = courier.outlet
    return Rounds(courier.pk, home.pk, home.code, courier.name, tuple(numbers), home.is_full_mode)


def has_rounds(viewer: Viewer) -> bool:
    """Whether `rounds_of` knows a courier behind this account."""
    try:
        return bool(rounds_of(viewer).courier_id)
    except NotFound:
        return False


def courier_names(outlet_id: int) -> dict[tuple[str, str], str]:
    """The names of the outlet's working couriers by (carrier, number). One statement."""
    rows = Courier.objects.filter(outlet_id=outlet_id, is_active=True, numbers__isnull=False)
    return {
        (carrier, number): str(name)
        for carrier, number, name in rows.values_list("numbers__carrier__code", "numbers__number", "name")
    }


def outlets_by_region() -> dict[tuple[str, str], list[int]]:
    """The working outlets of each region (code, name), those of the regions below it included."""
    regions = {region.pk: region for region in Region.objects.order_by("code")}
    held: dict[int, list[int]] = {pk: [] for pk in regions}
    for outlet_id, region_id in Outlet.objects.filter(is_active=True).values_list("id", "region_id"):
        above: int | None = region_id
        for _step in range(len(regions)):
            if above is None or above not in held:
                break
            held[above].append(outlet_id)
            above = regions[above].parent_id
    return {(region.code, region.name): sorted(held[pk]) for pk, region in regions.items()}


@dataclass(frozen=True)
class NamedContact:
    """Whom of us a corporate shipper asks first."""

    user_id: int
    name: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Shipper:
    """A corporate shipper: theirs to speak to, ours to be asked, which outlet serves it, until when today
    counts. In full: pages mask. `link` is its private page."""

    id: int
    code: str
    name: str
    outlet_id: int | None
    outlet_code: str
    outlet_name: str
    contact_name: str
    contact_phone: str
    contact_email: str
    cut_off: time | None
    named: NamedContact | None
    link: str


def _shipper(row: Merchant) -> Shipper:
    agent, outlet = row.agent, row.outlet
    named = None
    if agent is not None and agent.is_active:
        named = NamedContact(agent.pk, agent.name, agent.phone or (outlet.phone if outlet else ""))
    return Shipper(
        id=row.pk,
        code=row.code,
        name=row.name,
        outlet_id=row.outlet_id,
        outlet_code=outlet.code if outlet else "",
        outlet_name=outlet.name if outlet else "",
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        contact_email=row.contact_email,
        cut_off=row.cut_off,
        named=named,
        link=private_token("shipper", row.code) if row.link_hash else "",
    )


def shipper_of(merchant_id: int) -> Shipper | None:
    """A corporate shipper by its id, whoever asks."""
    row = Merchant.objects.filter(pk=merchant_id).select_related("outlet", "agent").first()
    return _shipper(row) if row else None


def shipper_by_link(token: str) -> Shipper:
    """The shipper whose private page this is. Raises NotFound."""
    found = Merchant.objects.filter(link_hash=token_hash(token)).select_related("outlet", "agent").first()
    if found is None:
        raise NotFound()
    return _shipper(found)


def list_shippers(viewer: Viewer) -> list[Shipper]:
    """The corporate shippers of the outlets in sight, by name."""
    rows = Merchant.objects.filter(within_scope(viewer, "outlet__code")).select_related("outlet", "agent")
    return [_shipper(row) for row in rows.order_by("name", "pk")]


def access_shipper(*, viewer: Viewer, merchant_id: int) -> Shipper:
    """One of them. Raises NotFound."""
    found = next((one for one in list_shippers(viewer) if one.id == merchant_id), None)
    if found is None:
        raise NotFound()
    return found
