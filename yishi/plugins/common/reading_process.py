"""Reads a workbook from standard input in a process of its own: what it costs that process pays, and a
workbook that asks for more than its share ends there and nowhere else.

Writes one JSON value a line: a text begins a sheet of that name, a list is a row; a moment is a list of one.
"""

import io
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

MOST_BYTES = 768 * 1024 * 1024
MOST_SECONDS = 60
PASSWORD, NO_WORKBOOK = 3, 4


def main(head: int) -> int:
    """Writes the rows of every worksheet, at most `head` of each (0 = all); the exit code tells all."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    encoder = msgspec.json.Encoder()
    out = sys.stdout.buffer
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            out.write(encoder.encode(about.name) + b"\n")
            sheet = book.get_sheet_by_name(about.name)
            # what stands above and left of the first filled cell is nothing to us
            for number, row in enumerate(sheet.iter_rows()):
                if head and number >= head:
                    break
                out.write(encoder.encode([_plain(cell) for cell in row]) + b"\n")
        out.flush()
    except PasswordError:
        return PASSWORD
    except BrokenPipeError:
        return 0
    except Exception:  # the edge of this process: whatever a workbook does to the reader, it is none
        return NO_WORKBOOK
    return 0


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime | date):
        return [cell.isoformat()]
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
