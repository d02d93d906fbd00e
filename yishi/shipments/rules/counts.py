"""How much of what came in was new."""

from dataclasses import dataclass, replace
from typing import Any

from yishi.feeds.port import Rejected

SWITCHED_OFF = {"no_phone": ["notices", "my_parcels"]}


@dataclass(frozen=True)
class Counts:
    """What became of a body's items: accepted + duplicate + rejected = sent. `notes` says what is
    switched off."""

    accepted: int = 0
    duplicate: int = 0
    rejected: tuple[Rejected, ...] = ()
    quarantined: str = ""
    raw_id: int | None = None
    notes: tuple[tuple[int, str], ...] = ()

    def plus(self, other: "Counts") -> "Counts":
        """What became of these items and those; `raw_id` and `quarantined` stay this one's."""
        return replace(
            self,
            accepted=self.accepted + other.accepted,
            duplicate=self.duplicate + other.duplicate,
            rejected=(*self.rejected, *other.rejected),
            notes=(*self.notes, *other.notes),
        )

    def said(self) -> dict[str, Any]:
        """What a program hears of it (contracts.md, "Tracking in"); `switched_off` for want of a phone."""
        answer: dict[str, Any] = {
            "accepted": self.accepted,
            "duplicate": self.duplicate,
            "rejected": [{"index": r.index, "reason": r.reason} for r in self.rejected],
        }
        if self.notes:
            answer["switched_off"] = [
                {"index": index, "reason": reason, "what": SWITCHED_OFF[reason]}
                for index, reason in self.notes
            ]
        return answer
