"""Me: hand the shared machine to a colleague by PIN, set my own PIN, choose the language, sign out."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from yishi.conversations.queries.members import list_my_members
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.network.queries import list_outlets
from yishi.people import actions as people
from yishi.people.queries import list_mates, role_label, viewer_of_user
from yishi.people.rules import Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, home_of, safe_next, speak, words_of
from yishi.web.desk.sign_in import BACKEND

SHARED = "shared_account"


@staff_page()
@require_safe
def me(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return me_page(request, viewer)


def me_page(
    request: HttpRequest,
    viewer: Viewer,
    refusal: Refusal | None = None,
    at_form: str = "",
    *,
    robot_code: str = "",
) -> HttpResponse:
    """My page, with what was refused at which form, or with a code that was just made."""
    values = {
        "robot_code": robot_code,
        "robots": list_my_members(viewer),
        "here": "me",
        "mates": list_mates(viewer),
        "role_word": role_label(viewer.role),
        "places": sorted(place.name for place in list_outlets(viewer)) if viewer.outlet_codes else [],
        "has_pin": request.user.is_authenticated and bool(request.user.pin_hash),
        "refused": words_of(refusal) if refusal else "",
        "refused_at": at_form,
        "chosen": request.POST.get("username", ""),
        "done": request.GET.get("done", ""),
        "asks_who": viewer.is_shared,
        "may_give_back": bool(request.session.get(SHARED)) and not viewer.is_shared,
        "next": request.GET.get("next") or request.POST.get("next", ""),
    }
    return desk_page(request, viewer, "desk/me.html", values, status=refusal.status if refusal else 200)


@sensitive_post_parameters("pin")
@staff_page()
@require_POST
def switch(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The other person's PIN opens his own session; a wrong one changes nothing."""
    assert request.user.is_authenticated  # the door let nobody else through
    try:
        user = people.switch_person(
            user=request.user,
            username=request.POST.get("username", ""),
            pin=request.POST.get("pin", ""),
            at=now(),
        )
    except Refusal as refusal:
        return me_page(request, viewer, refusal, "switch")
    # whose machine it is stays known while its people take turns
    shared_id = request.user.pk if viewer.is_shared else request.session.get(SHARED)
    login(request, user, backend=BACKEND)
    if shared_id:
        request.session[SHARED] = shared_id
    home = home_of(viewer_of_user(user))
    return speak(HttpResponseRedirect(safe_next(request, request.POST.get("next", ""), home)), user.language)


@staff_page()
@require_POST
def give_back(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The machine goes back to its shared account, which only looks: nobody acts in the name of who left."""
    assert request.user.is_authenticated
    shared = people.find_shared_account(user=request.user, shared_id=request.session.get(SHARED) or 0)
    if shared is None:
        raise NotFound()
    login(request, shared, backend=BACKEND)
    return HttpResponseRedirect(reverse("desk:worklist"))


@sensitive_post_parameters("pin", "again")
@staff_page()
@require_POST
def set_pin(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    assert request.user.is_authenticated
    pin = request.POST.get("pin", "").strip()
    try:
        if pin != request.POST.get("again", "").strip():
            raise PinsDiffer()
        people.set_pin(user=request.user, password=request.POST.get("password", ""), pin=pin, at=now())
    except Refusal as refusal:
        return me_page(request, viewer, refusal, "pin")
    return HttpResponseRedirect(f"{reverse('desk:me')}?done=pin")


class PinsDiffer(Invalid):
    """两次输入的 PIN 不一样"""

    code = "pins_differ"
