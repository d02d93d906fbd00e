"""Letters are built here byte by byte, as careful, careless and hostile programs write them."""

import base64
import quopri
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from yishi.plugins.channels.mail.reading import read_letter

OWN = {"address": "care@yishi.example"}
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
OURS = "0b6f5f0e-6a1c-4c58-9d58-2d6c3a1e9f01"
OTHER = "9f3d1c22-0d57-4f0e-8a11-77c0ffee0002"
NO = "YT9988776655443"


@dataclass(frozen=True)
class Row:
    """One letter with what must come of it; what is not named is not asked."""

    name: str
    body: bytes
    expected: dict[str, Any] = field(default_factory=dict)


def row(name: str, body: bytes, /, **expected: Any) -> Row:
    return Row(name, body, expected)


def read(body: bytes):
    return read_letter(body, OWN, at=AT, zone=ZoneInfo("Asia/Shanghai"))


def b64(text: str, charset: str = "utf-8") -> str:
    return base64.b64encode(text.encode(charset)).decode()


def word(text: str, charset: str = "utf-8", label: str = "") -> str:
    return f"=?{label or charset}?B?{b64(text, charset)}?="


def letter(
    text: str | bytes = "我的快递到哪了",
    *,
    charset: str = "utf-8",
    label: str | None = None,
    coding: str = "8bit",
    kind: str = "text/plain",
    sender: str | bytes = "wang@qq.example",
    subject: str | bytes = "",
    id: str = "<m1@qq.example>",
    **more: str | bytes,
) -> bytes:
    """A letter of one part; `more` are further fields, `in_reply_to` for In-Reply-To."""
    body = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode(charset)
    if coding == "base64":
        body = base64.encodebytes(body)
    elif coding == "quoted-printable":
        body = quopri.encodestring(body)
    named = charset if label is None else label
    fields: dict[str, str | bytes] = {
        "From": sender,
        "To": "care@yishi.example",
        "Subject": subject or word("快递没收到"),
        "Message-ID": id,
        "Date": "Sun, 22 Nov 2026 11:30:00 +0800",
        "Content-Type": f'{kind}; charset="{named}"' if named else kind,
        "Content-Transfer-Encoding": coding,
        **{name.replace("_", "-").title(): said for name, said in more.items()},
    }
    return head(**fields) + b"\r\n" + body


def head(**fields: str | bytes) -> bytes:
    lines = [
        name.encode() + b": " + (said.encode("utf-8") if isinstance(said, str) else said)
        for name, said in fields.items()
        if said
    ]
    return b"\r\n".join(lines) + b"\r\n"


def part(body: str | bytes, kind: str = "text/plain; charset=utf-8", **fields: str) -> bytes:
    names = {name.replace("_", "-").title(): said for name, said in fields.items()}
    plain = body if isinstance(body, bytes) else body.encode()
    return head(**{"Content-Type": kind, **names}) + b"\r\n" + plain


def encoded(body: bytes, kind: str, name: str = "", **fields: str) -> bytes:
    shown = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
    return part(base64.encodebytes(body), kind, **{"Content-Transfer-Encoding": "base64", **shown, **fields})


def tree(kind: str, *parts: bytes, boundary: str = "=_b1", end: bool = True, preamble: bytes = b"") -> bytes:
    """The content of a multipart; `kind` is said by whoever holds it."""
    mark = b"--" + boundary.encode()
    inside = b"".join(mark + b"\r\n" + each + b"\r\n" for each in parts)
    return preamble + inside + (mark + b"--\r\n" if end else b"")


def multipart(kind: str, *parts: bytes, boundary: str = "=_b1", end: bool = True, **more: str) -> bytes:
    """A letter of several parts."""
    content = tree(kind, *parts, boundary=boundary, end=end)
    said = f'multipart/{kind}; boundary="{boundary}"'
    return letter(content, label="", kind=said, coding="", **more)


def nested(kind: str, *parts: bytes, boundary: str) -> bytes:
    return part(tree(kind, *parts, boundary=boundary), f'multipart/{kind}; boundary="{boundary}"')


def bounce(
    status: str, *, original: str = OURS, domain: str = "yishi.example", returned: str = "", **more: str
):
    """A delivery status notification as RFC 3464 has it."""
    back = returned or f"From: care@yishi.example\r\nMessage-ID: <{original}@{domain}>\r\nSubject: x\r\n"
    fields = {
        "sender": "MAILER-DAEMON@mx.example",
        "subject": "Undelivered Mail Returned to Sender",
        "id": "<d1@mx.example>",
        "auto_submitted": "auto-replied",
        **more,
    }
    return multipart(
        "report; report-type=delivery-status",
        part("This is the mail system. Your message could not be delivered."),
        part(status.replace("\n", "\r\n"), "message/delivery-status"),
        part(back, "message/rfc822"),
        **fields,
    )
