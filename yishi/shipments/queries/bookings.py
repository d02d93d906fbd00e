"""Bookings, slips and files of bookings as pages and letters read them."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yishi.kit.errors import NotFound
from yishi.kit.files import open_file
from yishi.kit.models import StoredFile
from yishi.kit.personal import mask_address, mask_name, mask_phone
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer
from yishi.shipments.models.bookings import Booking, BookingFile, BookingRow, BookingSlip
from yishi.shipments.rules.bookings import Party

SHOWN_ROWS = 200


@dataclass(frozen=True)
class SlipCard:
    """A photographed slip as far as it was read; `text` is everything that stands on it."""

    id: int
    file_id: UUID
    state: str
    why: str
    text: str

    @property
    def is_busy(self) -> bool:
        return self.state in ("WAITING", "READING")


def access_slip(*, viewer: Viewer, slip_id: int) -> SlipCard:
    """The slip, for who photographed it. Raises NotAllowed, NotFound."""
    require(viewer, Permission.CONTACT_WRITE)
    row = BookingSlip.objects.filter(pk=slip_id, uploaded_by=viewer.label).first()
    if row is None:
        raise NotFound
    return SlipCard(row.pk, row.file_id, row.state, row.why, row.text)


@dataclass(frozen=True, kw_only=True)
class BookingLine:
    """A booking in a list; people are masked."""

    id: int
    reference: str
    receiver: Party
    sender_name: str
    place: str
    goods: str
    verdict: str
    is_opened: bool
    doubts: tuple[str, ...]
    source: str
    merchant_id: int | None
    merchant: str
    waybill_no: str
    milestone: str
    promised_at: datetime | None
    booked_at: datetime
    told_at: datetime | None


def _line(row: Booking) -> BookingLine:
    receiver, parcel = Party(**json.loads(row.receiver)), row.shipment
    masked = Party(mask_name(receiver.name), mask_phone(receiver.phone), mask_address(receiver.address))
    return BookingLine(
        id=row.pk,
        reference=row.reference,
        receiver=masked,
        sender_name=mask_name(json.loads(row.sender).get("name", "")),
        place=row.place,
        goods=row.goods,
        verdict=row.verdict,
        is_opened=row.is_opened,
        doubts=tuple(one.partition(":")[2] for one in row.doubts),
        source=row.source,
        merchant_id=row.merchant_id,
        merchant=row.merchant.name if row.merchant else "",
        waybill_no=parcel.waybill_no if parcel else "",
        milestone=parcel.milestone if parcel else "",
        promised_at=parcel.promised_at if parcel else None,
        booked_at=row.booked_at,
        told_at=row.told_at,
    )


def list_bookings(*, viewer: Viewer, merchant_id: int | None = None, limit: int = 100) -> list[BookingLine]:
    """Bookings in sight, the newest first. Two statements. Raises NotAllowed."""
    require(viewer, Permission.CASE_READ)
    rows = Booking.objects.filter(within_scope(viewer, "outlet__code"))
    if merchant_id is not None:
        rows = rows.filter(merchant_id=merchant_id)
    return [_line(row) for row in rows.select_related("merchant", "shipment").order_by("-pk")[:limit]]


def bookings_of_courier(*, viewer: Viewer, since: datetime) -> list[BookingLine]:
    """What this person took down since then, the newest first."""
    require(viewer, Permission.CONTACT_WRITE)
    rows = Booking.objects.filter(booked_by=viewer.label, booked_at__gte=since)
    return [_line(row) for row in rows.select_related("merchant", "shipment").order_by("-pk")[:50]]


def bookings_of_merchant(merchant_id: int, *, limit: int = 50) -> list[BookingLine]:
    """A corporate shipper's newest bookings, for its own private page."""
    rows = Booking.objects.filter(merchant_id=merchant_id).select_related("merchant", "shipment")
    return [_line(row) for row in rows.order_by("-pk")[:limit]]


def access_booking(*, viewer: Viewer, booking_id: int) -> BookingLine:
    """One booking in sight, or one's own. Raises NotAllowed, NotFound."""
    require(viewer, Permission.CONTACT_WRITE)
    rows = Booking.objects.filter(within_scope(viewer, "outlet__code"), pk=booking_id)
    row = rows.select_related("merchant", "shipment").first()
    if row is None:
        raise NotFound
    return _line(row)


@dataclass(frozen=True)
class ReportRow:
    """A row of a file: what it says (people masked) and what is wrong with it: (code, is it sure)."""

    line: int
    reference: str
    receiver: Party
    goods: str
    waybill_no: str
    faults: tuple[tuple[str, bool], ...]
    is_refused: bool
    booking_id: int | None


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """The check of a file: how many rows may be booked, may be but are asked about, may not; and why not."""

    id: int
    name: str
    state: str
    merchant_id: int | None
    merchant: str
    uploaded_at: datetime
    accepted: int
    asked: int
    refused: int
    booked: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return self.accepted + self.refused


def list_files(*, viewer: Viewer) -> list[FileReport]:
    """The newest files in sight. Raises NotAllowed."""
    require(viewer, Permission.CASE_READ)
    rows = BookingFile.objects.filter(within_scope(viewer, "outlet__code")).select_related("merchant")
    return [_report(row) for row in rows.order_by("-pk")[:20]]


def access_file(*, viewer: Viewer, file_id: int) -> FileReport:
    """The report of a file in sight. Raises NotAllowed, NotFound."""
    require(viewer, Permission.CASE_READ)
    rows = BookingFile.objects.filter(within_scope(viewer, "outlet__code"), pk=file_id)
    row = rows.select_related("merchant").first()
    if row is None:
        raise NotFound
    return _report(row)


def _report(file: BookingFile) -> FileReport:
    rows = list(file.rows.values_list("faults", "is_refused", "booking_id"))
    reasons: Counter[str] = Counter()
    for faults, _refused, _booking in rows:
        reasons.update({code.partition(":")[0] for _where, code, _sure in faults})
    refused = sum(is_refused for _faults, is_refused, _booking in rows)
    return FileReport(
        id=file.pk,
        name=file.name,
        state=file.state,
        merchant_id=file.merchant_id,
        merchant=file.merchant.name if file.merchant else "",
        uploaded_at=file.uploaded_at,
        accepted=len(rows) - refused,
        asked=sum(1 for faults, is_refused, _b in rows if faults and not is_refused),
        refused=refused,
        booked=sum(1 for _faults, _refused, booking in rows if booking is not None),
        reasons=tuple(reasons.most_common()),
    )


def list_report_rows(file_id: int, *, only_faults: bool, is_plain: bool = False) -> list[ReportRow]:
    """The rows of a file in order, or those alone with something to say; people masked unless `is_plain`.
    The caller has checked the file."""
    rows = BookingRow.objects.filter(file_id=file_id).order_by("line")
    if only_faults:
        rows = rows.exclude(faults=[])
        return [_row(row, is_plain) for row in rows[:SHOWN_ROWS]]
    return [_row(row, is_plain) for row in rows]


def _row(row: BookingRow, is_plain: bool) -> ReportRow:
    said: dict[str, Any] = json.loads(row.said)
    who = Party(**said["receiver"])
    masked = Party(mask_name(who.name), mask_phone(who.phone), mask_address(who.address))
    return ReportRow(
        line=row.line,
        reference=said["reference"],
        receiver=who if is_plain else masked,
        goods=said["goods"],
        waybill_no=said["waybill_no"],
        faults=tuple((code, is_sure) for _where, code, is_sure in row.faults),
        is_refused=row.is_refused,
        booking_id=row.booking_id,
    )


def slip_photo(*, viewer: Viewer, slip_id: int) -> bytes:
    """The photo as we made it safe, for who took it. Raises NotAllowed, NotFound, FileNotFoundError."""
    file = StoredFile.objects.filter(pk=access_slip(viewer=viewer, slip_id=slip_id).file_id).first()
    if file is None:
        raise NotFound
    return open_file(file)
