"""What a model learns from, row by row. Pure; without numpy, so that whoever only reads it stays small."""

from dataclasses import dataclass

from yishi.detection.rules.risk import Known


@dataclass(frozen=True)
class Row:
    """One moment of one parcel: what was known, and whether a complaint came within the days after."""

    parcel: int
    day: int
    known: Known
    is_complained: bool
    outlet: str = ""
    area: str = ""
