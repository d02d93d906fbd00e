"""Labels with a QR, on a roll of 58, 60 or 76 mm or as sheets of A4; and the poster of a station's door."""

import io
from collections.abc import Sequence
from typing import NamedTuple

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

_BLACK, _GREY, _DEEP = HexColor("#000000"), HexColor("#9aa7a6"), HexColor("#0f4d5e")
_TALL = {58: 40 * mm, 60: 40 * mm, 76: 50 * mm}
_COLUMNS, _LINES = 3, 8
_ALWAYS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-…"
DOOR = (
    "取件、找件、问进度",
    "扫一扫，不用下载",
    "报取件码，或打开自己的动态码",
    "找不到件、拿错了，也从这里说",
)


class Label(NamedTuple):
    """The code in large, what the QR says, and two small lines."""

    large: str
    qr: str
    first: str
    second: str


def label_pdf(labels: Sequence[Label], *, roll_mm: int) -> bytes:
    """A page a label on a roll; on A4 (`roll_mm` 0) 24 a sheet with lines to cut."""
    from yishi.kit.paper_font import font_of  # what cuts fonts is large, and needed only here

    font, _known = font_of(frozenset(_ALWAYS + "".join("".join(label) for label in labels)))
    sink = io.BytesIO()
    size = (roll_mm * mm, _TALL[roll_mm]) if roll_mm else A4
    canvas = Canvas(sink, pagesize=size, pageCompression=1)
    canvas.setTitle("labels")
    try:
        if roll_mm:
            for label in labels:
                _label(canvas, label, 0, 0, *size, font)
                canvas.showPage()
        else:
            _sheets(canvas, labels, font)
        if not labels:
            canvas.showPage()
        canvas.save()
    finally:
        # this font is of this document only; reportlab would keep it for ever
        pdfmetrics._fonts.pop(font, None)  # type: ignore[attr-defined]
    return sink.getvalue()


def _sheets(canvas: Canvas, labels: Sequence[Label], font: str) -> None:
    width, height = A4[0] / _COLUMNS, A4[1] / _LINES
    whole = _COLUMNS * _LINES
    for start in range(0, len(labels), whole):
        for place, label in enumerate(labels[start : start + whole]):
            line, column = divmod(place, _COLUMNS)
            left, bottom = column * width, A4[1] - (line + 1) * height
            canvas.setStrokeColor(_GREY)
            canvas.setDash(2, 2)
            canvas.rect(left, bottom, width, height, stroke=1, fill=0)
            canvas.setDash()
            _label(canvas, label, left, bottom, width, height, font)
        canvas.showPage()


def _label(
    canvas: Canvas, label: Label, left: float, bottom: float, width: float, height: float, font: str
) -> None:
    edge = 3 * mm
    side = min(height - 2 * edge - 5 * mm, width * 0.4)
    _qr(canvas, label.qr, left + edge, bottom + height - edge - side, side)
    text, room = left + edge + side + 2 * mm, width - side - 2 * edge - 2 * mm
    canvas.setFillColor(_BLACK)
    _fitting(canvas, label.large, text, bottom + height / 2 + 1 * mm, room, 26, font)
    _fitting(canvas, label.second, text, bottom + height / 2 - 6 * mm, room, 10, font)
    _fitting(canvas, label.first, left + edge, bottom + edge, width - 2 * edge, 10, font)


def _fitting(
    canvas: Canvas,
    said: str,
    x: float,
    y: float,
    room: float,
    size: float,
    font: str,
    *,
    least: float = 6.5,
    lines: int = 1,
) -> None:
    """The words in the largest type, up to `size`, that fits; below `least` in two lines where `lines` says
    so, else cut with …: what nobody can read helps nobody."""
    fits = size * room / max(1.0, pdfmetrics.stringWidth(said, font, size))
    if fits < least and lines == 2:
        half = (len(said) + 1) // 2
        _fitting(canvas, said[:half], x, y + least * 0.7, room, least * 1.2, font, least=least / 2)
        _fitting(canvas, said[half:], x, y - least * 0.7, room, least * 1.2, font, least=least / 2)
        return
    used = min(size, max(least, fits))
    while len(said) > 1 and pdfmetrics.stringWidth(said, font, used) > room + 0.5:
        said = said.rstrip("…")[:-1] + "…"
    canvas.setFont(font, used)
    canvas.drawString(x, y, said)


def _qr(canvas: Canvas, said: str, left: float, bottom: float, side: float) -> None:
    """Drawn as squares, so that it stays sharp, with its quiet zone."""
    rows = [bytes(row) for row in segno.make(said or "-", error="m", micro=False).matrix]
    quiet = 2
    cell = side / (len(rows) + 2 * quiet)
    canvas.setFillColor(_BLACK)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                corner = left + (x + quiet) * cell, bottom + side - (y + quiet + 1) * cell
                canvas.rect(*corner, cell + 0.02, cell + 0.02, stroke=0, fill=1)


def poster_pdf(*, name: str, address: str, hours: str, phone: str, link: str) -> bytes:
    """A4 for the door: the station's name, when it is open, one QR, what it is for."""
    from yishi.kit.paper_font import font_of

    font, _known = font_of(frozenset(_ALWAYS + name + address + hours + phone + "".join(DOOR)))
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=A4, pageCompression=1)
    canvas.setTitle(name)
    width, height = A4
    try:
        canvas.setFillColor(_DEEP)
        canvas.rect(0, height - 190, width, 190, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#ffffff"))
        _fitting(canvas, name, 56, height - 84, width - 112, 44, font, least=26, lines=2)
        _fitting(canvas, f"{hours}  {phone}".strip(), 56, height - 130, width - 112, 24, font)
        _fitting(canvas, address, 56, height - 164, width - 112, 16, font, least=11, lines=2)
        _qr(canvas, link, (width - 300) / 2, height - 540, 300)
        canvas.setFillColor(_DEEP)
        for i, line in enumerate(DOOR):
            shown = min(
                1.0, (width - 112) / max(1.0, pdfmetrics.stringWidth(line, font, 30 if not i else 20))
            )
            canvas.setFont(font, (30 if not i else 20) * shown)
            canvas.drawCentredString(width / 2, height - 600 - i * 44, line)
        canvas.showPage()
        canvas.save()
    finally:
        pdfmetrics._fonts.pop(font, None)  # type: ignore[attr-defined]
    return sink.getvalue()
