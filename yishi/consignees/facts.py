"""What has happened with the people who get parcels."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PreferencesReplaced(Fact):
    contact_id: int
    by: str
