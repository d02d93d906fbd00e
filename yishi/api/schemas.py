"""What goes over the wire, as contracts.md has it. Fields are added, never renamed or dropped."""

from datetime import UTC, datetime, time
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from yishi.api.incident_schemas import IncidentOut, RiskOut
from yishi.consignees.rules import QUIET_FROM, QUIET_UNTIL
from yishi.shipments.rules.waybills import fit_text

Text = Annotated[str, Field(max_length=20_000)]
Short = Annotated[str, Field(max_length=500)]


def _in_reach(moment: datetime) -> datetime:
    """Times are RFC 3339 with offset, of a year that every zone can still show."""
    if moment.tzinfo is None or not 1970 <= moment.year < 9999:
        raise ValueError("offset or year")
    return moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_in_reach)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Strict(BaseModel):
    """A body in which an unknown field is a mistake worth telling.

    Not a `Schema` of ninja: that asks for every field as if of a table's row, and a body is plain JSON.
    """

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    @field_validator("*", mode="before")
    @classmethod
    def without_unfit_signs(cls, value: Any) -> Any:
        """Signs that no table can hold (NUL, half surrogates) are left out; the rest stays as it was said."""
        return _fit(value)


def _fit(value: Any) -> Any:
    if isinstance(value, str):
        return fit_text(value)
    if isinstance(value, dict):
        return {fit_text(str(name)): _fit(part) for name, part in value.items()}
    return [_fit(part) for part in value] if isinstance(value, list) else value


class ContactIn(Strict):
    phone: Short = ""
    email: Short = ""
    name: Short = ""


class ComplaintIn(Strict):
    waybill_no: Short = ""
    carrier: Short = ""
    category: str
    text: str
    contact: ContactIn = ContactIn()
    proof: str = ""
    type_key: Short = ""
    form: dict[str, Any] = {}


class OutletOut(Schema):
    code: str
    name: str
    phone: str


class OpenedOut(Schema):
    case_no: str
    token: str
    progress_url: str
    is_verified: bool
    outlet: OutletOut | None
    first_reply_due_at: datetime | None
    resolution_due_at: datetime | None


class EntryOut(Schema):
    at: datetime
    kind: str
    text: str


class ClockOut(Schema):
    kind: str
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None


class ProposalLineOut(Schema):
    text: str
    amount_fen: int


class ProposalOut(Schema):
    """What was offered. `id` is named in the answer to it, so that nobody says yes to another amount than he
    saw; only in state OFFERED it can be answered."""

    id: int
    state: str
    amount_fen: int
    loss: str
    lines: list[ProposalLineOut]
    offered_at: datetime
    answered_at: datetime | None
    paid_at: datetime | None


class PublicCaseOut(Schema):
    case_no: str
    status: str
    category: str
    outlet: OutletOut | None
    timeline: list[EntryOut]
    clocks: list[ClockOut]
    proposal: ProposalOut | None


class TextIn(Strict):
    text: Text
    version: Version | None = None


class ReasonIn(Strict):
    reason: Text = ""
    version: Version | None = None


class NoticesIn(Strict):
    """`quiet_from` and `quiet_until` are hours of the installation's zone; equal ones mean none is quiet."""

    channel: Literal["SMS", "EMAIL", "NONE"]
    email: Short = ""
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL


class RatingIn(Strict):
    score: Annotated[int, Field(ge=1, le=5)]
    comment: Text = ""


class DoneOut(Schema):
    case_no: str
    status: str


class PhoneIn(Strict):
    phone: Short


class CodeSentOut(Schema):
    code_id: str
    expires_at: datetime


class CodeIn(Strict):
    code: Short


class ProofOut(Schema):
    proof: str


class PublicEventOut(Schema):
    happened_at: datetime
    kind: str
    city: str
    text: str


class PickupCodeOut(Schema):
    code: str
    place: str
    address: str
    place_phone: str
    happened_at: datetime


class EtaRangeOut(Schema):
    """In four cases of five the parcel arrives between the two."""

    from_at: datetime = Field(serialization_alias="from")
    until_at: datetime = Field(serialization_alias="until")


class PublicShipmentOut(Schema):
    waybill_no: str
    carrier: str
    also_carriers: list[str]
    milestone: str
    promised_at: datetime | None
    eta: datetime | None
    eta_range: EtaRangeOut | None
    events: list[PublicEventOut]
    # stands there only for a proven phone
    pickup_codes: list[PickupCodeOut] = []


class ParcelLineOut(Schema):
    waybill_no: str
    carrier: str
    milestone: str
    city: str
    last_event_at: datetime | None


class OwnParcelsOut(Schema):
    """The parcels that come to a proven phone, and those it sent, newest first."""

    received: list[ParcelLineOut]
    sent: list[ParcelLineOut]


class ProofIn(Strict):
    proof: Annotated[str, Field(max_length=1000)]


class CaseIn(Strict):
    waybill_no: Short = ""
    carrier: Short = ""
    category: str
    text: str
    contact: ContactIn | None = None
    priority: Annotated[int, Field(ge=0, le=2)] = 0
    source: str = "SELF"
    external_no: Short = ""
    external_due_at: Moment | None = None
    external_state: Short = ""
    type_key: Short = ""
    form: dict[str, Any] = {}


class AssignIn(Strict):
    outlet: str | None = None
    user: str | None = None
    reason: Text
    version: Version | None = None


class StatusIn(Strict):
    status: str
    reason: Text = ""
    version: Version | None = None


class FindingIn(Strict):
    validity: Literal["VALID", "INVALID", "PARTLY"]
    category: str | None = None
    party: str | None = None
    responsible: Short | None = None
    reason: Text


class ResolveIn(Strict):
    remedy: Short
    text: Text
    finding: FindingIn
    root_cause: Short = ""
    version: Version | None = None


class EvidenceOut(Schema):
    id: str
    content_type: str
    size: int
    stored_at: datetime
    kind: str
    taken_at: datetime | None
    sha256: str
    scan: str


class StaffEntryOut(EntryOut):
    audience: str
    author: str


class CaseRowOut(Schema):
    case_no: str
    status: str
    category: str
    source: str
    external_no: str
    waybill_no: str
    carrier: str
    outlet: str | None
    assignee: str | None
    priority: int
    opened_at: datetime
    next_due_at: datetime | None
    version: int


class CaseOut(CaseRowOut):
    contact: dict[str, str] | None
    finding: dict[str, Any] | None
    claim: dict[str, Any] | None
    remedy: str
    root_cause: str
    resolved_at: datetime | None
    closed_at: datetime | None
    timeline: list[StaffEntryOut]
    clocks: list[ClockOut]
    evidence: list[EvidenceOut]
    handover: dict[str, Any] | None
    parties: list[str]


class CaseListOut(Schema):
    items: list[CaseRowOut]
    next_cursor: str | None


class PreferenceItem(Strict):
    # the same shape goes out, made of what the room holds
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, from_attributes=True)

    kind: Literal[
        "NO_LOCKER", "NO_STATION", "DOOR", "CALL_FIRST", "GUARD", "TIME_WINDOW", "VOICE_CALL", "NEIGHBOUR"
    ]
    value: Short = ""
    address: Short = ""
    source: Short
    valid_until: Moment | None = None


class Preferences(Strict):
    items: list[PreferenceItem]


class ContactAttemptOut(Schema):
    kind: str
    at: datetime
    outcome: str
    courier: str


class StaffEventOut(PublicEventOut):
    detail: str
    outlet: str
    courier: str
    source_code: str


class StopOut(Schema):
    """Why a parcel may not go on, since when, and what is to become of it."""

    reason: str
    asked: str
    case_no: str
    since: datetime


class StaffShipmentOut(PublicShipmentOut):
    promise_source: str
    outlet: str | None
    courier: str | None
    events: list[StaffEventOut]  # type: ignore[assignment]
    contacts: list[ContactAttemptOut]
    incidents: list[IncidentOut]
    risk: RiskOut | None = None
    preferences: list[PreferenceItem]
    cases: list[str]
    stops: list[StopOut] = []


class RefusedItem(Schema):
    index: int
    reason: str


class SwitchedOff(RefusedItem):
    what: list[str]


class CountsOut(Schema):
    """accepted + duplicate + rejected = sent."""

    accepted: int
    duplicate: int
    rejected: list[RefusedItem]
    switched_off: list[SwitchedOff] = []


class ContactAttemptIn(Strict):
    kind: str
    at: datetime
    outcome: Short = ""
    courier: Short = ""
    position: Any = None
