"""Recordings of telephone calls: fetched from where the call centre says that they lie, by the one door."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from yishi.conversations.port import GivenFile, PluginError
from yishi.kit.files import MAX_BYTES
from yishi.kit.outside import NotFetched, fetch


def fetch_recording(url: str, headers: Mapping[str, str] | None = None) -> GivenFile:
    """The recording behind an address. Raises PluginError, permanent where it will never come."""
    try:
        found = fetch(url, most_bytes=MAX_BYTES, headers=headers)
    except NotFetched as failed:
        raise PluginError(str(failed), permanent=failed.is_final) from None
    name = urlsplit(url).path.rpartition("/")[2]
    return GivenFile(name[:120] or "recording", found.content_type, found.body)
