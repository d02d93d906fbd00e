"""The letters of a document: of Noto Sans SC (OFL) those that it uses, cut out and made ready to embed."""

import io
import uuid
from importlib.resources import files

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont as FontFile
from fontTools.ttLib import newTable
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont


def font_of(signs: frozenset[str]) -> tuple[str, frozenset[str]]:
    """Registers a font of these signs; its name, and the signs that it really has."""
    name = f"noto-{uuid.uuid4().hex}"
    with files("pylopdf_fonts_zh_cn").joinpath("NotoSansSC-Regular.otf").open("rb") as body:
        font = FontFile(body, lazy=True)
        known = {chr(code) for code in font.getBestCmap()}
        cut = Subsetter(Options(layout_features=[], hinting=False, notdef_outline=True))
        cut.populate(unicodes=[ord(sign) for sign in signs & known])
        cut.subset(font)
        _with_curves_of_truetype(font)
        sink = io.BytesIO()
        font.save(sink)
    sink.seek(0)
    # registerFont would take the first document's font for every later one: they share the face's name
    pdfmetrics._fonts[name] = TTFont(name, sink)  # type: ignore[attr-defined]
    pdfmetrics.registerFontFamily(name)
    return name, frozenset(known)


def _with_curves_of_truetype(font: FontFile) -> None:
    """reportlab embeds TrueType only: cubic outlines become quadratic, at most a thousandth of an em off."""
    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = outlines = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, glyphs
    most = font["maxp"]
    most.tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):  # fmt: skip
        setattr(most, field, 1 if field == "maxZones" else 0)
    outlines.compile(font)
    for name, glyph in glyphs.items():
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    font["post"].formatType, font["post"].extraNames = 2.0, []
    font["post"].mapping, font["post"].glyphOrder = {}, order
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\000\001\000\000"
