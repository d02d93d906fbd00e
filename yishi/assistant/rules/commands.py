"""What colleagues want of a robot in their group: look up, urge, stop, open a case, be known there. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from yishi.shipments.rules.numbers import numbers_in

MOST_NUMBERS = 5


class Verb(StrEnum):
    LOOK_UP = "LOOK_UP"
    URGE = "URGE"
    INTERCEPT = "INTERCEPT"
    OPEN = "OPEN"
    BIND = "BIND"
    HELP = "HELP"


@dataclass(frozen=True)
class Command:
    """`numbers` are waybill numbers, `words` what was said beside the verb (a code, what is wrong)."""

    verb: Verb
    numbers: tuple[str, ...] = ()
    words: str = ""


_CALLED = re.compile(r"@[^\s\u2005]{1,40}[\s\u2005]*")
_BIND = re.compile(r"^(?:绑定|bind)[\s:：]*([A-Za-z0-9]{6})$", re.IGNORECASE)
# the first that stands at the beginning, behind a please at most
_VERBS = (
    (Verb.INTERCEPT, re.compile(r"(?:拦截|拦一下|拦下|拦|截停|截回|退回|stop\b)", re.I)),
    (Verb.URGE, re.compile(r"(?:催一下|催派|催件|催|加急|press\b)", re.I)),
    (Verb.OPEN, re.compile(r"(?:开工单|建工单|开单|建单|登记|报案|投诉|log\b)", re.I)),
    (Verb.LOOK_UP, re.compile(r"(?:查件|查一下|查询|查|看一下|到哪)")),
)
_BEFORE = re.compile(r"^(?:麻烦|请|帮忙|帮我|帮|给我|把|你好|您好|一下|[\s,，:：、/!！。#])*")
_LEFT_OUT = re.compile(r"(?:别|不用|不要|不|先别|取消|没)$")


def command_in(text: str) -> Command:
    """The command of a message. Anything without verb and number is a wish for help: nothing is guessed, and
    what changes something needs its verb at the beginning or right behind the number."""
    plain = _CALLED.sub(" ", text).strip()
    if bound := _BIND.match(plain):
        return Command(Verb.BIND, words=bound[1].upper())
    numbers = tuple(numbers_in(plain, MOST_NUMBERS))
    begin = plain[_BEFORE.match(plain).end() :]  # type: ignore[union-attr]
    verb = next((each for each, sign in _VERBS if sign.match(begin)), None) or _behind(plain)
    if verb is None or not numbers:
        return Command(Verb.LOOK_UP if numbers else Verb.HELP, numbers)
    return Command(verb, numbers, _words(plain))


def _behind(text: str) -> Verb | None:
    """`YT… 催一下`: a verb at the very end, not refused by what stands before it."""
    for verb, sign in _VERBS:
        found = re.search(f"({sign.pattern})(?:一下|下|吧|了|哈|谢谢|[\\s!！。.])*$", text)
        if found and not _LEFT_OUT.search(text[: found.start()].rstrip()):
            return verb
    return None


def _words(text: str) -> str:
    return " ".join(text.split())[:500]
