"""Words after which a person takes over at once: law, press, regulator, danger, minors, privacy. Pure.

Recall comes first: a person who looks in vain loses a minute. What is known to be harmless is taken out
before we look: goods (消防器材, 律师函), places (法院路), figures of speech (急死了, 跳楼价),
and what is denied (不会起诉).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from yishi.assistant.rules.folding import folded
from yishi.assistant.rules.risk_words import HARMLESS, RISKY

LONGEST_TEXT = 4_000


class Risk(StrEnum):
    LEGAL = "LEGAL"
    MEDIA = "MEDIA"
    REGULATOR = "REGULATOR"
    SAFETY = "SAFETY"
    SELF_HARM = "SELF_HARM"
    MINOR = "MINOR"
    PRIVACY = "PRIVACY"


@dataclass(frozen=True)
class RiskSaid:
    """A risk with the words that it rests on and where they stand."""

    risk: Risk
    words: str
    span: tuple[int, int]


_RISKY = [(Risk(name), re.compile(pattern)) for name, pattern in RISKY.items()]
_HARMLESS = {Risk(name): re.compile(pattern) for name, pattern in HARMLESS.items()}
# 不会去…, 没想过要…, 不至于…: directly before the words
_DENIED = re.compile(
    r"(?:不会|不想|不打算|不至于|不必|不用|不需要|没必要|没有必要|没打过|没有打算|没有?想过?|没有?说过?"
    r"|没有?要|不是要|不是想|并没有|懒得|"
    r"从没|从未|你们没有|不找|不去|没有|没)(?:再|真的?|去|想|要|到|走|打|找|投诉|你们?|他们?|把|就|说|向"
    r"|在)*$"
)
# 不想活, 没法活 deny nothing
_NEVER_DENIED = frozenset({Risk.MINOR})
_BOOK = re.compile(r"《[^》]{1,40}》")


def risks_in(text: str) -> list[RiskSaid]:
    """The risks that a message names, each kind once, in the order of `Risk`; several at once are common."""
    plain = _BOOK.sub(_blank, folded(text[:LONGEST_TEXT]))
    found = []
    for risk, pattern in _RISKY:
        if (match := pattern.search(plain)) is None:
            continue
        if harmless := _HARMLESS.get(risk):
            cleared = harmless.sub(_blank, plain)
            match = pattern.search(cleared)
        else:
            cleared = plain
        while match is not None and _is_denied(risk, cleared, match.start()):
            match = pattern.search(cleared, match.end())
        if match is not None:
            found.append(RiskSaid(risk, text[match.start() : match.end()], match.span()))
    return found


def _blank(found: "re.Match[str]") -> str:
    """A mark that no word contains, as long as what it covers."""
    return "\ue000" * len(found[0])


def _is_denied(risk: Risk, plain: str, place: int) -> bool:
    return risk not in _NEVER_DENIED and _DENIED.search(plain[max(0, place - 12) : place]) is not None
