"""What was handed in of work orders: who may look, and what would become of each row."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import msgspec
from django.db.models import Q, QuerySet

from yishi.cases.models.work_orders import RunState, WorkOrder, WorkOrderRun
from yishi.cases.port import ParsedWorkOrder, RowRefused, Unreadable
from yishi.cases.queries.work_order_sources import OrderSource, get_order_source, meanings_of, require_any
from yishi.cases.rules.work_orders import category_in, category_of, news_of
from yishi.kit.errors import NotFound
from yishi.kit.personal import decrypt, mask_name, mask_phone, normalise_phone, without_phones
from yishi.people.rules import Permission, Viewer

SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class RunCard:
    """A hand-in on a page."""

    id: int
    source_code: str
    source_label: str
    way: str
    state: str
    name: str
    received_at: datetime
    by_name: str
    is_whole: bool
    position: int
    total: int
    opened: int
    changed: int
    same: int
    refused: int
    error: str

    @property
    def is_busy(self) -> bool:
        return self.state == RunState.WAITING


@dataclass(frozen=True, kw_only=True)
class RowPreview:
    """A row as it would be taken: personal data masked, `fate` a News or '' where it is refused."""

    line: int
    external_no: str
    waybill_no: str
    type_word: str
    category: str
    is_guessed: bool
    is_unknown: bool
    text: str
    who: str
    due_at: datetime | None
    state_word: str
    fate: str
    reason: str = ""
    case_no: str = ""


@dataclass(frozen=True)
class RunPreview:
    rows: list[RowPreview]
    more: int
    refused: list[RowRefused]
    counts: dict[str, int]


def access_run(*, viewer: Viewer, run_id: int) -> RunCard:
    """The door to a hand-in: his own, or any for those who keep the sources. Raises NotFound."""
    found = _seen(viewer).filter(pk=run_id).first()
    if found is None:
        raise NotFound
    return _card(found)


def list_runs(*, viewer: Viewer, limit: int = 20) -> list[RunCard]:
    """The newest hand-ins in sight; what came by itself without a change is left away."""
    runs = _seen(viewer).exclude(way="FETCH", opened=0, changed=0)
    return [_card(run) for run in runs.order_by("-pk")[:limit]]


def _seen(viewer: Viewer) -> QuerySet[WorkOrderRun]:
    require_any(viewer, Permission.CASE_WRITE, Permission.FEEDS_MANAGE)
    sees_all = viewer.may(Permission.FEEDS_MANAGE) or viewer.outlet_codes is None
    mine = Q() if sees_all else Q(by_id=viewer.user_id, by__isnull=False)
    return WorkOrderRun.objects.filter(mine).select_related("source", "by").defer("body")


def _card(run: WorkOrderRun) -> RunCard:
    return RunCard(
        id=run.pk,
        source_code=run.source.code,
        source_label=run.source.label or run.source.code,
        way=run.way,
        state=run.state,
        name=run.name,
        received_at=run.received_at,
        by_name=run.by.name if run.by else "",
        is_whole=run.is_whole,
        position=run.position,
        total=run.total,
        opened=run.opened,
        changed=run.changed,
        same=run.same,
        refused=run.refused,
        error=run.error,
    )


def body_of(run: WorkOrderRun) -> bytes:
    """The rows as they came."""
    return zlib.decompress(decrypt(bytes(run.body)))


def row_hash(row: ParsedWorkOrder) -> bytes:
    """By which the same row is known again, whatever file it stands in."""
    return blake2b(msgspec.json.encode(row), digest_size=16).digest()


def is_repeated(run: WorkOrderRun) -> bool:
    """Whether the very same body was taken before: then nothing in it is news, however old it is."""
    same = WorkOrderRun.objects.filter(source_id=run.source_id, body_hash=run.body_hash)
    return same.filter(state=RunState.DONE).exclude(pk=run.pk).exists()


def preview_run(*, viewer: Viewer, run_id: int) -> RunPreview:
    """What becomes of each row, as of now: nothing is written. Raises NotFound."""
    access_run(viewer=viewer, run_id=run_id)
    run = WorkOrderRun.objects.get(pk=run_id)
    source = get_order_source(source_id=run.source_id)
    try:
        parsed = source.kind.reader.parse(body_of(run), run.content_type, source.settings, source.zone)
    except Unreadable as error:  # a plug-in that has changed since
        return RunPreview([], 0, [RowRefused(0, error.reason)], {})
    numbers = [row.external_no for _line, row in parsed.rows]
    known = {
        one.external_no: one
        for one in WorkOrder.objects.filter(source_id=source.id, external_no__in=numbers).select_related(
            "case"
        )
    }
    taken = _taken_elsewhere(source, numbers)
    own, is_old = meanings_of(source.id), is_repeated(run)
    rows = [
        _preview(line, row, source, known.get(row.external_no), own=own, is_old=is_old, taken=taken)
        for line, row in parsed.rows
    ]
    counts = {fate: sum(row.fate == fate for row in rows) for fate in ("NEW", "CHANGED", "SAME", "OLDER", "")}
    counts["REFUSED"] = counts.pop("") + len(parsed.refused)
    return RunPreview(rows[:SHOWN], max(len(rows) - SHOWN, 0), parsed.refused, counts)


def _taken_elsewhere(source: OrderSource, numbers: Iterable[str]) -> set[str]:
    others = WorkOrder.objects.exclude(source_id=source.id).filter(source__filed_as=source.filed_as)
    return set(others.filter(external_no__in=list(numbers)).values_list("external_no", flat=True))


def _preview(
    line: int,
    row: ParsedWorkOrder,
    source: OrderSource,
    known: WorkOrder | None,
    *,
    own: dict[str, str],
    is_old: bool,
    taken: set[str],
) -> RowPreview:
    category = category_of(row.type_word, own=own, card=source.kind.card.words) if row.type_word else None
    guessed = category_in(row.text) if not row.type_word else None
    is_taken = known is None and row.external_no in taken
    fate = news_of(
        is_known=known is not None,
        is_same=known is not None and (is_old or bytes(known.row_hash) == row_hash(row)),
        updated_at=row.updated_at,
        known_updated_at=known.said_at if known else None,
    )
    who = " ".join(filter(None, [mask_name(row.name), mask_phone(normalise_phone(row.phone))]))
    return RowPreview(
        line=line,
        external_no=row.external_no,
        waybill_no=row.waybill_no,
        type_word=row.type_word,
        category=category or guessed or "OTHER",
        is_guessed=guessed is not None,
        is_unknown=bool(row.type_word) and category is None,
        text=" ".join(without_phones(row.text).split())[:120],
        who=who,
        due_at=row.due_at,
        state_word=row.state_word,
        fate="" if is_taken else str(fate),
        reason="number_taken" if is_taken else "",
        case_no=known.case.case_no if known else "",
    )
