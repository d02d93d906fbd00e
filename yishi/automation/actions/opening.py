"""A case for a parcel that nobody complained about: what an outlet asks for many pasted numbers at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from yishi.automation.actions.macros import run_steps
from yishi.automation.rules.steps import Step
from yishi.cases.actions.open import open_case
from yishi.cases.queries.cards import get_case
from yishi.cases.queries.day import open_cases_of
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.people.rules import Viewer
from yishi.shipments.queries.day import list_parcels
from yishi.shipments.queries.parcels import find_shipment_refs

# what can be opened for many parcels, and what the case says where nobody wrote anything
OPENED = {"URGE": gettext_lazy("网点催件"), "INTERCEPT": gettext_lazy("网点要求拦截")}


class HasOpenCase(Refusal):
    """这一件已经有没办完的工单 %(case_no)s"""

    code = "has_open_case"


class UnknownParcel(NotFound):
    """没有这个运单，或它不在你的网点"""

    code = "unknown_parcel"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What is opened for each of these parcels, and in what words; internal until a person complains."""

    category: str
    text: str = ""
    waybill_nos: Sequence[str]


def check_opening(opening: Opening) -> None:
    """Raises Invalid for a category that is not opened in bulk."""
    if opening.category not in OPENED:
        raise Invalid([("/opens", "unknown_category", "没有这个诉求类型")])


@transaction.atomic
def open_for_parcel(
    *, opening: Opening, steps: Sequence[Step], name: str = "", by: Viewer, at: datetime
) -> int:
    """Opens the case of the one parcel and does the steps to it; returns its id.

    Urging and noting are what the case itself says. Raises UnknownParcel, HasOpenCase (of any kind; for an
    interception only another one), and whatever a step refuses.
    """
    check_opening(opening)
    (waybill_no,) = opening.waybill_nos
    found = open_cases_of(viewer=by, waybill_nos=[waybill_no]).get(waybill_no, [])
    same = [one for one in found if opening.category != "INTERCEPT" or one.category == "INTERCEPT"]
    if same:
        raise HasOpenCase(case_no=same[0].case_no)
    also = [waybill_no] if found else []
    if waybill_no not in list_parcels(viewer=by, waybill_nos=[waybill_no], also=also, at=at):
        raise UnknownParcel()
    said = [step.text for step in steps if step.do in ("note", "press") and step.text]
    opened = open_case(
        waybill_no=waybill_no,
        category=opening.category,
        text=opening.text or "\n".join(said) or str(OPENED[opening.category]),
        is_internal=True,
        source="GROUP_CHAT",
        shipment=next(iter(find_shipment_refs(waybill_no)), None),
        by=by,
        at=at,
    )
    rest = [step for step in steps if step.do not in ("note", "press")]
    if rest:
        run_steps(case_no=get_case(opened.case_id).case_no, steps=rest, by=by, at=at, name=name)
    return opened.case_id


class _Tried(Exception):
    """Ends a trial: everything it did is undone."""


def try_opening(
    *, opening: Opening, steps: Sequence[Step], name: str = "", by: Viewer, at: datetime
) -> Refusal | None:
    """What opening would be refused for; None when it would be done. Nothing changes."""
    try:
        with transaction.atomic():
            open_for_parcel(opening=opening, steps=steps, name=name, by=by, at=at)
            raise _Tried()
    except _Tried:
        return None
    except Refusal as refusal:
        return refusal
