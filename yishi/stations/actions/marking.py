"""Where a parcel stands and by what it is found: its place, its code, the hashes of its person's phone."""

import secrets

from yishi.consignees.queries import phone_hash
from yishi.kit.errors import Invalid
from yishi.kit.hot import hot_cursor
from yishi.kit.personal import keyed_hash, normalise_phone
from yishi.stations.models.parcels import StationParcel
from yishi.stations.models.places import StationSetting
from yishi.stations.queries.stations import StationCard, list_places
from yishi.stations.rules.codes import Parts, codes_from, plain_code
from yishi.stations.rules.shelves import Place, suggest


def code_hash(code: str) -> bytes:
    """By which a code is found among those of a station, however it is typed."""
    return keyed_hash("station_code", plain_code(code))


def place_of(stay: StationParcel) -> str:
    """12-3, or '' for a parcel without a place."""
    return f"{stay.shelf.code}-{stay.layer}" if stay.shelf is not None else ""


def hashes_of(phone: str) -> tuple[bytes | None, bytes | None]:
    """Of the whole phone and of its tail; a label that shows four digits gives the tail alone."""
    plain = normalise_phone(phone)
    tail = keyed_hash("phone_tail", plain[-4:]) if len(plain) >= 4 else None
    return (phone_hash(plain) if len(plain) >= 7 else None), tail


_BESIDE = """
SELECT shelf_id, layer FROM stations_parcel
WHERE station_id = %s AND phone_hash = %s AND state = 'INSIDE' AND shelf_id IS NOT NULL LIMIT 20
"""


def choose_place(
    card: StationCard, asked: tuple[str, int] | None, size: str, whose: bytes | None
) -> tuple[Place | None, bool]:
    """The place the keeper chose, else the one that is suggested; and whether it overflows."""
    places = list_places(card.id)
    if asked is not None:
        chosen = next((p for p in places if (p.shelf, p.layer) == asked), None)
        if chosen is None:
            raise Invalid([("/shelf", "unknown_shelf", "没有这个货架，看一下标签再扫")])
        return chosen, chosen.is_full
    beside: list[tuple[int, int]] = []
    if whose is not None:
        beside = hot_cursor().execute(_BESIDE, [card.id, whose], prepare=True).fetchall()
    place = suggest(places, size=size, beside=beside)
    return place, place is not None and place.is_full


_TAKEN = "SELECT 1 FROM stations_parcel WHERE station_id = %s AND code_hash = %s AND state = 'INSIDE'"
_TURN = "UPDATE stations_setting SET next_no = next_no %% 999999 + 1 WHERE station_id = %s RETURNING next_no"


def free_code(card: StationCard, place: Place | None, number: str, phone: str) -> str:
    """A code that opens nothing else here, by the station's template; '' where it has none left."""
    parts = Parts(
        shelf=place.shelf if place else "",
        layer=place.layer if place else 0,
        number=_next_no(card),
        tail=number[-4:],
        phone=normalise_phone(phone)[-4:],
        random=secrets.randbelow(10**9),
    )
    for code in codes_from(card.template, parts):
        if hot_cursor().execute(_TAKEN, [card.id, code_hash(code)], prepare=True).fetchone() is None:
            return code
    return ""


def _next_no(card: StationCard) -> int:
    """The next running number; two scanners never get the same."""
    turned = hot_cursor().execute(_TURN, [card.id], prepare=True).fetchone()
    if turned is None:
        StationSetting.objects.get_or_create(station_id=card.id)
        return _next_no(card)
    return int(turned[0])
