"""Header fields of a letter as careful and careless programs write them, read within limits."""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from email.utils import parseaddr, parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from yishi.plugins.channels.mail.charsets import decode

MOST_BLOCK = 256 * 1024
MOST_FIELDS = 1_000
MOST_VALUE = 16 * 1024
_MOST_DECODED = 4_000
MOST_IDS = 20
_EARLIEST_YEAR = 1990

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_WORD = re.compile(rb"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^\r\n]*?)\?=")
_ID = re.compile(r"<([!-;=?-~]{1,250})>")
_BARE_ID = re.compile(r"[!-;=?-~]{1,200}@[!-;=?-~]{1,200}")
_ADDRESS = re.compile(r"[^\s<>()@,;:\"\\\x00-\x1f\x7f]{1,64}@[^\s<>()@,;:\"\\/\x00-\x1f\x7f]{1,255}")
_IN_ANGLES = re.compile(r"<\s*([^<>]{3,320}?)\s*>")
_PARAMETER = re.compile(rb';\s*([\w!#$%&+^`{}~.*-]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))')
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
# signs that no line of a page may hold; a direction mark can make a name look like another
_UNFIT = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Headers:
    """Fields by their names in small letters, as bytes; `cut` where there were more than we read."""

    fields: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    cut: bool = False

    def raw(self, name: str) -> bytes:
        return self.fields.get(name, (b"",))[0]

    def text(self, name: str) -> str:
        """The first field of this name, decoded, on one line."""
        return decode_words(self.raw(name))

    def word(self, name: str) -> str:
        """The same of a field that holds a token only, in small letters."""
        return self.raw(name).decode("ascii", "replace").strip().lower()


def split_headers(body: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The fields that begin at `start`, and where the content begins. A line that is none ends them."""
    found: dict[str, tuple[bytes, ...]] = {}
    place, count, last = start, 0, ""
    while place < end and place - start < MOST_BLOCK:
        stop = body.find(b"\n", place, end)
        stop = end if stop < 0 else stop
        line = body[place : min(stop, place + MOST_VALUE)].rstrip(b"\r")
        if not line:
            return Headers(found), min(stop + 1, end)
        if line[:1] in b" \t":
            if last and len(found[last][-1]) < MOST_VALUE:
                found[last] = (*found[last][:-1], found[last][-1] + b" " + line.strip())
        elif match := _FIELD.match(line):
            last, count = match[1].decode("ascii").lower(), count + 1
            if count > MOST_FIELDS or len(found.get(last, ())) >= 20:
                last = ""
            else:
                found[last] = (*found.get(last, ()), match[2].strip())
        elif not line.startswith((b"From ", b">From ")):
            return Headers(found), place
        place = stop + 1
    return Headers(found, cut=place < end), place if place < end else end


def from_base64(coded: bytes) -> bytes:
    """What stands in base64, also where signs are foreign to it or its end is missing."""
    try:
        return binascii.a2b_base64(coded)
    except binascii.Error:
        kept = _NOT_BASE64.sub(b"", coded)
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def decode_words(raw: bytes) -> str:
    """A field's text: encoded words joined before they are decoded (a sign may be split between two), bare
    bytes in whichever encoding they are."""
    pieces: list[tuple[str, bytes]] = []
    raw, place, open_end = raw[:_MOST_DECODED], 0, b""
    for match in _WORD.finditer(raw):
        between, coded = raw[place : match.start()], match[3]
        label = match[1].decode("ascii", "replace").lower()
        follows = bool(pieces) and pieces[-1][0] == label and not between.strip()
        if between.strip() or not pieces or not pieces[-1][0]:
            pieces.append(("", between))
        if match[2] in b"bB":
            # some cut the code itself in two, not what it stands for
            coded = (open_end if follows else b"") + coded
            rest = len(coded) % 4 if b"=" not in coded else 0
            open_end, coded = coded[len(coded) - rest :], coded[: len(coded) - rest]
            plain = from_base64(coded)
        else:
            plain, open_end = _from_q(coded), b""
        if follows:
            pieces[-1] = (label, pieces[-1][1] + plain)
        else:
            pieces.append((label, plain))
        place = match.end()
        if open_end and not _WORD.match(raw[place:].lstrip()):
            pieces[-1] = (label, pieces[-1][1] + from_base64(open_end + b"=" * (-len(open_end) % 4)))
            open_end = b""
    pieces.append(("", raw[place:]))
    return one_line("".join(decode(piece, label).text for label, piece in pieces if piece))


def _from_q(coded: bytes) -> bytes:
    return unquote_to_bytes(coded.replace(b"%", b"=25").replace(b"_", b" ").replace(b"=", b"%"))


def one_line(text: str) -> str:
    """The text without line ends, controls and direction marks."""
    return " ".join(_UNFIT.sub(" ", text).split())


def value_and_parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """`text/plain` and its parameters, of which some come in pieces or in an encoding (RFC 2231)."""
    value = raw.partition(b";")[0].decode("ascii", "replace").strip().lower()
    pieces: dict[str, list[tuple[int, bool, bytes]]] = {}
    for match in list(_PARAMETER.finditer(raw[:MOST_VALUE]))[:100]:
        name, *more = match[1].decode("ascii").lower().split("*")
        said = re.sub(rb"\\(.)", rb"\1", match[2]) if match[2] is not None else match[3].strip()
        number = int(more[0]) if more and more[0].isdecimal() and len(more[0]) < 4 else 0
        pieces.setdefault(name, []).append((number, bool(more) and more[-1] == "", said))
    return value, {name: _joined(some) for name, some in pieces.items()}


def _joined(pieces: list[tuple[int, bool, bytes]]) -> str:
    coded = [piece for piece in pieces if piece[1]]
    if not coded:
        return decode_words(b"".join(said for _, _, said in sorted(pieces, key=lambda p: p[0])))
    # one that is encoded tells more than the plain one beside it
    ordered = sorted(coded if len({p[0] for p in pieces}) == 1 else pieces, key=lambda piece: piece[0])
    label, quoted = "", b""
    for number, is_coded, said in ordered:
        if is_coded and number == 0 and said.count(b"'") >= 2:
            first, _, rest = said.split(b"'", 2)
            label, said = first.decode("ascii", "replace"), rest
        quoted += unquote_to_bytes(said) if is_coded else said
    return one_line(decode(quoted, label).text)


def address_of(raw: bytes) -> tuple[str, str]:
    """(name, address) of the first mailbox in a field; an address that is none is ''."""
    text = one_line(raw[:_MOST_DECODED].decode("utf-8", "replace"))
    name, address = parseaddr(text)
    if "<" not in text:
        address = bare[0] if (bare := _ADDRESS.search(text)) else ""
    elif not _ADDRESS.fullmatch(address):
        angles = _IN_ANGLES.findall(text)
        address = next((each for each in reversed(angles) if _ADDRESS.fullmatch(each)), "")
        name = text.rpartition("<")[0] if angles else ""
    return decode_words(_bytes_of(raw, name)).strip("\"' "), address


def _bytes_of(raw: bytes, name: str) -> bytes:
    """A name that was written in bare bytes is read from them, not from what was lost of them."""
    if "\ufffd" not in name:
        return name.encode("utf-8", "replace")
    return raw.partition(b"<")[0]


def ids_of(raw: bytes) -> tuple[str, ...]:
    """Message ids in a field, without their angles; at most 20, the last ones."""
    text = raw.decode("ascii", "replace")
    found = _ID.findall(text) if "<" in text else _BARE_ID.findall(text)
    return tuple(dict.fromkeys(found))[-MOST_IDS:]


def moment_of(raw: bytes, zone: tzinfo, *, at: datetime) -> datetime | None:
    """When a letter says that it was written; None for no date, and for one that nobody can have written."""
    try:
        said = parsedate_to_datetime(raw.decode("ascii", "replace").strip())
        said = said if said.tzinfo else said.replace(tzinfo=zone)
        return said if said.year >= _EARLIEST_YEAR and (said - at).days < 2 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
