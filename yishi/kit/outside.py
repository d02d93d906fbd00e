"""The one door to hosts that others named: webhooks, recordings.

What a name leads to is looked up here, judged, and the connection goes to the very address that was judged:
a name cannot point inside our house a moment later. Every redirect is judged anew.
"""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import httpx
from django.conf import settings

from yishi.kit.addresses import may_call

TIMEOUT_S = 10.0
# a body that drips, each byte within its time-out, must not hold a worker
MOST_S = 60.0
_MOST_REDIRECTS = 3


class NotFetched(Exception):
    """Nothing came; `is_final` where trying again is of no use. Says nothing of the address."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


@dataclass(frozen=True)
class Fetched:
    content_type: str
    body: bytes


def address_of(host: str, port: int) -> str | None:
    """The address to connect to; None when the name leads, by any of its addresses, into our own house.

    OSError for a name that nobody knows.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    allowed = settings.ENVIRONMENT.webhook_networks
    return found[0] if found and all(may_call(one, allowed=allowed) for one in found) else None


def fetch(
    url: str, *, most_bytes: int, headers: Mapping[str, str] | None = None, within_s: float = MOST_S
) -> Fetched:
    """What lies at a web address. `headers` (a key, say) go to the first host only; `within_s` bounds each
    silence and the whole body. Raises NotFetched."""
    home, until = urlsplit(url).netloc, time.monotonic() + within_s
    with httpx.Client(timeout=min(TIMEOUT_S, within_s), trust_env=False, follow_redirects=False) as client:
        for _turn in range(_MOST_REDIRECTS + 1):
            own = headers if headers and urlsplit(url).netloc == home else {}
            answer = _get(client, url, own, most_bytes, until)
            if isinstance(answer, Fetched):
                return answer
            url = answer
    raise NotFetched("too many redirects", is_final=True)


def _get(
    client: httpx.Client, url: str, headers: Mapping[str, str], most: int, until: float
) -> Fetched | str:
    """The body, or the address that it leads on to."""
    try:
        parts = urlsplit(url)
        target, host = _inside(parts), parts.hostname or ""
        # not packed: a small packed answer may be a very large one
        said = {**headers, "Host": parts.netloc, "Accept-Encoding": "identity"}
        with client.stream("GET", target, headers=said, extensions={"sni_hostname": host}) as answer:
            if answer.has_redirect_location:
                return urljoin(url, answer.headers["location"])
            if not answer.is_success:
                raise NotFetched(f"answered {answer.status_code}", is_final=answer.status_code == 410)
            body = _bounded(answer, most, until)
            return Fetched(answer.headers.get("content-type", "").partition(";")[0].strip(), body)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as broken:
        raise NotFetched(f"not reached: {type(broken).__name__}") from None


def _inside(parts: SplitResult) -> str:
    """The same address with the number that was judged in the place of the name."""
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise NotFetched("no web address", is_final=True)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    number = address_of(parts.hostname, port)
    if number is None:
        raise NotFetched("address not allowed", is_final=True)
    host = f"[{number}]" if ":" in number else number
    return urlunsplit((parts.scheme, f"{host}:{port}", parts.path or "/", parts.query, ""))


def _bounded(answer: httpx.Response, most: int, until: float) -> bytes:
    body = bytearray()
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) > most:
            raise NotFetched("too large", is_final=True)
        if time.monotonic() > until:
            raise NotFetched("too slow")
    return bytes(body)
