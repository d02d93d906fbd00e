"""CSV and Excel files: the header row is found and its columns recognised, in Chinese or English."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import chain, islice
from typing import Any

from yishi.feeds.port import NotFramed, Parsed, Unreadable
from yishi.plugins.feeds.generic.json_body import add_record
from yishi.plugins.feeds.generic.mapping import EVENT_COLUMNS, KIND_WORDS, ONLY_EVENTS, SHIPMENT_COLUMNS

_HEADER_WITHIN = 10
_LARGEST_UNPACKED = 300 * 1024 * 1024
Row = Sequence[Any]


def is_excel(body: bytes) -> bool:
    return body.startswith(b"PK\x03\x04")


def rows_of(body: bytes) -> Iterator[Row]:
    """The rows of a CSV or Excel file, whatever its name says. Raises Unreadable."""
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("old_excel", "an .xls file of the old kind: save it as .xlsx")
    yield from _excel_rows(body) if is_excel(body) else _csv_rows(body)


def _excel_rows(body: bytes) -> Iterator[Row]:
    import openpyxl  # 12 MB in every process that never reads a sheet

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST_UNPACKED:
                raise Unreadable("too_large", "the workbook unpacks to more than 300 MB")
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise NotFramed(f"no workbook: {type(error).__name__}") from None
    for sheet in book.worksheets:
        rows = list(islice(sheet.iter_rows(values_only=True), _HEADER_WITHIN))
        if _header_in(rows) is not None:
            # the first sheet with a header we know; cover sheets and notes stand before it
            yield from chain(rows, islice(sheet.iter_rows(values_only=True), _HEADER_WITHIN, None))
            return


def _csv_rows(body: bytes) -> Iterator[Row]:
    text = _decoded(body)
    head = text[:4096]
    delimiter = max(",\t;", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable("bad_csv", str(error)) from None


def _decoded(body: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotFramed("neither UTF-8 nor GB18030")


def _plain(cell: Any) -> str:
    folded = unicodedata.normalize("NFKC", str(cell or "")).strip().lower()
    return re.sub(r"[\s_*]+|\(.*?\)", "", folded)


def _known(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {_plain(alias): field for field, aliases in columns.items() for alias in aliases}


_EVENTS, _SHIPMENTS = _known(EVENT_COLUMNS), _known(SHIPMENT_COLUMNS)


def _header_in(rows: Sequence[Row]) -> tuple[int, list[str], bool] | None:
    """(row, the field of each column or '', whether its rows are events) of the header; None without one."""
    for number, row in enumerate(rows):
        names = [_plain(cell) for cell in row]
        as_events = [_EVENTS.get(name, "") for name in names]
        is_events = set(as_events) >= ONLY_EVENTS
        fields = as_events if is_events else [_SHIPMENTS.get(name, "") for name in names]
        if "waybill_no" in fields and len({f for f in fields if f}) >= 2:
            return number, fields, is_events
    return None


def parse_sheet(body: bytes, expects: str, zone: tzinfo) -> Parsed:
    """What a file holds; item 0 is the first row below the header. Raises NotFramed without a header."""
    rows = rows_of(body)
    head = list(islice(rows, _HEADER_WITHIN))
    found = _header_in(head)
    if found is None:
        raise NotFramed("no row names its columns: 运单号 and at least one other are needed")
    number, fields, is_events = found
    parsed = Parsed()
    for index, row in enumerate(_filled(chain(head[number + 1 :], rows))):
        record = _record(fields, row, is_events)
        add_record(parsed, index, record, "events" if is_events else "shipments", zone)
    return parsed


def _filled(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if any(cell not in (None, "") for cell in row))


def _record(fields: Sequence[str], row: Row, is_events: bool) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for field, cell in zip(fields, row, strict=False):
        value = _value(cell)
        if field and value not in (None, ""):
            holder, _, name = field.rpartition(".")
            (record.setdefault(holder, {}) if holder else record)[name] = value
    if is_events and isinstance(word := record.get("kind"), str):
        _read_word(record, word.strip())
    return record


def _value(cell: Any) -> Any:
    if isinstance(cell, str):
        # exports protect numbers from Excel as ="123" or '123
        return re.sub(r'^="(.*)"$', r"\1", cell.strip()).lstrip("'")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell if cell is None or isinstance(cell, datetime) else str(cell)


def _read_word(record: dict[str, Any], word: str) -> None:
    """A Chinese state becomes its kind; a word that nobody has mapped is `unknown`, its code kept."""
    if word in KIND_WORDS:
        record["kind"], detail = KIND_WORDS[word]
        record.setdefault("detail", detail)
    elif not word.isascii():
        record["kind"] = "unknown"
    record.setdefault("source_code", "" if word.isascii() else word)
