"""Asks the bridge whose card lies on the reader; whatever is not a name and four signs is refused unread."""

import re

import msgspec

from yishi.kit.outside import NotFetched, fetch
from yishi.stations.port import READ_WITHIN_S, IdSeen, PluginError

_MOST = 4096
# two letters or signs at least: one alone would be anybody of that surname
_NAME = re.compile(r"(?=.{2,40}$)[^\W\d_](?:[·.\- ]?[^\W\d_])+")
_TAIL = re.compile(r"(?:\d{3}[\dXx])?")
# a whole number of a card, wherever it stands in the answer
_NUMBER = re.compile(rb"\d{15}")


class _Answer(msgspec.Struct):
    name: str
    id_tail: str = ""


def connect(url: str, key: str) -> "HttpReader":
    return HttpReader(url, {"Authorization": f"Bearer {key}"} if key else {})


class HttpReader:
    """One question a card: nothing is kept open."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url = url
        self._headers = headers

    def read(self) -> IdSeen | None:
        """Raises PluginError for anything but a card or none."""
        try:
            got = fetch(self._url, most_bytes=_MOST, headers=self._headers, within_s=READ_WITHIN_S)
        except NotFetched as broken:
            raise PluginError(str(broken)) from None
        if not got.body:
            return None
        if _NUMBER.search(got.body):
            raise PluginError("answered more of a card than it may")
        try:
            said = msgspec.json.decode(got.body, type=_Answer)
        except (msgspec.MsgspecError, UnicodeError):
            raise PluginError("answered no card") from None
        if not _NAME.fullmatch(said.name) or not _TAIL.fullmatch(said.id_tail):
            raise PluginError("answered no card")
        return IdSeen(said.name, said.id_tail)
