"""How much of what came in was new."""

from dataclasses import dataclass

from yishi.feeds.port import Rejected


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
