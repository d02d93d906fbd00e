"""What happens to a case or a conversation moves its promises."""

from datetime import timedelta

from yishi.cases.actions.regulator import mark_from_regulator
from yishi.cases.facts import (
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseMerged,
    CaseOpened,
    CasePriorityChanged,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseStatusChanged,
    CaseTypeChanged,
    CaseUnmerged,
    CaseUrged,
    CaseWithdrawn,
    ExternalDueChanged,
    PromiseEnded,
    PromiseMade,
    RegulatorLifted,
    RegulatorNoticed,
)
from yishi.conversations.facts import CallBackAsked, CallBackEnded, ReplyAwaited, ReplyGiven
from yishi.detection.facts import MassEventEnded, MassEventSpread
from yishi.sla.actions.beside import end_promise, start_promise
from yishi.sla.actions.change import meet_clocks, note_reply, restart_clocks, stop_clocks
from yishi.sla.actions.events import rest_for_event, wake_after_event
from yishi.sla.actions.external import move_external
from yishi.sla.actions.merge import merge_clocks, unmerge_clocks
from yishi.sla.actions.pauses import follow_status
from yishi.sla.actions.recompute import recompute_case
from yishi.sla.actions.regulator import start_regulator
from yishi.sla.actions.start import start_clocks
from yishi.sla.actions.talks import (
    CALL_BACK,
    CONVERSATION,
    end_talk_clock,
    start_call_back_clock,
    start_reply_clock,
)

_SETTLED = ("FIRST_RESPONSE", "NEXT_UPDATE", "RESOLUTION", "EXTERNAL", "APPEAL_RIGHT")
_REGULATOR = "REGULATOR_12305"


def on_case_opened(fact: CaseOpened) -> None:
    is_from_regulator = fact.source == _REGULATOR
    if is_from_regulator:
        mark_from_regulator(case_id=fact.case_id)
    start_clocks(
        case_id=fact.case_id,
        case_class=fact.case_class,
        category=fact.category,
        external_due_at=fact.external_due_at,
        is_from_regulator=is_from_regulator,
        at=fact.at,
    )


def on_case_replied(fact: CaseReplied) -> None:
    if not fact.is_automatic:
        note_reply(case_id=fact.case_id, case_class=fact.case_class, category=fact.category, at=fact.at)


def on_case_status_changed(fact: CaseStatusChanged) -> None:
    is_answer = fact.old == "WAITING_CUSTOMER" and fact.by_user_id is None
    follow_status(
        case_id=fact.case_id,
        status=fact.status,
        reason_entry_id=fact.reason_entry_id,
        is_answer=is_answer,
        at=fact.at,
    )


def on_case_resolved(fact: CaseResolved) -> None:
    meet_clocks(case_id=fact.case_id, kinds=_SETTLED, at=fact.at)


def on_case_reopened(fact: CaseReopened) -> None:
    restart_clocks(case_id=fact.case_id, case_class=fact.case_class, category=fact.category, at=fact.at)


def on_case_withdrawn(fact: CaseWithdrawn) -> None:
    stop_clocks(case_id=fact.case_id, at=fact.at)


def on_case_closed(fact: CaseClosed) -> None:
    stop_clocks(case_id=fact.case_id, at=fact.at)


def on_promise_made(fact: PromiseMade) -> None:
    start_promise(
        case_id=fact.case_id,
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        kind=fact.kind,
        due_at=fact.due_at,
        within=timedelta(seconds=fact.within_s) if fact.within_s is not None else None,
        is_in_service_hours=fact.is_in_service_hours,
        who_id=fact.who_id,
        title=fact.title,
        said=fact.said,
        at=fact.at,
    )


def on_promise_ended(fact: PromiseEnded) -> None:
    end_promise(
        case_id=fact.case_id,
        subject_kind=fact.subject_kind,
        subject_id=fact.subject_id,
        kind=fact.kind,
        is_done=fact.is_done,
        at=fact.at,
    )


def on_external_due_changed(fact: ExternalDueChanged) -> None:
    if fact.is_open:
        move_external(case_id=fact.case_id, due_at=fact.due_at, at=fact.at)


def on_case_merged(fact: CaseMerged) -> None:
    merge_clocks(case_id=fact.case_id, into_id=fact.into_id, at=fact.at)


def on_case_unmerged(fact: CaseUnmerged) -> None:
    unmerge_clocks(case_id=fact.case_id, merged_at=fact.merged_at, at=fact.at)


def on_case_assigned(fact: CaseAssigned) -> None:
    recompute_case(case_id=fact.case_id, why="OUTLET", at=fact.at)


def on_case_pressing(fact: CasePriorityChanged | CaseEscalated | CaseUrged) -> None:
    recompute_case(case_id=fact.case_id, why="PRIORITY", at=fact.at)


def on_case_type_changed(fact: CaseTypeChanged) -> None:
    recompute_case(case_id=fact.case_id, why="TYPE", at=fact.at)


def on_regulator_noticed(fact: RegulatorNoticed) -> None:
    start_regulator(
        case_id=fact.case_id, received_at=fact.received_at, within_days=fact.within_days, at=fact.at
    )


def on_regulator_lifted(fact: RegulatorLifted) -> None:
    meet_clocks(case_id=fact.case_id, kinds=("REGULATOR",), at=fact.at)


def on_reply_awaited(fact: ReplyAwaited) -> None:
    start_reply_clock(conversation_id=fact.conversation_id, at=fact.at)


def on_reply_given(fact: ReplyGiven) -> None:
    end_talk_clock(
        subject_kind=CONVERSATION, subject_id=fact.conversation_id, is_kept=fact.is_answered, at=fact.at
    )


def on_call_back_asked(fact: CallBackAsked) -> None:
    start_call_back_clock(call_back_id=fact.call_back_id, due_at=fact.due_at, at=fact.at)


def on_call_back_ended(fact: CallBackEnded) -> None:
    end_talk_clock(subject_kind=CALL_BACK, subject_id=fact.call_back_id, is_kept=fact.is_made, at=fact.at)


def on_mass_event_spread(fact: MassEventSpread) -> None:
    rest_for_event(event_id=fact.incident_id, at=fact.at)


def on_mass_event_ended(fact: MassEventEnded) -> None:
    wake_after_event(event_id=fact.incident_id, at=fact.at)
