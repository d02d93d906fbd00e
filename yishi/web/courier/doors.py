"""The way into the courier's pages: signed in as a courier, and known as one in the network."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from yishi.kit.errors import NotAllowed
from yishi.network.queries import Rounds, rounds_of
from yishi.people.rules import Permission, Role, Viewer
from yishi.web.desk.doors import staff_page

P = ParamSpec("P")
RoundsPage = Callable[Concatenate[HttpRequest, Viewer, Rounds, P], HttpResponse]


def courier_page(page: RoundsPage[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Calls the page with the courier; another role gets 403, an account that is no courier's 404."""

    def door(request: HttpRequest, viewer: Viewer, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if viewer.role is not Role.COURIER:
            raise NotAllowed()
        answer = page(request, viewer, rounds_of(viewer), *args, **kwargs)
        # where he stood is part of what he proves; only these pages may ask
        answer["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=(self)"
        return answer

    return staff_page(Permission.SCAN)(door)
