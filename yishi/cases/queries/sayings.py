"""Lines that Yishi wrote by itself, put into words when they are read: a topic a file in `words`."""

from collections.abc import Mapping
from typing import Any

from yishi.cases.queries.words import (
    claims,
    core,
    couriers,
    incidents,
    interceptions,
    links,
    promises,
    routing,
    searches,
    speed,
    story,
    work_orders,
    workflows,
)
from yishi.cases.queries.words.kinds import Say, Titles
from yishi.kit.phrases import say as say_phrase

_TOPICS = (
    claims,
    core,
    couriers,
    incidents,
    interceptions,
    links,
    promises,
    routing,
    searches,
    speed,
    story,
    work_orders,
    workflows,
)

_TITLES: Titles = {kind: title for topic in _TOPICS for kind, title in topic.TITLES.items()}
_SENTENCES: Say = {kind: say for topic in _TOPICS for kind, say in topic.SENTENCES.items()}
_TOLD: Say = {**core.TOLD, **links.TOLD, **story.TOLD, **claims.TOLD, **interceptions.TOLD, **couriers.TOLD}


def title_of(kind: str) -> str:
    """A few words that say what a line is."""
    return str(_TITLES.get(kind, kind))


def sentence_of(kind: str, data: Mapping[str, Any]) -> str:
    """What a line says where nobody wrote a text; '' when the title says it all."""
    if "phrase" in data:
        return say_phrase(data["phrase"])
    say = _SENTENCES.get(kind)
    return say(data) if say else ""


def told_of(kind: str, data: Mapping[str, Any]) -> str:
    """The same for the person whose case it is: no words of the house, and nobody calls him a customer."""
    say = None if "phrase" in data else _TOLD.get(kind)
    return say(data) if say else sentence_of(kind, data)
