"""Pure decisions about notices: by which channel, when again, how a text is filled in."""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

EMAIL = "EMAIL"
SMS = "SMS"
VOICE = "VOICE"
"""A call that reads the text aloud and hears a key."""
CHANNELS = (SMS, EMAIL, VOICE)
TALKED = ("WECHAT", "WECOM", "DINGTALK", "FEISHU", "PHONE")
"""Channels that only answer by a way in; their addresses are the channel's own, never in a header."""

CASE = "CASE"
"""The subject of notices about cases."""
MESSAGE = "MESSAGE"
"""The subject of what is said in a conversation."""
TALK_PROMISE = "TALK_PROMISE"
"""The subject of notices about a broken promise of a conversation or a call-back: its clock."""
FEED = "FEED"
"""The subject of alarms about sources of tracking: `<source>/<matter>`."""

POLICY = "POLICY"
"""The subject of alarms about what the operator set: `rule/<number>`."""

PICKUP = "PICKUP"
"""The subject of notices about parcels that wait at a station: the stay that was told of first."""

PARCEL = "PARCEL"
"""The subject of notices about parcels."""

LEASE = timedelta(seconds=45)
"""How long a claimed notice belongs to one worker; longer than one batch can take."""

_PAUSES = tuple(timedelta(seconds=s) for s in (15, 60, 120, 300, 900, 3600, 3 * 3600, 6 * 3600))
_CODE_TRIES = 4


_ADDRESS = {
    EMAIL: re.compile(r"[^\s@<>,;:\"\\()]{1,64}@[^\s@<>,;:\"\\()]{1,189}"),
    SMS: re.compile(r"\+?\d{5,20}"),
    VOICE: re.compile(r"\+?\d{5,20}"),
    **dict.fromkeys(TALKED, re.compile(r"[^\s\x00-\x1f]{1,300}")),
}


def is_address(channel: str, to: str) -> bool:
    """Whether a gateway of this channel can be given this address; one that could grow a header cannot."""
    return _ADDRESS[channel].fullmatch(to) is not None and to == clean(to)


def channel_for(*, phone: str, email: str) -> tuple[str, str] | None:
    """The channel and address by which a person is told: e-mail first, else SMS; None without either."""
    if is_address(EMAIL, email):
        return EMAIL, email
    return (SMS, phone) if is_address(SMS, phone) else None


# ---- chains: which way after which, when one does not reach the person

BACKUP = "BACKUP"
"""A short message to whom the person named for when he cannot be reached."""
USUAL = (EMAIL, SMS)
ELDER = (VOICE, SMS, BACKUP)
"""Whoever asked to be called (老人): by telephone first."""
PICKUP_CODE = (SMS, "WECHAT", EMAIL, VOICE, BACKUP)
PICKUP_ELDER = (VOICE, SMS, "WECHAT", EMAIL, BACKUP)
MOST_WAYS = 5


@dataclass(frozen=True, kw_only=True)
class Reach:
    """By what a person can be reached; '' or None where he cannot."""

    phone: str = ""
    email: str = ""
    wechat: str = ""
    wechat_account: int | None = None
    backup: str = ""


@dataclass(frozen=True)
class Way:
    """One channel with its address; `account_id` is the way in by which it is sent, for WECHAT. `is_backup`:
    it is not the person who reads it."""

    channel: str
    to: str
    account_id: int | None = None
    is_backup: bool = False

    @property
    def letter(self) -> str:
        """Which letter of a notice goes by it."""
        return BACKUP if self.is_backup else self.channel


def chain_of(order: Sequence[str], reach: Reach) -> tuple[Way, ...]:
    """The ways to a person in this order: no way twice, none without a usable address, five at most."""
    ways = {
        EMAIL: Way(EMAIL, reach.email),
        SMS: Way(SMS, reach.phone),
        VOICE: Way(VOICE, reach.phone),
        "WECHAT": Way("WECHAT", reach.wechat if reach.wechat_account else "", reach.wechat_account),
        BACKUP: Way(SMS, reach.backup, is_backup=True),
    }
    found: dict[tuple[str, str], Way] = {}
    for way in (ways[name] for name in order if name in ways):
        if way.to and is_address(way.channel, way.to):
            # whom he named may be himself
            found.setdefault((way.channel, way.to), way)
    return tuple(found.values())[:MOST_WAYS]


@dataclass(frozen=True)
class Gone:
    """A notice that went, or should have, by one way; what came of it."""

    way: Way
    is_failed: bool
    is_delivered: bool = False


ASKED_TWICE = 2


def ways_again(ways: Sequence[Way], gone: Sequence[Gone]) -> tuple[Way, ...]:
    """In which order it is told to somebody who says that it never came: what failed last time, or went
    twice without a receipt, comes after all others. `gone` is the newest first."""
    spent = []
    for way in ways:
        mine = [one for one in gone if (one.way.channel, one.way.to) == (way.channel, way.to)]
        unsure = [one for one in mine if not one.is_delivered]
        if mine and (mine[0].is_failed or len(unsure) >= ASKED_TWICE):
            spent.append(way)
    if len(spent) == len(ways):
        return tuple(ways)
    return (*(way for way in ways if way not in spent), *spent)


class CallState(StrEnum):
    """What came of a call, as its gateway says it."""

    ANSWERED = "ANSWERED"
    PRESSED = "PRESSED"
    NO_ANSWER = "NO_ANSWER"
    BUSY = "BUSY"
    FAILED = "FAILED"
    UNHEARD = "UNHEARD"  # its gateway never said


CALLS = 2
"""So often one person is rung for one matter before the next way is taken."""
HEARD_WITHIN = timedelta(minutes=30)
"""A call of which its gateway says nothing for so long counts as one that nobody took."""
_AGAIN = {CallState.BUSY: timedelta(minutes=10), CallState.NO_ANSWER: timedelta(minutes=30)}


def call_again(state: CallState, *, calls: int) -> timedelta | None:
    """After how long the same person is rung again; None: no more, the next way is taken."""
    return _AGAIN.get(state) if calls < CALLS else None


def counts_instead(new: CallState, old: str) -> bool:
    """Whether what is heard now says more than what was heard before: a key after an answer, no more."""
    return not old or (old == CallState.ANSWERED and new is CallState.PRESSED)


HEARD_BY = ("DELIVERED", "UNHEARD")
"""What a gateway says of a message that it took, and what stands where it said nothing in time."""
RECEIPT_WITHIN = timedelta(minutes=30)
"""So long the receipt of a pickup notice may take before it goes by the next way."""


def next_try(*, kind: str, tries: int, has_more: bool = False) -> timedelta | None:
    """How long to wait after so many tries; None = given up, visibly. A code is worthless after minutes, and
    where there is another way to somebody whose parcel waits (`has_more`) it is taken as soon."""
    is_brief = kind == "CODE" or (kind == PICKUP and has_more)
    most = _CODE_TRIES if is_brief else len(_PAUSES) + 1
    return None if tries >= most else _PAUSES[tries - 1]


def rating_request_due(at: datetime, zone: ZoneInfo) -> datetime:
    """A day after the settlement, but never before 9:00 or after 20:00 where the person lives."""
    return by_daylight(at + timedelta(days=1), zone)


def who_hears(*, named: int | None, place: Iterable[int], by: int | None) -> tuple[int, ...]:
    """Whom work is put to: the one who is named, where nobody is those of the place; each once, and nobody
    hears of what he did himself."""
    told = place if named is None else (named,)
    return tuple(user_id for user_id in dict.fromkeys(told) if user_id != by)


def by_daylight(at: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself, or nine in the morning where it lies before 9:00 or after 20:00."""
    due = at.astimezone(zone)
    if due.hour < 9:
        return due.replace(hour=9, minute=0, second=0, microsecond=0)
    if due.hour >= 20:
        return (due + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    return due


_HOLE = re.compile(r"\{([a-z_]+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its holes filled once; a value's own braces stay. KeyError for an unknown hole."""
    return _HOLE.sub(lambda hole: clean(values[hole[1]]), text)


_UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """Without control signs, half surrogates and marks that turn the reading direction; line feeds stay."""
    return _UNSAFE.sub(" ", text)


def one_line(text: str, most: int) -> str:
    """One line of at most so many signs: no header can grow out of it."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


# ---- webhooks: what programs of others are told (contracts.md, "Staff and integrations")

WEBHOOK_EVENTS = (
    *("case.opened", "case.updated", "case.resolved", "shipment.incident", "rating.received"),
    *("parcel.booked_in", "parcel.handed_out", "parcel.returned"),
)
TEST_EVENT = "webhook.test"
"""Sent by hand to see whether an address takes what it is told; nobody subscribes to it."""
CALL_LEASE = timedelta(seconds=60)
TRIED_FOR = timedelta(days=3)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=12)


def next_call(*, tries: int, created_at: datetime, at: datetime) -> datetime | None:
    """When a call that failed is tried again: after 15 s, then four times as long, 12 h at most; the last
    time when three days have passed, and then no more."""
    last = created_at + TRIED_FOR
    if at >= last:
        return None
    pause: timedelta = min(_FIRST_PAUSE * 4.0 ** min(tries - 1, 6), _LONGEST_PAUSE)
    return min(at + pause, last)


def sign_call(secret: str, body: bytes, *, at: datetime) -> str:
    """`Yishi-Signature`: the second, and HMAC-SHA256 over it, a dot and the body."""
    second = str(int(at.timestamp()))
    digest = hmac.digest(secret.encode(), second.encode() + b"." + body, "sha256").hex()
    return f"t={second},v1={digest}"


def webhook_fault(url: str, *, is_plain_allowed: bool) -> str:
    """What is wrong with the address of a webhook, in a code; '' when nothing is."""
    try:
        parts = urlsplit(url)
        port = parts.port
        # a name that no server of names can be asked for
        (parts.hostname or "").encode("idna")
    except ValueError:
        return "bad_url"
    if parts.scheme not in ("https", "http") or not parts.hostname or len(url) > 2_000 or clean(url) != url:
        return "bad_url"
    if parts.username or parts.password or parts.fragment or port == 0:
        return "bad_url"
    return "" if parts.scheme == "https" or is_plain_allowed else "not_https"


SHORT_MESSAGE, OF_SEVERAL = 70, 67
"""Signs of a Chinese short message by itself, and of each part of a long one."""


def sms_parts(text: str) -> int:
    """How many short messages a text is, and is paid for."""
    return 1 if len(text) <= SHORT_MESSAGE else -(-len(text) // OF_SEVERAL)


def shortest_fit(texts: Iterable[str]) -> str:
    """The first text that is one short message; else the one of the fewest parts."""
    wanted = list(texts)
    one = next((text for text in wanted if sms_parts(text) == 1), None)
    return one if one is not None else min(wanted, key=sms_parts)


def spoken_code(code: str) -> str:
    """A pickup code as it is read aloud, sign by sign: 12-2-0001 is 1 2，2，0 0 0 1."""
    return "，".join(" ".join(part) for part in code.split("-") if part)


def after_quiet(at: datetime, quiet_from: time, quiet_until: time, zone: ZoneInfo) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in; equal hours are never quiet."""
    here = at.astimezone(zone)
    clock = here.time()
    over_night = quiet_from > quiet_until
    is_quiet = clock >= quiet_from or clock < quiet_until if over_night else quiet_from <= clock < quiet_until
    if not is_quiet:
        return at
    end = here.replace(hour=quiet_until.hour, minute=quiet_until.minute, second=0, microsecond=0)
    return end if end > here else end + timedelta(days=1)
