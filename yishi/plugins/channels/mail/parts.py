"""The tree of a letter's parts: places in its bytes, within limits of number and depth."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from yishi.plugins.channels.mail.headers import (
    Headers,
    from_base64,
    split_headers,
    value_and_parameters,
)

MOST_PARTS = 10_000
DEEPEST = 20


@dataclass
class Part:
    """One part: its own content is `body[start:end]`; `inside` are those that it is made of."""

    headers: Headers
    body: bytes
    start: int
    end: int
    kind: str
    parameters: dict[str, str]
    inside: list["Part"] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        return self.kind.startswith("multipart/") and bool(self.inside)

    @property
    def is_attached(self) -> bool:
        return self._disposition[0] == "attachment"

    @property
    def name(self) -> str:
        """What it is called as a file."""
        return self._disposition[1].get("filename", "") or self.parameters.get("name", "")

    @property
    def _disposition(self) -> tuple[str, dict[str, str]]:
        return value_and_parameters(self.headers.raw("content-disposition"))

    def content(self, most: int | None = None) -> tuple[bytes, bool]:
        """Its bytes as they were before they were made fit for mail, and whether more than `most` were."""
        coding = self.headers.word("content-transfer-encoding")
        # base64 holds three bytes in four and line ends
        stop = self.end if most is None else min(self.end, self.start + most * 3 // 2)
        coded = self.body[self.start : stop]
        if coding == "base64":
            plain = from_base64(coded)
        elif coding == "quoted-printable":
            plain = binascii.a2b_qp(coded)
        else:
            plain = coded
        is_cut = stop < self.end or (most is not None and len(plain) > most)
        return (plain if most is None else plain[:most]), is_cut

    def walk(self) -> Iterator["Part"]:
        yield self
        for part in self.inside:
            yield from part.walk()


@dataclass
class Letter:
    """A letter as its tree; `is_cut`: it had more parts, or deeper ones, than we read."""

    top: Part
    is_cut: bool = False


def open_letter(body: bytes) -> Letter:
    """The tree of a raw letter. Never fails: what is broken is read as far as it goes."""
    if b"\n" not in body[:4_096] and b"\r" in body[:4_096]:
        body = body.replace(b"\r", b"\n")
    start = 0
    while start < min(len(body), 4_096) and body[start : start + 1] in (
        b"\r",
        b"\n",
        b"\xef",
        b"\xbb",
        b"\xbf",
    ):
        start += 1
    return _Cutter(body).letter(start)


class _Cutter:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._left = MOST_PARTS
        self._is_cut = False

    def letter(self, start: int) -> Letter:
        return Letter(self._part(start, len(self._body), 0), self._is_cut)

    def _part(self, start: int, end: int, depth: int, usual: str = "text/plain") -> Part:
        self._left -= 1
        headers, begin = split_headers(self._body, start, end)
        kind, parameters = value_and_parameters(headers.raw("content-type"))
        part = Part(headers, self._body, begin, end, kind if "/" in kind else usual, parameters)
        if depth >= DEEPEST:
            self._is_cut = self._is_cut or part.kind.startswith(("multipart/", "message/"))
        elif part.kind.startswith("multipart/"):
            self._cut(part, depth)
        elif part.kind in ("message/rfc822", "message/global") and not part.headers.raw(
            "content-transfer-encoding"
        ).lower().startswith((b"base64", b"quoted")):
            part.inside = [self._part(begin, end, depth + 1)]
        return part

    def _cut(self, part: Part, depth: int) -> None:
        boundary = part.parameters.get("boundary", "")
        if not boundary:
            return
        usual = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
        line = re.compile(
            rb"\n--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*\r?(?=\n|\Z)"
        )
        # the line end before the content belongs to the first boundary
        marks = list(islice(line.finditer(self._body, max(part.start - 1, 0), part.end), MOST_PARTS + 1))
        for number, mark in enumerate(marks):
            if mark[1]:
                break
            if self._left <= 0:
                self._is_cut = True
                break
            stop = marks[number + 1].start() if number + 1 < len(marks) else part.end
            stop -= self._body[stop - 1 : stop] == b"\r"
            part.inside.append(self._part(min(mark.end() + 1, stop), stop, depth + 1, usual))
