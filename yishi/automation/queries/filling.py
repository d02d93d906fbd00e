"""What the variables of a saved reply stand for on one case, as far as the sender may see it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.timezone import get_current_timezone as zone
from django.utils.translation import gettext as _

from yishi.cases.queries.cards import CaseCard
from yishi.cases.rules.status import NEVER, OPEN_STATUSES
from yishi.consignees.queries import masked_contact, see_contact
from yishi.knowledge.rules.replies import fill, variables_of
from yishi.network.queries import carrier_names, find_outlet_card
from yishi.people.queries import staff_names
from yishi.people.rules import Viewer


def filled(text: str, *, case: CaseCard, viewer: Viewer, at: datetime) -> str:
    """The text for this case. A variable that has no value here stays in its braces."""
    wanted = variables_of(text)
    return fill(text, values_of(case, viewer, at, wanted)) if wanted else text


def previews(bodies: Sequence[str], *, case: CaseCard, viewer: Viewer, at: datetime) -> list[str]:
    """Texts to choose from: filled, the name masked for everybody, since nobody looks for it there."""
    wanted = {name for body in bodies for name in variables_of(body)}
    values = values_of(case, viewer, at, wanted - {"name"})
    if "name" in wanted:
        values["name"] = masked_contact(case.contact_id).name
    return [fill(body, values) for body in bodies]


def values_of(case: CaseCard, viewer: Viewer, at: datetime, wanted: Collection[str]) -> dict[str, str]:
    """Values of the wanted variables. The name in full only for whoever has the case in hand, and logged."""
    outlet = find_outlet_card(case.outlet_id) if case.outlet_id and "outlet_phone" in wanted else None
    due_at = case.next_due_at.astimezone(zone()) if at < case.next_due_at < NEVER else None
    me = staff_names([viewer.user_id]) if viewer.user_id and "me" in wanted else {}
    return {
        "name": _name(case, viewer, at) if "name" in wanted else "",
        "case_no": case.case_no,
        "waybill_no": case.waybill_no,
        "carrier": carrier_names().get(case.carrier, "") if "carrier" in wanted and case.carrier else "",
        "outlet": case.outlet_name or _("总部客服"),
        "outlet_phone": outlet.phone if outlet else "",
        "due": _("%(month)d月%(day)d日 %(time)s")
        % {"month": due_at.month, "day": due_at.day, "time": f"{due_at:%H:%M}"}
        if due_at
        else "",
        "me": me.get(viewer.user_id or 0, ""),
    }


def _name(case: CaseCard, viewer: Viewer, at: datetime) -> str:
    if case.contact_id is None:
        return ""
    has_it = viewer.user_id is not None and case.assignee_id == viewer.user_id
    if has_it and case.status in OPEN_STATUSES:
        task = f"case:{case.case_no}"
        return see_contact(viewer=viewer, contact_id=case.contact_id, task=task, at=at).name
    return masked_contact(case.contact_id).name
