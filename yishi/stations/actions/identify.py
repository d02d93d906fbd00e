"""Whose parcels these are: by code, one-time code, tail and name, link of a proxy. Wrong ones count (F12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.consignees.rules import plain_name
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.facts import announce
from yishi.kit.hot import hot_cursor
from yishi.kit.ids import token_hash
from yishi.kit.personal import keyed_hash
from yishi.people.rules import Viewer
from yishi.stations.actions.marking import code_hash
from yishi.stations.facts import CodesLocked
from yishi.stations.models.handouts import CodeTry, HandOut
from yishi.stations.models.parcels import PickupProxy, StationParcel
from yishi.stations.queries.stations import INSIDE, StationCard, local
from yishi.stations.rules.codes import plain_code
from yishi.stations.rules.lockout import MACHINE, MOST_WRONG, WITHIN, Lock, Try, lock_on
from yishi.stations.rules.moments import is_of_now, read_shown
from yishi.stations.rules.refusals import Stay, why_refused

How = HandOut.How
PROXY_LINK = "/pickup/by/"


class WrongCode(Refusal):
    """%(why)s"""

    code = "wrong_code"
    status = 404

    def __init__(self, *, reason: str, why: str, left: int) -> None:
        super().__init__(why=why)
        self.reason = reason
        self.left = left

    @property
    def extra(self) -> Mapping[str, str]:
        """`unknown`, or what became of the parcel: `handed_out`, `returned`, `moved`, `lost`; tries left."""
        return {"reason": self.reason, "tries_left": str(self.left)}


class WrongStation(Refusal):
    """这一件在%(station)s，不在这里"""

    code = "parcel_stopped"

    @property
    def extra(self) -> Mapping[str, str]:
        return {"reason": "wrong_station"}


class CodeLocked(Refusal):
    """输错太多次，%(until)s 以前不再核对取件码；请看证件，或打电话核实本人"""

    code = "locked"
    status = 423

    def __init__(self, *, lock: Lock, at: datetime) -> None:
        super().__init__(until=local(lock.until).strftime("%H:%M"))
        self.what = lock.what
        self.retry_after_s = max(1, int((lock.until - at).total_seconds()))


@dataclass(frozen=True)
class Known:
    """The parcel that was asked for, and how its person was known."""

    parcel_id: int
    how: str
    proxy_id: int | None = None


def identify(
    *, card: StationCard, text: str, person_name: str = "", asked_by: str, is_attended: bool, at: datetime
) -> Known:
    """The parcel inside that this code opens. A wrong one is kept in a transaction of its own, so this must
    not stand in another's. `asked_by` names the account or machine (`kiosk:…`).

    Raises Invalid for what holds no code at all, CodeLocked (after five wrong, even for the right one),
    WrongStation, WrongCode with its reason.
    """
    if not plain_code(text):
        raise Invalid([("/pickup_code", "missing_field", "取件码没读到，再扫一次")])
    how, known, target = _found(card, text, person_name, at)
    if known is None and how == How.PROXY and (ended := _of_link(card, text, at)) is not None:
        raise ended  # a link that we made: no guess
    wanted = code_hash(text)
    # kept although it is refused: never part of a caller's transaction
    with transaction.atomic(durable=True):
        _one_at_a_time(card)
        tries = _recent(card, at)
        lock = lock_on(
            tries,
            code_hash=wanted,
            target_hash=target,
            tried_by=asked_by,
            is_attended=is_attended,
            at=at,
        )
        refusal: Refusal | None = CodeLocked(lock=lock, at=at) if lock else None
        if lock is None and known is None:
            refusal = _count(card, how, wanted, target, asked_by, at)
        elif lock is None and any(not one.is_cleared for one in tries):
            _clear(card, asked_by, target, at)
    if refusal is not None:
        raise refusal
    assert known is not None
    return known


_OF_CODE = "SELECT id FROM stations_parcel WHERE station_id = %s AND code_hash = %s AND state = 'INSIDE'"


def _found(
    card: StationCard, text: str, person_name: str, at: datetime
) -> tuple[str, Known | None, bytes | None]:
    """How it was asked, the parcel if it is right, and on whom it was tried."""
    inside = StationParcel.objects.filter(station_id=card.id, state=INSIDE)
    if (shown := read_shown(text)) is not None:
        parcel_id, digits = shown
        right = is_of_now(one_time_secret(), parcel_id, digits, at) and inside.filter(pk=parcel_id).exists()
        target = keyed_hash("station_stay", str(parcel_id))
        return How.DYNAMIC, Known(parcel_id, How.DYNAMIC) if right else None, target
    if PROXY_LINK in text:
        token = token_hash(text.rsplit("/", 1)[-1].strip())
        proxy = PickupProxy.objects.filter(token_hash=token, revoked_at__isnull=True, ends_at__gt=at).first()
        if proxy is not None and inside.filter(pk=proxy.parcel_id).exists():
            return How.PROXY, Known(proxy.parcel_id, How.PROXY, proxy.pk), None
        return How.PROXY, None, None
    if person_name:
        tail = plain_code(text)[-4:]
        target = keyed_hash("phone_tail", tail)
        rows = inside.filter(tail_hash=target).select_related("contact").order_by("booked_in_at")
        meant = next((row for row in rows[:50] if _is_name(row, person_name)), None)
        return How.TAIL, Known(meant.pk, How.TAIL) if meant else None, target
    stay = hot_cursor().execute(_OF_CODE, [card.id, code_hash(text)], prepare=True).fetchone()
    return How.CODE, Known(stay[0], How.CODE) if stay is not None else None, None


def _of_link(card: StationCard, text: str, at: datetime) -> Refusal | None:
    """Why a link that was made opens nothing: taken back, used, over, of another station."""
    rows = PickupProxy.objects.select_related("parcel__station")
    row = rows.filter(token_hash=token_hash(text.rsplit("/", 1)[-1].strip())).first()
    if row is None:
        return None
    stay = row.parcel
    if row.revoked_at is not None:
        why = _("收件人收回了这个代取链接，请问收件人")
        return WrongCode(reason="revoked", why=why, left=MOST_WRONG)
    if stay.state != INSIDE:
        reason, found = why_refused([Stay(stay.state, stay.ended_at)])
        return WrongCode(reason=reason, why=_words(reason, found), left=MOST_WRONG)
    if stay.station_id != card.id:
        return WrongStation(station=stay.station.name)
    why = _("这个代取链接过期了，请收件人再给一个")
    return WrongCode(reason="expired", why=why, left=MOST_WRONG)


def one_time_secret() -> bytes:
    """What one-time codes are made with; it never leaves the installation."""
    return keyed_hash("station_secret", "one-time")


def _is_name(stay: StationParcel, said: str) -> bool:
    """王* on record is known by its first sign, a whole name by all of it."""
    name, given = plain_name(stay.contact.name if stay.contact else ""), plain_name(said)
    if not name or not given:
        return False
    return name[0] == given[0] if "*" in name or len(given) == 1 else name == given


def _one_at_a_time(card: StationCard) -> None:
    """Guesses of many machines at once are counted one after the other; held until the commit."""
    hot_cursor().execute("SELECT pg_advisory_xact_lock(%s, %s)", [7301, card.id], prepare=True)


_TRIES = """
SELECT code_hash, target_hash, tried_by, at, cleared_at IS NOT NULL FROM stations_code_try
WHERE station_id = %s AND at > %s AND (cleared_at IS NULL OR tried_by LIKE %s) ORDER BY at DESC LIMIT 2000
"""


def _recent(card: StationCard, at: datetime) -> list[Try]:
    found = hot_cursor().execute(_TRIES, [card.id, at - WITHIN, MACHINE + "%"], prepare=True)
    return [Try(*row) for row in found]


def _count(
    card: StationCard, how: str, wanted: bytes, target: bytes | None, asked_by: str, at: datetime
) -> Refusal:
    reason, stay = why_refused(_stays(card, wanted))
    if reason not in ("unknown", "wrong_station"):
        # no guess: this code was right once, and opens nothing any more
        return WrongCode(reason=reason, why=_words(reason, stay), left=MOST_WRONG)
    CodeTry.objects.create(
        station_id=card.id, code_hash=wanted, target_hash=target, how=how, tried_by=asked_by, at=at
    )
    tries = [one for one in _recent(card, at) if not one.is_cleared]
    groups = (
        [one for one in tries if one.code_hash == wanted],
        [one for one in tries if target is not None and one.target_hash == target],
        [one for one in tries if one.tried_by == asked_by],
    )
    left = max(0, MOST_WRONG - max(len(group) for group in groups))
    if not left:
        announce(CodesLocked(station=card.code, what=how, at=at))
    if reason == "wrong_station" and stay is not None:
        return WrongStation(station=stay.station)
    return WrongCode(reason=reason, why=_words(reason, stay, how), left=left)


def _stays(card: StationCard, wanted: bytes) -> list[Stay]:
    here = StationParcel.objects.filter(station_id=card.id, code_hash=wanted).exclude(state=INSIDE)
    rows = [Stay(s.state, s.ended_at) for s in here.order_by("-ended_at")[:5]]
    there = StationParcel.objects.filter(code_hash=wanted, state=INSIDE).exclude(station_id=card.id)
    names = there.values_list("station__name", flat=True)[:1]
    return rows + [Stay(INSIDE, None, name) for name in names]


def _words(reason: str, stay: Stay | None, how: str = How.CODE) -> str:
    said = {
        "handed_out": _("这个码的包裹 %(when)s 已经取走"),
        "returned": _("这个码的包裹 %(when)s 已退回快递公司"),
        "moved": _("这个码的包裹 %(when)s 已转出"),
        "lost": _("这个码的包裹 %(when)s 登记为遗失，请找店员"),
    }.get(reason)
    if said is None or stay is None or stay.ended_at is None:
        return {
            How.TAIL.value: _("这个尾号和姓名对不上，问清收件人姓名再输"),
            How.DYNAMIC.value: _("这个动态码过了时间，请顾客点“换一个新的”再扫"),
            How.PROXY.value: _("这个代取链接收回了或过了时间，请顾客再发一个"),
        }.get(how, _("没有这个取件码，对一下短信再输"))
    return said % {"when": local(stay.ended_at).strftime("%m-%d %H:%M")}


def _clear(card: StationCard, asked_by: str, target: bytes | None, at: datetime) -> None:
    """The right one came: what this account, or somebody on this person, mistyped before is forgotten."""
    wrong = CodeTry.objects.filter(station_id=card.id, at__gt=at - WITHIN, cleared_at__isnull=True)
    wrong.filter(tried_by=asked_by).update(cleared_at=at)
    if target is not None:
        wrong.filter(target_hash=target).update(cleared_at=at)


def unlock(*, card: StationCard, by: Viewer, at: datetime) -> int:
    """A keeper who has seen the person's papers lets codes be tried again; how many tries are forgotten."""
    wrong = CodeTry.objects.filter(station_id=card.id, at__gt=at - WITHIN, cleared_at__isnull=True)
    return wrong.filter(tried_by=by.label).update(cleared_at=at)
