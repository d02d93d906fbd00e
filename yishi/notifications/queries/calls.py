"""The address at which a gateway says what came of a call."""

import hmac

from django.conf import settings

from yishi.kit.ids import private_token


def status_url(notice_id: str) -> str:
    """The address itself is the proof: one of another call cannot be guessed from it."""
    return f"{settings.ENVIRONMENT.web_origin}/api/v1/public/calls/{notice_id}/{_token(notice_id)}"


def is_of_call(notice_id: str, token: str) -> bool:
    """Whether whoever says this was told of that call."""
    return hmac.compare_digest(_token(notice_id).encode(), token.encode())


def _token(notice_id: str) -> str:
    return private_token("call", notice_id)
