"""Files of bookings: every row is looked at and reported; nothing is booked before somebody says so."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from yishi.feeds.queries.sources import file_reader
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.files import Upload, read_upload
from yishi.kit.personal import keyed_hash
from yishi.kit.texts import clean_text
from yishi.people.queries import require, within_scope
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.bookings import Desk, book_checked, taken_numbers
from yishi.shipments.models.bookings import Booking, BookingFile, BookingRow
from yishi.shipments.queries.goods import running_book
from yishi.shipments.rules.bookings import (
    Book,
    Checked,
    Order,
    Party,
    check_order,
    columns_of,
    missing_columns,
)
from yishi.shipments.rules.completeness import doubts_of_name, doubts_of_phone
from yishi.shipments.rules.waybills import normalise_waybill_no

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 5_000
_HEADER_WITHIN = 10


class TooManyRows(Refusal):
    """一次最多 5,000 行，分几个文件传"""

    code = "too_many_rows"
    status = 413


class NoHeader(Refusal):
    """认不出表头：缺少这些列：%(missing)s。下载模板，照着填"""

    code = "no_header"
    status = 422


class NotReady(Refusal):
    """这个文件已经登记过或作废了"""

    code = "not_ready"
    status = 409


Rows = list[tuple[int, tuple[str, ...]]]


def check_file(
    *, upload: Upload, sender: Party, merchant_id: int | None, outlet_id: int | None, by: Viewer, at: datetime
) -> int:
    """Reads a table (XLSX, CSV or pasted), looks at every row, and keeps the report; its number.

    The same file for the same sender again is the same report. Raises NotAllowed, TooManyRows, NoHeader,
    DocumentTooLarge, EmptyFile, and Unreadable with why it is no table.
    """
    require(by, Permission.CASE_WRITE)
    if any(doubt.is_sure for doubt in (*doubts_of_name(sender.name), *doubts_of_phone(sender.phone))):
        raise Invalid([("/sender_phone", "missing_field", "寄件人的姓名和电话要写全")])
    body = read_upload(upload=upload, most=MOST_BYTES)
    whose = f"{merchant_id}:{outlet_id}:{json.dumps(vars(sender), ensure_ascii=False)}:"
    said_hash = hashlib.sha256(keyed_hash("booking file", whose) + body).digest()
    known = BookingFile.objects.filter(said_hash=said_hash).exclude(state="DROPPED").first()
    if known is not None:
        return known.pk
    headings, rows = _read(body)
    book = running_book()
    checked = [(line, check_order(_order(cells, headings, sender), book)) for line, cells in rows]
    with transaction.atomic():
        BookingFile.objects.filter(said_hash=said_hash).delete()
        file = BookingFile.objects.create(
            merchant_id=merchant_id,
            outlet_id=outlet_id,
            name=clean_text(upload.name)[0][-200:] or "…",
            said_hash=said_hash,
            uploaded_at=at,
            uploaded_by=by.label,
        )
        BookingRow.objects.bulk_create(list(_reported(file, checked, merchant_id)), batch_size=1000)
    return file.pk


def _read(body: bytes) -> tuple[dict[str, int], Rows]:
    """The columns and the rows below them."""
    _name, reader = file_reader()
    found = reader.table(body)
    best: tuple[str, ...] | None = None
    for _line, cells in islice(found, _HEADER_WITHIN):
        columns = columns_of(cells)
        missing = missing_columns(columns)
        if not missing:
            rows = list(islice(found, MOST_ROWS + 1))
            if len(rows) > MOST_ROWS:
                raise TooManyRows()
            if not rows:
                raise Invalid([("/file", "empty", "表头下面一行也没有")])
            return columns, rows
        best = missing if best is None or len(missing) < len(best) else best
    raise NoHeader(missing="，".join(best or missing_columns({})))


def _order(cells: Sequence[str], columns: dict[str, int], sender: Party) -> Order:
    said = {name: clean_text(cells[at])[0] if at < len(cells) else "" for name, at in columns.items()}
    return Order(
        sender=sender,
        receiver=Party(said["receiver_name"], said["receiver_phone"], said["receiver_address"]),
        goods=said["goods"],
        declared_value_fen=_fen(said.get("declared_value", "")),
        reference=said.get("reference", ""),
        waybill_no=said.get("waybill_no", ""),
    )


def _fen(said: str) -> int | None:
    """Yuan as a cell says it; -1 for what is no amount, so that it is reported."""
    plain = said.replace(",", "").replace("元", "").replace("¥", "").replace("￥", "").strip()
    if not plain:
        return None
    try:
        return round(float(plain) * 100)
    except (ValueError, OverflowError):
        return -1


def _reported(
    file: BookingFile, checked: Sequence[tuple[int, Checked]], merchant_id: int | None
) -> Iterator[BookingRow]:
    known = _known_references((one.order.reference for _line, one in checked), merchant_id)
    numbers = [no for _line, one in checked if (no := normalise_waybill_no(one.order.waybill_no))]
    taken = taken_numbers(numbers) if numbers else set()
    first: dict[tuple[str, ...], int] = {}
    for line, one in checked:
        faults = [(fault.where, fault.code, fault.is_sure) for fault in one.faults]
        if (again := first.setdefault(_same(one.order), line)) != line:
            faults.append(("reference", f"twice_in_file:{again}", True))
        if one.order.reference in known:
            faults.append(("reference", "booked_already", True))
        if normalise_waybill_no(one.order.waybill_no) in taken:
            faults.append(("waybill_no", "waybill_taken", True))
        if one.advice.must_open and not one.advice.kinds:
            faults.append(("goods", "goods_unknown", False))
        yield BookingRow(
            file=file,
            line=line,
            said=_said(one.order),
            reference=one.order.reference[:100],
            faults=faults,
            is_refused=any(is_sure for _where, _code, is_sure in faults),
        )


def _known_references(references: Iterable[str], merchant_id: int | None) -> set[str]:
    if merchant_id is None:
        return set()
    rows = Booking.objects.filter(merchant_id=merchant_id, reference__in={one for one in references if one})
    return set(rows.values_list("reference", flat=True))


def _same(order: Order) -> tuple[str, ...]:
    """What makes two rows one: the reference, the waybill, else everything that was said."""
    if order.reference or order.waybill_no:
        return (order.reference, order.waybill_no)
    return (*vars(order.receiver).values(), order.goods)


def _said(order: Order) -> str:
    said = {
        "sender": vars(order.sender),
        "receiver": vars(order.receiver),
        "goods": order.goods,
        "declared_value_fen": order.declared_value_fen,
        "reference": order.reference,
        "waybill_no": order.waybill_no,
    }
    return json.dumps(said, ensure_ascii=False)


def order_said(said: str) -> Order:
    """The order of a row as it is kept."""
    values = json.loads(said)
    values["sender"], values["receiver"] = Party(**values["sender"]), Party(**values["receiver"])
    return Order(**values, is_opened=False, is_asked=True)


@transaction.atomic
def confirm_file(*, file_id: int, by: Viewer, at: datetime) -> int:
    """Books every row that nothing speaks against, once; how many. Goods that must be opened are opened when
    the parcels are fetched. Raises NotAllowed, NotFound, NotReady, BookedAlready, WaybillTaken."""
    file = _hold(file_id, by)
    rows = list(file.rows.filter(is_refused=False, booking=None).order_by("line"))
    book: Book = running_book()
    desk = Desk(source="FILE", outlet_id=file.outlet_id, merchant_id=file.merchant_id)
    numbers = book_checked(
        checked=[check_order(order_said(row.said), book) for row in rows], desk=desk, by=by, at=at
    )
    for row, number in zip(rows, numbers, strict=True):
        row.booking_id = number
    BookingRow.objects.bulk_update(rows, ["booking"], batch_size=1000)
    _end(file, "BOOKED", by, at)
    return len(rows)


@transaction.atomic
def drop_file(*, file_id: int, by: Viewer, at: datetime) -> None:
    """Nothing of it is booked; its rows go. Raises NotAllowed, NotFound, NotReady."""
    file = _hold(file_id, by)
    file.rows.all().delete()
    _end(file, "DROPPED", by, at)


def _hold(file_id: int, by: Viewer) -> BookingFile:
    require(by, Permission.CASE_WRITE)
    seen = BookingFile.objects.filter(within_scope(by, "outlet__code"), pk=file_id)
    file = seen.select_for_update(of=("self",)).first()
    if file is None:
        raise NotFound
    if file.state != "READY":
        raise NotReady()
    return file


def _end(file: BookingFile, state: str, by: Viewer, at: datetime) -> None:
    file.state, file.ended_at, file.ended_by = state, at, by.label
    file.save(update_fields=["state", "ended_at", "ended_by"])
