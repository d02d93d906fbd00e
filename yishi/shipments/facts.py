"""What has happened to parcels."""

from dataclasses import dataclass
from datetime import datetime

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ShipmentsAdvanced(Fact):
    """These parcels (at most 500) have new events."""

    shipment_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ShipmentsKept(Fact):
    """Something new was said of these parcels (at most 500): expected, promised, for whom."""

    shipment_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CarrierCorrected(Fact):
    """A parcel runs with another carrier than thought. `merged_into_id` when that carrier's row was there
    already:
    its events and details have moved there, and what points at `shipment_id` should follow."""

    shipment_id: int
    merged_into_id: int | None
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class PromiseSlipped(Fact):
    """A parcel will come, or has come to be, later than its consignee was told. The window, where one can
    be said, is the one to tell him."""

    shipment_id: int
    deadline_at: datetime
    from_at: datetime | None
    until_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SlipsOver(Fact):
    """Parcels whose delay was told of have arrived, or are no longer on their way: what waits is not sent."""

    shipment_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class EnumerationSuspected(Fact):
    """An address goes through neighbouring waybill numbers and has been slowed; `address` is a keyed hash."""

    address: str


@dataclass(frozen=True, kw_only=True)
class ScanHeldBack(Fact):
    """A scanner was refused because the parcel is stopped: at whose hands, when."""

    shipment_id: int
    stop_id: int
    kind: str
    courier: str = ""
    station: str = ""


@dataclass(frozen=True, kw_only=True)
class DoorChosen(Fact):
    """A consignee chose how he gets this parcel, or agreed a time with its courier; until when that lasts."""

    shipment_id: int
    kind: str
    via: str
    until_at: datetime | None
