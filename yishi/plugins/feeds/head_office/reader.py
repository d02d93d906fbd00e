"""A whole file: which of its sheets are known, and their rows one after the other."""

from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain, groupby, islice

from yishi.feeds.port import FileRow, FileSheet, Parsed, Rejected
from yishi.plugins.common.cells import text_of
from yishi.plugins.common.workbook import sheet_rows
from yishi.plugins.feeds.head_office.layouts import HEADER_WITHIN, find_header
from yishi.plugins.feeds.head_office.rows import RowReader

_HEAD = HEADER_WITHIN + 2


class HeadOfficeReader:
    """Reads the exports of carriers' head offices by their headers (`FileReader` of the port)."""

    def recognise(self, body: bytes) -> tuple[FileSheet, ...]:
        """The sheets that are known; else the one that comes nearest. Raises Unreadable."""
        found: list[tuple[int, FileSheet]] = []
        for name, rows in groupby(sheet_rows(body, head=_HEAD), key=lambda row: row[0]):
            header = find_header([cells for _name, _line, cells in islice(rows, HEADER_WITHIN)])
            if header is not None:
                fit, layout = header.fit, header.fit.layout
                sheet = FileSheet(name, layout.name, layout.label, header.headings, fit.missing)
                found.append((fit.known, sheet))
        known = tuple(sheet for _count, sheet in found if not sheet.missing)
        nearest = max(found, key=lambda pair: pair[0], default=None)
        return known or ((nearest[1],) if nearest else ())

    def rows(self, body: bytes, zone: tzinfo) -> Iterator[FileRow]:
        """Every row below the headers of the known sheets, in one pass."""
        number = 0
        for _name, rows in groupby(sheet_rows(body), key=lambda row: row[0]):
            head = list(islice(rows, HEADER_WITHIN))
            header = find_header([cells for _sheet, _line, cells in head])
            if header is None or header.fit.missing:
                continue
            reader = RowReader(number, header, zone)
            number += 1
            for _sheet, line, cells in chain(head[header.last + 1 :], rows):
                if (row := reader.read(line, cells)) is not None:
                    yield row

    def table(self, body: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Every filled row of the first sheet that has any, each cell as a person sees it."""
        first = ""
        for number, (name, line, cells) in enumerate(sheet_rows(body)):
            first = name if number == 0 else first
            if name != first:
                return
            yield line, tuple(text_of(cell) for cell in cells)

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
