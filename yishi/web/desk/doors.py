"""The one way into a staff page: signed in, allowed by role, never cached."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from yishi.kit.errors import NotAllowed, NotFound
from yishi.people.queries import viewer_of_user
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.page import refused_page

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
StaffPage = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponse]


def staff_page(*permissions: Permission) -> Callable[[StaffPage[P]], Page[P]]:
    """Calls the page with the person's Viewer; strangers go to the sign-in, the wrong role gets 403.

    Any one of the permissions opens it; without any it is open to everybody who has signed in.
    """

    def wrap(page: StaffPage[P]) -> Page[P]:
        @never_cache
        @wraps(page)
        def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            viewer = viewer_of_user(request.user)
            try:
                if permissions and not any(viewer.may(permission) for permission in permissions):
                    raise NotAllowed()
                return page(request, viewer, *args, **kwargs)
            except (NotAllowed, NotFound) as refusal:
                if viewer.is_shared and isinstance(refusal, NotAllowed):
                    return _to_switch(request)
                return refused_page(request, viewer, refusal)

        return cast(Page[P], door)

    return wrap


def _to_switch(request: HttpRequest) -> HttpResponse:
    """On a shared account nothing is done by nobody: first who it is, by PIN, then back to the page."""
    is_fragment = request.headers.get("HX-Request") == "true"
    back = request.headers.get("HX-Current-URL" if is_fragment else "Referer", "")
    if not is_fragment and request.method in {"GET", "HEAD"}:
        back = request.get_full_path()
    address = f"{reverse('desk:me')}?{urlencode({'next': back, 'who': 1})}"
    if is_fragment:
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A fragment asked for in the background sends the whole page to the sign-in, not a part of it.

    Afterwards the person comes back to the page, never to the address of a form that can only be sent.
    """
    is_fragment = request.headers.get("HX-Request") == "true"
    back = request.get_full_path()
    if is_fragment:
        back = request.headers.get("HX-Current-URL", "")
    elif request.method not in {"GET", "HEAD"}:
        back = request.headers.get("Referer", "")
    address = f"{reverse('desk:sign_in')}?{urlencode({'next': back})}"
    if is_fragment:
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


class NoSuchPage(NotFound):
    """没找到这一页"""


@staff_page()
def nowhere(request: HttpRequest, viewer: Viewer, address: str) -> HttpResponse:
    """An address that the desk does not have: its own page says so, and the rail stays."""
    raise NoSuchPage()
