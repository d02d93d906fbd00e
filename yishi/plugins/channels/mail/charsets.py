"""Bytes of a letter as text, whatever their label claims; what cannot be read is counted, never guessed."""

import codecs
from dataclasses import dataclass
from functools import cache

# what mail programs call encodings that have another name, or that are smaller than what they send by it
_ALIASES = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "windows-936": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big-5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso-2022-jp": "iso2022_jp_ext",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "ascii",
    "ansi": "gb18030",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LIKELY = ("utf-8", "gb18030", "big5hkscs")
_SEVEN_BIT = frozenset({"iso2022_jp_ext", "hz", "utf-7"})
_SAMPLE = 4_000
# by how much another reading must look more like writing than the one that the label names
_CLEARLY = 0.25
LOST = "\ufffd"


@dataclass(frozen=True)
class Decoded:
    """A text, and how many signs of it could not be read."""

    text: str
    lost: int = 0


def decode(body: bytes, label: str = "", *, is_cut: bool = False) -> Decoded:
    """The text of `body`; `is_cut` says that it may end within a sign.

    A label is believed where what it gives looks like writing. Else UTF-8, GB 18030 and Big5 are tried, and
    where none reads it whole, the one that loses least.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _leniently(body[len(mark) :], (name,), is_cut)
    codec = _codec_of(label)
    if body.isascii() and codec not in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        if b"\x1b$" in body:
            codec = codec if codec in _SEVEN_BIT else "iso2022_jp_ext"
        return _leniently(body, (codec if codec in _SEVEN_BIT else "ascii",), is_cut)
    candidates = tuple(dict.fromkeys((codec, *_LIKELY) if codec else (*_LIKELY, "cp1252")))
    whole = {name: text for name in candidates if (text := _strictly(body, name, is_cut)) is not None}
    if not whole:
        return _leniently(body, candidates, is_cut)
    best = max(whole, key=lambda name: _looks_written(whole[name]))
    if codec in whole and _looks_written(whole[best]) < _looks_written(whole[codec]) + _CLEARLY:
        best = codec
    return Decoded(whole[best], whole[best].count(LOST))


def _codec_of(label: str) -> str:
    """Python's name of what a label says; '' for one that nobody knows."""
    said = label.strip(" '\"<>").lower()[:40]
    try:
        codec = codecs.lookup(_ALIASES.get(said, said))
        # no text at all: base64, zip and their like
        return codec.name if codec._is_text_encoding else ""
    except (LookupError, ValueError):
        return ""


def _strictly(body: bytes, codec: str, is_cut: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(codec)("strict").decode(body, final=not is_cut)
    except (UnicodeError, ValueError):
        return None


def _leniently(body: bytes, codecs_: tuple[str, ...], is_cut: bool) -> Decoded:
    """By the one of these that loses least of the beginning."""
    if len(codecs_) > 1:
        beginning = body[: _SAMPLE * 4]
        least = min(codecs_, key=lambda name: _with_losses(beginning, name, is_cut=True).count(LOST))
    else:
        least = codecs_[0]
    text = _with_losses(body, least, is_cut=is_cut)
    return Decoded(text, text.count(LOST))


def _with_losses(body: bytes, codec: str, *, is_cut: bool) -> str:
    return codecs.getincrementaldecoder(codec or "utf-8")("replace").decode(body, final=not is_cut)


@cache
def _usual_signs() -> frozenset[str]:
    """What Chinese letters are mostly made of: level one of GB 2312 and of Big5, their marks, kana."""
    pairs = [bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    simple = b"".join(pairs).decode("gb2312", "ignore")
    rows = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    other = b"".join(bytes((high, low)) for high in range(0xA4, 0xC7) for low in rows).decode(
        "big5", "ignore"
    )
    ranges = (
        (0x3000, 0x3040),
        (0x3041, 0x3100),
        (0xFF00, 0xFFF0),
        (0x2010, 0x2027),
        (0xAC00, 0xD7A4),
        (0x1F300, 0x1FA00),
    )
    return frozenset(simple + other + "".join(chr(sign) for low, high in ranges for sign in range(low, high)))


def _looks_written(text: str) -> float:
    """Which share of the signs beyond ASCII are usual ones, 0 to 1; letters with accents count half."""
    usual = _usual_signs()
    beyond = [sign for sign in text[:_SAMPLE] if sign > "\x7f"]
    if not beyond:
        return 1.0
    good = sum(
        1.0 if s in usual else 0.5 if "\xa0" <= s < "\u0250" or "\u0400" <= s < "\u0500" else 0.0
        for s in beyond
    )
    return good / len(beyond)
