"""What an agent does, by one touch, about a parcel that a group chat named: each by the action that there is.

The same touch on the same row of the same paste is done once, however often it is pressed.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from yishi.automation.actions.macros import run_steps
from yishi.automation.actions.opening import HasOpenCase, Opening, UnknownParcel, open_for_parcel
from yishi.automation.rules.steps import Step
from yishi.cases.actions.open import open_case
from yishi.cases.queries.cards import access_case, get_case
from yishi.cases.queries.day import OpenCase, open_cases_of
from yishi.cases.rules.categories import CATEGORIES, CaseClass
from yishi.consignees.actions.standing import Wish
from yishi.consignees.actions.wishes import note_wishes
from yishi.consignees.queries import list_preferences, reach_contact
from yishi.consignees.rules import PREFERENCE_KINDS
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.idempotency import answers_of, claim, finish
from yishi.people.queries import person_of, require
from yishi.people.rules import SYSTEM_VIEWER, Permission, Viewer
from yishi.shipments.queries.day import list_parcels
from yishi.shipments.queries.parcels import access_shipment, find_shipment_refs

SOURCE = "GROUP_CHAT"
TOUCHES = ("urge", "note", "intercept", "open", "claim", "wish")
# said by somebody whom nobody has proved to be the consignee: it counts for this parcel's days, not for ever
WISH_FOR = timedelta(days=14)


class NoOpenCase(Refusal):
    """还没有工单，先立一张再写备注"""

    code = "no_open_case"


class NoPhone(Refusal):
    """运单上没有收件人电话，收货偏好记不上，可以写进工单"""

    code = "no_phone"


@dataclass(frozen=True, kw_only=True)
class Touch:
    """One thing about one number. `text` is what was said; `category` of a case; `wish` its kind."""

    do: str
    waybill_no: str
    text: str
    category: str = ""
    wish: str = ""
    value: str = ""

    @property
    def name(self) -> str:
        """What it is known by within a paste."""
        return (
            f"{self.do} {self.waybill_no} {self.wish or (self.category if self.do == 'open' else '')}".strip()
        )


def do_touch(*, key: str, touch: Touch, by: Viewer, at: datetime) -> str:
    """Does it; returns the number of the case it was done to ('' for a wish).

    Raises UnknownParcel for a parcel out of sight, HasOpenCase, NoOpenCase, NoPhone, Invalid, NotAllowed and
    whatever the action refuses; then nothing has changed.
    """
    require(by, Permission.CASE_WRITE)
    if touch.do not in TOUCHES:
        raise Invalid([("/do", "unknown_step", "没有这种做法")])
    scope, said = _scope(by), f"{key} {touch.name}"
    with transaction.atomic():
        known = claim(scope=scope, key=said, content_hash=hashlib.sha256(said.encode()).digest(), at=at)
        if known is not None:
            return known.body
        cases = open_cases_of(viewer=by, waybill_nos=[touch.waybill_no]).get(touch.waybill_no, [])
        if touch.waybill_no not in list_parcels(
            viewer=by, waybill_nos=[touch.waybill_no], also=[touch.waybill_no] if cases else [], at=at
        ):
            raise UnknownParcel()
        done = _DO[touch.do](touch, cases, by, at)
        finish(scope=scope, key=said, status=200, body=done)
    return done


def done_touches(*, key: str, touches: Collection[Touch], by: Viewer) -> Mapping[str, str]:
    """Those of these touches that were done in this paste, by name, with the case; one statement."""
    said = {f"{key} {touch.name}": touch.name for touch in touches}
    return {said[one]: body for one, body in answers_of(scope=_scope(by), keys=list(said)).items()}


def _scope(by: Viewer) -> str:
    return f"group chat {person_of(by)}"


def _urge(touch: Touch, cases: list[OpenCase], by: Viewer, at: datetime) -> str:
    if not cases:
        return _opening("URGE", touch, by, at)
    run_steps(case_no=cases[0].case_no, steps=[Step(do="press", text=touch.text)], by=by, at=at)
    return cases[0].case_no


def _note(touch: Touch, cases: list[OpenCase], by: Viewer, at: datetime) -> str:
    if not cases:
        raise NoOpenCase()
    run_steps(case_no=cases[0].case_no, steps=[Step(do="note", text=touch.text)], by=by, at=at)
    return cases[0].case_no


def _intercept(touch: Touch, cases: list[OpenCase], by: Viewer, at: datetime) -> str:
    return _opening("INTERCEPT", touch, by, at)


def _opening(category: str, touch: Touch, by: Viewer, at: datetime) -> str:
    opening = Opening(category=category, text=touch.text, waybill_nos=[touch.waybill_no])
    return get_case(open_for_parcel(opening=opening, steps=(), by=by, at=at)).case_no


def _open(touch: Touch, cases: list[OpenCase], by: Viewer, at: datetime) -> str:
    """A case of what was complained of: somebody did complain, so it is no internal one."""
    if touch.category not in CATEGORIES or not CATEGORIES[touch.category].is_claimable:
        raise Invalid([("/category", "unknown_category", "没有这个诉求类型")])
    same = next((one for one in cases if one.category == touch.category), None)
    if same is not None:
        raise HasOpenCase(case_no=same.case_no)
    ref = next(iter(find_shipment_refs(touch.waybill_no)), None)
    return open_case(
        waybill_no=touch.waybill_no, category=touch.category, text=touch.text, source=SOURCE, shipment=ref,
        entry_point="group", by=by, at=at,
    ).case_no  # fmt: skip


def _claim(touch: Touch, cases: list[OpenCase], by: Viewer, at: datetime) -> str:
    """Somebody wants compensation: said in the case of what went wrong, opened where there is none.

    What it comes to is reckoned on the case, from its facts: nobody is promised a sum in a group.
    """
    for one in cases:
        if not access_case(viewer=by, case_no=one.case_no).is_internal:
            run_steps(case_no=one.case_no, steps=[Step(do="note", text=touch.text)], by=by, at=at)
            return one.case_no
    wrong = CATEGORIES.get(touch.category)
    is_loss = wrong is not None and wrong.case_class in (CaseClass.EXCEPTION, CaseClass.COMPLAINT)
    return _open(replace(touch, category=touch.category if is_loss else "OTHER"), [], by, at)


def _wish(touch: Touch, cases: list[OpenCase], by: Viewer, at: datetime) -> str:
    """Kept for the consignee of this parcel, beside what he wished before."""
    if touch.wish not in PREFERENCE_KINDS:
        raise Invalid([("/wish", "unknown_kind", "没有这种收货偏好")])
    # the parcel is in sight already, by its outlet or by a case
    details = access_shipment(SYSTEM_VIEWER, touch.waybill_no, None, at=at).details
    person = details.consignee_id if details else None
    phone = reach_contact(person).phone if person is not None else ""
    if not phone:
        raise NoPhone()
    if all(one.kind != touch.wish for one in list_preferences(viewer=by, phone=phone, at=at)):
        new = Wish(kind=touch.wish, source="group_chat", value=touch.value[:200], valid_until=at + WISH_FOR)
        note_wishes(phone=phone, wishes=[new], by=by, at=at)
    return cases[0].case_no if cases else ""


_DO = {
    "urge": _urge, "note": _note, "intercept": _intercept, "open": _open, "claim": _claim, "wish": _wish,
}  # fmt: skip
