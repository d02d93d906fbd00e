"""Asking sources: a parcel is claimed, asked about outside any transaction, and what came of it is kept."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from yishi.feeds.actions.inbox import RawBody, store_raws
from yishi.feeds.actions.silence import note_input
from yishi.feeds.facts import AskingStopped, InputStored
from yishi.feeds.models import FollowState, Source, Subscription
from yishi.feeds.port import Fetched, PluginError, SettingsRefused, Unanswered, Wanted
from yishi.feeds.queries.following import AskedSource
from yishi.feeds.queries.sources import get_source
from yishi.feeds.rules import LEASE, WINDOW, Followed, Step, next_step, next_try
from yishi.kit.errors import NotFound
from yishi.kit.facts import announce
from yishi.kit.personal import without_phones
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

_LONGEST_ERROR = 200


@dataclass(frozen=True)
class Claimed:
    """A parcel that one worker may ask about until its lease runs out."""

    id: int
    source: AskedSource
    wanted: Wanted
    step: Step
    asked_at: datetime
    lease: datetime


@transaction.atomic
def claim_due(*, source: AskedSource, at: datetime) -> Claimed | Step | None:
    """Takes the parcel of this source that is longest due: Claimed when the source is to be asked now, WAIT
    or END when only its date was moved, None when nothing is due.

    A subscription counts from here on, before it is asked for: a worker that dies in between leaves one
    counted too many, never one too few.
    """
    # two rows of one number count together, so claims of a source stand in line; each takes a millisecond
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('feeds.claim_due'), %s)", [source.id])
    due = Subscription.objects.select_for_update(skip_locked=True).filter(source_id=source.id, due_at__lte=at)
    row = due.order_by("due_at", "pk").first()
    if row is None:
        return None
    parcel = Followed(
        is_wanted=row.state == FollowState.WANTED,
        until_at=row.until_at,
        asked_at=_asked_at(source.id, row.waybill_no),
        queried_at=row.queried_at,
    )
    step, when = next_step(parcel, at_most=source.at_most, query_every=source.query_every, at=at)
    if step in (Step.WAIT, Step.END):
        _rest(row, step, when)
        return step
    row.due_at, row.tries = at + LEASE, row.tries + 1
    if step == Step.SUBSCRIBE:
        row.asked_at = [*(moment for moment in row.asked_at if moment > at - WINDOW), at]
    else:
        row.queried_at = at
    row.save(update_fields=["due_at", "tries", "asked_at", "queried_at"])
    wanted = Wanted(row.waybill_no, row.carrier, row.phone_tail or "")
    return Claimed(row.pk, source, wanted, step, at, at + LEASE)


def _asked_at(source_id: int, waybill_no: str) -> list[datetime]:
    rows = Subscription.objects.filter(source_id=source_id, waybill_no=waybill_no)
    return [moment for asked in rows.values_list("asked_at", flat=True) for moment in asked]


def _rest(row: Subscription, step: Step, when: datetime) -> None:
    if step == Step.END:
        row.state, row.due_at = FollowState.ENDED, None
    else:
        row.due_at = when
    row.save(update_fields=["state", "due_at"])


@transaction.atomic
def keep_answer(*, claimed: Claimed, fetched: Fetched | None, at: datetime) -> None:
    """The source did as asked: the parcel is active, and a fetched body goes the way of all input."""
    row = _held(claimed)
    if row is not None:
        every = claimed.source.query_every
        if every is None:
            due_at = row.until_at
        else:
            due_at = at if claimed.step == Step.SUBSCRIBE else claimed.asked_at + every
        row.state, row.tries, row.error, row.due_at = FollowState.ACTIVE, 0, "", due_at
        row.save(update_fields=["state", "tries", "error", "due_at"])
    if fetched is not None:
        note_input(source=get_source(claimed.source.code), at=at)
        raw = RawBody(source_id=claimed.source.id, body=fetched.body, content_type=fetched.content_type)
        (raw_id,) = store_raws([raw], at=at)
        announce(InputStored(raw_id=raw_id, by="poll", at=at))


@transaction.atomic
def keep_failure(*, claimed: Claimed, error: PluginError, spread: float, at: datetime) -> None:
    """The source did not: later again, or never for this parcel, or (SettingsRefused) not until somebody has
    mended the settings. `spread` is a random number from 0 to 1.

    What was refused in so many words did not count with the source; what was sent and not answered may have.
    """
    row = Subscription.objects.select_for_update().get(pk=claimed.id)
    may_count = isinstance(error, Unanswered) and error.was_sent
    if claimed.step == Step.SUBSCRIBE and not may_count:
        row.asked_at = [moment for moment in row.asked_at if moment != claimed.asked_at]
    if row.due_at == claimed.lease:
        row.error = without_phones(str(error))[:_LONGEST_ERROR]
        if isinstance(error, SettingsRefused):
            row.due_at, row.tries = at, row.tries - 1
        elif error.permanent:
            row.state, row.due_at = FollowState.REFUSED, None
        else:
            row.due_at = at + next_try(row.tries, spread)
    row.save(update_fields=["asked_at", "error", "due_at", "tries", "state"])
    if isinstance(error, SettingsRefused):
        stop_asking(source=claimed.source, reason=row.error, at=at)


def _held(claimed: Claimed) -> Subscription | None:
    """The row while the claim holds: a push may have ended it, or its lease run out, in the meantime."""
    row = Subscription.objects.select_for_update().get(pk=claimed.id)
    return row if row.due_at == claimed.lease else None


def stop_asking(*, source: AskedSource, reason: str, at: datetime) -> None:
    """Asks nothing of a source any more that has refused our account; its keepers are told, once."""
    stopped = Source.objects.filter(pk=source.id, asking_stopped="").update(
        asking_stopped=reason or "refused"
    )
    if stopped:
        announce(AskingStopped(source_code=source.code, reason=reason, at=at))


@transaction.atomic
def ask_again(*, code: str, by: Viewer, at: datetime) -> None:
    """Asks a source again that had refused our account; what waited is due at once. Raises NotFound."""
    require(by, Permission.FEEDS_MANAGE)
    if not Source.objects.filter(code=code).update(asking_stopped=""):
        raise NotFound
