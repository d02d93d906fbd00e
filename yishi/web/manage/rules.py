"""The operator's rules on pages: the list in its order, one rule with its looks, its form, its trial."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.automation.actions.automations import Trial, end_rule, go_live, save_rule, try_rule
from yishi.automation.queries.automations import RuleCard, get_rule, list_rules, list_runs, list_versions
from yishi.automation.rules.conditions import MOST_CONDITIONS, TRIGGERS
from yishi.automation.rules.steps import kept_steps
from yishi.kit.clock import now
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.phrases import joined
from yishi.network.queries import list_outlets
from yishi.people.queries import staff_names
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.web.desk.doors import staff_page
from yishi.web.desk.page import desk_page, whole_number, words_of
from yishi.web.desk.step_forms import form_values, said_steps, told
from yishi.web.manage.rule_words import (
    OUTCOMES,
    TRIGGER_WORDS,
    condition_words,
    field_choices,
    op_choices,
    unknown_values,
    value_code,
    value_word,
)

_SPARE = 2


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def rules(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Live ones in the order in which they look, drafts, and what was ended."""
    at, outlets = now(), list_outlets(SYSTEM_VIEWER)
    values = {
        "here": "manage",
        "tab": "rules",
        "rules": [
            (card, TRIGGER_WORDS[card.trigger], condition_words(card.conditions), told(card.steps, outlets))
            for card in list_rules(viewer=viewer, at=at)
            if card.state != "ENDED"
        ],
        "done": request.GET.get("done", ""),
    }
    return desk_page(request, viewer, "manage/rules.html", values, at=at)


@staff_page(Permission.POLICY_MANAGE)
@require_safe
def rule(request: HttpRequest, viewer: Viewer, rule_id: int) -> HttpResponse:
    return _rule(request, viewer, rule_id)


def _rule(
    request: HttpRequest,
    viewer: Viewer,
    rule_id: int,
    *,
    trial: Trial | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    at, card = now(), get_rule(viewer=viewer, rule_id=rule_id)
    values = {
        "here": "manage",
        "tab": "rules",
        "rule": card,
        "trigger": TRIGGER_WORDS[card.trigger],
        "conditions": condition_words(card.conditions),
        "steps": told(card.steps, list_outlets(SYSTEM_VIEWER)),
        "runs": [(run, OUTCOMES[run.outcome]) for run in list_runs(viewer=viewer, rule_id=rule_id)],
        "versions": _versions(list_versions(viewer=viewer, key=card.key)),
        "trial": trial,
        "refused": words_of(refusal) if refusal else "",
        "done": request.GET.get("done", ""),
    }
    return desk_page(
        request, viewer, "manage/rule.html", values, status=refusal.status if refusal else 200, at=at
    )


@staff_page(Permission.POLICY_MANAGE)
@require_POST
def change(request: HttpRequest, viewer: Viewer, rule_id: int, what: str) -> HttpResponse:
    """Tried on past cases, gone live, or ended."""
    try:
        if what == "try":
            return _rule(request, viewer, rule_id, trial=try_rule(rule_id=rule_id, by=viewer, at=now()))
        if what == "live":
            go_live(rule_id=rule_id, by=viewer, at=now())
        elif what == "end":
            end_rule(rule_id=rule_id, by=viewer, at=now())
        else:
            raise NotFound()
    except NotFound:
        raise
    except Refusal as refusal:
        return _rule(request, viewer, rule_id, refusal=refusal)
    return HttpResponseRedirect(f"{reverse('manage:rule', args=[rule_id])}?done={what}")


@staff_page(Permission.POLICY_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, viewer: Viewer, rule_id: int | None = None) -> HttpResponse:
    """The form of a new rule, or of the next version of one."""
    card = get_rule(viewer=viewer, rule_id=rule_id) if rule_id is not None else None
    if request.method != "POST":
        return _form(request, viewer, card)
    said = request.POST
    place = whole_number(said.get("place", ""))
    conditions = _said_conditions(request)
    try:
        _check_words(conditions)
        made = save_rule(
            rule_id=rule_id,
            name=said.get("name", ""),
            trigger=said.get("trigger", ""),
            conditions=conditions,
            steps=said_steps(said),
            place=100 if place is None else place,
            is_last="is_last" in said,
            by=viewer,
            at=now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(request, viewer, card, refusal)
    return HttpResponseRedirect(f"{reverse('manage:rule', args=[made])}?done=kept")


def _versions(cards: Iterable[RuleCard]) -> list[tuple[RuleCard, str, str]]:
    """Each version with who wrote it and who put it to work."""
    told = list(cards)
    numbers = {label: label.partition(":")[2] for card in told for label in (card.made_by, card.live_by)}
    names = staff_names([int(number) for label, number in numbers.items() if label.startswith("user:")])
    who = {
        label: names.get(int(number), label) if label.startswith("user:") else label
        for label, number in numbers.items()
    }
    return [(card, who[card.made_by], who[card.live_by]) for card in told]


def _said_conditions(request: HttpRequest) -> list[dict[str, Any]]:
    """Rows of the form that name a field; several values are parted by commas or blanks of any width."""
    said = []
    for place in range(MOST_CONDITIONS):
        field = request.POST.get(f"field{place}", "")
        if field:
            values = request.POST.get(f"values{place}", "").replace("，", ",").replace("、", ",").split(",")
            op = request.POST.get(f"op{place}", "")
            said.append(
                {
                    "field": field,
                    "op": op,
                    "values": [value_code(field, v.strip()) for v in values if v.strip()],
                }
            )
    return said


def _told_values(row: Mapping[str, Any]) -> str:
    return joined((value_word(row["field"], value) for value in row["values"]), "，")


def _check_words(conditions: Iterable[Mapping[str, Any]]) -> None:
    """Raises Invalid where a value is no word of that field."""
    for each in conditions:
        if unknown := unknown_values(each["field"], each["values"]):
            raise Invalid([("/conditions", "unknown_value", _("没有“%s”这个叫法") % unknown[0])])


def _form(
    request: HttpRequest, viewer: Viewer, card: RuleCard | None, refusal: Refusal | None = None
) -> HttpResponse:
    if refusal:
        trigger, conditions = request.POST.get("trigger", ""), _said_conditions(request)
        steps = said_steps(request.POST)
        name, place, is_last = (
            request.POST.get("name", ""),
            request.POST.get("place", ""),
            "is_last" in request.POST,
        )
    else:
        trigger = card.trigger if card else "case_opened"
        conditions = (
            [{"field": c.field, "op": c.op, "values": list(c.values)} for c in card.conditions]
            if card
            else []
        )
        steps = kept_steps(card.steps) if card else []
        name, place, is_last = (card.name, str(card.place), card.is_last) if card else ("", "100", False)
    empty = {"field": "", "op": "", "values": []}
    rows = [*conditions, *[empty] * _SPARE][:MOST_CONDITIONS]
    values = {
        "here": "manage",
        "tab": "rules",
        "rule": card,
        "name": name,
        "place": place,
        "is_last": is_last,
        "triggers": [(key, TRIGGER_WORDS[key], key == trigger) for key in TRIGGERS],
        "rows": [(number, row, _told_values(row)) for number, row in enumerate(rows)],
        "fields": field_choices(),
        "ops": op_choices(),
        "refused": words_of(refusal) if refusal else "",
        **form_values(viewer, steps),
    }
    values["kinds"] = [kind for kind in values["kinds"] if kind[0] != "settle"]
    return desk_page(
        request, viewer, "manage/rule_edit.html", values, status=refusal.status if refusal else 200, at=now()
    )
