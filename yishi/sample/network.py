"""Builds the sample operator's brands, places, people of the road and staff by the rooms' own actions."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from yishi.kit.ids import private_token
from yishi.network.actions import (
    add_carrier,
    add_contract_area,
    add_courier,
    add_duty_shift,
    add_locker,
    add_merchant,
    add_outlet,
    add_region,
    add_service_area,
    add_station,
)
from yishi.people.actions import UsernameTaken, add_key, add_user
from yishi.people.queries import get_user_id
from yishi.people.rules import KEY_NEEDS_OUTLET, SYSTEM_VIEWER, Role
from yishi.sample.cast import (
    CARRIERS,
    COURIERS,
    MERCHANTS,
    OUTLETS,
    STATIONS,
    SampleOutlet,
    brand_code,
    courier_number,
    outlet_of_courier,
)
from yishi.sample.people import courier_person, name_of
from yishi.shipments.actions.promises import import_promise_rules

_STAFF_FROM = 80_000
_FIRST = OUTLETS[0].code


@dataclass(frozen=True)
class SignIn:
    """How somebody of the sample signs in; `outlet` is None for head office."""

    role: str
    outlet: str | None
    username: str
    password: str
    also_outlet: str | None = None


def build_places(*, at: datetime) -> None:
    """Brands, region, outlets, stations, couriers, merchants; again changes nothing."""
    for code, name in CARRIERS.items():
        add_carrier(code=code, name=name, by=SYSTEM_VIEWER)
    add_region(code="SU-NAN", name="苏南片区（示例）", by=SYSTEM_VIEWER)
    for outlet in OUTLETS:
        _build_outlet(outlet, at)
    for place in STATIONS:
        add_station(
            code=place.code,
            outlet_code=place.outlet,
            name=place.name,
            kind=place.kind,
            address=place.address,
            phone=place.phone,
            opens=time(8),
            closes=time(21),
            by=SYSTEM_VIEWER,
        )
    for code, name, outlet_code, _goods in MERCHANTS:
        add_merchant(code=code, name=name, outlet_code=outlet_code, by=SYSTEM_VIEWER)
    for courier in range(COURIERS):
        _build_courier(courier)


def build_promises(*, at: datetime) -> None:
    """What the company promises where a shop states nothing; again adds nothing."""
    since = (at - timedelta(days=90)).date()
    lines = [
        "origin,destination,product,within_hours,days,clock,valid_from,source",
        f",江苏省,,,3,20:00,{since:%Y-%m}-01,示例公司服务公约第 4 条",
        f"浙江省,江苏省,标准快递,60,,,{since:%Y-%m}-01,示例公司江浙互寄公告",
    ]
    import_promise_rules(lines=lines, by=SYSTEM_VIEWER, at=at)


def _build_outlet(outlet: SampleOutlet, at: datetime) -> None:
    add_outlet(
        code=outlet.code,
        name=outlet.name,
        phone=outlet.phone,
        region_code="SU-NAN",
        province="江苏省",
        city=outlet.city,
        district=outlet.district,
        address=outlet.address,
        carrier_codes={carrier: brand_code(carrier, outlet) for carrier in CARRIERS},
        by=SYSTEM_VIEWER,
        at=at,
    )
    add_service_area(outlet_code=outlet.code, city=outlet.city, district=outlet.district, by=SYSTEM_VIEWER)
    add_locker(
        code=f"LK-{outlet.code}",
        outlet_code=outlet.code,
        name=f"{outlet.district}示例快递柜",
        by=SYSTEM_VIEWER,
    )
    add_contract_area(outlet_code=outlet.code, code="A", name=f"{outlet.district}一区", by=SYSTEM_VIEWER)


def _build_courier(courier: int, user_id: int | None = None) -> None:
    person = courier_person(courier)
    add_courier(
        outlet_code=outlet_of_courier(courier).code,
        name=person.name,
        phone=person.phone,
        numbers={carrier: courier_number(carrier, courier) for carrier in CARRIERS},
        contract_area_code="A",
        user_id=user_id,
        by=SYSTEM_VIEWER,
    )


def sign_ins() -> list[SignIn]:
    """Everybody who can sign in, head office first; the passwords are this installation's own."""
    people: list[tuple[Role, str | None, str, str | None]] = [
        (Role.OWNER, None, "owner", None),
        (Role.QUALITY, None, "quality", None),
        (Role.OPERATOR, None, "operator", None),
        (Role.COURIER, _FIRST, "courier", None),
        (Role.STATION_KEEPER, STATIONS[0].outlet, "keeper", None),
    ]
    people += [(Role.AGENT, outlet.code, agent_of(outlet.code), None) for outlet in OUTLETS]
    # a manager runs two outlets, as is usual
    for one, other in zip(OUTLETS[::2], OUTLETS[1::2], strict=True):
        people.append((Role.OUTLET_MANAGER, one.code, f"manager-{one.code.lower()}", other.code))
    return [
        SignIn(role.value.lower(), outlet, username, private_token("sample password", username)[:12], also)
        for role, outlet, username, also in people
    ]


def agent_of(outlet_code: str) -> str:
    return f"agent-{outlet_code.lower()}"


def build_staff(*, at: datetime) -> None:
    """The accounts of `sign_ins`, and who is on duty at each outlet."""
    for number, person in enumerate(sign_ins()):
        user_id = _build_user(number, person, at)
        if person.role == "courier":
            _build_courier(next(c for c in range(COURIERS) if outlet_of_courier(c).code == _FIRST), user_id)
        if person.role == "agent" and person.outlet:
            add_duty_shift(
                outlet_code=person.outlet,
                user_id=user_id,
                starts=time(8),
                ends=time(20),
                weekdays=range(7),
                is_fallback=True,
                by=SYSTEM_VIEWER,
            )


def _build_user(number: int, person: SignIn, at: datetime) -> int:
    is_keeper = person.role == "station_keeper"
    outlets = [code for code in (person.outlet, person.also_outlet) if code and not is_keeper]
    try:
        user = add_user(
            username=person.username,
            name=name_of(_STAFF_FROM + number),
            password=person.password,
            role=person.role.upper(),
            outlet_codes=outlets,
            station_codes=[STATIONS[0].code] if is_keeper else [],
            email=f"{person.username}@example.cn",
            by=SYSTEM_VIEWER,
            at=at,
        )
    except UsernameTaken:
        return get_user_id(viewer=SYSTEM_VIEWER, username=person.username)
    return user.pk


def build_keys(*, at: datetime) -> dict[str, str]:
    """One fresh key for each role of `yishi key add`."""
    roles = (
        Role.INTEGRATOR,
        Role.COURIER,
        Role.STATION_KEEPER,
        Role.AGENT,
        Role.OUTLET_MANAGER,
        Role.QUALITY,
        Role.OPERATOR,
    )
    return {
        role.value.lower(): add_key(
            role=role,
            outlet_code=_FIRST if role in KEY_NEEDS_OUTLET else "",
            name="示例",
            by=SYSTEM_VIEWER,
            at=at,
        )
        for role in roles
    }
