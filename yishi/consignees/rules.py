"""Pure decisions about contacts: what makes two mentions one person, and how long a code counts."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, time, timedelta
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
