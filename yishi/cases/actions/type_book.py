"""Types and workflows brought in from a YAML text: all of it or nothing, tried first, twice is once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from yishi.cases.actions.hold import check_may
from yishi.cases.actions.types import save_type
from yishi.cases.actions.workflow_versions import save_workflow
from yishi.cases.queries.types import shelf
from yishi.cases.queries.words.book import said_at, say_book_error
from yishi.cases.rules.type_book import Book, read_book
from yishi.cases.rules.types import TypeTerms
from yishi.kit.errors import Invalid
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class Brought:
    """One entry of the text: `kind` is TYPE or WORKFLOW, `effect` is NEW, CHANGED or SAME."""

    kind: str
    key: str
    name: str
    effect: str


class UnreadableBook(Invalid):
    """这份文件有 %(count)s 处要改"""

    code = "unreadable_book"


def bring_in(*, text: str, why: str = "", is_trial: bool, by: Viewer, at: datetime) -> list[Brought]:
    """What the text changes; a trial says the same and changes nothing.

    What the text does not mention stays as it is. Raises UnreadableBook, whose errors are (pointer, code,
    words with the line), and then nothing of it has been brought in.
    """
    check_may(by, Permission.POLICY_MANAGE)
    book, errors = read_book(text)
    if book is None:
        said = [(each.pointer, each.code, say_book_error(each)) for each in errors]
        raise UnreadableBook(said, count=len(said))
    with transaction.atomic():
        brought, wrong = _bring(book, why, by=by, at=at)
        if wrong:
            raise UnreadableBook(wrong, count=len(wrong))
        if is_trial:
            transaction.set_rollback(True)
    return brought


def _bring(
    book: Book, why: str, *, by: Viewer, at: datetime
) -> tuple[list[Brought], list[tuple[str, str, str]]]:
    wrong: list[tuple[str, str, str]] = []
    brought: list[Brought] = []
    known = shelf()

    def bring(
        named: tuple[str, str, str], pointer: str, seen: tuple[bool, bool], save: Callable[[], int]
    ) -> None:
        try:
            with transaction.atomic():
                save()
        except Invalid as invalid:
            line = book.lines[pointer]
            wrong.extend((pointer + p, code, said_at(line, detail)) for p, code, detail in invalid.errors)
            return
        is_known, is_same = seen
        brought.append(Brought(*named, "SAME" if is_same else "CHANGED" if is_known else "NEW"))

    for at_, workflow in enumerate(book.workflows):
        old = known.workflows.get(workflow.key)
        is_same = old == workflow and workflow.key in known.active_workflows
        save_flow = partial(save_workflow, workflow=workflow, why=why, by=by, at=at)
        named = ("WORKFLOW", workflow.key, workflow.name)
        bring(named, f"/workflows/{at_}", (old is not None, is_same), save_flow)
    for at_, terms in _parents_first(book):
        is_same = known.terms.get(terms.key) == terms
        save_terms = partial(save_type, terms=terms, why=why, by=by, at=at)
        bring(
            ("TYPE", terms.key, terms.name), f"/types/{at_}", (terms.key in known.types, is_same), save_terms
        )
    return brought, wrong


def _parents_first(book: Book) -> Iterator[tuple[int, TypeTerms]]:
    """The types in an order in which each finds what it stands under; a circle is left to the rules."""
    waiting = list(enumerate(book.types))
    keys = {terms.key for terms in book.types}
    done: set[str] = set()
    while waiting:
        ready = [each for each in waiting if each[1].parent not in keys - done] or waiting[:1]
        yield from ready
        done |= {terms.key for _at, terms in ready}
        waiting = [each for each in waiting if each[1].key not in done]
