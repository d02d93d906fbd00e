"""Who calls: a bearer key becomes a Viewer; what the Viewer may do is asked at each route."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from yishi.kit.errors import NotAllowed
from yishi.kit.ratelimit import client_address, rate_key
from yishi.people.queries import viewer_of_key
from yishi.people.rules import Permission, Viewer


class Key(HttpBearer):
    """`Authorization: Bearer yk_…`; cookies are not looked at, so there is nothing to forge across sites."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return viewer_of_key(token)


def address_of(request: HttpRequest) -> str:
    """Who calls without a key, as limits count him."""
    return rate_key(client_address(request.META, settings.ENVIRONMENT.trusted_proxies))


def viewer_of(request: HttpRequest, permission: Permission) -> Viewer:
    """The caller, when he may do this. Raises NotAllowed (403)."""
    viewer = cast(Viewer, request.auth)  # type: ignore[attr-defined]
    if not viewer.may(permission):
        raise NotAllowed()
    return viewer
