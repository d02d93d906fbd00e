"""What many tests begin with is made once and stands in an outer transaction that each of them works in.

Making the cast takes longer than most tests that use it. Each test's own transaction is a savepoint in the
outer one, so that it finds the cast untouched, with the same ids; one that begins without it takes it down.
"""

import contextlib
import copy
from collections.abc import Callable, Iterator
from typing import Any

import time_machine
from django.db import connection, transaction

from tests.world import START, World, make_world

_outer = contextlib.ExitStack()
_stands: tuple[World, Any] | None = None


def take_down() -> None:
    """The cast is gone, with all that its outer transaction held."""
    global _stands
    _stands = None
    _outer.close()


def stand() -> None:
    """The cast stands; made again when a test has broken the connection that held it."""
    global _stands
    if _stands is not None and _stands[1] is connection.connection and not connection.needs_rollback:
        return
    take_down()
    _outer.enter_context(undone())
    with time_machine.travel(START, tick=False):
        _stands = make_world(), connection.connection


def the_world() -> World:
    """A test's own copy of the cast that stands; where none does it is made."""
    return make_world() if _stands is None else copy.deepcopy(_stands[0])


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """What is written in the block is taken back at its end."""
    block = transaction.atomic()
    # as in Django's own test case: what must be durable may stand inside
    block._from_testcase = True  # type: ignore[attr-defined]
    block.__enter__()
    try:
        yield
    finally:
        if connection.in_atomic_block and not connection.closed_in_transaction:
            transaction.set_rollback(True)
        block.__exit__(None, None, None)


@contextlib.contextmanager
def shared(make: Callable[[], Any]) -> Iterator[Any]:
    """For a fixture of a whole module: what it makes stands until the module ends."""
    take_down()
    with undone():
        try:
            yield make()
        finally:
            take_down()
