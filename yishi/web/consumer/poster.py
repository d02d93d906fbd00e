"""The outlet's poster: A4, one QR that leads to the look-up, in Chinese and English."""

import io

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

_FONT = "STSong-Light"  # every reader of PDF brings it; nothing is embedded
_LATIN = "Helvetica"
_WIDTH, _HEIGHT = A4
_DEEP, _MIDDLE, _HILL, _INK, _SECOND, _SEAL = (
    HexColor(colour) for colour in ("#0f4d5e", "#17677b", "#1a697d", "#15232a", "#45565d", "#b3372b")
)


def poster_pdf(*, outlet_name: str, outlet_phone: str, address: str) -> bytes:
    """The PDF of one outlet; `address` is what the QR says."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=A4, pageCompression=1)
    canvas.setTitle(f"{outlet_name} · 驿使")
    canvas.setAuthor("Yishi")
    _land(canvas)
    _heading(canvas)
    _code(canvas, address)
    _steps(canvas)
    _foot(canvas, outlet_name, outlet_phone)
    canvas.showPage()
    canvas.save()
    return sink.getvalue()


def _land(canvas: Canvas) -> None:
    """The deep ground with its hills, and the road that crosses it."""
    bottom = _HEIGHT - 300
    canvas.setFillColor(_DEEP)
    canvas.rect(0, bottom, _WIDTH, 300, stroke=0, fill=1)
    for colour, lift in ((_MIDDLE, 34), (_HILL, 10)):
        hill = canvas.beginPath()
        hill.moveTo(0, bottom)
        hill.lineTo(0, bottom + lift + 22)
        hill.curveTo(140, bottom + lift + 74, 210, bottom + lift - 8, 330, bottom + lift + 26)
        hill.curveTo(430, bottom + lift + 54, 500, bottom + lift + 6, _WIDTH, bottom + lift + 40)
        hill.lineTo(_WIDTH, bottom)
        canvas.setFillColor(colour)
        canvas.drawPath(hill, stroke=0, fill=1)


def _heading(canvas: Canvas) -> None:
    canvas.setFillColor(_SEAL)
    canvas.roundRect(56, _HEIGHT - 104, 46, 46, 7, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.setFont(_FONT, 20)
    canvas.drawCentredString(79, _HEIGHT - 88, "驿使")
    canvas.setFont(_FONT, 40)
    canvas.drawString(56, _HEIGHT - 168, "快递有事，扫一扫")
    canvas.setFont(_LATIN, 17)
    canvas.drawString(56, _HEIGHT - 200, "Trouble with a parcel? Scan here.")


def _code(canvas: Canvas, address: str) -> None:
    """The QR, drawn as squares so that it stays sharp, on white with its quiet zone."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    side, quiet = 250.0, 4
    cell = side / (len(rows) + 2 * quiet)
    left, top = (_WIDTH - side) / 2, _HEIGHT - 236
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.setStrokeColor(HexColor("#d9e0df"))
    canvas.roundRect(left, top - side, side, side, 12, stroke=1, fill=1)
    canvas.setFillColor(_INK)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                corner = left + (x + quiet) * cell, top - (y + quiet + 1) * cell
                canvas.rect(*corner, cell + 0.05, cell + 0.05, stroke=0, fill=1)


def _steps(canvas: Canvas) -> None:
    lines = (
        ("查", "到哪了，谁负责，几点到", "Where it is, who has it, when it comes"),
        ("说", "不对劲就告诉网点，拍张照更快", "Something wrong? Tell the outlet, with a photo"),
        ("等", "几点前答复写得明明白白，超时自动升级", "You see by when we answer; late ones go up a level"),
    )
    top = 300
    for sign, chinese, english in lines:
        canvas.setFillColor(_DEEP)
        canvas.circle(86, top + 8, 17, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#ffffff"))
        canvas.setFont(_FONT, 17)
        canvas.drawCentredString(86, top + 2, sign)
        canvas.setFillColor(_INK)
        canvas.setFont(_FONT, 18)
        canvas.drawString(122, top + 8, chinese)
        canvas.setFillColor(_SECOND)
        canvas.setFont(_LATIN, 12)
        canvas.drawString(122, top - 10, english)
        top -= 58


def _foot(canvas: Canvas, outlet_name: str, outlet_phone: str) -> None:
    canvas.setStrokeColor(HexColor("#d9e0df"))
    canvas.line(56, 126, _WIDTH - 56, 126)
    canvas.setFillColor(_INK)
    canvas.setFont(_FONT, _fitting(outlet_name, 26, _WIDTH - 112))
    canvas.drawString(56, 90, outlet_name)
    canvas.setFillColor(_SECOND)
    canvas.setFont(_FONT, 14)
    canvas.drawString(56, 64, "不用注册，不用下载")
    canvas.drawRightString(_WIDTH - 56, 64, f"电话 {outlet_phone}" if outlet_phone else "")
    canvas.setFont(_LATIN, 11)
    canvas.drawString(56, 46, "No account, no app")


def _fitting(text: str, size: float, width: float) -> float:
    """The largest type, up to `size`, in which the text keeps within `width`."""
    needed = pdfmetrics.stringWidth(text, _FONT, size)
    return size if needed <= width else max(10.0, size * width / needed)
