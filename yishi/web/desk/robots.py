"""Me in our groups: a code that the robot knows me by, and where it does."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yishi.conversations.actions.members import make_member_code, unbind_member
from yishi.kit.clock import now
from yishi.people.rules import Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.me import me_page


@staff_page()
@require_POST
def code(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A fresh code stands on the answer, and never again."""
    answer = me_page(request, viewer, robot_code=make_member_code(by=viewer, at=now()))
    answer["Cache-Control"] = "no-store"
    return answer


@staff_page()
@require_POST
def end(request: HttpRequest, viewer: Viewer, member_id: int) -> HttpResponse:
    unbind_member(member_id=member_id, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('desk:me')}?done=robot")
