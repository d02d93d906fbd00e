"""What happens to parcels, seen from their cases, and what platforms hand on."""

from yishi.cases.actions.follow import follow_parcel
from yishi.cases.actions.received import open_received
from yishi.cases.actions.search import index_cases
from yishi.cases.actions.tasks import cancel_tasks_of_case
from yishi.cases.facts import CaseClosed, CaseFact, CaseWithdrawn
from yishi.feeds.facts import ComplaintsReceived
from yishi.shipments.facts import CarrierCorrected


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    now_at_id = fact.merged_into_id or fact.shipment_id
    follow_parcel(shipment_id=fact.shipment_id, now_at_id=now_at_id, carrier=fact.new)


def on_complaints_received(fact: ComplaintsReceived) -> None:
    for complaint_id in fact.complaint_ids:
        open_received(complaint_id=complaint_id, at=fact.at)


def on_words_changed(fact: CaseFact) -> None:
    """Somebody said something, or the case stands elsewhere: search must know."""
    index_cases(case_ids=[fact.case_id])


def on_case_closed(fact: CaseClosed) -> None:
    cancel_tasks_of_case(case_id=fact.case_id, at=fact.at)


def on_case_withdrawn(fact: CaseWithdrawn) -> None:
    cancel_tasks_of_case(case_id=fact.case_id, at=fact.at)
