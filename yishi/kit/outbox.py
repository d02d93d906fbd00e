"""The worker's side of facts: claims outbox rows, runs their LATER reactions, retries alone, parks."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from yishi.kit.facts import Reaction, causing, reactions_to, revive
from yishi.kit.models import FactRow, ReactionTry

log = logging.getLogger(__name__)

MAX_TRIES = 5
_ROUND_S = 0.1
"""No new row is begun after so long: what reacted can be seen by others, and its locks are let go."""


def name_of(reaction: Reaction) -> str:
    return f"{reaction.__module__.split('.')[-2]}.{reaction.__name__}"


def back_off(tries: int) -> timedelta:
    """How long to wait after that many tries: 10 s, 40 s, 160 s, 640 s."""
    return timedelta(seconds=10 * 4 ** (tries - 1))


def run_due(*, at: datetime, limit: int = 50) -> int:
    """Runs the LATER reactions of up to `limit` due facts and retries; returns how many rows it took."""
    taken, is_cut = 0, True
    while is_cut and taken < limit:
        done, is_cut = _run_rows(at=at, limit=limit - taken)
        taken += done
    return taken + _run_tries(at=at, limit=limit)


@transaction.atomic
def _run_rows(*, at: datetime, limit: int) -> tuple[int, bool]:
    """How many rows one transaction took, and whether its time was over before all that it had claimed."""
    over = time.monotonic() + _ROUND_S
    done: list[int] = []
    rows = list(
        FactRow.objects.filter(due_at__lte=at)
        .order_by("due_at", "id")
        .select_for_update(skip_locked=True)[:limit]
    )
    # asked after the rows were claimed: whoever was there when a fact was announced is seen
    answers: dict[Callable[[], bool], bool] = {}
    for row in rows:
        if done and time.monotonic() > over:
            break
        planned = reactions_to(row.fact)
        for reaction in planned.later:
            if _is_wanted(planned.only_if.get(reaction), answers):
                _run_one(row, reaction, tries=0, at=at)
        done.append(row.pk)
    FactRow.objects.filter(pk__in=done).update(due_at=None)
    return len(done), len(done) < len(rows)


def _is_wanted(question: Callable[[], bool] | None, answers: dict[Callable[[], bool], bool]) -> bool:
    if question is None:
        return True
    if question not in answers:
        answers[question] = question()
    return answers[question]


@transaction.atomic
def _run_tries(*, at: datetime, limit: int) -> int:
    due = ReactionTry.objects.filter(due_at__lte=at).select_related("row").order_by("due_at")
    tries = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
    for past in tries:
        planned = {name_of(r): r for r in reactions_to(past.row.fact).later}
        reaction = planned.get(past.reaction)
        if reaction is None or _run_one(past.row, reaction, tries=past.tries, at=at):
            past.delete()
    return len(tries)


def _run_one(row: FactRow, reaction: Reaction, *, tries: int, at: datetime) -> bool:
    """Whether the reaction went through; a failure is written down with its next time, or parked."""
    try:
        fact = revive(row.fact, row.body)
        with transaction.atomic(), causing(fact.caused_by):
            reaction(fact)
        return True
    except Exception as error:
        log.exception(
            "reaction failed", extra={"fact": row.fact, "reaction": name_of(reaction), "row": row.pk}
        )
        tries += 1
        is_last = tries >= MAX_TRIES
        ReactionTry.objects.update_or_create(
            row=row,
            reaction=name_of(reaction),
            defaults={
                "tries": tries,
                "error": type(error).__name__,
                "due_at": None if is_last else at + back_off(tries),
                "parked_at": at if is_last else None,
            },
        )
        return False
