"""Facts: what has happened, announced as a row of the outbox in the same transaction.

`flow.FLOW` says who reacts; `install` puts it in place when Django is ready. Reactions of NOW run at
once, in order and depth first; reactions of LATER are run by the worker (`kit.outbox`).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from yishi.kit.hot import hot_cursor


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that has happened, in the past tense: ids and the moment `at`, never objects.

    `caused_by` names the machine that brought it about (`causing`); empty for people, programs and time.
    """

    name: ClassVar[str]
    at: datetime
    caused_by: str = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = f"{cls.__module__.split('.')[-2]}.{cls.__name__}"


Reaction = Callable[[Any], None]


@dataclass(frozen=True)
class Reactions:
    """Who reacts to one kind of fact: NOW in the same transaction, LATER in a worker.

    `only_if` holds, of those of LATER that mostly have nothing to do, a question that is asked once for many
    facts; where it is answered by no they are not run.
    """

    now: tuple[Reaction, ...] = ()
    later: tuple[Reaction, ...] = ()
    only_if: Mapping[Reaction, Callable[[], bool]] = field(default_factory=dict)


Flow = Mapping[type[Fact], Reactions]

_flow: dict[str, tuple[type[Fact], Reactions]] = {}


def install(flow: Flow) -> None:
    """Puts the plan in place; called once, by `config.apps`."""
    _flow.clear()
    _flow.update({fact.name: (fact, reactions) for fact, reactions in flow.items()})


def reactions_to(name: str) -> Reactions:
    """The reactions planned for a fact by its name; none when the plan does not mention it."""
    return _flow[name][1] if name in _flow else Reactions()


def revive(name: str, body: Mapping[str, Any]) -> Fact:
    """The fact that an outbox row holds. KeyError when the plan no longer knows its name."""
    return msgspec.convert(dict(body), _flow[name][0], strict=False)


def body_of(fact: Fact) -> dict[str, Any]:
    """The fact's values as JSON knows them; what nobody caused does not say so."""
    said = {f.name: msgspec.to_builtins(getattr(fact, f.name)) for f in fields(fact)}
    if not said["caused_by"]:
        del said["caused_by"]
    return said


def hash_of(fact: Fact) -> bytes:
    """What a fact is known again by, however often it is worked off: 32 bytes."""
    said = msgspec.json.encode({"fact": fact.name, **body_of(fact)}, order="sorted")
    return hashlib.sha256(said).digest()


_cause: ContextVar[str] = ContextVar("cause", default="")


@contextmanager
def causing(machine: str) -> Iterator[None]:
    """Every fact announced inside, and what follows from it LATER, was caused by this machine."""
    token = _cause.set(machine)
    try:
        yield
    finally:
        _cause.reset(token)


_INSERT = "INSERT INTO kit_fact (fact, body, announced_at, due_at) VALUES (%s, %s::jsonb, %s, %s)"


def announce(fact: Fact) -> None:
    """Writes the fact to the outbox and runs its NOW reactions. Must stand in a transaction."""
    if (cause := _cause.get()) and not fact.caused_by:
        fact = replace(fact, caused_by=cause)
    planned = reactions_to(fact.name)
    # a native cursor keeps this statement prepared: every action of the product ends here
    hot_cursor().execute(
        _INSERT,
        [fact.name, msgspec.json.encode(body_of(fact)).decode(), fact.at, fact.at if planned.later else None],
        prepare=True,
    )
    for reaction in planned.now:
        reaction(fact)
