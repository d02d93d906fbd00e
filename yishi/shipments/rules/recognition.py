"""Whose number may this be: every carrier that it could belong to, the likeliest first, with the reasons.

Public patterns of carriers overlap, and real numbers fail them: they rank and never refuse. What the
operator's own parcels look like weighs as much as a pattern.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why a carrier is thought of; pages have the words."""

    PREFIX = "prefix"  # begins with letters that only this carrier prints
    PATTERN = "pattern"  # length and first digits as this carrier prints them
    LOOSE = "loose"  # other numbers of this length and beginning were seen of it
    CHECK_DIGIT = "check_digit"  # UPU S10, and the check digit is right
    WRONG_CHECK_DIGIT = "wrong_check_digit"  # UPU S10 in form, but a digit was misread or mistyped
    OWN_PREFIX = "own_prefix"  # our own parcels that begin and are as long like this are this carrier's
    OWN_SHARE = "own_share"  # this carrier brings much of what we have


class Share(NamedTuple):
    """How many of the operator's own parcels are one carrier's and begin and are as long alike."""

    carrier: str
    prefix: str
    length: int
    parcels: int


class Candidate(NamedTuple):
    """A carrier with its score, 0–100, comparable within one number only."""

    carrier: str
    score: int
    reasons: tuple[Reason, ...]


PREFIX_SIGNS = 2
LIKELY = 20
"""Below this a candidate is not worth naming to anybody."""
_AHEAD = 20
_ALL_LETTERS, _PATTERN, _LOOSE = 55, 35, 15
_OWN_PREFIX, _OWN_SHARE = 35, 10

# from public material (domain.md 2): hints only. Letters tell a carrier by themselves
_LETTERS = {"SF": "shunfeng", "YT": "yuantong", "JD": "jd", "JT": "jtexpress"}
_PATTERNS = [
    ("shunfeng", re.compile(r"SF[A-Z0-9]\d{12}")),
    ("yuantong", re.compile(r"YT\d{13}")),
    ("jd", re.compile(r"JD[A-Z0-9]{2}\d{11}")),
    ("jtexpress", re.compile(r"JT\d{13}")),
    ("zhongtong", re.compile(r"7[3-68]\d{12}")),
    ("shentong", re.compile(r"(?:77|43)\d{12,15}")),
    ("yunda", re.compile(r"[34]\d{14}|5\d{12}")),
    ("ems", re.compile(r"[981]\d{12}|P[A-Z]\d{11}")),
]
# real numbers that fail the patterns above: twelve bare digits of 顺丰, thirteen of 韵达
_LOOSE_PATTERNS = [
    ("shunfeng", re.compile(r"\d{12}")),
    ("yunda", re.compile(r"\d{13}")),
]
_S10 = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def check_digit_of(serial: str) -> int:
    """The check digit of the eight digits of a UPU S10 number: 11 less the weighted sum modulo 11, where 10
    is written 0 and 11 is written 5."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def is_s10(number: str) -> bool | None:
    """Whether the check digit of a postal number is right; None when it has not that form."""
    found = _S10.fullmatch(number)
    return None if found is None else check_digit_of(found[2]) == int(found[3])


def rank_carriers(number: str, shares: Iterable[Share] = ()) -> list[Candidate]:
    """The carriers that a number (as it is kept) may belong to, the likeliest first; maybe none.

    `shares` are the operator's own parcels by carrier, first two signs and length.
    """
    points: dict[str, dict[Reason, int]] = defaultdict(dict)
    if carrier := _LETTERS.get(number[:PREFIX_SIGNS]):
        points[carrier][Reason.PREFIX] = _ALL_LETTERS
    for patterns, reason, worth in (
        (_LOOSE_PATTERNS, Reason.LOOSE, _LOOSE),
        (_PATTERNS, Reason.PATTERN, _PATTERN),
    ):
        for carrier, pattern in patterns:
            if pattern.fullmatch(number):
                points[carrier].pop(Reason.LOOSE, None)
                points[carrier][reason] = worth
    for carrier, reason, worth in _postal(number):
        points[carrier][reason] = worth
    for carrier, reason, worth in _own(number, list(shares)):
        # what a carrier brings elsewhere says nothing of a number that nothing else speaks for
        if reason is Reason.OWN_PREFIX or carrier in points:
            points[carrier][reason] = worth
    ranked = [Candidate(carrier, min(100, sum(why.values())), tuple(why)) for carrier, why in points.items()]
    return sorted(ranked, key=lambda each: (-each.score, each.carrier))


def likely(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those worth naming to a person: at most three, no worse than half the best."""
    best = candidates[0].score if candidates else 0
    return [each for each in candidates if each.score >= max(LIKELY, best / 2)][:3]


def clear_winner(candidates: Sequence[Candidate]) -> str:
    """The carrier to ask a source about, where that must be named; '' while two are about as likely."""
    if not candidates or candidates[0].score < LIKELY:
        return ""
    second = candidates[1].score if len(candidates) > 1 else 0
    return candidates[0].carrier if candidates[0].score - second >= _AHEAD else ""


def printed_carrier(candidates: Sequence[Candidate]) -> str:
    """The carrier whose own letters, or whose check digit, stand in the number itself; '' where none do."""
    best = candidates[0] if candidates else None
    if best is None or not {Reason.PREFIX, Reason.CHECK_DIGIT} & set(best.reasons):
        return ""
    return best.carrier


def carriers_at(candidates: Sequence[Candidate], *, served: Collection[str], batch: str = "") -> list[str]:
    """Whose a number without letters may be where the `served` carriers' parcels come (empty: anybody's).

    One: it is that one's. Several: somebody must choose; whom he chose for this `batch` is chosen already.
    None: nothing speaks for anybody, and only the batch can tell.
    """
    fits = [each.carrier for each in likely([c for c in candidates if not served or c.carrier in served])]
    if batch and (batch in fits or not fits):
        return [batch]
    return fits


def _postal(number: str) -> list[tuple[str, Reason, int]]:
    """Post's numbers: EMS begins with E; all other post is the letter and parcel post."""
    is_right = is_s10(number)
    if is_right is None:
        return []
    reason, worth = (
        (Reason.CHECK_DIGIT, _ALL_LETTERS + _PATTERN) if is_right else (Reason.WRONG_CHECK_DIGIT, _PATTERN)
    )
    first, second = ("ems", "youzhengguonei") if number[0] == "E" else ("youzhengguonei", "ems")
    return [(first, reason, worth), (second, reason, worth // 3)]


def _own(number: str, shares: list[Share]) -> list[tuple[str, Reason, int]]:
    all_of: dict[str, int] = defaultdict(int)
    alike: dict[str, int] = defaultdict(int)
    for share in shares:
        all_of[share.carrier] += share.parcels
        if share.prefix == number[:PREFIX_SIGNS] and share.length == len(number):
            alike[share.carrier] += share.parcels
    found = []
    # one parcel more than there are: a single one is no habit
    total, total_alike = sum(all_of.values()) + 1, sum(alike.values()) + 1
    for carrier, parcels in all_of.items():
        if worth := round(_OWN_SHARE * parcels / total):
            found.append((carrier, Reason.OWN_SHARE, worth))
    for carrier, parcels in alike.items():
        if worth := round(_OWN_PREFIX * parcels / total_alike):
            found.append((carrier, Reason.OWN_PREFIX, worth))
    return found
