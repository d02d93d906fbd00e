"""Trouble that was found becomes work of the outlet: a case of its own, internal until a person complains."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.cases.actions.hold import hold_case, keep, move
from yishi.cases.actions.lines import write_entry
from yishi.cases.actions.links import merge_case
from yishi.cases.actions.open import open_case
from yishi.cases.actions.reply import add_note
from yishi.cases.facts import CaseWithdrawn
from yishi.cases.models.case import Case, CaseSource
from yishi.cases.models.history import Audience, Author, TimelineEntry
from yishi.cases.rules.categories import OF_TROUBLE
from yishi.cases.rules.status import OPEN_STATUSES, Status
from yishi.detection.actions.incidents import move_task, note_case
from yishi.detection.actions.risks import note_parcel_complaint
from yishi.detection.actions.signs import note_complaint
from yishi.detection.queries.incidents import IncidentLine, find_incident, is_case_needed, members_of
from yishi.detection.rules.kinds import Kind
from yishi.detection.rules.playbooks import Step, category_of
from yishi.kit.facts import announce
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.queries.parcels import ShipmentRef, find_shipment_refs

ENTRY_POINT = "detection"
# complaints about how a parcel was handed over: they count in its courier's habit
_OF_SIGNING = frozenset({"SIGNED_NOT_RECEIVED", "NO_DOOR_DELIVERY", "UNCONSENTED_PLACEMENT", "MISDELIVERED"})


# what a person calls it, and what we call it: one matter of one parcel
_SEARCHED = frozenset({"LOST", "DELAY"})


def _alike(category: str) -> frozenset[str]:
    """The categories under which a person complains of the same as a task of this one asks for."""
    family = next((one for one in (_OF_SIGNING, _SEARCHED) if category in one), frozenset[str]())
    return family | {category}


@transaction.atomic
def join_outlet_task(*, case_id: int, at: datetime) -> str | None:
    """A person complains of what we had found: the outlet's task goes into his case; the task's number, None
    where there was none."""
    case = Case.objects.filter(pk=case_id, is_internal=False, status__in=OPEN_STATUSES).first()
    if case is None or case.shipment_id is None:
        return None
    tasks = Case.objects.filter(
        shipment_id=case.shipment_id, category__in=_alike(case.category), is_internal=True,
        entry_point=ENTRY_POINT, status__in=OPEN_STATUSES, merged_into__isnull=True,
    )  # fmt: skip
    task = tasks.order_by("pk").first()
    if task is None:
        return None
    merge_case(case_id=task.pk, into_id=case.pk, by=SYSTEM_VIEWER, at=at)
    move_task(old_no=task.case_no, new_no=case.case_no)
    return task.case_no


@transaction.atomic
def give_outlet_task(*, incident_id: int, at: datetime) -> str | None:
    """Opens the outlet's case about an incident whose playbook asks for one; its number.

    What came back, or asks for the same of the same parcel, is a note on the case that runs already. None
    where nothing is asked, or where the trouble is over.
    """
    incident = find_incident(incident_id)
    if incident is None or incident.closed_at is not None or Step.TASK not in incident.steps:
        return None
    text = _said(incident)
    category = category_of(Kind(incident.kind))
    running = _running(incident, category)
    if running is not None:
        add_note(case_id=running.pk, text=text, by=SYSTEM_VIEWER, at=at)
        note_case(incident_id=incident_id, case_no=running.case_no)
        return running.case_no
    shipment = _parcel_of(incident)
    opened = open_case(
        waybill_no=shipment.waybill_no if shipment else "",
        category=category,
        text=text,
        is_internal=True,
        source=CaseSource.SYSTEM,
        entry_point=ENTRY_POINT,
        shipment=shipment,
        by=SYSTEM_VIEWER,
        at=at,
    )
    note_case(incident_id=incident_id, case_no=opened.case_no)
    return opened.case_no


def _running(incident: IncidentLine, category: str) -> Case | None:
    """The outlet's case that asks for the same already: of this incident, or of this parcel."""
    cases = Case.objects.filter(status__in=OPEN_STATUSES, merged_into__isnull=True)
    if incident.case_no and (own := cases.filter(case_no=incident.case_no).first()):
        return own
    if incident.shipment_id is None:
        return None
    of_parcel = cases.filter(shipment_id=incident.shipment_id)
    ours = of_parcel.filter(category=category, is_internal=True, entry_point=ENTRY_POINT).first()
    # a person was quicker than we: it is his matter already
    return ours or of_parcel.filter(category__in=_alike(category), is_internal=False).order_by("pk").first()


def _parcel_of(incident: IncidentLine) -> ShipmentRef | None:
    """The parcel, or one of those that a mass incident holds: the case goes to the place where it is."""
    one = incident if incident.shipment_id is not None else next(iter(members_of(incident.id)), None)
    refs = find_shipment_refs(one.waybill_no) if one is not None else []
    return next((ref for ref in refs if one is not None and ref.id == one.shipment_id), None)


def _said(incident: IncidentLine) -> str:
    said = {"kind": incident.kind_words, "reason": incident.reason_words, "fault": incident.fault_words}
    if incident.held:
        return _("系统发现：%(kind)s，%(held)d 件。%(reason)s，先处理这一处。地点：%(place)s") % {
            **said,
            "held": incident.held,
            "place": incident.place,
        }
    return _("系统发现：%(kind)s。%(reason)s。责任方：%(fault)s") % said


@transaction.atomic
def end_outlet_task(*, incident_id: int, at: datetime) -> None:
    """The parcel moved on: a case that nobody has touched ends by itself, others learn of it."""
    incident = find_incident(incident_id)
    if incident is None or not incident.case_no or incident.closed_at is None:
        return
    if is_case_needed(incident.case_no):
        return
    found = Case.objects.filter(case_no=incident.case_no).values_list("pk", flat=True).first()
    if found is None:
        return
    case = hold_case(case_id=found)
    if not case.is_open:
        return
    if is_touched(case):
        healed = _("包裹已经继续走件，%(kind)s解除") % {"kind": incident.kind_words}
        add_note(case_id=case.pk, text=healed, by=SYSTEM_VIEWER, at=at)
        return
    entry = write_entry(
        case,
        "INCIDENT_OVER",
        Audience.INTERNAL,
        by=SYSTEM_VIEWER,
        at=at,
        author=Author.SYSTEM,
        data={"kind": incident.kind},
    )
    old = move(case, Status.WITHDRAWN)
    case.closed_at = at
    keep(case, "status", "closed_at")
    announce(CaseWithdrawn(case_id=case.pk, case_no=case.case_no, entry_id=entry.pk, old=old, at=at))


def is_touched(case: Case) -> bool:
    """Whether a person has done anything, or anybody waits for an answer."""
    by_staff = TimelineEntry.objects.filter(case=case, author_kind=Author.STAFF)
    return case.status != Status.OPEN or not case.is_internal or by_staff.exists()


def note_complaint_of_parcel(*, case_id: int, at: datetime) -> None:
    """A person complained of a parcel: it counts in what is reckoned of parcels that are out, and where it is
    about how it was handed over, in its courier's habit. Our own tasks are no complaints."""
    case = Case.objects.filter(pk=case_id, is_internal=False).first()
    if case is None or case.shipment_id is None or case.case_class not in OF_TROUBLE:
        return
    note_parcel_complaint(case_no=case.case_no, shipment_id=case.shipment_id, at=case.opened_at)
    if case.category in _OF_SIGNING:
        note_complaint(shipment_id=case.shipment_id, at=at)
