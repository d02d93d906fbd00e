"""How sources are asked: one form posted, within a time and a size, and nothing of a secret in what goes
wrong."""

import time
from collections.abc import Mapping
from typing import Any

import httpx

from yishi.feeds.port import SettingsRefused, Unanswered, Unreadable
from yishi.plugins.common.reading import load_json

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_LARGEST = 2 * 1024 * 1024
# an answer that drips, each byte within its time-out, must not hold the worker beyond its lease
_MOST_S = 30.0


def post_form(url: str, form: Mapping[str, str]) -> bytes:
    """The body of the answer. Redirects are not followed: the form holds the operator's key.

    Raises SettingsRefused where the address is none or the door is closed, Unanswered for the rest.
    """
    # not packed: a small packed answer may be a very large one
    headers = {"Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(timeout=_TIMEOUT, trust_env=False, headers=headers) as client,
            client.stream("POST", url, data=dict(form)) as answer,
        ):
            if answer.status_code == 401:
                raise SettingsRefused("answered 401")
            if not answer.is_success:
                raise Unanswered(f"answered {answer.status_code}", was_sent=False)
            return _bounded(answer)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as wrong:
        raise SettingsRefused(f"no address: {type(wrong).__name__}") from None
    except httpx.HTTPError as broken:
        was_sent = not isinstance(broken, httpx.ConnectError | httpx.ConnectTimeout)
        raise Unanswered(f"no answer: {type(broken).__name__}", was_sent=was_sent) from None


def _bounded(answer: httpx.Response) -> bytes:
    body, until = bytearray(), time.monotonic() + _MOST_S
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) > _LARGEST or time.monotonic() > until:
            raise Unanswered("the answer is too long")
    return bytes(body)


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of an answer. Raises Unanswered: a page of some proxy is no answer of the source."""
    try:
        said = load_json(body)
    except Unreadable:
        said = None
    if not isinstance(said, dict):
        raise Unanswered("the answer is no JSON object")
    return said


def needed(settings: Mapping[str, str], *names: str) -> list[str]:
    """These settings of a source. Raises SettingsRefused where one is missing."""
    if missing := [name for name in names if not settings.get(name)]:
        raise SettingsRefused(f"missing setting: {', '.join(missing)}")
    return [settings[name] for name in names]


def without_secrets(message: str, *secrets: str) -> str:
    """What a source says of an error, without the secrets that it may repeat."""
    for secret in filter(None, secrets):
        message = message.replace(secret, "…")
    return message[:200]
