"""A share with its interval: what few parcels say, and how surely. Pure."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959964
FEW = 20


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; the interval is the 95 % score interval (Wilson 1927)."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def is_few(self) -> bool:
        """Too few to compare with anybody."""
        return self.whole < FEW

    @property
    def interval(self) -> tuple[float, float]:
        """Nothing is known of an empty group."""
        if not self.whole:
            return 0.0, 1.0
        share, n = self.part / self.whole, self.whole
        middle = share + Z * Z / (2 * n)
        spread = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
        scale = 1 + Z * Z / n
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)

    @property
    def percent(self) -> str:
        return f"{100 * self.part / self.whole:.1f}%" if self.whole else "—"

    @property
    def range_words(self) -> str:
        """1.2%–8.9%"""
        low, high = self.interval
        return f"{100 * low:.1f}%–{100 * high:.1f}%"
