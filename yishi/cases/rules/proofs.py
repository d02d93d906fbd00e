"""What a proof is said to be, and what its content says where nobody does. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was said of a proof: its kind ('' = unsaid), when and where it was taken."""

    kind: str = ""
    taken_at: datetime | None = None
    position: str = ""


# kinds that are words as well as files
WRITTEN = frozenset({"CCTV", "CHAT", "CALLS", "POSITION"})


def kind_of_content(content_type: str) -> str:
    """What a file is by its content alone."""
    family = content_type.partition("/")[0]
    return {"image": "PHOTO", "audio": "RECORDING", "video": "VIDEO"}.get(family, "DOCUMENT")
