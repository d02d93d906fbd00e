"""The texts of notices, `texts/<language>/<kind>.<channel>.txt`; an e-mail's first line is its heading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path

from yishi.notifications.rules import EMAIL, SMS, VOICE, clean, fill, one_line

TEXTS = Path(__file__).parent.parent / "texts"
LANGUAGES = ("zh-hans", "en")
_EXCERPT = 60


@dataclass(frozen=True)
class Letter:
    heading: str
    body: str


@cache
def _text(language: str, kind: str, form: str) -> str:
    folder = TEXTS / (language if language in LANGUAGES else LANGUAGES[0])
    return (folder / f"{kind.lower()}.{form.lower()}.txt").read_text(encoding="utf-8").strip()


def write_letter(*, kind: str, channel: str, language: str, values: Mapping[str, str]) -> Letter:
    """The finished text of one notice. KeyError for a missing value, OSError where there is no such text."""
    text = _text(language, kind, form_of(kind, channel))
    if channel != EMAIL:
        return Letter("", one_line(fill(text, values), 500))
    heading, _, body = text.partition("\n")
    return Letter(one_line(fill(heading, values), 150), clean(fill(body.strip(), values)))


def form_of(kind: str, channel: str) -> str:
    """Which text a channel has: an e-mail its own, a call its own where there is one, all others the short
    one."""
    if channel == VOICE and (TEXTS / LANGUAGES[0] / f"{kind.lower()}.voice.txt").exists():
        return VOICE
    return EMAIL if channel == EMAIL else SMS


def part(name: str, language: str, **values: str) -> str:
    """A sentence that only some letters have, such as the promise of a first reply."""
    return fill(_text(language, name, "part"), values)


def moment(at: datetime, language: str, zone: tzinfo) -> str:
    """A moment as the reader says it, in the zone of the installation."""
    here = at.astimezone(zone)
    if language == "en":
        return f"{here.day} {here:%b, %H:%M}"
    return f"{here.month}月{here.day}日 {here:%H:%M}"


def short_moment(at: datetime, language: str, zone: tzinfo) -> str:
    """The same for a short message: the month is the one it comes in, or the next."""
    here = at.astimezone(zone)
    return f"{here.day} {here:%b %H:%M}" if language == "en" else f"{here.day}日{here:%H:%M}"


def window(from_at: datetime, until_at: datetime, language: str, zone: tzinfo) -> str:
    """From when to when, the day said once where it is one: 23日14:00–18:00."""
    last = until_at.astimezone(zone)
    is_one_day = from_at.astimezone(zone).date() == last.date()
    said = f"{last:%H:%M}" if is_one_day else short_moment(until_at, language, zone)
    return f"{short_moment(from_at, language, zone)}–{said}"


def excerpt(text: str) -> str:
    """The beginning of a reply as it fits into a short message."""
    return one_line(text, _EXCERPT)
