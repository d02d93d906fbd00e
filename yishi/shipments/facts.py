"""What has happened to parcels."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ShipmentsAdvanced(Fact):
    """These parcels (at most 500) have new events."""

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
