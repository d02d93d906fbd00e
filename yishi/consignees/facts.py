"""What has happened with the people who get parcels."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PreferencesReplaced(Fact):
    """Other wishes count for this person than before."""

    contact_id: int
    by: str


@dataclass(frozen=True, kw_only=True)
class WishesProposed(Fact):
    """A complaint let us guess what a person wishes: he is to be asked. `ref` is the case's number."""

    contact_id: int
    kinds: tuple[str, ...]
    ref: str
    language: str


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Fact):
    """A person allowed a placement; of one parcel, or ('' as its number) of all."""

    contact_id: int
    consent_id: int
    placement: str
    waybill_no: str


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Fact):
    """He allows it no more. What was placed before stays placed with his consent."""

    contact_id: int
    consent_id: int
    placement: str
    waybill_no: str
