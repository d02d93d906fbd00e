"""Complaints of platforms for which no case could be opened: shown with the reason, tried once more."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yishi.feeds.actions.complaints import hand_on_again
from yishi.kit.clock import now
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page


@staff_page(Permission.FEEDS_MANAGE)
@require_POST
def again(request: HttpRequest, viewer: Viewer, complaint_id: int) -> HttpResponse:
    """The worker tries to open its case once more."""
    with transaction.atomic():
        hand_on_again(complaint_id=complaint_id, by=viewer, at=now())
    return HttpResponseRedirect(reverse("manage:home") + "?done=complaint")
