"""What happens to parcels, seen from their cases, and what platforms hand on."""

from uuid import UUID

from yishi.cases import facts
from yishi.cases.actions.at_station import open_damage
from yishi.cases.actions.causes import link_cause
from yishi.cases.actions.counts import end_with_booking, note_seen, work_off_count
from yishi.cases.actions.follow import follow_parcel
from yishi.cases.actions.incidents import (
    end_outlet_task,
    give_outlet_task,
    join_outlet_task,
    note_complaint_of_parcel,
)
from yishi.cases.actions.interception_moves import (
    end_with_case,
    follow_stopped,
    follow_task,
    intercept_as_asked,
    note_held_back,
)
from yishi.cases.actions.merged import lay_down, let_go_of_merged, take_up, tell_merged, tell_merged_of_end
from yishi.cases.actions.quarantine import note_quarantined
from yishi.cases.actions.received import open_received
from yishi.cases.actions.search import index_cases
from yishi.cases.actions.takings import note_taking_ended, open_for_taking
from yishi.cases.actions.tasks import cancel_tasks_of_case
from yishi.cases.actions.wishes import learn_from_finding
from yishi.cases.actions.workflows import begin, carry_along
from yishi.cases.facts import CaseClosed, CaseFact, CaseResolved, CaseWithdrawn, TaskEnded
from yishi.cases.rules.workflows import On
from yishi.detection.actions.events import join_events
from yishi.detection.facts import IncidentClosed, IncidentOpened
from yishi.feeds.facts import ComplaintsReceived
from yishi.kit.scanning import FileQuarantined
from yishi.shipments.facts import CarrierCorrected, ScanHeldBack, ShipmentsAdvanced
from yishi.stations.facts import (
    CountEnded,
    DamageFound,
    ParcelBookedIn,
    ParcelsSeen,
    WrongTakingEnded,
    WrongTakingMarked,
)

# what moves a case along in its workflow
_CAUSES: dict[type[CaseFact], On] = {
    facts.CaseReplied: On.REPLIED,
    facts.ConsumerWrote: On.CONSUMER_WROTE,
    facts.EvidenceAdded: On.EVIDENCE_ADDED,
    facts.CaseAssigned: On.ASSIGNED,
    facts.CaseEscalated: On.ESCALATED,
    facts.CaseResolved: On.RESOLVED,
    facts.CaseClosed: On.CLOSED,
    facts.CaseWithdrawn: On.WITHDRAWN,
    facts.CaseReopened: On.REOPENED,
}


def on_case_opened(fact: facts.CaseOpened) -> None:
    begin(case_id=fact.case_id, at=fact.at)


def on_step_caused(fact: CaseFact) -> None:
    if getattr(fact, "is_automatic", False):
        return  # a message that nobody wrote moves nothing
    carry_along(case_id=fact.case_id, on=_CAUSES[type(fact)], old=getattr(fact, "old", ""), at=fact.at)


def on_case_status_changed(fact: facts.CaseStatusChanged) -> None:
    if not fact.is_placed:
        carry_along(case_id=fact.case_id, on=fact.status, old=fact.old, at=fact.at)


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    now_at_id = fact.merged_into_id or fact.shipment_id
    follow_parcel(shipment_id=fact.shipment_id, now_at_id=now_at_id, carrier=fact.new)


def on_complaints_received(fact: ComplaintsReceived) -> None:
    for complaint_id in fact.complaint_ids:
        open_received(complaint_id=complaint_id, at=fact.at)


def on_file_quarantined(fact: FileQuarantined) -> None:
    note_quarantined(file_id=fact.file_id, found=fact.found, at=fact.at)


def on_words_changed(fact: CaseFact) -> None:
    """Somebody said something, or the case stands elsewhere: search must know."""
    index_cases(case_ids=[fact.case_id])


def on_cause_sought(fact: facts.CaseOpened | CaseResolved) -> None:
    """When it is known where the case stands, and again when it is known what was behind it."""
    link_cause(case_id=fact.case_id, at=fact.at)


def on_case_closed(fact: CaseClosed) -> None:
    cancel_tasks_of_case(case_id=fact.case_id, at=fact.at)
    tell_merged_of_end(case_id=fact.case_id, at=fact.at)


def on_case_withdrawn(fact: CaseWithdrawn) -> None:
    cancel_tasks_of_case(case_id=fact.case_id, at=fact.at)


def on_case_resolved(fact: CaseResolved) -> None:
    """Whoever's case was merged into this one hears the result as well."""
    tell_merged(case_id=fact.case_id, entry_id=fact.entry_id, at=fact.at)


def on_wish_found(fact: CaseResolved) -> None:
    """What was found may show what the person wishes from now on."""
    learn_from_finding(case_id=fact.case_id, at=fact.at)


def on_withdrawn_lead(fact: CaseWithdrawn) -> None:
    """The last of the reactions: what goes on alone begins its own story in it."""
    let_go_of_merged(case_id=fact.case_id, at=fact.at)


def on_case_merged(fact: facts.CaseMerged) -> None:
    lay_down(case_id=fact.case_id, old=fact.old, at=fact.at)


def on_case_unmerged(fact: facts.CaseUnmerged) -> None:
    take_up(case_id=fact.case_id, at=fact.at)


def on_interception_wanted(fact: facts.CaseOpened) -> None:
    intercept_as_asked(case_id=fact.case_id, category=fact.category, at=fact.at)


def on_found_before(fact: facts.CaseOpened) -> None:
    join_outlet_task(case_id=fact.case_id, at=fact.at)


def on_case_in_event(fact: facts.CaseOpened) -> None:
    if fact.shipment_id is not None:
        join_events(shipment_id=fact.shipment_id, at=fact.at)


def on_stopped_parcels_moved(fact: ShipmentsAdvanced) -> None:
    follow_stopped(shipment_ids=fact.shipment_ids, at=fact.at)


def on_scan_held_back(fact: ScanHeldBack) -> None:
    note_held_back(
        stop_id=fact.stop_id, kind=fact.kind, courier=fact.courier, station=fact.station, at=fact.at
    )


def on_task_ended(fact: TaskEnded) -> None:
    follow_task(case_id=fact.case_id, task_id=fact.task_id, state=fact.state, at=fact.at)


def on_case_over(fact: CaseClosed | CaseWithdrawn) -> None:
    end_with_case(case_id=fact.case_id, is_withdrawn=isinstance(fact, CaseWithdrawn), at=fact.at)


def on_incident_opened(fact: IncidentOpened) -> None:
    give_outlet_task(incident_id=fact.incident_id, at=fact.at)


def on_incident_closed(fact: IncidentClosed) -> None:
    end_outlet_task(incident_id=fact.incident_id, at=fact.at)


def on_parcel_complained_of(fact: facts.CaseOpened) -> None:
    note_complaint_of_parcel(case_id=fact.case_id, at=fact.at)


def on_count_ended(fact: CountEnded) -> None:
    work_off_count(count_id=fact.count_id, at=fact.at)


def on_parcel_booked_in(fact: ParcelBookedIn) -> None:
    end_with_booking(shipment_id=fact.shipment_id, at=fact.at)


def on_parcels_seen(fact: ParcelsSeen) -> None:
    note_seen(
        shipment_ids=fact.shipment_ids,
        places=fact.places,
        station=fact.station,
        count_id=fact.count_id,
        at=fact.at,
    )


def on_wrong_taking_marked(fact: WrongTakingMarked) -> None:
    open_for_taking(
        taking_id=fact.taking_id,
        shipment_id=fact.shipment_id,
        waybill_no=fact.waybill_no,
        contact_id=fact.contact_id,
        station=fact.station,
        at=fact.at,
    )


def on_wrong_taking_ended(fact: WrongTakingEnded) -> None:
    note_taking_ended(case_no=fact.case_no, station=fact.station, at=fact.at)


def on_damage_found(fact: DamageFound) -> None:
    open_damage(
        shipment_id=fact.shipment_id,
        contact_id=fact.contact_id,
        station=fact.station,
        files=[UUID(file_id) for file_id in fact.file_ids],
        at=fact.at,
    )
