"""Who may approve how much: limits by role, and nobody alone above his own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

# from the lowest to the highest: where a limit is too low it goes to the next
APPROVERS = ("AGENT", "OUTLET_MANAGER", "QUALITY", "OWNER")


@dataclass(frozen=True)
class Limit:
    """None = any amount."""

    up_to_fen: int | None
    own_up_to_fen: int | None


def may_approve(limit: Limit | None, amount_fen: int, *, is_own: bool) -> str:
    """`""` when he may, else `TOO_HIGH` (his role's limit) or `OWN` (he proposed it himself)."""
    if limit is None or not _within(limit.up_to_fen, amount_fen):
        return "TOO_HIGH"
    if is_own and not _within(limit.own_up_to_fen, amount_fen):
        return "OWN"
    return ""


def lowest_approver(limits: Mapping[str, Limit], amount_fen: int) -> str | None:
    """The first role upwards whose limit is enough for somebody else's proposal; None when nobody's is."""
    for role in APPROVERS:
        if role in limits and not may_approve(limits[role], amount_fen, is_own=False):
            return role
    return None


def _within(limit: int | None, amount_fen: int) -> bool:
    return limit is None or amount_fen <= limit
