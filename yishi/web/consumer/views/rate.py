"""Rate: opening the link does not vote; one tap and, if one likes, a word."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yishi.cases.queries.cards import get_case_by_token
from yishi.feedback.actions import rate_case
from yishi.feedback.queries import find_rating
from yishi.kit import clock
from yishi.kit.errors import Refusal
from yishi.web.consumer.doors import check_look_up
from yishi.web.consumer.forms import RatingForm

SCORES = [(5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意"))]


# the token in the address is the whole permission: no cookie decides anything here
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The question, or the thanks when it has been answered. Only a press of the button votes."""
    at = clock.now()
    check_look_up(request, at)
    case = get_case_by_token(token)
    form, status = RatingForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                rate_case(case_id=case.id, score=data["score"], comment=data["comment"], at=at)
                return redirect("consumer:rate", token=token)
            except Refusal as refusal:
                form.add_error(None, refusal.title)
                status = refusal.status
    context = {
        "at": at,
        "case": case,
        "token": token,
        "form": form,
        "scores": SCORES,
        "rating": find_rating(case.id),
        "is_settled": case.status in {"RESOLVED", "CLOSED"},
    }
    return render(request, "consumer/rate.html", context, status=status)
