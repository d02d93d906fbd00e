"""Penalties received, as lists and pages show them: what can still be appealed, what was saved a month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from yishi.claims.models.penalty import AppealResult, FeeCode, Origin, ReceivedPenalty
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer

VIEWS = ("open", "appealed", "done", "all")


@dataclass(frozen=True)
class PenaltyLine:
    """One penalty; `can_appeal` while its last moment has not passed."""

    id: int
    version: int
    origin: str
    origin_label: str
    fee_code: str
    label: str
    external_no: str
    waybill_no: str
    case_no: str
    outlet_name: str
    amount_fen: int
    happened_at: datetime
    appeal_until: datetime | None
    appealed_at: datetime | None
    result: str
    result_label: str
    saved_fen: int
    is_voided: bool
    is_from_file: bool
    can_appeal: bool


@dataclass(frozen=True)
class Sums:
    """`appealable`: how many and how much can still be appealed, and until when the first of them."""

    appealable: int
    appealable_fen: int
    first_until: datetime | None
    waiting: int
    received_fen: int
    saved_fen: int


@dataclass(frozen=True)
class Month:
    month: datetime
    received_fen: int
    saved_fen: int
    count: int


@dataclass(frozen=True)
class Fee:
    code: str
    name: str
    appeal_days: int | None


def list_penalties(
    *, viewer: Viewer, view: str = "open", at: datetime, limit: int = 200
) -> list[PenaltyLine]:
    """In sight, what runs out first on top. Raises NotAllowed."""
    return [_line(row, at) for row in _rows(viewer, view, at)[:limit]]


def export_penalties(*, viewer: Viewer, at: datetime) -> Iterator[PenaltyLine]:
    """All of them, for a file."""
    return (_line(row, at) for row in _rows(viewer, "all", at).iterator(chunk_size=500))


def penalty_sums(*, viewer: Viewer, at: datetime) -> Sums:
    rows = _seen(viewer).filter(voided_at__isnull=True)
    said = rows.aggregate(
        appealable=Count("pk", filter=_appealable(at)),
        appealable_fen=Sum("amount_fen", filter=_appealable(at), default=0),
        waiting=Count("pk", filter=Q(appealed_at__isnull=False, result_at__isnull=True)),
        received_fen=Sum("amount_fen", default=0),
        saved_fen=Sum("saved_fen", default=0),
    )
    first = rows.filter(_appealable(at), appeal_until__isnull=False).order_by("appeal_until").first()
    return Sums(first_until=first.appeal_until if first else None, **said)


def months_of_penalties(*, viewer: Viewer, limit: int = 12) -> list[Month]:
    """What was received and saved, by the month in which it was imposed, the newest first."""
    rows = (
        _seen(viewer)
        .filter(voided_at__isnull=True)
        .annotate(month=TruncMonth("happened_at"))
        .values("month")
        .annotate(received=Sum("amount_fen"), saved=Sum("saved_fen"), n=Count("pk"))
        .order_by("-month")[:limit]
    )
    return [Month(row["month"], row["received"], row["saved"], row["n"]) for row in rows]


def list_fee_codes() -> list[Fee]:
    return [Fee(row.code, row.name, row.appeal_days) for row in FeeCode.objects.order_by("code")]


def _seen(viewer: Viewer) -> QuerySet[ReceivedPenalty]:
    require(viewer, Permission.FILES_IMPORT)
    return ReceivedPenalty.objects.filter(within_scope(viewer, "outlet__code"))


def _appealable(at: datetime) -> Q:
    in_time = Q(appeal_until__isnull=True) | Q(appeal_until__gte=at)
    return Q(appealed_at__isnull=True, voided_at__isnull=True) & in_time


def _rows(viewer: Viewer, view: str, at: datetime) -> QuerySet[ReceivedPenalty]:
    views = {
        "open": _appealable(at),
        "appealed": Q(appealed_at__isnull=False, result_at__isnull=True, voided_at__isnull=True),
        "done": Q(result_at__isnull=False),
    }
    rows = _seen(viewer).filter(views.get(view, Q())).select_related("outlet", "case")
    return rows.order_by("appeal_until", "-happened_at", "pk")


def _line(row: ReceivedPenalty, at: datetime) -> PenaltyLine:
    in_time = row.appeal_until is None or at <= row.appeal_until
    return PenaltyLine(
        row.pk, row.version, row.origin, str(Origin(row.origin).label), row.fee_code, row.label,
        row.external_no, row.waybill_no, row.case.case_no if row.case else "",
        row.outlet.name if row.outlet else "", row.amount_fen, row.happened_at, row.appeal_until,
        row.appealed_at, row.appeal_result,
        str(AppealResult(row.appeal_result).label) if row.appeal_result else "", row.saved_fen,
        row.voided_at is not None, row.record_mark is not None,
        in_time and row.appealed_at is None and row.voided_at is None,
    )  # fmt: skip
