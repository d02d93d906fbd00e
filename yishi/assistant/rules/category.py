"""The category of a complaint from its free text: weighed words, and the intents where they are known. Pure.

A guess for the one who opens the case, with what it rests on; the person or the agent decides.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from yishi.assistant.rules.category_words import INTENTS, ROWS
from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.risk import Risk, risks_in
from yishi.assistant.rules.sentiment import Mood, felt_in

LONGEST_TEXT = 1_000
FALLBACK = "OTHER"
_LEAST = 2.0
_PER_INTENT = 4.0
_SECOND = 0.5
_FROM_RISK = {Risk.SAFETY: 9.0, Risk.PRIVACY: 8.0}
_ROWS = [(category, weight, [*map(re.compile, patterns)]) for category, weight, patterns in ROWS]
# where two weigh alike, the one that is worse to miss comes first
_FIRST = (
    "SAFETY PRIVACY TAKEN_BY_OTHER SIGNED_NOT_RECEIVED CASH_ON_DELIVERY PARCEL_NOT_FOUND CONTENT_MISMATCH"
    " SHORT MISDELIVERED INTERCEPT ACCEPTANCE SUGGESTION UNCONSENTED_PLACEMENT OVERCHARGE ATTITUDE"
    " PICKUP_CODE"
    " LOST DAMAGED RETURN REDIRECT RESCHEDULE STATION_SERVICE DELIVERY_SERVICE NO_DOOR_DELIVERY DELAY PRAISE"
    " OTHER URGE ENQUIRY"
)
_ORDER = {category: place for place, category in enumerate(_FIRST.split())}


@dataclass(frozen=True)
class CategoryGuess:
    """`certainty` 0–1 is the lead over the second; `others` the next ones; `words` what it rests on."""

    category: str
    certainty: float
    others: tuple[str, ...]
    words: tuple[str, ...]


def category_of(text: str, intents: Mapping[str, float] | None = None) -> CategoryGuess:
    """The likeliest category of what a consumer says; OTHER, unsure, where nothing speaks for any.

    `intents` are those that the classifier found, with their confidence; they weigh as much as a strong word.
    """
    plain = folded(text[:LONGEST_TEXT])
    points: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for category, weight, patterns in _ROWS:
        found = [pattern.search(plain) for pattern in patterns]
        if all(found):
            points[category] += weight
            words[category] += [text[each.start() : each.end()] for each in found if each]
    for risk in risks_in(text[:LONGEST_TEXT]):
        if risk.risk in _FROM_RISK:
            points[risk.risk.value] += _FROM_RISK[risk.risk]
            words[risk.risk.value].append(risk.words)
    for intent, confidence in (intents or {}).items():
        for place, category in enumerate(INTENTS.get(intent, ())):
            points[category] += _PER_INTENT * confidence * (1 if place == 0 else _SECOND)
    if max(points.values(), default=0.0) < _LEAST:
        _from_mood(text, points)
    ranked = sorted(points, key=lambda category: (-points[category], _ORDER[category]))
    if not ranked or (points[ranked[0]] < _LEAST and ranked[0] != "ENQUIRY"):
        return CategoryGuess(FALLBACK, 0.0, tuple(ranked[:3]), ())
    best = points[ranked[0]]
    second = points[ranked[1]] if len(ranked) > 1 else 0.0
    certainty = round((best - second) / best * min(1.0, best / 5), 2)
    return CategoryGuess(ranked[0], certainty, tuple(ranked[1:4]), tuple(dict.fromkeys(words[ranked[0]])))


def _from_mood(text: str, points: dict[str, float]) -> None:
    """Where no word speaks: fury is about how somebody was treated, delight is praise."""
    felt = felt_in(text)
    if felt.is_praise:
        points["PRAISE"] += _LEAST
    elif felt.mood is Mood.ANGRY:
        points["ATTITUDE"] += _LEAST
