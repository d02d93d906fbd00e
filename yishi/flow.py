"""The plan of the house: which fact moves what. NOW is the same transaction; LATER is the worker."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from yishi.assistant import facts as assistant
from yishi.assistant import reactions as helper
from yishi.automation import facts as automation
from yishi.automation import reactions as rules
from yishi.automation.queries.automations import is_any_rule_live
from yishi.cases import facts as cases
from yishi.cases import reactions as care
from yishi.claims import facts as claims
from yishi.claims import reactions as money
from yishi.consignees import facts as consignees
from yishi.conversations import facts as conversations
from yishi.conversations import reactions as talks
from yishi.conversations.queries.accounts import has_groups
from yishi.detection import facts as detection
from yishi.detection import reactions as watch
from yishi.detection.queries.events import is_any_running
from yishi.feedback import facts as feedback
from yishi.feedback import reactions as ratings
from yishi.feeds import facts as feeds
from yishi.kit import scanning as files
from yishi.kit.facts import Fact, Flow, Reaction, Reactions
from yishi.knowledge import facts as knowledge
from yishi.notifications import facts as notes
from yishi.notifications import reactions as notices
from yishi.notifications.queries.webhooks import is_anybody_told
from yishi.routing import reactions as places
from yishi.shipments import facts as shipments
from yishi.shipments import reactions as parcels
from yishi.sla import facts as sla
from yishi.sla import reactions as clocks
from yishi.stations import facts as stations
from yishi.stations import reactions as keeping
from yishi.stations.actions.mirrored import is_any_mirrored

# what search finds changes when somebody has said something, or when a case stands elsewhere
WORDS = (care.on_words_changed,)

FLOW: Flow = {
    # whoever looks next reads what stands; the ledger itself is the history
    consignees.PreferencesReplaced: Reactions(),
    consignees.ConsentGiven: Reactions(),
    consignees.ConsentWithdrawn: Reactions(),
    # a wish that was guessed counts for nothing until the person says yes
    consignees.WishesProposed: Reactions(now=(notices.on_wishes_proposed,)),
    feeds.InputStored: Reactions(now=(parcels.on_input_stored,)),
    # the page of feeds shows it, and statistics count it
    feeds.InputQuarantined: Reactions(),
    # alarms: those who keep the feeds are told
    feeds.UnknownCodesSeen: Reactions(later=(notices.on_unknown_codes_seen,)),
    feeds.FeedFellSilent: Reactions(later=(notices.on_feed_fell_silent,)),
    feeds.FeedSpokeAgain: Reactions(),
    feeds.AskingStopped: Reactions(later=(notices.on_asking_stopped,)),
    feeds.ComplaintsReceived: Reactions(later=(care.on_complaints_received,)),
    shipments.ShipmentsAdvanced: Reactions(
        later=(
            # trouble is known soon: this one only queues
            watch.on_parcels_changed,
            # a station that works in its brand's system follows what the scans say
            keeping.on_parcels_advanced,
            parcels.on_shipments_advanced,
            parcels.on_parcels_moved,
            notices.on_shipments_advanced,
            care.on_stopped_parcels_moved,
        )
    ),
    shipments.ShipmentsKept: Reactions(later=(watch.on_parcels_changed,)),
    # who tried to let a stopped parcel pass stands in the history of its case
    shipments.ScanHeldBack: Reactions(now=(care.on_scan_held_back,)),
    # whoever expects a parcel hears that it is late before he asks
    shipments.PromiseSlipped: Reactions(now=(notices.on_promise_slipped,)),
    shipments.SlipsOver: Reactions(now=(notices.on_slips_over,)),
    # what was agreed for a parcel stands at once; whoever promised another time looks at it anew
    shipments.DoorChosen: Reactions(now=(notices.on_door_chosen,)),
    # operators' pages count them
    shipments.EnumerationSuspected: Reactions(),
    shipments.CarrierCorrected: Reactions(
        now=(
            keeping.on_carrier_corrected,
            watch.on_carrier_corrected,
            talks.on_carrier_corrected,
            care.on_carrier_corrected,
            notices.on_carrier_corrected,
        )
    ),
    # a station's floor: whoever waits for a parcel is told, a broken one has its case
    stations.ParcelBookedIn: Reactions(
        later=(notices.on_parcel_booked_in, keeping.on_parcel_booked_in, care.on_parcel_booked_in)
    ),
    stations.DamageFound: Reactions(later=(care.on_damage_found,)),
    stations.BookingUndone: Reactions(now=(notices.on_booking_undone,)),
    stations.ParcelsHandedOut: Reactions(
        now=(keeping.on_parcels_handed_out,), later=(notices.on_parcels_gone,)
    ),
    # nothing goes back unsaid: its person and who sent it are told
    stations.ParcelsHandedBack: Reactions(now=(notices.on_parcels_gone, notices.on_parcels_handed_back)),
    stations.ParcelsMovedOn: Reactions(now=(notices.on_parcels_gone,)),
    stations.StaysReminded: Reactions(now=(notices.on_stays_reminded,)),
    stations.KeepingExtended: Reactions(now=(keeping.on_keeping_extended, notices.on_keeping_extended)),
    stations.CollectionChosen: Reactions(),
    # the keeper's page shows it
    stations.CodesLocked: Reactions(),
    # a count's differences are work; a parcel that somebody looks for was seen
    stations.CountEnded: Reactions(later=(care.on_count_ended,)),
    stations.ParcelsSeen: Reactions(later=(care.on_parcels_seen,)),
    # a parcel in the wrong hands: its owner has a case at once, whoever may have it is asked
    stations.WrongTakingMarked: Reactions(now=(care.on_wrong_taking_marked,)),
    stations.TakerWasAsked: Reactions(now=(notices.on_taker_asked,)),
    stations.WrongTakingEnded: Reactions(now=(care.on_wrong_taking_ended,)),
    # trouble found before anybody complains: the outlet has work, the consignee hears of it
    detection.IncidentOpened: Reactions(later=(care.on_incident_opened, notices.on_incident_opened)),
    detection.IncidentClosed: Reactions(later=(care.on_incident_closed, notices.on_incident_closed)),
    # a declared event: one word to each person, promises rest, all of it by the worker
    detection.MassEventSpread: Reactions(later=(clocks.on_mass_event_spread, notices.on_mass_event_spread)),
    detection.MassEventEnded: Reactions(later=(clocks.on_mass_event_ended, notices.on_mass_event_ended)),
    # a new case finds its place, then its promises begin, then the person is told of both
    cases.CaseOpened: Reactions(
        now=(
            places.on_case_opened,
            clocks.on_case_opened,
            notices.on_case_opened,
            care.on_case_opened,
        ),
        later=(
            care.on_interception_wanted,
            care.on_cause_sought,
            care.on_parcel_complained_of,
            care.on_found_before,
            care.on_case_in_event,
            *WORDS,
        ),
    ),
    cases.CaseReplied: Reactions(
        now=(clocks.on_case_replied, notices.on_case_replied, care.on_step_caused), later=WORDS
    ),
    cases.CaseStatusChanged: Reactions(
        now=(clocks.on_case_status_changed, notices.on_case_status_changed, care.on_case_status_changed),
        later=WORDS,
    ),
    cases.CaseResolved: Reactions(
        now=(
            care.on_step_caused,
            care.on_case_resolved,
            places.on_case_ended,
            clocks.on_case_resolved,
            notices.on_case_resolved,
        ),
        later=(care.on_cause_sought, care.on_wish_found, *WORDS),
    ),
    cases.CaseReopened: Reactions(
        now=(clocks.on_case_reopened, notices.on_case_reopened, care.on_step_caused), later=WORDS
    ),
    cases.CaseEscalated: Reactions(
        now=(
            places.on_case_escalated,
            clocks.on_case_pressing,
            care.on_step_caused,
            notices.on_case_escalated,
        ),
        later=WORDS,
    ),
    cases.CaseWithdrawn: Reactions(
        now=(
            care.on_case_withdrawn,
            money.on_case_withdrawn,
            places.on_case_ended,
            clocks.on_case_withdrawn,
            care.on_step_caused,
            care.on_withdrawn_lead,
        ),
        later=(care.on_case_over,),
    ),
    cases.CaseClosed: Reactions(
        now=(care.on_case_closed, places.on_case_ended, clocks.on_case_closed, care.on_step_caused),
        later=(care.on_case_over,),
    ),
    cases.CaseUrged: Reactions(now=(clocks.on_case_pressing,), later=WORDS),
    # who read a public line hears what is right instead
    cases.LineCorrected: Reactions(now=(notices.on_line_corrected,), later=WORDS),
    files.FileQuarantined: Reactions(now=(care.on_file_quarantined,)),
    # a case that goes elsewhere is offered to nobody any more
    cases.CaseAssigned: Reactions(
        now=(
            places.on_case_assigned,
            clocks.on_case_assigned,
            care.on_step_caused,
            notices.on_case_assigned,
        ),
        later=WORDS,
    ),
    cases.ConsumerWrote: Reactions(now=(care.on_step_caused,), later=WORDS),
    cases.EvidenceAdded: Reactions(now=(care.on_step_caused,)),
    # the promises of another type begin
    cases.CaseTypeChanged: Reactions(now=(clocks.on_case_type_changed,)),
    cases.CasePriorityChanged: Reactions(now=(clocks.on_case_pressing,)),
    # a person puts work to another: he hears of it by mail too
    cases.CasePressed: Reactions(now=(notices.on_case_pressed,)),
    cases.TaskGiven: Reactions(now=(notices.on_task_given,)),
    cases.TaskEnded: Reactions(now=(care.on_task_ended,)),
    # a parcel to be stopped: who asked hears how it came out
    cases.InterceptionAsked: Reactions(),
    cases.InterceptionCarriedOn: Reactions(now=(notices.on_interception_told,)),
    cases.InterceptionEnded: Reactions(now=(notices.on_interception_told,)),
    # the source of a work order moved its deadline
    cases.ExternalDueChanged: Reactions(now=(clocks.on_external_due_changed,)),
    # the list of answers to enter shows it
    cases.AnswerNotTaken: Reactions(),
    # a duplicate goes on in another case: its strictest promise goes with it, and its person is told
    cases.CaseMerged: Reactions(
        now=(care.on_case_merged, places.on_case_ended, clocks.on_case_merged, notices.on_case_merged),
        later=WORDS,
    ),
    cases.CaseUnmerged: Reactions(now=(clocks.on_case_unmerged, care.on_case_unmerged), later=WORDS),
    cases.MergedCaseTold: Reactions(now=(notices.on_merged_case_told,), later=WORDS),
    # the authority waits for our answer, on a clock of its own
    cases.RegulatorNoticed: Reactions(now=(clocks.on_regulator_noticed,)),
    cases.RegulatorLifted: Reactions(now=(clocks.on_regulator_lifted,)),
    # talk: what we say goes out; who waits for a person has a promise
    assistant.TurnTaken: Reactions(),
    conversations.ConversationBegan: Reactions(),
    # on our own page the request answers; by a channel, and where the request died, the worker does
    conversations.MessageReceived: Reactions(now=(helper.on_message_received, notices.on_message_received)),
    conversations.MessageSaid: Reactions(now=(notices.on_message_said,)),
    conversations.ReplyAwaited: Reactions(now=(places.on_reply_awaited, clocks.on_reply_awaited)),
    conversations.ReplyGiven: Reactions(now=(clocks.on_reply_given,)),
    conversations.ConversationQueued: Reactions(
        now=(places.on_conversation_queued, helper.on_conversation_queued)
    ),
    conversations.ConversationTaken: Reactions(now=(places.on_conversation_taken,)),
    # whoever ended one has room for the next
    conversations.ConversationEnded: Reactions(now=(places.on_conversation_ended,)),
    conversations.CallBackAsked: Reactions(now=(clocks.on_call_back_asked,)),
    conversations.CallBackEnded: Reactions(now=(clocks.on_call_back_ended,)),
    conversations.MessageNotDelivered: Reactions(),
    # a notice that came back has failed, as if it had been refused
    conversations.ReceiptHeard: Reactions(now=(notices.on_receipt_heard,)),
    conversations.AccountStopped: Reactions(later=(notices.on_account_stopped,)),
    conversations.CallHeard: Reactions(),
    # a step, a task, a hand-over has a clock like a case has
    cases.PromiseMade: Reactions(now=(clocks.on_promise_made,)),
    cases.PromiseEnded: Reactions(now=(clocks.on_promise_ended,)),
    # money: the person is told of an offer and of its payment; the rest is counted and shown
    claims.ClaimProposed: Reactions(),
    claims.ClaimApproved: Reactions(),
    claims.ClaimOffered: Reactions(now=(notices.on_claim_offered,)),
    claims.ClaimAccepted: Reactions(),
    claims.ClaimDisputed: Reactions(),
    claims.ClaimPaid: Reactions(now=(notices.on_claim_paid,)),
    claims.ClaimPaymentFailed: Reactions(),
    claims.ClaimDropped: Reactions(),
    claims.RecoveryAsked: Reactions(),
    claims.RecoveryEnded: Reactions(),
    claims.ArbitrationFiled: Reactions(),
    claims.ArbitrationAnswered: Reactions(),
    claims.ArbitrationDecided: Reactions(),
    claims.SecondInstanceAsked: Reactions(),
    claims.PenaltyReceived: Reactions(),
    claims.PenaltyAppealed: Reactions(),
    claims.PenaltyAppealDecided: Reactions(),
    sla.ClockWarned: Reactions(now=(notices.on_clock_warned,)),
    sla.ClockBreached: Reactions(now=(notices.on_clock_breached,)),
    sla.ClockEscalated: Reactions(now=(notices.on_clock_escalated,)),
    # the inbox shows them; whoever is called has a row of his own, and reads of a broken one by mail
    sla.TalkWarned: Reactions(),
    sla.TalkPromiseBroken: Reactions(now=(notices.on_talk_promise_broken,)),
    # an article is to be looked at again: whoever keeps it is told
    knowledge.ReviewsDue: Reactions(now=(notices.on_reviews_due,)),
    notes.DeliveryFailed: Reactions(later=(notices.on_delivery_failed,)),
    # a key that was pressed is the person's word
    notes.CallTaken: Reactions(now=(notices.on_call_taken,)),
    feedback.RatingGiven: Reactions(now=(ratings.on_rating_given,)),
    feedback.TalkRated: Reactions(),
    feedback.PickupRated: Reactions(),
}

# programs of others are told of these as well (webhooks), always LATER
TOLD: Mapping[type[Fact], Reaction] = {
    cases.CaseOpened: notices.on_case_opened_told,
    cases.CaseReplied: notices.on_case_moved,
    cases.ConsumerWrote: notices.on_case_moved,
    cases.CaseAssigned: notices.on_case_moved,
    cases.CaseStatusChanged: notices.on_case_moved,
    cases.CaseEscalated: notices.on_case_moved,
    cases.CaseReopened: notices.on_case_moved,
    cases.CaseWithdrawn: notices.on_case_moved,
    cases.CaseClosed: notices.on_case_moved,
    cases.CaseResolved: notices.on_case_resolved_told,
    shipments.PromiseSlipped: notices.on_promise_slipped_told,
    detection.IncidentOpened: notices.on_incident_opened_told,
    feedback.RatingGiven: ratings.on_rating_given_told,
    stations.ParcelBookedIn: notices.on_stays_told,
    stations.ParcelsHandedOut: notices.on_stays_told,
    stations.ParcelsHandedBack: notices.on_stays_told,
}
# the operator's own rules look at these as well
LOOKED_AT: Mapping[type[Fact], Reaction] = {
    **dict.fromkeys(
        (
            cases.CaseOpened,
            cases.CaseReplied,
            cases.ConsumerWrote,
            cases.CaseStatusChanged,
            cases.CaseAssigned,
            cases.CaseUrged,
            cases.CaseEscalated,
            cases.CaseResolved,
            cases.CaseReopened,
            cases.CaseClosed,
        ),
        rules.on_case_fact,
    ),
    sla.ClockWarned: rules.on_clock_warned,
    sla.ClockBreached: rules.on_clock_breached,
    feedback.RatingGiven: rules.on_rating_given,
}
# most have neither: that is asked once for many facts
# colleagues hear of these in the group of their outlet
IN_GROUPS: Mapping[type[Fact], Reaction] = {
    cases.CaseOpened: notices.on_case_opened_in_group,
    detection.IncidentOpened: notices.on_event_declared_in_group,
    detection.MassEventEnded: notices.on_event_ended_in_group,
    sla.ClockWarned: notices.on_clock_warned_in_group,
    sla.ClockBreached: notices.on_clock_breached_in_group,
}
ONLY_IF: Mapping[Reaction, Callable[[], bool]] = {
    **dict.fromkeys(TOLD.values(), is_anybody_told),
    **dict.fromkeys(LOOKED_AT.values(), is_any_rule_live),
    **dict.fromkeys(IN_GROUPS.values(), has_groups),
    keeping.on_parcels_advanced: is_any_mirrored,
    care.on_case_in_event: is_any_running,
}
FLOW = {
    fact: replace(
        planned,
        later=(*planned.later, *(plan[fact] for plan in (TOLD, LOOKED_AT, IN_GROUPS) if fact in plan)),
        only_if=ONLY_IF,
    )
    for fact, planned in FLOW.items()
} | {
    automation.RuleWentLive: Reactions(),
    automation.RuleBroke: Reactions(later=(rules.on_rule_broke,)),
}
