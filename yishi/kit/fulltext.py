"""Full text without a dictionary: Chinese as pairs of signs, everything else as words. Pure.

A run of Chinese signs `abc` becomes `ab`, `bc` and its last sign `c`, each at its place; so every part of
the run is found again: `ab` next to `bc`, and a single sign as the beginning of a token.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

# Han with its extensions, kana and Hangul: written without spaces
_SIGNS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_SIGNS}]+|[^\W_{_SIGNS}]+")
_PARTS = re.compile(r'"([^"]*)"?|(\S+)')
_QUOTES = str.maketrans("“”„«»「」『』＂", '""""""""""')
MOST_PLACES = 16_000
MOST_TOKEN = 60
MOST_PARTS = 8
# texts of one case stand so far apart that no phrase reaches over their border
_GAP = 10
# telephones, identity and bank numbers, virtual numbers with their extension; e-mail; house, stair and room
_PERSONAL = re.compile(
    r"\+?\d(?:[ \-—－转]{0,2}\d){6,}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[A-Za-z]?\d+\s*(?:号楼|栋|幢|单元|弄|室|号|楼|座)"
)
# numbers are kept backwards, so that their end is the beginning of a token
END_MARK = "<"


class Token(NamedTuple):
    word: str
    place: int


@dataclass(frozen=True)
class Part:
    """One thing that must stand in the text: tokens at fixed distances, the last one perhaps only begun."""

    tokens: tuple[Token, ...]
    is_begun: bool


def fold(text: str) -> str:
    """Full-width forms and case made one; as many signs as before, so places stay right."""
    return "".join(map(_folded, text))


@cache
def _folded(sign: str) -> str:
    simple = unicodedata.normalize("NFKC", sign).lower()
    return simple if len(simple) == 1 else sign


def plain(text: str) -> str:
    """The text on one line, without signs that no page and no index can hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def without_personal(text: str, people: Iterable[str] = ()) -> str:
    """The text for index and snippets: numbers of people and doors are gone, and the names in `people`."""
    for name in people:
        text = text.replace(name, "***") if len(name) > 1 else text
    return _PERSONAL.sub("***", text)


def tokens_of(text: str, *, first: int = 1) -> list[Token]:
    """The tokens of a plain, folded text, placed from `first` on; a sign or a word takes one place."""
    found: list[Token] = []
    place = first
    for run in _RUNS.findall(text):
        if _is_signs(run):
            found += [Token(run[i : i + 2], place + i) for i in range(len(run))]
            place += len(run)
        else:
            found.append(Token(run[:MOST_TOKEN], place))
            place += 1
    return found


def _is_signs(run: str) -> bool:
    return re.match(rf"[{_SIGNS}]", run) is not None


def vector_of(texts: Iterable[tuple[str, str]], numbers: Iterable[str] = ()) -> str:
    """The value of a tsvector: `texts` with their weight (A to D), and `numbers` to be found by their end."""
    said: list[str] = []
    place = 1
    for weight, text in texts:
        tokens = tokens_of(fold(plain(text)), first=place)
        said += [f"'{token.word}':{token.place}{weight}" for token in tokens if token.place <= MOST_PLACES]
        place = (tokens[-1].place if tokens else place) + _GAP
        if place > MOST_PLACES:
            break
    said += [f"'{END_MARK}{_number(number)[::-1]}':{MOST_PLACES}D" for number in numbers if _number(number)]
    return " ".join(said)


def _number(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", fold(text))[:MOST_TOKEN]


def parts_of(q: str) -> list[Part]:
    """What a person typed: several words are all wanted, quotes make one phrase; at most eight parts."""
    parts: list[Part] = []
    for quoted, word in _PARTS.findall(plain(q).translate(_QUOTES)):
        said = fold(quoted or word)
        if quoted:
            parts += _part(said, is_begun=False)
            continue
        for run in _RUNS.findall(said):
            parts += _part(run, is_begun=not _is_signs(run))
    return list(dict.fromkeys(parts))[:MOST_PARTS]


def _part(said: str, *, is_begun: bool) -> list[Part]:
    tokens = tokens_of(said)
    # the last sign of a run is said by the pair before it; alone it may be the first of a pair
    kept = [t for i, t in enumerate(tokens) if len(t.word) != 1 or not _is_second(tokens, i)]
    if not kept:
        return []
    alone = len(kept[-1].word) == 1 and _is_signs(kept[-1].word)
    return [Part(tuple(kept), is_begun or alone)]


def _is_second(tokens: Sequence[Token], i: int) -> bool:
    before = tokens[i - 1] if i else None
    return (
        before is not None
        and before.place == tokens[i].place - 1
        and len(before.word) == 2
        and before.word[1] == tokens[i].word
        and _is_signs(before.word)
    )


def query_of(parts: Sequence[Part]) -> str:
    """The value of a tsquery; tokens are letters, digits and signs, so there is nothing to escape."""
    return " & ".join(f"({_phrase(part)})" for part in parts)


def _phrase(part: Part) -> str:
    said, before = "", 0
    for index, token in enumerate(part.tokens):
        is_last = index == len(part.tokens) - 1
        gap = f" <{token.place - before}> " if said else ""
        said += f"{gap}'{token.word}'{':*' if is_last and part.is_begun else ''}"
        before = token.place
    return said


def end_query(q: str) -> str:
    """The tsquery for numbers that end so: five to sixteen letters and digits; else ''."""
    number = _number(q)
    if not 5 <= len(number) <= 16 or not any(sign.isdigit() for sign in number):
        return ""
    return f"'{END_MARK}{number[::-1]}':*"


class Piece(NamedTuple):
    """A stretch of a snippet; `is_hit` is marked."""

    text: str
    is_hit: bool


def snippet(text: str, parts: Sequence[Part], *, length: int = 80) -> list[Piece]:
    """The stretch of a text around its first hit, cut into pieces; [] where nothing of it is wanted."""
    shown = plain(text)
    spans = _spans(fold(shown), parts)
    if not spans:
        return []
    start = max(0, spans[0][0] - length // 4)
    end = min(len(shown), start + length)
    pieces, at = [Piece("…", False)] if start else [], start
    for begin, stop in spans:
        if begin >= end:
            break
        pieces += [Piece(shown[at:begin], False), Piece(shown[begin : min(stop, end)], True)]
        at = min(stop, end)
    pieces += [Piece(shown[at:end], False), Piece("…" if end < len(shown) else "", False)]
    return [piece for piece in pieces if piece.text]


def _spans(folded: str, parts: Sequence[Part]) -> list[tuple[int, int]]:
    """Where the parts stand, in order and apart from each other."""
    found: list[tuple[int, int]] = []
    for part in parts:
        found += [match.span() for match in re.finditer(_pattern(part), folded)]
    apart: list[tuple[int, int]] = []
    for begin, stop in sorted(found):
        if stop > begin and (not apart or begin >= apart[-1][1]):
            apart.append((begin, stop))
    return apart


def _pattern(part: Part) -> str:
    """What a part looks like in the text: its signs and words, with anything that is neither between them."""
    said, before = "", None
    for token in part.tokens:
        if before is not None and before.place + 1 == token.place and before.word[1:] == token.word[:1]:
            said += re.escape(token.word[1:])
        else:
            said += (r"[\W_]*" if said else "") + re.escape(token.word)
        before = token
    if not _is_signs(part.tokens[0].word):
        said = rf"(?<![^\W{_SIGNS}_])" + said
    return said
