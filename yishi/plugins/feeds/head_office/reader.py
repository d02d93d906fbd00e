"""A whole file: which of its sheets are known, and their rows one after the other."""

from collections.abc import Iterator
from datetime import tzinfo
from itertools import groupby

from yishi.feeds.port import FileRow, FileSheet, Parsed, Rejected, UnknownLayout
from yishi.plugins.feeds.head_office.layouts import HEADER_WITHIN, Fit, Header, find_header
from yishi.plugins.feeds.head_office.rows import RowReader
from yishi.plugins.feeds.head_office.workbook import sheet_rows

_HEAD = HEADER_WITHIN + 2


class HeadOfficeReader:
    """Reads the exports of carriers' head offices by their headers (`FileReader` of the port)."""

    def recognise(self, body: bytes) -> tuple[FileSheet, ...]:
        """The sheets that are known. Raises Unreadable; UnknownLayout where there is none."""
        return tuple(
            FileSheet(name, header.fit.layout.name, header.fit.layout.label, header.headings)
            for name, _line, header in self._known(body)
        )

    def rows(self, body: bytes, zone: tzinfo) -> Iterator[FileRow]:
        """Every row below the headers of the known sheets."""
        readers = {
            name: (line, RowReader(number, header, zone))
            for number, (name, line, header) in enumerate(self._known(body))
        }
        for name, line, cells in sheet_rows(body):
            if name in readers and line > readers[name][0]:
                row = readers[name][1].read(line, cells)
                if row is not None:
                    yield row

    def _known(self, body: bytes) -> list[tuple[str, int, Header]]:
        """(sheet, line of the header's last row, header) of the sheets that are whole layouts."""
        known, nearest = [], list[Fit]()
        for name, rows in groupby(sheet_rows(body, head=_HEAD), key=lambda row: row[0]):
            head = list(rows)[:HEADER_WITHIN]
            header = find_header([cells for _name, _line, cells in head])
            if header is None:
                continue
            if header.fit.missing:
                nearest.append(header.fit)
            else:
                known.append((name, head[header.last][1], header))
        if not known:
            best = max(nearest, key=lambda fit: fit.known, default=None)
            raise UnknownLayout(best.layout.label, best.missing) if best else UnknownLayout()
        return known

    def parse(self, body: bytes, zone: tzinfo) -> Parsed:
        """What the file says of parcels alone, for whoever replays it as a body."""
        parsed = Parsed()
        for index, row in enumerate(self.rows(body, zone)):
            if row.refused:
                parsed.rejected.append(Rejected(index, row.refused))
            parsed.events.extend(row.events)
            if row.shipment is not None:
                parsed.master_data.append(row.shipment)
        return parsed
