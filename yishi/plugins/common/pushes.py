"""What pushes of many carriers have in common: content in a field of a form, a digest over it, and an answer
in JSON."""

from base64 import b64encode
from hashlib import md5

from yishi.feeds.port import BAD_SIGNATURE, Answer, Unreadable
from yishi.plugins.common.reading import form_fields

_MARK = b"\xef\xbb\xbf"


def is_json(body: bytes) -> bool:
    """Whether a body begins like JSON: pushed so, or captured without its form and loaded from a file."""
    return body[:64].removeprefix(_MARK).lstrip()[:1] in (b"{", b"[")


def content_of(body: bytes, field: bytes) -> bytes:
    """What a push says: the body itself where it is JSON, else that field of the form. Raises Unreadable."""
    content = body if is_json(body) else form_fields(body).get(field, b"")
    if not content.strip():
        raise Unreadable("missing_field", field.decode())
    return content


def digest(content: bytes, secret: str) -> str:
    """base64(md5(content + secret)), over the content as it was sent."""
    return b64encode(md5(content + secret.encode()).digest()).decode()


def in_json(outcome: str, *, taken: bytes, refused: bytes) -> Answer:
    """Success for everything that is signed, for it is kept and would only be pushed again; 401 else."""
    kind = "application/json; charset=utf-8"
    return Answer(401, kind, refused) if outcome == BAD_SIGNATURE else Answer(200, kind, taken)
