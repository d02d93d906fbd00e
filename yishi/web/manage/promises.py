"""时效承诺: the operator's promises with their history, and how good the estimates beside them are."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from yishi.kit.clock import now
from yishi.kit.errors import Refusal
from yishi.network.queries import carrier_names
from yishi.people.rules import Permission, Viewer
from yishi.shipments.actions.promises import UnclearTerms, add_promise_rule, end_promise_rule
from yishi.shipments.queries.eta import find_last_training
from yishi.shipments.queries.promises import list_promise_rules
from yishi.shipments.rules.promises import COLUMNS, read_terms
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, words_of
from yishi.web.manage.words import PROMISE_STATES


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def promises(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list; a POST adds one, and comes back with what was typed when it is not clear."""
    if request.method != "POST":
        return _page(request, viewer)
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in COLUMNS}
    try:
        terms = read_terms(typed)
        if isinstance(terms, str):
            raise UnclearTerms(reason=terms)
        add_promise_rule(terms=terms, by=viewer, at=now())
    except UnclearTerms as refusal:
        return _page(request, viewer, typed=typed, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:promises')}?done=added")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def end(request: HttpRequest, viewer: Viewer, rule_id: int) -> HttpResponse:
    end_promise_rule(rule_id=rule_id, by=viewer, at=now())
    return HttpResponseRedirect(f"{reverse('manage:promises')}?done=ended")


def _page(
    request: HttpRequest,
    viewer: Viewer,
    *,
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    at = now()
    today = timezone.localtime(at).date()
    names = carrier_names()
    lines = list_promise_rules(viewer=viewer, today=today)
    values = {
        "here": "manage",
        "tab": "promises",
        "lines": [
            (line, names.get(line.terms.carrier, line.terms.carrier), PROMISE_STATES[line.state])
            for line in lines
        ],
        "carriers": sorted(names.items()),
        "typed": typed or {"valid_from": today.isoformat()},
        "training": find_last_training(),
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/promises.html", values, status=status, at=at)
