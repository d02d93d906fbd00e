"""异常规则: the parameters by which trouble is found, in shadow or live, tried on history."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from yishi.cases.queries.trials import try_on_history
from yishi.detection.actions.settings import add_setting, end_setting, go_live, note_tried
from yishi.detection.queries.settings import SettingLine, get_setting_terms, list_settings
from yishi.detection.queries.words import kind_words
from yishi.detection.rules.kinds import Kind
from yishi.detection.rules.playbooks import Step, steps_of
from yishi.detection.rules.settings import SHADOW_DAYS, SHADOWED, SHIPPED, Numbers, Terms
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Refusal
from yishi.network.queries import carrier_names
from yishi.people.rules import Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.shared.words import Sign

TRIED_DAYS = 14
STATES = {
    "SHADOW": Sign(gettext_lazy("试运行"), "search", "is-info"),
    "LIVE": Sign(gettext_lazy("生效"), "ok", "is-good"),
    "EXPIRED": Sign(gettext_lazy("已过期"), "minus", "is-idle"),
    "ENDED": Sign(gettext_lazy("已停用"), "minus", "is-idle"),
}
NUMBERS = {
    "after_hours": gettext_lazy("多少小时后"),
    "step_hours": gettext_lazy("每几小时至少联系一次"),
    "locker_hours": gettext_lazy("快递柜里多少小时"),
    "station_hours": gettext_lazy("驿站里多少小时"),
    "grace_minutes": gettext_lazy("宽限几分钟"),
    "apart_minutes": gettext_lazy("两次相隔至少几分钟"),
    "skew_minutes": gettext_lazy("扫描枪时钟差几分钟"),
    "times": gettext_lazy("几次"),
    "signs": gettext_lazy("至少几个独立的迹象"),
    "contact_hours": gettext_lazy("签收前几小时内算联系过"),
    "far_metres": gettext_lazy("多少米算远"),
    "batch_parcels": gettext_lazy("一分钟签几件算成批"),
    "usual_percent": gettext_lazy("平时占百分之几就不算迹象"),
    "recorded_percent": gettext_lazy("联系记录平时至少百分之几"),
    "complaints": gettext_lazy("30 天里几次投诉"),
    "known_parcels": gettext_lazy("签过多少件才算了解他"),
    "watch_hours": gettext_lazy("签收后看几小时"),
    "night_from": gettext_lazy("夜里从几点"),
    "night_until": gettext_lazy("夜里到几点"),
}
STEPS = {"TELL": gettext_lazy("先告诉收件人"), "TASK": gettext_lazy("给网点派任务")}
TYPED = (
    "carrier", "product", "origin", "destination", "outlet", "valid_from", "valid_until", "reason", "steps",
)  # fmt: skip


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def detection(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All kinds with what counts, the operator's own settings, and the form of one kind; a POST adds one."""
    if request.method != "POST":
        return _page(request, viewer)
    try:
        terms = _terms(request)
        setting_id = add_setting(terms=terms, reason=request.POST.get("reason", ""), by=viewer, at=now())
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('manage:detection')}?done=added#setting-{setting_id}")


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def change(request: HttpRequest, viewer: Viewer, setting_id: int, what: str) -> HttpResponse:
    """Tried on history, brought to life, or ended."""
    at = now()
    try:
        if what == "try":
            _try(viewer, setting_id)
        elif what == "live":
            go_live(setting_id=setting_id, reason=request.POST.get("reason", ""), by=viewer, at=at)
        elif what == "end":
            end_setting(setting_id=setting_id, by=viewer, at=at)
        else:
            raise NotFound()
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, viewer, refusal)
    return HttpResponseRedirect(f"{reverse('manage:detection')}?done={what}#setting-{setting_id}")


def _try(viewer: Viewer, setting_id: int) -> None:
    terms = get_setting_terms(viewer=viewer, setting_id=setting_id)
    if terms is None:
        raise NotFound()
    at = now()
    tried = try_on_history(terms=terms, days=TRIED_DAYS, at=at)
    note_tried(setting_id=setting_id, tried=tried, by=viewer, at=at)


def _terms(request: HttpRequest) -> Terms:
    """What the form says. Raises Invalid with a pointer a field."""
    said = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in (*TYPED, "kind")}
    if said["kind"] not in Kind.__members__:
        raise Invalid([("/kind", "unknown_kind", "没有这种异常")])
    kind, errors = Kind(said["kind"]), []
    begins, ends = _day(said["valid_from"]), _day(said["valid_until"])
    if begins is None:
        errors.append(("/valid_from", "bad_date", "写明从哪天起"))
    if said["valid_until"] and ends is None:
        errors.append(("/valid_until", "bad_date", "日期不对"))
    numbers: dict[str, int] = {}
    for name, shipped in SHIPPED[kind].items():
        typed = request.POST.get(name, "").strip()
        number = whole_number(typed) if typed else shipped
        if number is None:
            errors.append((f"/{name}", "not_a_number", "写整数"))
        elif number != shipped:
            numbers[name] = number
    if errors or begins is None:
        raise Invalid(errors)
    return Terms(
        kind=kind,
        carrier=said["carrier"],
        product=said["product"],
        origin=said["origin"],
        destination=said["destination"],
        outlet=said["outlet"],
        numbers=numbers,
        steps=_steps(request, kind),
        valid_from=begins,
        valid_until=ends,
    )


def _steps(request: HttpRequest, kind: Kind) -> tuple[str, ...] | None:
    """The playbook where it is another one than the shipped."""
    chosen = tuple(step.value for step in Step if request.POST.get(f"step_{step.value}"))
    return None if chosen == tuple(steps_of(kind, None)) else chosen


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _page(request: HttpRequest, viewer: Viewer, refusal: Refusal | None = None) -> HttpResponse:
    at = now()
    names = carrier_names()
    typed = request.POST if refusal else request.GET
    kind = Kind(typed["kind"]) if typed.get("kind") in Kind.__members__ else None
    lines = list_settings(viewer=viewer, today=timezone.localdate(at))
    values: dict[str, Any] = {
        "here": "manage",
        "tab": "detection",
        "kinds": [_kind_row(one) for one in Kind],
        "lines": [_row(line, names) for line in lines],
        "carriers": sorted(names.items()),
        "chosen": _form(kind, typed) if kind else None,
        "typed": {name: typed.get(name, "") for name in TYPED} | _today(typed, at),
        "shadow_days": SHADOW_DAYS,
        "tried_days": TRIED_DAYS,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    status = refusal.status if refusal else 200
    return desk_page(request, viewer, "manage/detection.html", values, status=status, at=at)


def _today(typed: Any, at: Any) -> dict[str, str]:
    return {"valid_from": typed.get("valid_from") or timezone.localdate(at).isoformat()}


def _kind_row(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "word": kind_words(kind),
        "numbers": number_words(SHIPPED[kind]),
        "steps": [STEPS[step] for step in steps_of(kind, None)],
        "is_shadow": kind in SHADOWED,
    }


def number_words(numbers: Numbers) -> list[tuple[object, int]]:
    return [(NUMBERS[name], number) for name, number in numbers.items()]


def _form(kind: Kind, typed: Any) -> dict[str, Any]:
    usual = steps_of(kind, None)
    return {
        "kind": kind.value,
        "word": kind_words(kind),
        "numbers": [
            (name, NUMBERS[name], typed.get(name, number), number) for name, number in SHIPPED[kind].items()
        ],
        "steps": [(step.value, STEPS[step], step in usual) for step in Step],
    }


def _row(line: SettingLine, carriers: dict[str, str]) -> dict[str, Any]:
    terms = line.terms
    scope = [
        carriers.get(terms.carrier, terms.carrier),
        terms.product,
        terms.outlet,
        _("%(origin)s → %(destination)s") % _lane(terms) if terms.origin or terms.destination else "",
    ]
    return {
        "line": line,
        "word": kind_words(terms.kind),
        "scope": [part for part in scope if part],
        "numbers": number_words(terms.numbers),
        "steps": None if terms.steps is None else [STEPS[step] for step in terms.steps],
        "sign": STATES[line.state],
        "may_live": line.state == "SHADOW",
        "may_end": line.state in ("SHADOW", "LIVE"),
    }


def _lane(terms: Terms) -> dict[str, str]:
    anywhere = _("任何地方")
    return {"origin": terms.origin or anywhere, "destination": terms.destination or anywhere}
