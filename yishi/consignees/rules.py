"""Pure decisions about contacts: what makes two mentions one person, how long a code counts, and which of two
wishes holds where they contradict each other."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

CODE_WITHIN = timedelta(minutes=10)
PROOF_WITHIN = timedelta(minutes=30)
MAX_TRIES = 5
"""Wrong tries that a code bears; with the sixth it is locked."""

PREFERENCE_KINDS = frozenset(
    {"NO_LOCKER", "NO_STATION", "DOOR", "CALL_FIRST", "GUARD", "TIME_WINDOW", "VOICE_CALL", "NEIGHBOUR"}
)


@dataclass(frozen=True, kw_only=True)
class ContactRow:
    """What somebody told us of a person; every part may be missing. `phone` is normalised by the action."""

    name: str = ""
    phone: str = ""
    phone_tail: str = ""
    virtual_number: str = ""
    virtual_extension: str = ""
    virtual_until: datetime | None = None
    email: str = ""


def plain_name(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def plain_email(email: str) -> str:
    return unicodedata.normalize("NFKC", email).strip().casefold()


def identity_of(row: ContactRow, *, is_trusted: bool) -> str:
    """What makes two mentions one contact; '' when nothing reaches the person.

    A phone is a person. Where the speaker is not trusted, a phone with an e-mail is a person of its own:
    else anybody could attach his address to somebody's phone and read that person's notices. Virtual
    numbers are lent to one person after another, and tails are shared by many, so the name belongs to both.
    """
    if row.phone:
        return f"phone:{row.phone}" if is_trusted or not row.email else f"phone:{row.phone}|email:{row.email}"
    if row.virtual_number:
        return f"virtual:{row.virtual_number}-{row.virtual_extension}|name:{row.name}"
    if row.email:
        return f"email:{row.email}"
    if row.phone_tail and row.name:
        return f"tail:{row.phone_tail}|name:{row.name}"
    return ""


Outcome = Literal["RIGHT", "WRONG", "LOCKED", "EXPIRED", "USED"]


def code_outcome(*, is_right: bool, tries: int, expires_at: datetime, is_used: bool, at: datetime) -> Outcome:
    """What one try of a code comes to after `tries` wrong ones; in its very last moment it still counts."""
    if tries >= MAX_TRIES:
        return "LOCKED"
    if at > expires_at:
        return "EXPIRED"
    if is_used:
        return "USED"
    return "RIGHT" if is_right else "WRONG"


# when nobody has said otherwise
QUIET_FROM = time(21)
QUIET_UNTIL = time(8)


@dataclass(frozen=True, kw_only=True)
class NoticeWish:
    """How a person wants to be told: SMS, EMAIL, NONE, or '' for whatever reaches him; and when not."""

    channel: str = ""
    email: str = ""
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL


def after_quiet(at: datetime, wish: NoticeWish, zone: ZoneInfo) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies. They begin at their first minute and
    end before their last; equal hours mean that none is quiet."""
    here = at.astimezone(zone)
    clock, begin, end = here.time().replace(tzinfo=None), wish.quiet_from, wish.quiet_until
    is_over_night = begin > end
    is_quiet = (clock >= begin or clock < end) if is_over_night else begin <= clock < end
    if not is_quiet:
        return at
    day = here.date() + timedelta(days=1 if is_over_night and clock >= begin else 0)
    return datetime.combine(day, end, zone)


PLACEMENTS = ("LOCKER", "STATION", "GUARD", "NEIGHBOUR")
ASKED_FOR = timedelta(days=30)
"""So long a question whether a guessed wish is right may be answered."""
NOT_ASKED_AGAIN = timedelta(days=365)
"""So long whoever said no to a guess is not asked for the same."""

OWN, LEARNED = "CONSUMER", "LEARNED"
_OWN_WORDS = frozenset({OWN, LEARNED, "PERSON", "ASSISTANT", "WEB", "CHAT"})


class Why(StrEnum):
    """Why a wish does not stand any more, or never did."""

    CHANGED = "CHANGED"  # the same person, the same thing, said anew
    CONTRADICTED = "CONTRADICTED"  # what was said later cannot go with it
    OVERRULED = "OVERRULED"  # noted by others against the person's own word
    OLDER = "OLDER"  # it arrived after something newer had been said
    WITHDRAWN = "WITHDRAWN"  # the person took it back
    REPLACED = "REPLACED"  # the whole list was written anew


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A wish as it was stated, or a standing consent (`MAY_LOCKER`): what may contradict each other."""

    kind: str
    source: str
    at: datetime
    value: str = ""
    address: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is the person's own word: said, or guessed and confirmed by him."""
        return self.source.upper() in _OWN_WORDS


# what cannot both be done with one parcel at one place
_CLASHES = {
    frozenset(pair.split())
    for pair in ("DOOR GUARD", "DOOR NEIGHBOUR", "GUARD NEIGHBOUR", "NO_LOCKER MAY_LOCKER", "DOOR MAY_LOCKER",
                 "NO_STATION MAY_STATION", "DOOR MAY_STATION")
}  # fmt: skip
_ALL_DAYS = frozenset(range(7))
_DAYS = {"": _ALL_DAYS, "每天": _ALL_DAYS, "工作日": frozenset(range(5)), "周末": frozenset({5, 6})}
_WINDOW = re.compile(r"(每天|工作日|周末|)\s*(\d{1,2}:\d{2})\s*[-–~至到]\s*(\d{1,2}:\d{2})")


@dataclass(frozen=True)
class Window:
    """Hours of some days of the week (0 is Monday)."""

    days: frozenset[int]
    begins: time
    ends: time


def window_of(value: str) -> Window | None:
    """The hours that a TIME_WINDOW names (`周末 18:00-21:00`); None where they cannot be read."""
    found = _WINDOW.fullmatch(unicodedata.normalize("NFKC", value).strip())
    if found is None:
        return None
    try:
        begins, ends = (time.fromisoformat(found[group].zfill(5)) for group in (2, 3))
    except ValueError:
        return None
    return Window(_DAYS[found[1]], begins, ends) if begins < ends else None


def is_same_place(one: str, other: str) -> bool:
    """Whether two addresses of wishes are written alike; '' is every place, a place of its own."""
    return _plain_place(one) == _plain_place(other)


def _plain_place(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def is_for(place: str, address: str) -> bool:
    """Whether a wish for `place` ('' = everywhere) is meant at this address: one is written within the other,
    since people leave out the province or the flat. An address that is not known may be any."""
    here, there = (_plain_place(each) for each in (place, address))
    return here in there or there in here


def contradict(one: Stated, other: Stated) -> bool:
    """Whether both cannot hold: at the same place and time, the same thing otherwise or its opposite.

    A wish for one address is no contradiction of one for everywhere: the nearer one holds there.
    """
    if not is_same_place(one.address, other.address) or not _overlap(one, other):
        return False
    if one.kind != other.kind:
        return frozenset({one.kind, other.kind}) in _CLASHES
    if one.kind == "TIME_WINDOW":
        here, there = window_of(one.value), window_of(other.value)
        return here is None or there is None or bool(here.days & there.days)
    return True


def _overlap(one: Stated, other: Stated) -> bool:
    pairs = ((one.valid_until, other.valid_from), (other.valid_until, one.valid_from))
    return all(ends is None or begins is None or begins <= ends for ends, begins in pairs)


def prevails(new: Stated, old: Stated) -> bool:
    """Which of two that contradict each other holds: the person's own word, else the newer one; of the same
    moment what was said before what was learned."""
    if new.is_own != old.is_own:
        return new.is_own
    if new.at != old.at:
        return new.at > old.at
    return new.source.upper() != LEARNED


@dataclass(frozen=True)
class Settled:
    """What comes of a new statement: it `loses_to` one (by its place), or `ends` some, each with why."""

    loses_to: int | None = None
    why: Why | None = None
    ends: dict[int, Why] = field(default_factory=dict)


def settle(new: Stated, standing: Sequence[Stated]) -> Settled:
    """Sets a new statement against those that stand. What loses to one of them ends none of the others."""
    ends: dict[int, Why] = {}
    for place, old in enumerate(standing):
        if not contradict(new, old):
            continue
        if not prevails(new, old):
            return Settled(place, Why.OLDER if new.is_own == old.is_own else Why.OVERRULED)
        ends[place] = Why.CHANGED if new.kind == old.kind else Why.CONTRADICTED
    return Settled(ends=ends)


def learned_from(*, found: str, validity: str, placed: str) -> tuple[str, ...]:
    """The wishes that a complaint lets us guess: `found` is the category as verified, `placed` where the
    parcel had been put (`locker`, `station` …; '' is not known). Nothing is learned from what was not so."""
    if validity not in ("VALID", "PARTLY"):
        return ()
    if found == "NO_DOOR_DELIVERY":
        return ("DOOR",)
    if found != "UNCONSENTED_PLACEMENT":
        return ()
    if placed == "locker":
        return ("NO_LOCKER",)
    return ("NO_STATION",) if placed in ("station", "agent", "sf_store") else ("NO_LOCKER", "NO_STATION")
