"""A parcel that waits, as its person hears of it: by letter, and on the page that the letter leads to."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yishi.consignees.queries import phone_hash
from yishi.kit.errors import NotFound
from yishi.kit.ids import private_token, token_hash
from yishi.stations.models.parcels import PickupProxy, StationParcel
from yishi.stations.queries.stations import INSIDE


def pickup_token(parcel_id: int) -> str:
    """The unguessable end of the address of a person's pickup page."""
    return f"{parcel_id}-{private_token('pickup', str(parcel_id))}"


def parcel_of_token(token: str) -> int:
    """The stay whose page it is. Raises NotFound for anything that we did not make."""
    number, _, _rest = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound()
    if not hmac.compare_digest(token.encode(), pickup_token(int(number)).encode()):
        raise NotFound()
    return int(number)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A parcel that waits, for a letter to its person or for his own page; the code in full."""

    parcel_id: int
    shipment_id: int
    station_id: int
    contact_id: int | None
    waybill_no: str
    carrier: str
    pickup_code: str
    shelf: str
    keep_until: datetime
    booked_in_at: datetime
    state: str
    collect: str


def find_waiting(parcel_id: int) -> list[Waiting]:
    """This parcel and all others of its person that wait at the same station, this one first; it alone when
    it waits no longer; nothing where it never was."""
    rows = StationParcel.objects.select_related("shipment", "shelf")
    asked = rows.filter(pk=parcel_id).first()
    if asked is None:
        return []
    others: list[StationParcel] = []
    if asked.state == INSIDE and asked.phone_hash is not None:
        same = rows.filter(station_id=asked.station_id, state=INSIDE, phone_hash=asked.phone_hash)
        others = list(same.exclude(pk=asked.pk).order_by("pk")[:50])
    return [_waiting(row) for row in (asked, *others)]


@dataclass(frozen=True)
class OwnStay:
    """The newest stay of a parcel, for whoever proved the phone by which it is fetched."""

    parcel_id: int
    is_inside: bool
    is_handed_out: bool

    @property
    def token(self) -> str:
        return pickup_token(self.parcel_id)


def own_stay(shipment_id: int, phone: str) -> OwnStay | None:
    """None where it never stood at a station of ours, or for another phone."""
    mine = phone_hash(phone)
    row = (
        StationParcel.objects.filter(shipment_id=shipment_id).exclude(state="UNDONE").order_by("-pk").first()
    )
    if row is None or mine is None or row.phone_hash is None or bytes(row.phone_hash) != mine:
        return None
    return OwnStay(row.pk, row.state == INSIDE, row.state == StationParcel.State.HANDED_OUT.value)


def still_inside(parcel_ids: Sequence[int]) -> list[int]:
    """Which of these stays have not ended, in their order."""
    rows = StationParcel.objects.filter(pk__in=list(parcel_ids), state=INSIDE)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def stays_waiting(parcel_ids: Sequence[int]) -> list[Waiting]:
    """These stays as they are, those of one person side by side."""
    rows = StationParcel.objects.select_related("shipment", "shelf").filter(pk__in=list(parcel_ids))
    return [_waiting(row) for row in rows.order_by("station_id", "contact_id", "pk")]


def _waiting(row: StationParcel) -> Waiting:
    return Waiting(
        parcel_id=row.pk,
        shipment_id=row.shipment_id,
        station_id=row.station_id,
        contact_id=row.contact_id,
        waybill_no=row.shipment.waybill_no,
        carrier=row.shipment.carrier,
        pickup_code=row.code,
        shelf=f"{row.shelf.code}-{row.layer}" if row.shelf else "",
        keep_until=row.keep_until,
        booked_in_at=row.booked_in_at,
        state=row.state,
        collect=row.collect,
    )


@dataclass(frozen=True)
class ProxyCard:
    """Somebody who may fetch it, as the person named him."""

    id: int
    proxy_name: str
    ends_at: datetime


def list_proxies(parcel_id: int, *, at: datetime) -> list[ProxyCard]:
    """Who may fetch this parcel now."""
    rows = PickupProxy.objects.filter(parcel_id=parcel_id, revoked_at=None, ends_at__gt=at).order_by("pk")
    return [ProxyCard(row.pk, row.proxy_name, row.ends_at) for row in rows]


def proxy_name(proxy_id: int) -> str:
    """Whom the person named, for the keeper who gives it to him."""
    row = PickupProxy.objects.filter(pk=proxy_id).first()
    return row.proxy_name if row is not None else ""


def proxy_of(token: str, *, at: datetime) -> Waiting:
    """The parcel that this link lets somebody fetch. Raises NotFound when it was taken back or is over."""
    rows = PickupProxy.objects.select_related("parcel__shipment", "parcel__shelf")
    row = rows.filter(token_hash=token_hash(token), revoked_at=None, ends_at__gt=at).first()
    if row is None:
        raise NotFound()
    return _waiting(row.parcel)


@dataclass(frozen=True)
class FetchedBy:
    """A parcel that somebody fetched for its person, as the person named him."""

    parcel: Waiting
    proxy_name: str


def fetched_by_proxy(parcel_ids: Sequence[int]) -> list[FetchedBy]:
    """Those of these parcels whose link was used."""
    rows = PickupProxy.objects.select_related("parcel__shipment", "parcel__shelf")
    rows = rows.filter(parcel_id__in=list(parcel_ids), used_at__isnull=False).order_by("pk")
    return [FetchedBy(_waiting(row.parcel), row.proxy_name) for row in rows]
