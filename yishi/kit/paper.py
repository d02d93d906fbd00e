"""Documents on paper: headings, facts, tables and pictures as a PDF with its Chinese letters inside.

Of Noto Sans SC (OFL) those letters go along that the text uses, so that every reader shows the same.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Image,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

_INK, _SECOND, _LINE, _DEEP, _GROUND = (
    HexColor(colour) for colour in ("#15232a", "#45565d", "#d9e0df", "#0f4d5e", "#f2f5f4")
)
_MARGIN = 18 * mm
_WIDTH = A4[0] - 2 * _MARGIN - 12  # a frame keeps 6 pt on either side
_ALWAYS = "0123456789/第页共□ ·"
_UNKNOWN = "□"
_TALLEST = 54 * mm
_BLACK = HexColor("#000000")
_ROLL_MARGIN = 2 * mm
_LONGEST = 14000.0
"""Points; the format allows 14,400 to a page."""

Row = Sequence[str]


class Paper:
    """One document, written from top to bottom; `pdf()` makes it, on A4 or as one strip of a roll."""

    def __init__(self, *, title: str, foot: str, roll_mm: int | None = None) -> None:
        self.title, self.foot, self.roll_mm = title, foot, roll_mm
        self._blocks: list[tuple[str, Any]] = []
        self._said: set[str] = set(_ALWAYS + title + foot)

    def heading(self, text: str) -> None:
        self._add("heading", text, [text])

    def text(self, text: str) -> None:
        self._add("text", text, [text])

    def note(self, text: str) -> None:
        """Small and grey: where something comes from, what was left out."""
        self._add("note", text, [text])

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names and values in two columns."""
        self._add("facts", rows, [word for row in rows for word in row])

    def table(self, head: Row, rows: Sequence[Row], shares: Sequence[int]) -> None:
        """Columns by their shares of the width; the head comes again on every page."""
        self._add("table", (head, rows, shares), [*head, *(word for row in rows for word in row)])

    def pictures(self, rows: Sequence[tuple[bytes, str]]) -> None:
        """JPEG pictures, three a row, each with its words below."""
        self._add("pictures", rows, [words for _body, words in rows])

    def _add(self, kind: str, value: Any, words: Iterable[str]) -> None:
        self._blocks.append((kind, value))
        for text in words:
            self._said |= set(text)

    def pdf(self) -> bytes:
        """The document as bytes, every letter embedded."""
        from yishi.kit.paper_font import font_of  # what cuts fonts is large, and needed only here

        font, known = font_of(frozenset(self._said))
        if self.roll_mm is not None:
            return self._strip(self.roll_mm * mm, font, known)
        draw = _Drawing(font, known)
        story: list[Flowable] = [Paragraph(draw.shown(self.title), draw.title), Spacer(1, 3 * mm)]
        for kind, value in self._blocks:
            story += getattr(draw, kind)(value)
        sink = io.BytesIO()
        document = SimpleDocTemplate(
            sink, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN,
            bottomMargin=20 * mm, title=self.title, author="Yishi",
        )  # fmt: skip
        foot = draw.plain(self.foot)

        def page(canvas: Any, _document: Any) -> None:
            canvas.setFont(font, 8)
            canvas.setFillColor(_SECOND)
            canvas.drawString(_MARGIN, 11 * mm, foot)
            canvas.drawRightString(A4[0] - _MARGIN, 11 * mm, f"第 {canvas.getPageNumber()} 页")

        try:
            document.build(story, onFirstPage=page, onLaterPages=page)
        finally:
            # this font is of this document only; reportlab would keep it for ever
            pdfmetrics._fonts.pop(font, None)  # type: ignore[attr-defined]
        return sink.getvalue()

    def _strip(self, width: float, font: str, known: frozenset[str]) -> bytes:
        """One page as long as what stands on it, as a roll is torn off; black only, what heat can print."""
        draw = _Drawing(font, known, is_roll=True)
        story: list[Flowable] = [Paragraph(draw.shown(self.title), draw.title)]
        for kind, value in self._blocks:
            story += [one for one in getattr(draw, kind)(value) if not isinstance(one, CondPageBreak)]
        story.append(Paragraph(draw.shown(self.foot), draw.small))
        room = width - 2 * _ROLL_MARGIN - 12  # a frame keeps 6 pt on either side
        length = sum(
            one.wrap(room, _LONGEST)[1] + one.getSpaceBefore() + one.getSpaceAfter() for one in story
        )
        sink = io.BytesIO()
        document = SimpleDocTemplate(
            sink, pagesize=(width, min(length + 2 * _ROLL_MARGIN + 24, _LONGEST)), leftMargin=_ROLL_MARGIN,
            rightMargin=_ROLL_MARGIN, topMargin=_ROLL_MARGIN, bottomMargin=_ROLL_MARGIN, title=self.title,
            author="Yishi",
        )  # fmt: skip
        try:
            document.build(story)
        finally:
            pdfmetrics._fonts.pop(font, None)  # type: ignore[attr-defined]
        return sink.getvalue()


class _Drawing:
    """Blocks as what reportlab lays out."""

    def __init__(self, font: str, known: frozenset[str], *, is_roll: bool = False) -> None:
        self.known = known
        base = ParagraphStyle(
            "base", fontName=font, fontSize=9.5, leading=14.5, textColor=_INK, wordWrap="CJK"
        )
        self.base = base
        self.title = ParagraphStyle("title", base, fontSize=19, leading=26, textColor=_DEEP)
        self.head = ParagraphStyle(
            "head",
            base,
            fontSize=12.5,
            leading=18,
            textColor=_DEEP,
            spaceBefore=5 * mm,
            spaceAfter=2 * mm,
        )
        self.small = ParagraphStyle("small", base, fontSize=8, leading=11.5, textColor=_SECOND)
        self.cell = ParagraphStyle("cell", base, fontSize=8.5, leading=12)
        if is_roll:
            self.title.fontSize, self.title.leading, self.head.spaceBefore = 12, 16, 2 * mm
            for style in (base, self.title, self.head, self.small, self.cell):
                style.textColor = _BLACK

    def plain(self, text: str) -> str:
        """Signs that the font does not have become a box, so that none disappears unseen."""
        return "".join(sign if sign in self.known or sign == "\n" else _UNKNOWN for sign in text)

    def shown(self, text: str) -> str:
        return escape(self.plain(text)).replace("\n", "<br/>")

    def heading(self, text: str) -> list[Flowable]:
        return [CondPageBreak(_TALLEST), Paragraph(self.shown(text), self.head)]

    def text(self, text: str) -> list[Flowable]:
        return [Paragraph(self.shown(text), self.base), Spacer(1, 1.5 * mm)]

    def note(self, text: str) -> list[Flowable]:
        return [Paragraph(self.shown(text), self.small), Spacer(1, 1.5 * mm)]

    def facts(self, rows: Sequence[tuple[str, str]]) -> list[Flowable]:
        cells = [[Paragraph(self.shown(n), self.small), Paragraph(self.shown(v), self.base)] for n, v in rows]
        rules: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 1.5)]
        rules += [("BOTTOMPADDING", (0, 0), (-1, -1), 1.5), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        return [Table(cells, colWidths=[32 * mm, _WIDTH - 32 * mm], style=rules)]

    def table(self, value: tuple[Row, Sequence[Row], Sequence[int]]) -> list[Flowable]:
        head, rows, shares = value
        cells = [[Paragraph(self.shown(word), self.small) for word in head]]
        cells += [[Paragraph(self.shown(word), self.cell) for word in row] for row in rows]
        rules: list[Any] = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
            ("BACKGROUND", (0, 0), (-1, 0), _GROUND), ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]  # fmt: skip
        widths = [_WIDTH * share / sum(shares) for share in shares]
        return [Table(cells, colWidths=widths, repeatRows=1, style=rules, splitInRow=1), Spacer(1, 2 * mm)]

    def pictures(self, rows: Sequence[tuple[bytes, str]]) -> list[Flowable]:
        width = _WIDTH / 3
        cells = [self._picture(body, words, width - 4 * mm) for body, words in rows]
        lines = [cells[start : start + 3] for start in range(0, len(cells), 3)]
        full = [[*line, *([""] * (3 - len(line)))] for line in lines]
        rules: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        return [KeepTogether(Table([line], colWidths=[width] * 3, style=rules)) for line in full]

    def _picture(self, body: bytes, words: str, width: float) -> list[Flowable]:
        picture = Image(io.BytesIO(body))
        scale = min(width / picture.imageWidth, _TALLEST / picture.imageHeight)
        picture.drawWidth, picture.drawHeight = picture.imageWidth * scale, picture.imageHeight * scale
        picture.hAlign = "LEFT"
        return [picture, Paragraph(self.shown(words), self.small)]
