"""Links of our own, as our posters and messages carry them in their codes. Pure."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

_POSTER = re.compile(r"o=[A-Za-z0-9_-]{1,40}")
_PAGE = re.compile(r"/[act]/[A-Za-z0-9_-]{1,80}")


def own_path(text: str, hosts: Collection[str]) -> str:
    """Where a link to one of our pages leads (a poster, a parcel, a case), without its host; else ''."""
    said = text.strip()
    if not re.match(r"https?://\S{1,300}\Z", said, re.IGNORECASE):
        return ""
    try:
        parts = urlsplit(said)
    except ValueError:
        return ""
    if parts.netloc.lower() not in hosts:
        return ""
    if parts.path in {"", "/"} and _POSTER.fullmatch(parts.query):
        return f"/?{parts.query}"
    return parts.path if _PAGE.fullmatch(parts.path) else ""
