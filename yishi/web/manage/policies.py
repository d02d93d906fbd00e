"""处理时限: which promise holds for whom; a new version, tried on cases that are over before it counts."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from yishi.cases.queries.cards import category_choices
from yishi.kit.clock import now
from yishi.kit.errors import Refusal
from yishi.people.rules import Permission, Viewer
from yishi.sla.actions.policies import add_policy, change_policy, end_policy
from yishi.sla.queries.preview import preview
from yishi.sla.queries.setup import PolicyLine, get_policy, list_changes, list_jobs, list_policies, scopes
from yishi.sla.rules.policies import Policy
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.shared import sla_words as words

FIELDS = (
    "kind", "within", "escalate", "counting", "case_class", "category", "type_key", "customer_class",
    "priority", "outlet", "region", "profile", "valid_from", "valid_until", "is_for_running",
)  # fmt: skip


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list and a form; a POST tries a new one on the past (`do=try`) or keeps it."""
    return _page(request, viewer, None)


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, viewer: Viewer, policy_id: int) -> HttpResponse:
    """The same for a new version of one that counts."""
    return _page(request, viewer, get_policy(viewer=viewer, policy_id=policy_id, at=now()))


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def end(request: HttpRequest, viewer: Viewer, policy_id: int) -> HttpResponse:
    try:
        end_policy(policy_id=policy_id, by=viewer, at=now())
    except Refusal as refusal:
        line = get_policy(viewer=viewer, policy_id=policy_id, at=now())
        return _show(request, viewer, line, typed_of(line), refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:sla')}?done=ended")


def _page(request: HttpRequest, viewer: Viewer, line: PolicyLine | None) -> HttpResponse:
    if request.method != "POST":
        return _show(request, viewer, line, typed_of(line) if line else {"counting": "NATURAL"})
    typed = {name: request.POST.get(name, "").replace("\x00", "").strip()[:60] for name in FIELDS}
    try:
        wanted = _read(typed)
        if request.POST.get("do") == "try":
            return _show(request, viewer, line, typed, wanted=wanted)
        is_for_running = typed["is_for_running"] == "on"
        if line is None:
            add_policy(policy=wanted, is_for_running=is_for_running, by=viewer, at=now())
        else:
            change_policy(
                policy_id=line.policy.id, policy=wanted, is_for_running=is_for_running, by=viewer, at=now()
            )
    except Refusal as refusal:
        return _show(request, viewer, line, typed, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:sla')}?done={'changed' if line else 'added'}")


def _read(typed: dict[str, str]) -> Policy:
    """What was typed as a policy. Raises Invalid for what is no number or date."""
    return Policy(
        kind=typed["kind"],
        within=words.hours_of(typed["within"], "/within"),
        escalate_within=words.hours_of(typed["escalate"] or "24", "/escalate_within"),
        is_in_service_hours=typed["counting"] == "SERVICE_HOURS",
        case_class=typed["case_class"],
        category=typed["category"],
        type_key=typed["type_key"],
        customer_class=typed["customer_class"].upper(),
        priority=whole_number(typed["priority"]),
        outlet_id=whole_number(typed["outlet"]),
        region_id=whole_number(typed["region"]),
        profile=typed["profile"],
        valid_from=words.day_of(typed["valid_from"], "/valid_from"),
        valid_until=words.day_of(typed["valid_until"], "/valid_until"),
    )


def typed_of(line: PolicyLine) -> dict[str, str]:
    """A policy as its form shows it."""
    one = line.policy
    return {
        "kind": one.kind,
        "within": _hours(one.within.total_seconds()),
        "escalate": _hours(one.escalate_within.total_seconds()),
        "counting": "SERVICE_HOURS" if one.is_in_service_hours else "NATURAL",
        "case_class": one.case_class,
        "category": one.category,
        "type_key": one.type_key,
        "customer_class": one.customer_class,
        "priority": "" if one.priority is None else str(one.priority),
        "outlet": str(one.outlet_id or ""),
        "region": str(one.region_id or ""),
        "profile": one.profile,
        "valid_from": _day(one.valid_from) if one.profile else "",
        "valid_until": _day(one.valid_until),
    }


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:g}"


def _day(moment: datetime | None) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else ""


def _show(
    request: HttpRequest,
    viewer: Viewer,
    line: PolicyLine | None,
    typed: dict[str, str],
    *,
    wanted: Policy | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    at, offered = now(), scopes()
    types = dict(offered.types)
    lines = list_policies(viewer=viewer, at=at)
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "sla",
        "sub": "policies",
        "line": line,
        "line_words": _scope(line, types) if line else "",
        "rows": [_row(one, types) for one in lines if one.state != "ENDED"],
        "old_rows": [_row(one, types) for one in lines if one.state == "ENDED"][:40],
        "typed": typed,
        "kinds": words.KINDS.items(),
        "classes": words.CLASSES.items(),
        "priorities": [(str(key), word) for key, word in words.PRIORITIES.items()],
        "categories": category_choices(),
        "types": offered.types,
        "outlets": [(str(pk), name) for pk, name in offered.outlets],
        "regions": [(str(pk), name) for pk, name in offered.regions],
        "changes": [(words.change_words(one, types), one) for one in list_changes(most=8)],
        "jobs": [job for job in list_jobs() if not job.is_done],
        "tried": _tried(viewer, wanted, line, at) if wanted else None,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/policies.html", values, status=status, at=at)


def _tried(viewer: Viewer, wanted: Policy, line: PolicyLine | None, at: datetime) -> Any:
    return preview(viewer=viewer, policy=wanted, replaces_id=line.policy.id if line else None, at=at)


def _scope(line: PolicyLine, types: dict[str, str]) -> str:
    return words.scope_words(line.policy, line.outlet_name, line.region_name, types)


def _row(line: PolicyLine, types: dict[str, str]) -> dict[str, Any]:
    return {
        "line": line,
        "scope": _scope(line, types),
        "kind": words.KINDS.get(line.policy.kind, line.policy.kind),
        "within": words.length_words(line.policy.within),
        "escalate": words.length_words(line.policy.escalate_within),
        "sign": words.STATES[line.state],
    }
