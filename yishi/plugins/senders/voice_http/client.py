"""Posts each call as JSON to the gateway; the notice's id is its Idempotency-Key."""

from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx

from yishi.notifications.port import TIMEOUT_S, Notice, PluginError

# a wrong password or a limit concerns every call, not this one
_OUTAGE = {401, 403, 408, 425, 429, 502, 503, 504}


def connect(url: str, home: Path) -> "VoiceLine":
    """A line to the gateway; user and password of the address become its Authorization."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    bare = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))
    headers = {"Authorization": f"Bearer {user}"} if user and not password else {}
    auth = httpx.BasicAuth(user, password) if user and password else None
    return VoiceLine(bare, httpx.Client(timeout=TIMEOUT_S, headers=headers, auth=auth, trust_env=False))


def call_of(notice: Notice) -> dict[str, object]:
    """The call as the gateway reads it."""
    said = notice.extra
    return {
        "notice_id": notice.notice_id,
        "to": notice.to,
        "text": notice.body,
        "language": said.get("language", ""),
        "template": said.get("template", ""),
        "variables": dict(said.get("variables") or {}),
        "keys": list(said.get("keys") or []),
        "status_url": said.get("status_url", ""),
    }


class VoiceLine:
    """One HTTP client, kept alive over a batch."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self._url = url
        self._client = client

    def send(self, notice: Notice) -> None:
        """Returns for any 2xx: it is being rung. Another 4xx is permanent; limits and a wrong password are
        an outage."""
        headers = {"Idempotency-Key": notice.notice_id}
        try:
            answer = self._client.post(self._url, json=call_of(notice), headers=headers)
        except httpx.HTTPError as broken:
            raise PluginError(f"not reached: {type(broken).__name__}", outage=True) from broken
        code = answer.status_code
        if not answer.is_success:
            is_final = 400 <= code < 500 and code not in _OUTAGE
            raise PluginError(f"answered {code}", permanent=is_final, outage=code in _OUTAGE)

    def close(self) -> None:
        self._client.close()
