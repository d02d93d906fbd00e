"""The form in which steps are chosen, for macros and bulks: what it offers, what was said in it, in words."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.automation.rules.steps import ORDER, Step
from yishi.network.queries import OutletCard, list_outlets
from yishi.people.queries import staff_names
from yishi.people.rules import SYSTEM_VIEWER, Viewer
from yishi.web.desk.choices import REMEDIES, VALIDITIES, moves_by_hand
from yishi.web.desk.whom import Whom, whom_choices
from yishi.web.shared import words

Text = str | Promise

WORDS: dict[str, Text] = {
    "note": gettext_lazy("记内部备注"),
    "reply": gettext_lazy("回复顾客"),
    "tag": gettext_lazy("加标签"),
    "priority": gettext_lazy("改级别"),
    "press": gettext_lazy("催办"),
    "task": gettext_lazy("派任务"),
    "status": gettext_lazy("改状态"),
    "assign": gettext_lazy("转给"),
    "settle": gettext_lazy("给处理办法"),
}
ICONS = {
    "note": "lock", "reply": "chat", "tag": "pin", "priority": "flag", "press": "bell", "task": "hand",
    "status": "flow", "assign": "arrow", "settle": "ok",
}  # fmt: skip
_FIELDS = ("text", "reason", "status", "priority", "title", "within_h", "tag", "remedy", "validity",
           "root_cause", "responsible")  # fmt: skip


def said_steps(said: QueryDict) -> list[dict[str, Any]]:
    """The steps ticked in the form, each with its own fields (`note_text`, `assign_whom` …)."""
    steps = []
    for do in said.getlist("do"):
        if do not in ORDER:
            continue
        step: dict[str, Any] = {"do": do}
        step |= {f: said[f"{do}_{f}"] for f in _FIELDS if said.get(f"{do}_{f}")}
        outlet, user = Whom.read(said.get(f"{do}_whom", ""))
        steps.append({**step, "outlet": outlet, "user": user})
    return steps


def form_values(
    viewer: Viewer, steps: Sequence[dict[str, Any]], *, any_outlet: bool = True
) -> dict[str, Any]:
    """What the form shows: every kind of step with what was said in it."""
    said, ticked = {step["do"]: step for step in steps}, {step["do"] for step in steps}
    said.setdefault("task", {"within_h": 4})
    for step in said.values():
        step["within_h"] = int(step.get("within_h") or 4)
        step["whom"] = Whom.write(step.get("outlet", ""), int(step.get("user") or 0))
    return {
        "kinds": [(do, WORDS[do], ICONS[do], said.get(do, {}), do in ticked) for do in ORDER],
        "own_people": whom_choices(viewer),
        "all_outlets": list_outlets(SYSTEM_VIEWER) if any_outlet else list_outlets(viewer),
        "moves": moves_by_hand(),
        "priorities": [(value, sign.word) for value, sign in words.PRIORITIES.items()],
        "remedies": REMEDIES.items(),
        "validities": VALIDITIES.items(),
        "hours": HOURS,
    }


HOURS = (1, 2, 4, 8, 24, 48, 72)


def told(steps: Sequence[Step], outlets: Sequence[OutletCard]) -> list[tuple[str, Text, str]]:
    """Each step as icon, what is done, and with what."""
    names = staff_names({step.user for step in steps if step.user})
    places = {"HQ": _("总部"), **{place.code: place.name for place in outlets}}
    return [(ICONS[step.do], WORDS[step.do], _with_what(step, names, places)) for step in steps]


def _with_what(step: Step, names: dict[int, str], places: dict[str, str]) -> str:
    whom = " ".join(part for part in (places.get(step.outlet, step.outlet), names.get(step.user, "")) if part)
    said: dict[str, str] = {
        "tag": f"#{step.tag}",
        "priority": f"{words.PRIORITIES.get(step.priority, words.UNKNOWN).word}：{step.reason}",
        "status": f"{words.CASE_STATUSES.get(step.status, words.UNKNOWN).word} {step.reason}".strip(),
        "assign": f"{whom or _('工单所在的网点，先不定人')}：{step.reason}",
        "task": _("%(whom)s，%(hours)d 小时内：%(title)s")
        % {"whom": whom or _("工单所在的网点"), "hours": step.within_h, "title": step.title},
        "settle": f"{REMEDIES.get(step.remedy, step.remedy)} · "
        f"{VALIDITIES.get(step.validity, '')}：{step.text}",
    }
    return said.get(step.do, step.text)
