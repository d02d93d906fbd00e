"""What has happened among the staff."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class UserAdded(Fact):
    user_id: int
    by: str


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(Fact):
    user_id: int
    by: str


@dataclass(frozen=True, kw_only=True)
class KeyAdded(Fact):
    key_id: int
    by: str


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(Fact):
    key_id: int
    by: str
