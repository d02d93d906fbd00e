"""What happens to cases. `CaseOpened` carries what its reactions need, so that they read nothing again."""

from dataclasses import dataclass
from datetime import datetime

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
    """Staff answered publicly."""

    category: str
    case_class: str
    entry_id: int


@dataclass(frozen=True, kw_only=True)
class ConsumerWrote(CaseFact):
    """The person wrote or added proof."""

    entry_id: int


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(CaseFact):
    """The case was given to an outlet (none = head office) and perhaps a person, after its first routing."""

    outlet_id: int | None = None
    assignee_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseStatusChanged(CaseFact):
    """`entry_id` is the public line that carries what the person is asked, where he is asked something."""

    old: str
    status: str
    entry_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseResolved(CaseFact):
    entry_id: int


@dataclass(frozen=True, kw_only=True)
class CaseReopened(CaseFact):
    """An ended case is open again; `case_class` and `category` say which promises begin anew."""

    entry_id: int
    category: str
    case_class: str
    outlet_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(CaseFact):
    """The person asked for somebody higher; `level` counts how often."""

    entry_id: int
    level: int


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(CaseFact):
    entry_id: int


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseFact):
    """A settled case was confirmed, or nobody objected in time."""


@dataclass(frozen=True, kw_only=True)
class PromiseMade(CaseFact):
    """Something about a case was promised beside its own clocks: a step, a task, a hand-over, an answer.

    `subject_kind` and `subject_id` say what (`TASK`, 7); `kind` is the clock's kind. Either `due_at` or
    `within_s` seconds, which count in service hours where `is_in_service_hours`. `who_id` is the person
    who answers for it, if one does; `title` is a word for lists.
    """

    subject_kind: str
    subject_id: int
    kind: str
    due_at: datetime | None = None
    within_s: int | None = None
    is_in_service_hours: bool = False
    who_id: int | None = None
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class PromiseEnded(CaseFact):
    """Such a promise needs no clock any more: it was kept (or broken, when late), or it fell away."""

    subject_kind: str
    subject_id: int
    kind: str
    is_done: bool = True
