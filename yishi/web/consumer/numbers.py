"""Waybill numbers in whatever was pasted. Pure."""

import re
import unicodedata

from yishi.shipments.rules.waybills import normalise_waybill_no

_WHOLE = re.compile(r"(?<![A-Z0-9-])[A-Z]{0,4}[0-9][A-Z0-9]{9,27}(?![A-Z0-9-])")
_SHORT = re.compile(r"(?<![A-Z0-9])[A-Z]{0,4}[0-9][A-Z0-9]{5,27}(?![A-Z0-9])")
# an address on the web, whose short codes look like numbers
_LINK = re.compile(r"(?:HTTPS?://)?[A-Z0-9-]+(?:\.[A-Z0-9-]+)+/\S*")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def numbers_in(text: str) -> list[str]:
    """The waybill numbers in pasted text; full-width signs, spaces and hyphens in them do not matter.

    Whole numbers are found first; only where there is none, groups of digits are joined. Mobile numbers
    and what stands in links are left out where anything else is found.
    """
    folded = unicodedata.normalize("NFKC", text[:2000]).upper()
    found = (
        _WHOLE.findall(_LINK.sub(" ", folded))
        or _WHOLE.findall(folded)
        or [number for part in folded.splitlines() for number in _joined(part)]
    )
    numbers = list(dict.fromkeys(found))
    return [number for number in numbers if not _MOBILE.fullmatch(number)] or numbers


def is_mobile(number: str) -> bool:
    return _MOBILE.fullmatch(number) is not None


def _joined(line: str) -> list[str]:
    """Numbers written in groups: 7712 0000 0018 826, SF-1234-5678."""
    whole = normalise_waybill_no(line)
    if whole and any(sign.isdigit() for sign in whole):
        return [whole]
    return _SHORT.findall(re.sub(r"(?<=[A-Z0-9])[\s\u2010-\u2015-]+(?=\d)", "", line))
