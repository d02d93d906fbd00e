"""The sheets of a file by what it holds, never by its name: workbooks, tables saved as web pages, and CSV."""

import codecs
import csv
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import msgspec

from yishi.feeds.port import Unreadable
from yishi.plugins.common.reading_process import NO_WORKBOOK, PASSWORD

MOST_UNPACKED = 300 * 1024 * 1024
# real sheets pack to a tenth; a bomb to a thousandth
MOST_RATIO, RATIO_FROM = 100, 16 * 1024 * 1024
MOST_ROWS = 300_000
MOST_COLUMNS = 400
LONGEST_CELL = 4_000

Row = list[Any]
_CHUNK = 1 << 16
_OLD = b"\xd0\xcf\x11\xe0"


def sheet_rows(body: bytes, *, head: int = 0) -> Iterator[tuple[str, int, Row]]:
    """(sheet, row as people count it, cells) of every filled row, at most the first `head` rows of a sheet.

    Cells are text, number, bool or datetime; '' where nothing stands. Raises Unreadable: `empty`,
    `too_large`, `password`, `bad_workbook`, `bad_encoding`, `bad_csv`.
    """
    if not body.strip():
        raise Unreadable("empty")
    count = 0
    for name, number, row in _rows(body, head):
        if len(row) > MOST_COLUMNS and any(cell not in ("", None) for cell in row[MOST_COLUMNS:]):
            raise Unreadable("too_large", f"more than {MOST_COLUMNS} columns")
        if any(cell not in ("", None) for cell in row):
            count += 1
            if count > MOST_ROWS:
                raise Unreadable("too_large", f"more than {MOST_ROWS} rows")
            yield name, number, row[:MOST_COLUMNS]


def _rows(body: bytes, head: int) -> Iterator[tuple[str, int, Row]]:
    start = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if body.startswith((b"PK\x03\x04", _OLD)):
        yield from _workbook(body, head)
    elif start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")):
        yield from _web_page(body, head)
    elif start.startswith(b"<"):
        raise Unreadable("bad_workbook", "XML, but no workbook that is read here")
    else:
        yield from _csv(body, head)


def _workbook(body: bytes, head: int) -> Iterator[tuple[str, int, Row]]:
    if body.startswith(b"PK"):
        _weigh(body)
    command = [sys.executable, "-m", "yishi.plugins.common.reading_process", str(head)]
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.seek(0)
        with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            yield from _lines(child.stdout)
    if child.returncode == PASSWORD:
        raise Unreadable("password", "the workbook is locked by a password")
    if child.returncode == NO_WORKBOOK:
        raise Unreadable("bad_workbook", "no workbook")
    if child.returncode != 0:
        raise Unreadable("too_large", "the workbook asks for more memory or time than there is")


def _weigh(body: bytes) -> None:
    """Refuses an archive by what its own list says, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable("bad_workbook", "a damaged archive") from None
    if unpacked > MOST_UNPACKED or (unpacked > RATIO_FROM and unpacked > MOST_RATIO * len(body)):
        raise Unreadable("too_large", f"unpacks to {unpacked} bytes")


def _lines(stream: Any) -> Iterator[tuple[str, int, Row]]:
    name, number = "", 0
    for line in stream:
        said = msgspec.json.decode(line)
        if isinstance(said, str):
            name, number = said, 0
            continue
        number += 1
        yield name, number, [_cell(cell) for cell in said]


def _cell(cell: Any) -> Any:
    if isinstance(cell, list):
        return datetime.fromisoformat(cell[0])
    return cell[:LONGEST_CELL] if isinstance(cell, str) else cell


def _csv(body: bytes, head: int) -> Iterator[tuple[str, int, Row]]:
    encoding = encoding_of(body)
    text = io.TextIOWrapper(io.BytesIO(body), encoding=encoding, newline="")
    sample = body[:65536].decode(encoding, errors="replace")
    delimiter = max(",\t;|", key=sample.count)
    try:
        for number, row in enumerate(csv.reader(text, delimiter=delimiter), start=1):
            if head and number > head:
                return
            yield "", number, [cell[:LONGEST_CELL] for cell in row]
    except csv.Error as error:
        raise Unreadable("bad_csv", str(error)) from None
    except UnicodeError as error:  # UTF-16 is believed by its mark alone
        raise Unreadable("bad_encoding", str(error)) from None


def encoding_of(body: bytes) -> str:
    """utf-8-sig, gb18030 or utf-16 of a text, read bit by bit. Raises Unreadable `bad_encoding`."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in body[:4096]:
        raise Unreadable("bad_encoding", "neither text nor a workbook")
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for start in range(0, len(body), _CHUNK):
                decoder.decode(body[start : start + _CHUNK])
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable("bad_encoding", "neither UTF-8 nor GB 18030")


class _Tables(HTMLParser):
    """Collects the rows of all tables of a page; a table is a sheet."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[str, int, Row]] = []
        self.table = self.number = 0
        self.row: Row | None = None
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.table, self.number = self.table + 1, 0
        elif tag == "tr":
            self._end_row()
            self.row = []
        elif tag in ("td", "th"):
            self._end_cell()
            self.text = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end_cell(self) -> None:
        if self.text is not None and self.row is not None:
            self.row.append("".join(self.text).strip()[:LONGEST_CELL])
        self.text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.row is not None:
            self.number += 1
            self.rows.append((f"{self.table}", self.number, self.row))
        self.row = None


def _web_page(body: bytes, head: int) -> Iterator[tuple[str, int, Row]]:
    """Old systems call a web page with a table `.xls`."""
    text = io.TextIOWrapper(io.BytesIO(body), encoding=encoding_of(body))
    reader = _Tables()
    while part := text.read(_CHUNK):
        reader.feed(part)
        found, reader.rows = reader.rows, []
        yield from (row for row in found if not head or row[1] <= head)
    reader.close()
    yield from (row for row in reader.rows if not head or row[1] <= head)
