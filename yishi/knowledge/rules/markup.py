"""An article's text: a few signs that anybody can type become parts of a page. Pure; never HTML.

`## ` begins a heading, `- ` or `1. ` an item, an empty line a new paragraph, `**` stands around what matters,
`[words](/address)` is a link into our own pages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_INLINE = re.compile(
    r"\*\*(?P<strong>[^*\n]+)\*\*|\[(?P<words>[^\]\n]{1,80})\]\((?P<to>/(?![/\\])[^\s)\\]{0,200})\)"
)
_ITEM = re.compile(r"(?:-|\d{1,2}[.、])\s+(.*)")
_NUMBERED = re.compile(r"\d{1,2}[.、]\s")
_HOLE = re.compile(r"[{｛]\s*([^{}｛｝\n]{0,40}?)\s*[}｝]")

# what may stand in braces: figures that the installation knows, so that no article gets old by them
FIGURES: Mapping[str, str] = {"complaint_days": "投诉答复期限", "appeal_days": "申诉答复期限"}
_KEYS = {word: key for key, word in FIGURES.items()} | {key: key for key in FIGURES}


class Piece(NamedTuple):
    """A stretch of a line; `to` is an address of our own, '' for plain words."""

    text: str
    is_strong: bool = False
    to: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Block:
    """HEADING or PARAGRAPH with one line; LIST or STEPS with a line an item."""

    kind: str
    lines: tuple[Line, ...] = field(default=())


def blocks_of(body: str) -> list[Block]:
    """The parts of an article, in order."""
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", body.replace("\r\n", "\n")):
        kind, lines = "", list[str]()
        for line in chunk.split("\n"):
            now, text = _kind(line.strip())
            if kind and (now != kind or now == "HEADING"):
                found.append(_block(kind, lines))
                lines = []
            kind = now
            lines.append(text)
        found.append(_block(kind, lines))
    return [block for block in found if block.lines]


def _kind(line: str) -> tuple[str, str]:
    if line.startswith("## "):
        return "HEADING", line[3:]
    if item := _ITEM.fullmatch(line):
        return ("STEPS" if _NUMBERED.match(line) else "LIST"), item[1]
    return "PARAGRAPH", line


def _block(kind: str, lines: list[str]) -> Block:
    if kind in ("LIST", "STEPS"):
        return Block(kind, tuple(pieces_of(line) for line in lines if line))
    said = _run_on(lines)
    return Block(kind, (pieces_of(said),) if said else ())


def _run_on(lines: list[str]) -> str:
    """Lines of one paragraph; between Chinese signs no space is put."""
    said = ""
    for line in filter(None, lines):
        said += (" " if said and said[-1].isascii() and line[0].isascii() else "") + line
    return said


def pieces_of(line: str) -> Line:
    """A line cut into plain, strong and linked stretches; what is no mark stays as it was typed."""
    pieces, at = [], 0
    for mark in _INLINE.finditer(line):
        pieces.append(Piece(line[at : mark.start()]))
        pieces.append(
            Piece(mark["strong"], is_strong=True) if mark["strong"] else Piece(mark["words"], to=mark["to"])
        )
        at = mark.end()
    pieces.append(Piece(line[at:]))
    return tuple(piece for piece in pieces if piece.text)


def plain_text(body: str) -> str:
    """The words alone, on lines: for search, excerpts and messages."""
    return "\n".join(
        "".join(piece.text for piece in line) for block in blocks_of(body) for line in block.lines
    )


def unknown_figures(body: str) -> list[str]:
    """What stands in braces and means nothing, each once."""
    return list(dict.fromkeys(name for name in _HOLE.findall(body) if name not in _KEYS))


def with_figures(body: str, figures: Mapping[str, str]) -> str:
    """The text with its figures; one that is not known here stays in its braces, to be seen."""
    return _HOLE.sub(lambda hole: figures.get(_KEYS.get(hole[1], ""), "") or hole[0], body)
