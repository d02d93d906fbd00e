"""What is told to whom when something has happened."""

from yishi.cases.facts import (
    CaseAssigned,
    CaseEscalated,
    CaseFact,
    CaseMerged,
    CaseOpened,
    CasePressed,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseStatusChanged,
    InterceptionCarriedOn,
    InterceptionEnded,
    LineCorrected,
    MergedCaseTold,
    TaskGiven,
)
from yishi.claims.facts import ClaimOffered, ClaimPaid
from yishi.consignees.facts import WishesProposed
from yishi.conversations.actions.say import AT_ONCE
from yishi.conversations.facts import AccountStopped, MessageReceived, MessageSaid, ReceiptHeard
from yishi.detection.facts import IncidentClosed, IncidentOpened, MassEventEnded, MassEventSpread
from yishi.detection.queries.incidents import find_incident
from yishi.feeds.facts import AskingStopped, FeedFellSilent, UnknownCodesSeen
from yishi.knowledge.facts import ReviewsDue
from yishi.notifications.actions import pickup_reminders as unfetched
from yishi.notifications.actions.ahead import gather_ahead
from yishi.notifications.actions.broken import tell_of_broken_talk
from yishi.notifications.actions.cases import (
    note_failure,
    tell_consumer,
    tell_of_status,
    tell_of_step,
    tell_staff,
    was_asked,
    withdraw_deliveries,
)
from yishi.notifications.actions.chains import fall_back
from yishi.notifications.actions.choices import stop_notices
from yishi.notifications.actions.choose_ahead import choose_by_key
from yishi.notifications.actions.claims import tell_of_money
from yishi.notifications.actions.events import tell_of_event, withdraw_event_notices
from yishi.notifications.actions.groups import BROKEN, DUE, NEW, tell_groups, tell_groups_of_event
from yishi.notifications.actions.incidents import tell_of_healing, tell_of_incident, withdraw_incident_notice
from yishi.notifications.actions.keepers import tell_channel_keepers, tell_feed_keepers, tell_of_reviews
from yishi.notifications.actions.merged import tell_of_line
from yishi.notifications.actions.parcels import follow_parcel, tell_of_slip, withdraw_slips
from yishi.notifications.actions.pickups import tell_of_waiting, withdraw_pickups
from yishi.notifications.actions.queue import Kind, zone
from yishi.notifications.actions.receipts import note_bounce, note_delivered
from yishi.notifications.actions.staff import tell_of_escalation, tell_of_press, tell_of_task
from yishi.notifications.actions.takings import ask_for_parcel
from yishi.notifications.actions.talks import send_message
from yishi.notifications.actions.tell_ahead import look_again_at
from yishi.notifications.actions.webhooks import tell_of_case, tell_webhooks
from yishi.notifications.actions.wishes import ask_for_wishes
from yishi.notifications.facts import CallTaken, DeliveryFailed
from yishi.notifications.queries.matters import clock_due_at, is_placed_elsewhere, parcel_told, public_text
from yishi.notifications.rules import SMS, rating_request_due
from yishi.shipments.facts import (
    CarrierCorrected,
    DoorChosen,
    PromiseSlipped,
    ShipmentsAdvanced,
    SlipsOver,
)
from yishi.sla.facts import ClockBreached, ClockEscalated, ClockWarned, TalkPromiseBroken
from yishi.stations import facts as stations
from yishi.stations.queries.told import EVENT_OF, events_told, stays_told

_WARN_SHARE = 80


def on_case_opened(fact: CaseOpened) -> None:
    tell_consumer(case_id=fact.case_id, kind=Kind.ACK, at=fact.at)


def on_case_replied(fact: CaseReplied) -> None:
    text = public_text(fact.entry_id)
    if text:
        tell_consumer(case_id=fact.case_id, kind=Kind.PUBLIC_STEP, text=text, at=fact.at)


def on_case_status_changed(fact: CaseStatusChanged) -> None:
    asked = public_text(fact.entry_id) if fact.entry_id is not None else ""
    tell_of_status(case_id=fact.case_id, status=fact.status, asked=asked, at=fact.at)


def on_case_resolved(fact: CaseResolved) -> None:
    tell_consumer(case_id=fact.case_id, kind=Kind.SETTLED, text=public_text(fact.entry_id), at=fact.at)
    # asked once, however often it is settled; what waited when the case was reopened had been taken back
    if not was_asked(kind=Kind.RATING_REQUEST, case_id=fact.case_id):
        due_at = rating_request_due(fact.at, zone())
        tell_consumer(case_id=fact.case_id, kind=Kind.RATING_REQUEST, at=fact.at, due_at=due_at)


def on_case_reopened(fact: CaseReopened) -> None:
    withdraw_deliveries(kind=Kind.RATING_REQUEST, case_id=fact.case_id)
    if fact.by_user_id is not None:
        tell_of_step(case_id=fact.case_id, step="reopened", at=fact.at)


def on_case_assigned(fact: CaseAssigned) -> None:
    if is_placed_elsewhere(fact.case_id, fact.at):
        tell_of_step(case_id=fact.case_id, step="placed", at=fact.at)


def on_case_merged(fact: CaseMerged) -> None:
    tell_of_line(case_id=fact.case_id, entry_id=fact.entry_id, at=fact.at)


def on_merged_case_told(fact: MergedCaseTold) -> None:
    tell_of_line(case_id=fact.case_id, entry_id=fact.entry_id, at=fact.at)


def on_interception_told(fact: InterceptionCarriedOn | InterceptionEnded) -> None:
    tell_of_line(case_id=fact.case_id, entry_id=fact.entry_id, at=fact.at)


def on_case_escalated(fact: CaseEscalated) -> None:
    tell_of_escalation(case_id=fact.case_id, by_user_id=fact.by_user_id, at=fact.at)


def on_case_pressed(fact: CasePressed) -> None:
    tell_of_press(case_id=fact.case_id, assignee_id=fact.assignee_id, by_user_id=fact.by_user_id, at=fact.at)


def on_task_given(fact: TaskGiven) -> None:
    tell_of_task(task_id=fact.task_id, case_id=fact.case_id, by_user_id=fact.by_user_id, at=fact.at)


def on_line_corrected(fact: LineCorrected) -> None:
    if fact.is_public:
        tell_consumer(
            case_id=fact.case_id, kind=Kind.PUBLIC_STEP, text=public_text(fact.entry_id), at=fact.at
        )


def on_promise_slipped(fact: PromiseSlipped) -> None:
    expected = (fact.from_at, fact.until_at) if fact.from_at and fact.until_at else None
    tell_of_slip(shipment_id=fact.shipment_id, deadline_at=fact.deadline_at, expected=expected, at=fact.at)


def on_slips_over(fact: SlipsOver) -> None:
    withdraw_slips(shipment_ids=fact.shipment_ids)


def on_shipments_advanced(fact: ShipmentsAdvanced) -> None:
    """Away from ingest: who gets a parcel today hears of it before it comes."""
    gather_ahead(shipment_ids=fact.shipment_ids, at=fact.at)


def on_door_chosen(fact: DoorChosen) -> None:
    look_again_at(shipment_id=fact.shipment_id, until_at=fact.until_at, at=fact.at)


def on_call_taken(fact: CallTaken) -> None:
    if fact.pressed:
        choose_by_key(delivery_id=fact.delivery_id, pressed=fact.pressed, at=fact.at)


def on_carrier_corrected(fact: CarrierCorrected) -> None:
    if fact.merged_into_id is not None:
        follow_parcel(shipment_id=fact.shipment_id, now_at_id=fact.merged_into_id)


def on_clock_warned(fact: ClockWarned) -> None:
    """Half of the time is only shown on the desk; from 80 % on somebody is told."""
    if fact.share >= _WARN_SHARE:
        _tell(fact, Kind.STAFF_WARNING, share=fact.share, level=0)


def on_clock_breached(fact: ClockBreached) -> None:
    _tell(fact, Kind.STAFF_BREACH, share=100, level=1)


def on_clock_escalated(fact: ClockEscalated) -> None:
    _tell(fact, Kind.STAFF_ESCALATION, share=100, level=fact.level, user_ids=fact.user_ids)


def on_talk_promise_broken(fact: TalkPromiseBroken) -> None:
    tell_of_broken_talk(
        clock_id=fact.clock_id,
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        level=fact.level,
        at=fact.at,
    )


def on_reviews_due(fact: ReviewsDue) -> None:
    tell_of_reviews(article_ids=fact.article_ids, owner_id=fact.owner_id, at=fact.at)


def on_delivery_failed(fact: DeliveryFailed) -> None:
    """The next way of its chain; where none is left, whoever has the case reads of it."""
    if fall_back(delivery_id=fact.delivery_id, at=fact.at) is None and fact.case_id is not None:
        note_failure(case_id=fact.case_id, kind=fact.kind, error=fact.error, at=fact.at)


def _tell(
    fact: ClockWarned | ClockBreached | ClockEscalated,
    kind: Kind,
    *,
    share: int,
    level: int,
    user_ids: tuple[int, ...] = (),
) -> None:
    tell_staff(
        case_id=fact.case_id,
        kind=kind,
        clock_kind=fact.kind,
        due_at=clock_due_at(fact.clock_id),
        share=share,
        level=level,
        user_ids=user_ids or tuple(filter(None, [fact.who_id])),
        title=fact.title,
        said=fact.said,
        respects_hours=fact.respects_hours,
        at=fact.at,
    )


def on_feed_fell_silent(fact: FeedFellSilent) -> None:
    since = f"{fact.silent_since.astimezone(zone()):%m-%d %H:%M}"
    tell_feed_keepers(source_code=fact.source_code, matter="feed_silent", since=since, at=fact.at)


def on_unknown_codes_seen(fact: UnknownCodesSeen) -> None:
    codes = ", ".join(fact.codes[:10])
    tell_feed_keepers(source_code=fact.source_code, matter="feed_unknown_codes", codes=codes, at=fact.at)


def on_asking_stopped(fact: AskingStopped) -> None:
    tell_feed_keepers(source_code=fact.source_code, matter="feed_refused", reason=fact.reason, at=fact.at)


def on_receipt_heard(fact: ReceiptHeard) -> None:
    if fact.state == "FAILED":
        note_bounce(notice_id=fact.reference, account_id=fact.account_id, reason=fact.reason, at=fact.at)
    elif fact.state in ("DELIVERED", "READ"):
        note_delivered(reference=fact.reference, account_id=fact.account_id, at=fact.at)


def on_account_stopped(fact: AccountStopped) -> None:
    tell_channel_keepers(code=fact.code, says=fact.reason, at=fact.at)


def on_case_opened_told(fact: CaseOpened) -> None:
    tell_of_case(event="case.opened", fact=fact)


def on_case_moved(fact: CaseFact) -> None:
    tell_of_case(event="case.updated", fact=fact)


def on_case_resolved_told(fact: CaseResolved) -> None:
    tell_of_case(event="case.resolved", fact=fact)


def on_promise_slipped_told(fact: PromiseSlipped) -> None:
    parcel, outlet = parcel_told(fact.shipment_id)
    data = {**parcel, "kind": "LATE", "promised_at": fact.deadline_at.isoformat()}
    tell_webhooks(event="shipment.incident", fact=fact, data=data, outlet_code=outlet, at=fact.at)


def on_incident_opened(fact: IncidentOpened) -> None:
    tell_of_incident(incident_id=fact.incident_id, at=fact.at)


def on_wishes_proposed(fact: WishesProposed) -> None:
    ask_for_wishes(
        contact_id=fact.contact_id, kinds=fact.kinds, case_no=fact.ref, language=fact.language, at=fact.at
    )


def on_incident_closed(fact: IncidentClosed) -> None:
    if fact.shipment_id is not None:
        withdraw_incident_notice(shipment_id=fact.shipment_id)
        tell_of_healing(incident_id=fact.incident_id, at=fact.at)


def on_mass_event_spread(fact: MassEventSpread) -> None:
    tell_of_event(event_id=fact.incident_id, shipment_ids=fact.shipment_ids, at=fact.at)


def on_mass_event_ended(fact: MassEventEnded) -> None:
    withdraw_event_notices(event_id=fact.incident_id)


def on_incident_opened_told(fact: IncidentOpened) -> None:
    """Programs hear of lateness by PromiseSlipped already; of a storm they hear parcel by parcel."""
    incident = find_incident(fact.incident_id)
    if incident is None or fact.shipment_id is None or incident.kind == "LATE":
        return
    parcel, outlet = parcel_told(fact.shipment_id)
    said = {name: getattr(incident, name) for name in ("kind", "party", "certainty", "reason")}
    data = {**parcel, **said, "opened_at": incident.opened_at.isoformat(), "is_again": fact.is_again}
    tell_webhooks(event="shipment.incident", fact=fact, data=data, outlet_code=outlet, at=fact.at)


def on_claim_offered(fact: ClaimOffered) -> None:
    tell_of_money(case_id=fact.case_id, what="claim_offered", amount_fen=fact.amount_fen, at=fact.at)


def on_claim_paid(fact: ClaimPaid) -> None:
    tell_of_money(case_id=fact.case_id, what="claim_paid", amount_fen=fact.amount_fen, at=fact.at)


def on_case_opened_in_group(fact: CaseOpened) -> None:
    tell_groups(case_id=fact.case_id, what=NEW, at=fact.at)


def on_event_declared_in_group(fact: IncidentOpened) -> None:
    if fact.shipment_id is None:
        tell_groups_of_event(event_id=fact.incident_id, is_over=False, at=fact.at)


def on_event_ended_in_group(fact: MassEventEnded) -> None:
    tell_groups_of_event(event_id=fact.incident_id, is_over=True, at=fact.at)


def on_clock_warned_in_group(fact: ClockWarned) -> None:
    if fact.share >= _WARN_SHARE:
        tell_groups(case_id=fact.case_id, what=DUE, due_at=clock_due_at(fact.clock_id), at=fact.at)


def on_clock_breached_in_group(fact: ClockBreached) -> None:
    tell_groups(case_id=fact.case_id, what=BROKEN, due_at=clock_due_at(fact.clock_id), at=fact.at)


def on_message_received(fact: MessageReceived) -> None:
    """Whoever answers a short message with 退订 hears nothing more by SMS."""
    if fact.channel == SMS:
        stop_notices(message_id=fact.message_id, at=fact.at)


def on_message_said(fact: MessageSaid) -> None:
    """What is said elsewhere than on our own page goes out."""
    if fact.channel not in AT_ONCE:
        send_message(message_id=fact.message_id, at=fact.at)


def on_taker_asked(fact: stations.TakerWasAsked) -> None:
    ask_for_parcel(
        contact_id=fact.contact_id,
        shipment_id=fact.shipment_id,
        station=fact.station,
        phone=fact.phone,
        at=fact.at,
    )


def on_stays_told(
    fact: stations.ParcelBookedIn | stations.ParcelsHandedOut | stations.ParcelsHandedBack,
) -> None:
    parcel_ids = (fact.parcel_id,) if isinstance(fact, stations.ParcelBookedIn) else fact.parcel_ids
    if not (stays := [(parcel_told(pk), station) for pk, station in stays_told(parcel_ids)]):
        return
    (_first, outlet), station = stays[0]
    event, parcels = EVENT_OF[type(fact)], [parcel for (parcel, _outlet), _station in stays]
    data = {"station": station, "parcels": parcels, "events": events_told(event, parcel_ids)}
    tell_webhooks(event=event, fact=fact, data=data, outlet_code=outlet, at=fact.at)


def on_parcel_booked_in(fact: stations.ParcelBookedIn) -> None:
    tell_of_waiting(parcel_id=fact.parcel_id, at=fact.at)


def on_booking_undone(fact: stations.BookingUndone) -> None:
    withdraw_pickups(parcel_ids=[fact.parcel_id], at=fact.at)


def on_parcels_gone(
    fact: stations.ParcelsHandedOut | stations.ParcelsHandedBack | stations.ParcelsMovedOn,
) -> None:
    withdraw_pickups(parcel_ids=fact.parcel_ids, at=fact.at)
    unfetched.withdraw_reminders(parcel_ids=fact.parcel_ids)
    unfetched.tell_who_fetched(parcel_ids=fact.parcel_ids, at=fact.at)


def on_keeping_extended(fact: stations.KeepingExtended) -> None:
    unfetched.withdraw_reminders(parcel_ids=[fact.parcel_id])


def on_stays_reminded(fact: stations.StaysReminded) -> None:
    unfetched.remind_of_waiting(parcel_ids=fact.parcel_ids, step=fact.step, at=fact.at)


def on_parcels_handed_back(fact: stations.ParcelsHandedBack) -> None:
    unfetched.tell_of_return(parcel_ids=fact.parcel_ids, at=fact.at)
