"""The paper with which parcels go back to their carrier: A4, both names, the signature."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

_WORDS = ("退回交接单", "序号", "运单号", "入库", "货架", "交件人", "收件人签字", "共", "件", "第", "页")
_ALWAYS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-→·:/ "
_LINES = 34
_LEFT, _TOP, _LINE = 20 * mm, A4[1] - 22 * mm, 6.4 * mm
_COLUMNS = (0, 14 * mm, 84 * mm, 114 * mm)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What stands on it; `rows` are number, day of booking in, place. No person's name but the two."""

    station: str
    carrier: str
    handed: str
    giver: str
    receiver: str
    rows: Sequence[tuple[str, str, str]]
    signature: bytes | None = None


def return_list_pdf(paper: Paper) -> bytes:
    """As many pages as it needs; the signature stands on the last."""
    from yishi.kit.paper_font import font_of  # what cuts fonts is large, and needed only here

    names = (paper.station, paper.carrier, paper.giver, paper.receiver)
    said = "".join((*_WORDS, _ALWAYS, *names, *map("".join, paper.rows)))
    font, _known = font_of(frozenset(said))
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=A4, pageCompression=1)
    canvas.setTitle("return list")
    pages = max(1, -(-len(paper.rows) // _LINES))
    try:
        for page in range(pages):
            _head(canvas, paper, font, f"第 {page + 1}/{pages} 页")
            begin = page * _LINES
            _rows(canvas, paper.rows[begin : begin + _LINES], begin, font)
            if page == pages - 1:
                _foot(canvas, paper, font)
            canvas.showPage()
        canvas.save()
    finally:
        # this font is of this document only; reportlab would keep it for ever
        pdfmetrics._fonts.pop(font, None)  # type: ignore[attr-defined]
    return sink.getvalue()


def _head(canvas: Canvas, paper: Paper, font: str, page: str) -> None:
    canvas.setFont(font, 20)
    canvas.drawString(_LEFT, _TOP, "退回交接单")
    canvas.setFont(font, 11)
    said = f"{paper.station} → {paper.carrier} · 共 {len(paper.rows)} 件 · {paper.handed}"
    canvas.drawString(_LEFT, _TOP - 8 * mm, said)
    canvas.drawRightString(A4[0] - _LEFT, _TOP, page)
    for at, word in zip(_COLUMNS, ("序号", "运单号", "入库", "货架"), strict=True):
        canvas.drawString(_LEFT + at, _TOP - 16 * mm, word)
    canvas.line(_LEFT, _TOP - 18 * mm, A4[0] - _LEFT, _TOP - 18 * mm)


def _rows(canvas: Canvas, rows: Sequence[tuple[str, str, str]], begin: int, font: str) -> None:
    canvas.setFont(font, 10)
    for i, row in enumerate(rows):
        bottom = _TOP - 23 * mm - i * _LINE
        for at, word in zip(_COLUMNS, (str(begin + i + 1), *row), strict=True):
            canvas.drawString(_LEFT + at, bottom, word)


def _foot(canvas: Canvas, paper: Paper, font: str) -> None:
    canvas.setFont(font, 12)
    bottom = 22 * mm
    canvas.drawString(_LEFT, bottom, f"交件人 {paper.giver}")
    canvas.drawString(A4[0] / 2, bottom, f"收件人签字 {paper.receiver}")
    canvas.line(A4[0] / 2, bottom - 2 * mm, A4[0] - _LEFT, bottom - 2 * mm)
    picture = _picture(paper.signature)
    if picture is not None:
        box = (A4[0] / 2 + 45 * mm, bottom - 1 * mm, 40 * mm, 18 * mm)
        canvas.drawImage(picture, *box, preserveAspectRatio=True, anchor="sw", mask="auto")


def _picture(body: bytes | None) -> ImageReader | None:
    if body is None:
        return None
    try:
        with Image.open(io.BytesIO(body)) as image:
            image.thumbnail((900, 400))
            return ImageReader(image.convert("RGB"))
    except (UnidentifiedImageError, OSError):
        return None
