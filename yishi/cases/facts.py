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
