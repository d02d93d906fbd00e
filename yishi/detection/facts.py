"""What has happened to incidents. Those in shadow announce nothing: nobody is told of them."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class IncidentFact(Fact):
    """`shipment_id` is None for a mass incident."""

    incident_id: int
    shipment_id: int | None
    kind: str


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(IncidentFact):
    """A parcel is in trouble; `is_again` when it had been over and came back."""

    is_again: bool = False


@dataclass(frozen=True, kw_only=True)
class IncidentClosed(IncidentFact):
    """The parcel has moved on, or nothing is left of a mass incident."""


@dataclass(frozen=True, kw_only=True)
class MassEventSpread(Fact):
    """A declared event concerns these parcels too (at most 200); none where a round found nothing new."""

    incident_id: int
    shipment_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class MassEventEnded(Fact):
    """A declared event is over: by itself, or because somebody said so."""

    incident_id: int
