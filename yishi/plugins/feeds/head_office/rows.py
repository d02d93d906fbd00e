"""One row of a recognised sheet to what it says: parcel, scans, an attempt to reach somebody, a record."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from yishi.feeds.port import FileRow, ParsedContact, ParsedEvent, ParsedRecord, ParsedShipment, Person
from yishi.plugins.common import cells
from yishi.plugins.common.states import KIND_WORDS
from yishi.plugins.feeds.head_office.layouts import Header, Layout
from yishi.plugins.feeds.head_office.people import worker_of

# what a column of times means, in the order of the road
_KIND_OF = {
    "accepted_at": ("accepted", "揽收"),
    "arrived_at": ("arrived_at_outlet", "到件"),
    "delivery_at": ("out_for_delivery", "派件"),
    "signed_at": ("delivered", "签收"),
}
_TOTALS = frozenset({"合计", "总计", "小计", "汇总", "合 计"})
MOST_WORDS, LONGEST_WORD = 80, 500


class Refused(Exception):
    """The row cannot be read; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RowReader:
    """Reads the rows below one header."""

    def __init__(self, sheet: int, header: Header, zone: tzinfo) -> None:
        self.sheet, self.header, self.zone = sheet, header, zone
        self.layout: Layout = header.fit.layout
        self.roles: Mapping[str, int] = header.fit.roles
        self.waybill_names = {cells.plain_heading(n) for n in self.layout.columns.get("waybill_no", ())}
        self.rates = {cells.plain_heading(name) for name in self.layout.rates}

    def read(self, line: int, row: Sequence[Any]) -> FileRow | None:
        """The row; None for totals and for a header that a page break repeats."""
        shown = tuple(cells.text_of(cell) for cell in row)
        if any(text in _TOTALS for text in [text for text in shown if text][:2]):
            return None
        if cells.plain_heading(self._cell(row, "waybill_no")) in self.waybill_names:
            return None
        try:
            return self._said(line, row, shown)
        except Refused as refusal:
            return FileRow(self.sheet, line, shown, refused=refusal.reason)

    def _said(self, line: int, row: Sequence[Any], shown: tuple[str, ...]) -> FileRow:
        number = self._waybill(row)
        is_parcel, contact = self.layout.use == "PARCELS", self._contact(row)
        return FileRow(
            sheet=self.sheet,
            line=line,
            cells=shown,
            waybill_no=number,
            outlet=self._text(row, "outlet") or self._text(row, "destination_outlet"),
            worker=worker_of(
                self._cell(row, "courier"),
                number=self._cell(row, "courier_number"),
                name=self._cell(row, "courier_name"),
                phone=self._cell(row, "courier_phone"),
                area=self._cell(row, "area"),
            ),
            events=self._events(row, number) if is_parcel else (),
            shipment=self._shipment(row, number) if is_parcel else None,
            contact=contact,
            record=None if is_parcel else self._record(row, contact),
        )

    def _cell(self, row: Sequence[Any], role: str) -> Any:
        column = self.roles.get(role)
        return row[column] if column is not None and column < len(row) else ""

    def _text(self, row: Sequence[Any], role: str) -> str:
        return cells.said(self._cell(row, role))

    def _moment(self, row: Sequence[Any], role: str) -> datetime | None:
        """None where nothing stands; what stands there and is no time refuses the row."""
        cell = self._cell(row, role)
        if not cells.said(cell):
            return None
        moment = cells.moment_of(cell, self.zone)
        if moment is None:
            raise Refused("bad_time")
        return moment

    def _waybill(self, row: Sequence[Any]) -> str:
        if "waybill_no" not in self.roles:
            return ""
        number, reason = cells.waybill_of(self._cell(row, "waybill_no"))
        if reason:
            raise Refused(reason)
        return number

    def _events(self, row: Sequence[Any], number: str) -> tuple[ParsedEvent, ...]:
        found = []
        said_at, word = self._moment(row, "at"), self._text(row, "state")
        if said_at is not None and word:
            kind, detail = KIND_WORDS.get(word, ("unknown", ""))
            found.append(self._event(row, number, said_at, kind, detail, word, self._text(row, "text")))
        for role, (kind, word) in _KIND_OF.items():
            if (moment := self._moment(row, role)) is not None:
                detail = "unknown" if kind == "delivered" else ""
                found.append(self._event(row, number, moment, kind, detail, word, ""))
        return tuple(found)

    def _event(
        self, row: Sequence[Any], number: str, at: datetime, kind: str, detail: str, word: str, text: str
    ) -> ParsedEvent:
        return ParsedEvent(
            waybill_no=number,
            kind=kind,
            happened_at=at,
            detail=detail,
            city=self._text(row, "city"),
            outlet=self._text(row, "scan_outlet"),
            text=text or word,
            source_code=word,
            signed_by=self._text(row, "signed_by") if kind == "delivered" else "",
        )

    def _shipment(self, row: Sequence[Any], number: str) -> ParsedShipment | None:
        """What is known besides scans; None where the row says no more than the number."""
        texts = ("product", "merchant", "goods", "platform", "destination_outlet")
        said = {name: text for name in texts if (text := self._text(row, name))}
        people = {name: person for name in ("consignee", "shipper") if (person := self._person(row, name))}
        promised_at = self._moment(row, "promised_at")
        if not said and not people and promised_at is None:
            return None
        return ParsedShipment(waybill_no=number, promised_at=promised_at, **said, **people)  # type: ignore[arg-type]

    def _person(self, row: Sequence[Any], who: str) -> Person | None:
        name, phone, address = (self._text(row, f"{who}_{part}") for part in ("name", "phone", "address"))
        if not (name or phone or address):
            return None
        if "*" in phone:
            # a masked number reaches nobody; its last four digits still tell who it is
            tail = phone[-4:]
            return Person(name=name, phone_tail=tail if tail.isdigit() else "", address=address)
        return Person(name=name, phone=phone, address=address)

    def _contact(self, row: Sequence[Any]) -> ParsedContact | None:
        if not self.layout.contact:
            return None
        made_at = self._moment(row, "contact_at")
        if made_at is None:
            raise Refused("missing_time")
        reference = self._text(row, "reference")
        if not reference and "reference" in self.layout.needs:
            raise Refused("missing_reference")
        outcome = self._text(row, "is_reached")
        if seconds := self._text(row, "seconds"):
            outcome = f"{outcome} {seconds}".strip() + ("秒" if seconds.isdigit() else "")
        return ParsedContact(self.layout.contact, made_at, outcome[:100], reference[:500])

    def _record(self, row: Sequence[Any], contact: ParsedContact | None) -> ParsedRecord:
        amount, rate = self._amount(row), self._rate(row)
        happened_at = contact.happened_at if contact else self._moment(row, "at")
        if happened_at is None and "at" in self.layout.needs:
            raise Refused("missing_time")
        label = self._text(row, "label")
        if not label and "label" in self.layout.needs:
            raise Refused("missing_field")
        return ParsedRecord(
            kind=self.layout.use,
            label=label[:100] or (contact.outcome if contact else ""),
            happened_at=happened_at,
            amount_fen=amount,
            rate=rate,
            words=self._words(row),
        )

    def _amount(self, row: Sequence[Any]) -> int | None:
        cell = self._cell(row, "amount")
        if not cells.said(cell):
            if "amount" in self.layout.needs:
                raise Refused("missing_amount")
            return None
        fen = cells.fen_of(cell)
        if fen is None:
            raise Refused("bad_amount")
        return fen

    def _rate(self, row: Sequence[Any]) -> float | None:
        cell = self._cell(row, "rate")
        rate = cells.rate_of(cell) if cells.said(cell) else None
        if rate is None and cells.said(cell):
            raise Refused("bad_rate")
        return rate

    def _words(self, row: Sequence[Any]) -> dict[str, str]:
        """Every filled column by its heading, rates as fractions."""
        words = {}
        for heading, cell in list(zip(self.header.headings, row, strict=False))[:MOST_WORDS]:
            text = cells.said(cell)
            if heading and text:
                is_rate = cells.plain_heading(heading) in self.rates
                rate = cells.rate_of(cell) if is_rate else None
                words[heading] = f"{rate:.6g}" if rate is not None else text[:LONGEST_WORD]
        return words
