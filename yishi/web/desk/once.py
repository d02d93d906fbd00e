"""What several sheets of one page ask alike is asked once while the page is made."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Inside, `once` keeps its answers. Only around reading: what changes inside would not be seen."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The query's answer, asked now or before on the same page; outside of a page always asked anew."""
    answers = _answers.get()
    if answers is None:
        return ask(*args, **kwargs)
    said = (ask, args, *sorted(kwargs.items()))
    if said not in answers:
        answers[said] = ask(*args, **kwargs)
    found: T = answers[said]
    return found
