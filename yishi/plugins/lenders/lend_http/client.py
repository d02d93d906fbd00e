"""Asks the provider for a number, within the time that a person waits for a call to begin."""

import re
from datetime import datetime
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx
import msgspec

from yishi.notifications.port import LEND_WITHIN_S, LentNumber, Loan, PluginError

_NUMBER = re.compile(r"\+?\d{5,20}")
_EXTENSION = re.compile(r"\d{0,8}")
_MOST = 16_384


class _Answer(msgspec.Struct):
    number: str
    extension: str = ""
    until: datetime | None = None
    reference: str = ""


def connect(url: str) -> "HttpLender":
    """A lender at this address; user and password of it become the Authorization."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    bare = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))
    headers = {"Authorization": f"Bearer {user}"} if user and not password else {}
    return HttpLender(bare, headers, httpx.BasicAuth(user, password) if user and password else None)


class HttpLender:
    """One question an opened line: calls are rare, and each waits for the last."""

    def __init__(self, url: str, headers: dict[str, str], auth: httpx.BasicAuth | None) -> None:
        self._url = url
        self._headers = headers
        self._auth = auth

    def lend(self, loan: Loan) -> LentNumber:
        """Raises PluginError for anything but a number that can be dialled."""
        asked = {"caller": loan.caller, "callee": loan.callee, "minutes": loan.minutes}
        headers = {**self._headers, "Idempotency-Key": loan.loan_id}
        try:
            with (
                httpx.Client(timeout=LEND_WITHIN_S, trust_env=False, auth=self._auth) as client,
                client.stream("POST", self._url, json=asked, headers=headers) as answer,
            ):
                body = b""
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > _MOST:
                        raise PluginError("answered too much")
                if answer.status_code != httpx.codes.OK:
                    raise PluginError(f"answered {answer.status_code}")
                said = msgspec.json.decode(body, type=_Answer)
        except (httpx.HTTPError, httpx.InvalidURL) as broken:
            raise PluginError(f"not reached: {type(broken).__name__}") from broken
        except (msgspec.MsgspecError, UnicodeError) as odd:
            raise PluginError("answered no number") from odd
        if not _NUMBER.fullmatch(said.number) or not _EXTENSION.fullmatch(said.extension):
            raise PluginError("answered no number")
        return LentNumber(said.number, said.extension, said.until, said.reference[:100])
