"""证件: a person without a code is known by his ID card, read by a machine, and his phone's tail.

Nothing of the card is kept: the hand-out says that an ID was seen, by whom and when.
"""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.people.rules import Permission, Viewer
from yishi.stations.actions.identify import How, Known, WrongCode, identify
from yishi.stations.models.devices import StationIdReader
from yishi.stations.port import IdSeen, PluginError, open_reader
from yishi.stations.queries.stations import StationCard, access_station

_LONGEST = 200


class ReaderAway(Refusal):
    """证件阅读器没有回应，请看证件、扫面单"""

    code = "reader_away"
    status = 503


class NoCard(Refusal):
    """阅读器上没有证件，放好再按一次"""

    code = "no_card"
    status = 404


class NotThisPerson(Refusal):
    """证件上的人和这个尾号的件对不上，先别给；再问一次手机尾号"""

    code = "wrong_person"
    status = 404


@transaction.atomic
def set_reader(*, station: str, address: str, key: str, by: Viewer, at: datetime) -> None:
    """The reader that stands at this station's counter; the same again changes it, an empty key keeps the one
    that is there. Raises NotAllowed, NotFound, Invalid."""
    card = access_station(by, station, Permission.STATIONS)
    address = address.strip()
    try:
        parts = urlsplit(address)
        is_fit = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_fit = False
    if not is_fit or parts.username or parts.password or len(address) > _LONGEST:
        raise Invalid([("/address", "bad_value", "写成 http://127.0.0.1:7301/card 这样的地址，不带用户名")])
    if len(key) > _LONGEST or not key.isascii() or any(c.isspace() for c in key):
        raise Invalid([("/key", "bad_value", "密钥最多 200 个字母、数字、符号")])
    said = {"address": address, "made_at": at, "made_by": by.label, "failed_at": None}
    if key:
        said["key"] = key
    StationIdReader.objects.update_or_create(station_id=card.id, defaults=said)


@transaction.atomic
def remove_reader(*, station: str, by: Viewer, at: datetime) -> None:
    """Asked no more. Raises NotAllowed, NotFound."""
    card = access_station(by, station, Permission.STATIONS)
    if not StationIdReader.objects.filter(station_id=card.id).delete()[0]:
        raise NotFound()


def know_by_card(*, card: StationCard, tail: str, asked_by: str, at: datetime) -> Known:
    """Whose parcels these are, by the card that lies on the reader and four digits of the phone. A wrong
    person counts like a wrong code. Raises NotFound where no reader stands, Invalid, ReaderAway, NoCard,
    NotThisPerson, CodeLocked."""
    if len(tail) != 4 or not (tail.isascii() and tail.isdigit()):
        raise Invalid([("/tail", "bad_value", "先问手机尾号四位，再读证件")])
    seen = _read(card, at)
    try:
        known = identify(
            card=card, text=tail, person_name=seen.person_name, asked_by=asked_by, is_attended=True, at=at
        )
    except WrongCode:
        raise NotThisPerson() from None
    return Known(known.parcel_id, How.ID)


def _read(card: StationCard, at: datetime) -> IdSeen:
    row = StationIdReader.objects.filter(station_id=card.id).first()
    if row is None:
        raise NotFound()
    rows = StationIdReader.objects.filter(pk=row.pk)
    try:
        seen = open_reader(row.address, row.key).read()
    except PluginError:
        rows.update(failed_at=at)
        raise ReaderAway() from None
    rows.update(answered_at=at, failed_at=None)
    if seen is None:
        raise NoCard()
    return seen
