"""Verbs that build the network. Each is an upsert by code, so that a file or a sample can be loaded again."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.ids import private_token, token_hash
from yishi.kit.personal import keyed_hash, normalise_phone
from yishi.network.facts import OutletKept
from yishi.network.models import (
    Carrier,
    ContractArea,
    Courier,
    CourierNumber,
    DutyShift,
    Locker,
    Merchant,
    Outlet,
    OutletCode,
    Region,
    ServiceArea,
    Station,
)
from yishi.network.rules import carrier_of
from yishi.people.actions import cover_scope
from yishi.people.queries import list_colleagues, require, within_scope
from yishi.people.rules import Permission, Role, ScopeKind, Viewer

T = TypeVar("T", Carrier, Region, Outlet)
NETWORK = Permission.NETWORK_MANAGE


class CodeTaken(Refusal):
    """这个编码已经属于别的网点或快递员"""

    code = "code_taken"
    status = 409


def add_carrier(*, code: str, name: str, hotline: str = "", by: Viewer) -> int:
    """Keeps a brand under the one name that its parcels have, whatever it is called here; its id."""
    require(by, NETWORK)
    _coded(code)
    code = carrier_of(code)
    return Carrier.objects.update_or_create(code=code, defaults={"name": name, "hotline": hotline})[0].pk


@transaction.atomic
def add_region(*, code: str, name: str, parent_code: str = "", by: Viewer) -> int:
    """Keeps a region; its id. Raises NotFound for an unknown parent, Invalid for a circle."""
    require(by, NETWORK)
    _coded(code)
    parent = _get(Region, parent_code) if parent_code else None
    above = parent
    while above is not None:
        if above.code == code:
            raise Invalid([("/parent", "circle", "片区不能属于自己")])
        above = above.parent
    region = Region.objects.update_or_create(code=code, defaults={"name": name, "parent": parent})[0]
    _tell_regions()
    return region.pk


@transaction.atomic
def add_outlet(
    *,
    code: str,
    name: str,
    phone: str = "",
    region_code: str = "",
    province: str = "",
    city: str = "",
    district: str = "",
    address: str = "",
    carrier_codes: Mapping[str, str] | None = None,
    by: Viewer,
    at: datetime,
) -> int:
    """Keeps an outlet and what each brand calls it (`carrier_codes`: brand → code); its id.

    Raises CodeTaken when a brand already calls another outlet so.
    """
    require(by, NETWORK)
    _coded(code)
    region = _get(Region, region_code) if region_code else None
    values = {"name": name, "phone": phone, "region": region, "province": province, "city": city}
    values |= {"district": district, "address": address}
    outlet = Outlet.objects.update_or_create(code=code, defaults=values)[0]
    for brand, their_code in (carrier_codes or {}).items():
        carrier = _get(Carrier, carrier_of(brand))
        kept = OutletCode.objects.get_or_create(
            carrier=carrier, code=their_code, defaults={"outlet": outlet}
        )[0]
        if kept.outlet_id != outlet.pk:
            raise CodeTaken()
    _tell_regions()
    announce(OutletKept(outlet_id=outlet.pk, at=at))
    return outlet.pk


def _tell_regions() -> None:
    """People cannot ask the network which outlets a region means: tell them, sub-regions included."""
    regions = list(Region.objects.all())
    by_region: dict[int, list[str]] = {}
    for region_id, code in Outlet.objects.exclude(region=None).values_list("region_id", "code"):
        by_region.setdefault(region_id, []).append(code)
    for region in regions:
        codes: list[str] = []
        below = [region]
        while below:
            here = below.pop()
            codes += by_region.get(here.pk, [])
            below += [r for r in regions if r.parent_id == here.pk]
        cover_scope(scope_kind=ScopeKind.REGION, scope_code=region.code, outlet_codes=codes)


def set_full_mode(*, code: str, is_full_mode: bool, by: Viewer, at: datetime) -> None:
    """Whether the outlet's couriers scan on our page (no device of a brand there) or only look and prove.

    Raises NotAllowed, NotFound, also for an outlet out of sight.
    """
    require(by, NETWORK)
    outlet = _get(Outlet, code)
    if not by.sees_outlet(outlet.code):
        raise NotFound()
    Outlet.objects.filter(pk=outlet.pk).update(is_full_mode=is_full_mode)
    announce(OutletKept(outlet_id=outlet.pk, at=at))


@transaction.atomic
def close_outlet(*, code: str, by: Viewer, at: datetime) -> None:
    """The outlet takes no new work; its past stays."""
    require(by, NETWORK)
    outlet = _get(Outlet, code)
    Outlet.objects.filter(pk=outlet.pk).update(is_active=False)
    announce(OutletKept(outlet_id=outlet.pk, at=at))


def add_contract_area(*, outlet_code: str, code: str, name: str, by: Viewer) -> int:
    """Keeps a contract area of an outlet; its id."""
    require(by, NETWORK)
    _coded(code)
    outlet = _get(Outlet, outlet_code)
    return ContractArea.objects.update_or_create(outlet=outlet, code=code, defaults={"name": name})[0].pk


@transaction.atomic
def add_courier(
    *,
    outlet_code: str,
    name: str,
    phone: str,
    numbers: Mapping[str, str],
    contract_area_code: str = "",
    user_id: int | None = None,
    by: Viewer,
) -> int:
    """Keeps a courier, known again by phone within the outlet, and his number with each brand; his id. An
    account that was linked to him stays where none is named.

    Raises CodeTaken when a brand gives the number to somebody else.
    """
    require(by, NETWORK)
    outlet = _get(Outlet, outlet_code)
    area = None
    if contract_area_code:
        area = ContractArea.objects.filter(outlet=outlet, code=contract_area_code).first()
        if area is None:
            raise NotFound()
    plain = normalise_phone(phone)
    values: dict[str, Any] = {"name": name, "phone": plain, "contract_area": area, "is_active": True}
    if user_id is not None:
        values["user_id"] = user_id
    courier = Courier.objects.update_or_create(
        outlet=outlet, phone_hash=keyed_hash("phone", plain), defaults=values
    )[0]
    for brand, number in numbers.items():
        carrier = _get(Carrier, carrier_of(brand))
        kept = CourierNumber.objects.get_or_create(
            carrier=carrier, number=number, defaults={"courier": courier}
        )[0]
        if kept.courier_id != courier.pk:
            raise CodeTaken()
    return courier.pk


class AccountTaken(Refusal):
    """这个账号已经连着另一位快递员"""

    code = "account_taken"
    status = 409


@transaction.atomic
def link_courier(*, courier_id: int, user_id: int | None, by: Viewer) -> None:
    """The courier's page opens with this account from now on; None takes the link away.

    Who keeps the people of an outlet links its own couriers to accounts of couriers of that outlet. Raises
    NotAllowed, NotFound for whom is out of sight, AccountTaken.
    """
    require(by, Permission.USERS_MANAGE)
    seen = Courier.objects.filter(within_scope(by, "outlet__code"), is_active=True, pk=courier_id)
    courier = seen.select_for_update(of=("self",)).select_related("outlet").first()
    if courier is None:
        raise NotFound()
    if user_id is not None:
        near = list_colleagues(by, courier.outlet.code)
        if not any(one.user_id == user_id and one.role == Role.COURIER for one in near):
            raise NotFound()
        if Courier.objects.filter(user_id=user_id).exclude(pk=courier.pk).exists():
            raise AccountTaken()
    courier.user_id = user_id
    courier.save(update_fields=["user_id"])


@transaction.atomic
def add_station(
    *,
    code: str,
    outlet_code: str,
    name: str,
    kind: str = "STATION",
    address: str = "",
    phone: str = "",
    opens: time | None = None,
    closes: time | None = None,
    by: Viewer,
) -> int:
    """Keeps a station of an outlet; its id. Both hours or none."""
    require(by, NETWORK)
    _coded(code)
    if kind not in Station.Kind.values:
        raise Invalid([("/kind", "unknown_kind", "没有这种站点")])
    if (opens is None) != (closes is None):
        raise Invalid([("/opens", "missing_field", "开门和关门时间要一起写")])
    values = {"outlet": _get(Outlet, outlet_code), "name": name, "kind": kind, "address": address}
    values |= {"phone": phone, "opens": opens, "closes": closes}
    station = Station.objects.update_or_create(code=code, defaults=values)[0]
    cover_scope(scope_kind=ScopeKind.STATION, scope_code=code, outlet_codes=[outlet_code])
    return station.pk


def add_locker(*, code: str, outlet_code: str, name: str, address: str = "", by: Viewer) -> int:
    """Keeps a locker of an outlet; its id."""
    require(by, NETWORK)
    _coded(code)
    values = {"outlet": _get(Outlet, outlet_code), "name": name, "address": address}
    return Locker.objects.update_or_create(code=code, defaults=values)[0].pk


def add_merchant(
    *,
    code: str,
    name: str,
    outlet_code: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    contact_email: str = "",
    by: Viewer,
) -> int:
    """Keeps a merchant and the person to speak to; its id."""
    require(by, NETWORK)
    _coded(code)
    outlet = _get(Outlet, outlet_code) if outlet_code else None
    values = {"name": name, "outlet": outlet, "contact_name": contact_name, "contact_email": contact_email}
    values["contact_phone"] = normalise_phone(contact_phone)
    return Merchant.objects.update_or_create(code=code, defaults=values)[0].pk


@dataclass(frozen=True, kw_only=True)
class ShipperTerms:
    """What is agreed with a corporate shipper; `code` '' makes a new one. `agent` is a sign-in name."""

    name: str
    outlet_code: str
    code: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    agent: str = ""
    cut_off: time | None = None


@transaction.atomic
def keep_shipper(*, terms: ShipperTerms, by: Viewer) -> int:
    """Keeps a corporate shipper with the one person of ours that it asks first; it has a private page from
    then on. Raises NotAllowed, NotFound for an outlet out of sight, Invalid."""
    if not by.may(NETWORK):
        _require_roster(by, terms.outlet_code)
    outlet = _get(Outlet, terms.outlet_code)
    code = terms.code or f"S{secrets.token_hex(4).upper()}"
    known = (
        Merchant.objects.select_for_update(of=("self",)).select_related("outlet").filter(code=code).first()
    )
    if known is not None and not by.sees_outlet(known.outlet.code if known.outlet else None):
        raise NotFound()
    if not terms.name.strip():
        raise Invalid([("/name", "missing_field", "写上公司的名字")])
    agent = None
    if terms.agent:
        mates = list_colleagues(by, terms.outlet_code) + list_colleagues(by, None)
        found = next((one.user_id for one in mates if one.username == terms.agent), None)
        if found is None:
            raise Invalid([("/agent", "bad_value", "专属客服选网点的或总部的人")])
        agent = found
    values = {
        "name": terms.name.strip()[:100],
        "outlet": outlet,
        "contact_name": terms.contact_name.strip()[:100],
        "contact_phone": normalise_phone(terms.contact_phone),
        "contact_email": terms.contact_email.strip()[:250],
        "agent_id": agent,
        "cut_off": terms.cut_off,
        "link_hash": token_hash(private_token("shipper", code)),
    }
    return Merchant.objects.update_or_create(code=code, defaults=values)[0].pk


def add_service_area(
    *, outlet_code: str, city: str, district: str = "", keyword: str = "", priority: int = 0, by: Viewer
) -> int:
    """Keeps an address pattern that an outlet serves; its id."""
    require(by, NETWORK)
    if not city.strip():
        raise Invalid([("/city", "missing_field", "写明城市")])
    outlet = _get(Outlet, outlet_code)
    return ServiceArea.objects.update_or_create(
        outlet=outlet, city=city, district=district, keyword=keyword, defaults={"priority": priority}
    )[0].pk


def add_duty_shift(
    *,
    outlet_code: str,
    user_id: int,
    starts: time,
    ends: time,
    weekdays: Sequence[int] = (),
    dates: Sequence[date] = (),
    is_fallback: bool = False,
    by: Viewer,
) -> None:
    """Keeps who answers for the outlet on these weekdays (0 = Monday) or dates; again changes nothing.

    Whoever keeps the network does, and whoever keeps the roster of an outlet in his sight, for its people.
    Raises NotAllowed, NotFound, Invalid.
    """
    _require_roster(by, outlet_code)
    if by.outlet_codes is not None and user_id not in {c.user_id for c in list_colleagues(by, outlet_code)}:
        raise NotFound()
    if starts == ends or any(day not in range(7) for day in weekdays) or not (weekdays or dates):
        raise Invalid([("/starts", "bad_shift", "值班要有日子，起止时间不能相同")])
    shift: dict[str, Any] = {
        "outlet": _get(Outlet, outlet_code),
        "user_id": user_id,
        "starts": starts,
        "ends": ends,
    }
    with transaction.atomic():
        for weekday in weekdays:
            DutyShift.objects.get_or_create(**shift, weekday=weekday, date=None, is_fallback=is_fallback)
        for day in dates:
            DutyShift.objects.get_or_create(**shift, weekday=None, date=day, is_fallback=is_fallback)


def end_duty_shift(*, shift_id: int, by: Viewer) -> None:
    """Nobody is on duty by this line any more. Raises NotFound for one out of sight, NotAllowed."""
    shift = DutyShift.objects.select_related("outlet").filter(pk=shift_id).first()
    if shift is None or not by.sees_outlet(shift.outlet.code):
        raise NotFound()
    _require_roster(by, shift.outlet.code)
    shift.delete()


def _require_roster(by: Viewer, outlet_code: str) -> None:
    if not by.may(NETWORK):
        require(by, Permission.ROSTER)
    if not by.sees_outlet(outlet_code):
        raise NotFound()


def _coded(code: str) -> None:
    if not code.strip():
        raise Invalid([("/code", "missing_field", "给一个编码")])


def _get(model: type[T], code: str) -> T:
    row = model._default_manager.filter(code=code).first()
    if row is None:
        raise NotFound()
    return row
