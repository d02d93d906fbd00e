"""Pickup codes: what a station's template makes of a place and a number, and what when it is taken. Pure.

Shapes seen in the wild: 8-3-2015 (shelf, layer, number), 37-1-6312 (the waybill's tail), A-1024, 470812.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

DEFAULT_TEMPLATE = "{shelf}-{layer}-{number:4}"
FIELDS = ("shelf", "layer", "number", "tail", "phone", "random")
TURNS_ON = frozenset({"number", "random"})
"""Fields that can be turned on when a code is taken; without one a second number is put behind."""
WIDTHS = {"number": 4, "tail": 4, "phone": 4, "random": 4}
LONGEST = 16
TRIES = 200
_TOKEN = re.compile(r"\{(\w+)(?::(\d))?\}")
_PLAIN = re.compile(r"[A-Z0-9-]*")


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a code can be made of; '' where it is not known (no shelf, no phone)."""

    shelf: str = ""
    layer: int = 0
    number: int = 0
    tail: str = ""
    phone: str = ""
    random: int = 0


def template_faults(template: str) -> str:
    """What is wrong with a template (`too_long`, `unknown_field`, `bad_sign`, `always_same`), or ''."""
    if not template or len(template) > 80:
        return "too_long"
    fields = [match[1] for match in _TOKEN.finditer(template)]
    if any(field not in FIELDS for field in fields):
        return "unknown_field"
    if not _PLAIN.fullmatch(_TOKEN.sub("", template).upper()):
        return "bad_sign"
    # shelf, layer or nothing at all would be the same for everybody
    return "" if set(fields) & {"number", "tail", "phone", "random"} else "always_same"


def codes_there_could_be(template: str, places: int) -> int:
    """How many codes the template can make where parcels stand in so many places."""
    fields = [(match[1], int(match[2] or WIDTHS.get(match[1], 0))) for match in _TOKEN.finditer(template)]
    digits = sum(width for name, width in fields if name not in ("shelf", "layer"))
    return int(10**digits) * (max(places, 1) if any(name == "shelf" for name, _width in fields) else 1)


def chance_of_a_guess(template: str, *, places: int, inside: int, tries: int) -> float:
    """How likely so many different guesses open somebody's parcel, 0 to 1."""
    left = max(0.0, 1 - inside / codes_there_could_be(template, places))
    return 1 - left**tries


def make_code(template: str, parts: Parts) -> str:
    """The code; parts that are not known leave no hyphen behind."""

    def put(match: "re.Match[str]") -> str:
        name, width = match[1], int(match[2] or WIDTHS.get(match[1], 0))
        if name in TURNS_ON:
            return f"{getattr(parts, name) % 10**width:0{width}}"
        if name == "layer":
            return str(parts.layer) if parts.layer else ""
        said = str(getattr(parts, name))
        return said[-width:] if width else said

    joined = re.sub(r"-{2,}", "-", _TOKEN.sub(put, template)).strip("-").upper()
    return joined or f"{parts.number % 10000:04}"


def codes_from(template: str, parts: Parts) -> Iterator[str]:
    """The codes to try one after the other until one is free, at most 200 different ones.

    A running number or random digits are turned on; a code made of a tail gets a second number behind it.
    """
    turns = any(match[1] in TURNS_ON for match in _TOKEN.finditer(template))
    seen: set[str] = set()
    for turn in range(TRIES):
        moved = Parts(
            shelf=parts.shelf,
            layer=parts.layer,
            number=parts.number + turn,
            tail=parts.tail,
            phone=parts.phone,
            random=parts.random + turn * 7919,
        )
        code = make_code(template, moved if turns else parts)
        if turn and not turns:
            code = f"{code}-{turn + 1}"
        if code not in seen:
            seen.add(code)
            yield code


def plain_code(text: str) -> str:
    """What two ways of writing one code have in common: letters and digits, however parted and cased."""
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", text).upper())[:64]
