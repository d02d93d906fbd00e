"""Pasted lines: a table where a line names columns, else pieces of text with numbers in them. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from hashlib import blake2b

from yishi.cases.port import NotFramed, ParsedRows, RowRefused
from yishi.plugins.common.order_tables import COLUMNS, MOST_ROWS, add_row, find_header, missing_of, read_table

_SPLITS = (r"\t", r"[,，]", r"\s{2,}", r"\s+", r"[|｜]")
_WAYBILL = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{0,4}[0-9]{10,20}(?![A-Za-z0-9])")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LABELS = {name: role for role, names in COLUMNS.items() for name in names if not name.isascii()}
_LABEL = re.compile(
    rf"(?:^|(?<=[\s，,；;]))({'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*[:：]\s*([^\n]*?)"
    rf"(?=$|[\s，,；;]+(?:{'|'.join(sorted(_LABELS, key=len, reverse=True))})\s*[:：]|\n)",
    re.MULTILINE,
)


def read_paste(text: str, settings: Mapping[str, str], zone: tzinfo) -> ParsedRows:
    """The work orders of a pasted text. Raises NotFramed where nothing in it is a number of a parcel."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    for split in _SPLITS:
        header = find_header([_cells(split, line) for _number, line in lines[:10]])
        if header is not None and not missing_of(header[1]) and _is_table(lines, split, header[1]):
            rows = ((number, _cells(split, line)) for number, line in lines)
            return read_table(rows, settings, zone)
    parsed = ParsedRows()
    for number, piece in _pieces(lines):
        _add_piece(parsed, number, piece, settings, zone)
    if not parsed.rows and not parsed.refused:
        raise NotFramed("no number of a parcel")
    return parsed


def _cells(split: str, line: str) -> list[str]:
    """An empty first cell is one where a sign stands between cells, not where spaces do."""
    return re.split(split, line.strip() if split.startswith(r"\s") else line.strip(" \r\n"))


def _is_table(lines: list[tuple[int, str]], split: str, roles: Mapping[str, int]) -> bool:
    """Labels of a form (`工单号：1`) are no header: a header has cells of its names alone, and rows below."""
    return len(lines) > 1 and not any("：" in line or ":" in line.split()[0] for _number, line in lines[:1])


def _pieces(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Pieces of a text: each begins with the line whose number of a parcel or work order is a new one."""
    start, piece, has_number = 0, list[str](), False
    for number, line in lines:
        begins = bool(_numbers(line)) or bool(re.search(r"(工单号|工单编号|投诉单号)\s*[:：]", line))
        is_next = begins and has_number and not _continues(piece, line)
        if is_next:
            yield start, "\n".join(piece)
            piece, has_number = [], False
        if not piece:
            start = number
        piece.append(line.strip())
        has_number = has_number or begins
    if piece:
        yield start, "\n".join(piece)


def _continues(piece: list[str], line: str) -> bool:
    """A form has one line a field: a second number under another label is of the same piece."""
    known = {found[1] for each in piece for found in _LABEL.finditer(each)}
    here = {found[1] for found in _LABEL.finditer(line)}
    return bool(here) and bool(known) and not here & known


def _numbers(line: str) -> list[str]:
    """Numbers that may be a parcel's: never a mobile phone."""
    return [found[0] for found in _WAYBILL.finditer(line) if not _MOBILE.fullmatch(found[0])]


def _add_piece(parsed: ParsedRows, line: int, piece: str, settings: Mapping[str, str], zone: tzinfo) -> None:
    words: dict[str, str] = {}
    for found in _LABEL.finditer(piece):
        words.setdefault(_LABELS[found[1]], found[2].strip())
    others = [number for number in _numbers(piece) if number != words.get("external_no")]
    words.setdefault("waybill_no", others[0] if others else "")
    words.setdefault("text", piece)
    if not words["waybill_no"] and not words.get("external_no"):
        parsed.refused.append(RowRefused(line, "missing_waybill_no"))
        return
    if len(parsed.rows) >= MOST_ROWS:
        parsed.refused.append(RowRefused(line, "too_many_rows"))
        return
    if not words.get("external_no"):
        digest = blake2b(" ".join(piece.split()).encode(), digest_size=4).hexdigest()
        words["external_no"] = f"~{words['waybill_no'].upper()}-{digest}"
    if phone := _MOBILE.search(piece):
        words.setdefault("phone", phone[0])
    add_row(parsed, line, words, settings, zone)
