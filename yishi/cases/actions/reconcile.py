"""The nightly comparison: each source is asked how its work orders stand, and what differs is written down
until both sides agree or somebody has said why not."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_text
from yishi.cases.actions.work_order_rows import hand_in
from yishi.cases.models.work_orders import WorkOrder, WorkOrderDifference, WorkOrderSource
from yishi.cases.port import PluginError, SettingsRefused
from yishi.cases.queries.work_order_sources import OrderSource, asked_sources, require_any
from yishi.cases.rules.work_orders import Both, differences_of
from yishi.kit.errors import NotFound, Refusal
from yishi.kit.personal import without_phones
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer

ASK_AT_ONCE = 50
_LONGEST_ERROR = 200


class DifferenceIsOver(Refusal):
    """两边已经一致，不用再说明"""

    code = "difference_is_over"


def ask_sources(*, at: datetime) -> None:
    """Asks the sources that can be asked about their open work orders; the answers are taken like any rows.

    Over the network, outside of any transaction. A source that refuses our account is not asked again until
    its settings have been changed; one that does not answer is asked the next night.
    """
    for source in asked_sources():
        numbers = _numbers_open(source)
        for start in range(0, len(numbers), ASK_AT_ONCE):
            if not _ask(source, numbers[start : start + ASK_AT_ONCE], at=at):
                break


def _numbers_open(source: OrderSource) -> list[str]:
    rows = WorkOrder.objects.filter(source_id=source.id).exclude(is_open_there=False)
    return list(rows.order_by("seen_at").values_list("external_no", flat=True)[:2_000])


def _ask(source: OrderSource, numbers: list[str], *, at: datetime) -> bool:
    """Whether the source answered."""
    client = source.kind.client
    if client is None:
        return False
    try:
        asked_at_ms = int(at.timestamp() * 1000)
        fetched = client.fetch(numbers, settings=source.settings, asked_at_ms=asked_at_ms)
        hand_in(
            source=source,
            way="FETCH",
            body=fetched.body,
            content_type=fetched.content_type,
            is_confirmed=True,
            by=SYSTEM_VIEWER,
            at=at,
        )
    except SettingsRefused as refused:
        reason = without_phones(str(refused))[:_LONGEST_ERROR] or "refused"
        WorkOrderSource.objects.filter(pk=source.id).update(stopped_reason=reason)
        return False
    except (PluginError, Refusal):
        return False
    return True


def compare_all(*, at: datetime) -> int:
    """Compares every work order that may differ with its case; how many differences are new."""
    found = 0
    for source_id in WorkOrderSource.objects.order_by("pk").values_list("pk", flat=True):
        found += _compare(source_id, at)
    return found


@transaction.atomic
def _compare(source_id: int, at: datetime) -> int:
    source = WorkOrderSource.objects.select_for_update().get(pk=source_id)
    known = {
        (one.work_order_id, one.kind): one
        for one in WorkOrderDifference.objects.filter(work_order__source=source, ended_at__isnull=True)
    }
    new, standing = [], set()
    for order in _worth_looking(source):
        for kind in differences_of(_both(order, source), at=at):
            key = (order.pk, str(kind))
            standing.add(key)
            if key not in known:
                new.append(WorkOrderDifference(work_order=order, kind=str(kind), found_at=at))
    WorkOrderDifference.objects.bulk_create(new)
    over = [one.pk for key, one in known.items() if key not in standing]
    WorkOrderDifference.objects.filter(pk__in=over).update(ended_at=at)
    source.reconciled_at = at
    source.save(update_fields=["reconciled_at"])
    return len(new)


def _worth_looking(source: WorkOrderSource) -> Iterator[WorkOrder]:
    """Work orders that are open on either side: both closed is agreement."""
    rows = WorkOrder.objects.filter(source=source).select_related("case")
    both_over = rows.filter(is_open_there=False, case__status__in=("RESOLVED", "CLOSED", "WITHDRAWN"))
    yield from rows.exclude(pk__in=both_over.values("pk")).iterator(chunk_size=1_000)


def _both(order: WorkOrder, source: WorkOrderSource) -> Both:
    case = order.case
    return Both(
        status=case.status,
        answered_there_at=case.answered_there_at,
        is_open_there=order.is_open_there,
        is_missing_there=source.whole_at is not None and order.seen_at < source.whole_at,
        due_at=order.due_at,
        seen_at=order.seen_at,
    )


@transaction.atomic
def note_difference(*, difference_id: int, note: str, by: Viewer, at: datetime) -> None:
    """Says why the sides differ: it stays written down, but waits for nobody. Raises NotFound,
    DifferenceIsOver."""
    require_any(by, Permission.FEEDS_MANAGE, Permission.POLICY_MANAGE)
    kept, _removed = check_text(note, pointer="/note")
    row = WorkOrderDifference.objects.select_for_update().filter(pk=difference_id).first()
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        raise DifferenceIsOver
    row.note, row.noted_by_id, row.noted_at = kept[:1_000], by.user_id, at
    row.save(update_fields=["note", "noted_by", "noted_at"])
