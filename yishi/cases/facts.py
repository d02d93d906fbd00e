"""What happens to cases. `CaseOpened` carries what its reactions need, so that they read nothing again."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CaseFact(Fact):
    """What every fact about a case says; `by_user_id` is empty for consumers, programs and Yishi itself."""

    case_id: int
    case_no: str
    by_user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseFact):
    """`held_outlet_id` is where the parcel was last, `destination_outlet_id` where it goes."""

    category: str
    case_class: str
    source: str
    waybill_no: str
    language: str
    external_due_at: datetime | None = None
    shipment_id: int | None = None
    contact_id: int | None = None
    held_outlet_id: int | None = None
    destination_outlet_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseReplied(CaseFact):
    """Staff answered publicly; `is_automatic`: nobody did, a rule or a bot wrote, which is no answer."""

    category: str
    case_class: str
    entry_id: int
    is_automatic: bool = False
    old: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsumerWrote(CaseFact):
    """The person wrote or added proof."""

    entry_id: int
    old: str = ""


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(CaseFact):
    """Staff added proof."""

    entry_id: int


@dataclass(frozen=True, kw_only=True)
class CaseTypeChanged(CaseFact):
    """The case follows another type (or another version) now: its promises count anew.

    `category` and `case_class` are those of the type; what the person complained of stays on the case.
    """

    old_type_key: str
    type_key: str
    type_version: int
    category: str
    case_class: str
    old_class: str


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(CaseFact):
    """The case was given to an outlet (none = head office) and perhaps a person, after its first routing."""

    outlet_id: int | None = None
    assignee_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseStatusChanged(CaseFact):
    """`entry_id` is the public line that carries what the person is asked, where he is asked something.

    `is_placed`: where it now stands in its workflow was decided by what caused this (words, a step).
    `reason_entry_id` is the line inside that says why, where a reason was stated.
    """

    old: str
    status: str
    entry_id: int | None = None
    is_placed: bool = False
    reason_entry_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseResolved(CaseFact):
    entry_id: int
    old: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseReopened(CaseFact):
    """An ended case is open again; `case_class` and `category` say which promises begin anew."""

    entry_id: int
    category: str
    case_class: str
    outlet_id: int | None = None
    old: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(CaseFact):
    """The person asked for somebody higher; `level` counts how often."""

    entry_id: int
    level: int


@dataclass(frozen=True, kw_only=True)
class CaseUrged(CaseFact):
    """The person pressed (催一催), for the `times`th time; `priority` is how pressing the case is now."""

    entry_id: int
    times: int
    priority: int
    assignee_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LineCorrected(CaseFact):
    """Staff said what is right instead of an earlier line of theirs."""

    entry_id: int
    corrects_id: int
    is_public: bool


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(CaseFact):
    entry_id: int
    old: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseFact):
    """A settled case was confirmed, or nobody objected in time."""


@dataclass(frozen=True, kw_only=True)
class CasePriorityChanged(CaseFact):
    """Somebody decided how pressing it is, 0 to 2, with a reason that stands in the history."""

    old: int
    priority: int


@dataclass(frozen=True, kw_only=True)
class CasePressed(CaseFact):
    """Staff urged whoever has the case in hand."""

    entry_id: int
    assignee_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TaskGiven(CaseFact):
    """Part of a case was given to an outlet (none = head office) and perhaps one person there."""

    task_id: int
    outlet_id: int | None = None
    who_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TaskEnded(CaseFact):
    """`state` is DONE, REFUSED or CANCELLED."""

    task_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ExternalDueChanged(CaseFact):
    """The source of a work order set another deadline, for it is theirs to set."""

    due_at: datetime
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class AnswerNotTaken(CaseFact):
    """A source did not take our answer by its API: somebody must enter it there by hand."""

    source_code: str
    is_unsure: bool


@dataclass(frozen=True, kw_only=True)
class CaseMerged(CaseFact):
    """The case goes on in another one; `entry_id` is the public line that says so."""

    into_id: int
    into_no: str
    entry_id: int
    old: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseUnmerged(CaseFact):
    """A merge was taken back; `merged_at` is when it had been made."""

    merged_at: datetime


@dataclass(frozen=True, kw_only=True)
class MergedCaseTold(CaseFact):
    """Somebody whose case was merged into another person's hears what became of that."""

    entry_id: int


@dataclass(frozen=True, kw_only=True)
class RegulatorNoticed(CaseFact):
    """The authority sent a complaint on to us; `within_days` is what its notice says, if it does."""

    entry_id: int
    received_at: datetime
    within_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class RegulatorLifted(CaseFact):
    """The authority has its answer."""

    entry_id: int


@dataclass(frozen=True, kw_only=True)
class PromiseMade(CaseFact):
    """Something about a case was promised beside its own clocks: a step, a task, a hand-over, an answer.

    `subject_kind` and `subject_id` say what (`TASK`, 7); `kind` is the clock's kind. Either `due_at` or
    `within_s` seconds, which count in service hours where `is_in_service_hours`. `who_id` is the person
    who answers for it, if one does; `title` is a word for lists, `said` the same as a phrase where Yishi
    wrote it itself.
    """

    subject_kind: str
    subject_id: int
    kind: str
    due_at: datetime | None = None
    within_s: int | None = None
    is_in_service_hours: bool = False
    who_id: int | None = None
    title: str = ""
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PromiseEnded(CaseFact):
    """Such a promise needs no clock any more: it was kept (or broken, when late), or it fell away."""

    subject_kind: str
    subject_id: int
    kind: str
    is_done: bool = True


@dataclass(frozen=True, kw_only=True)
class InterceptionAsked(CaseFact):
    """A parcel is to be stopped; scanners refuse it from now on."""

    interception_id: int
    entry_id: int


@dataclass(frozen=True, kw_only=True)
class InterceptionCarriedOn(CaseFact):
    """It was sent out or put down although it was stopped; it is still being tried."""

    interception_id: int
    entry_id: int


@dataclass(frozen=True, kw_only=True)
class InterceptionEnded(CaseFact):
    """`state` is STOPPED, TOO_LATE, REFUSED, MISSED or WITHDRAWN; the public line says it."""

    interception_id: int
    state: str
    entry_id: int
