"""What has happened in the network."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OutletKept(Fact):
    """An outlet was added, changed or closed."""

    outlet_id: int
