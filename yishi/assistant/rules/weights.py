"""The file of a trained model, and what it says of a line, in plain Python: every process can hold it.

One file: a line of JSON (`Header`), then the hashes of the known runs of characters in order, how rare each
is, its scale, and its weight for each intent as one signed byte. Mapped into memory, so processes share it.
"""

import json
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from operator import mul

from yishi.assistant.rules.features import grams

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Head:
    """A linear reading of a line's vector: what it adds to the lexical scores, times `share`."""

    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    share: float

    def scores(self, vector: Sequence[float]) -> list[float]:
        return [
            self.share * (bias + sum(map(mul, row, vector)))
            for row, bias in zip(self.weights, self.bias, strict=True)
        ]


@dataclass(frozen=True, kw_only=True)
class Header:
    """What stands in the first line. Temperatures make scores into shares that can be believed."""

    content_hash: str
    classes: tuple[str, ...]
    bias: tuple[float, ...]
    count: int
    temperature: float
    temperature_with_vectors: float
    known: Mapping[str, str] = field(default_factory=dict)
    head: Head | None = None
    format: int = FORMAT


class Model:
    """A model file, read from its bytes. Raises ValueError when they are none."""

    def __init__(self, content: "bytes | memoryview") -> None:
        whole = memoryview(content)
        size = int.from_bytes(whole[:8], "little")
        said = json.loads(bytes(whole[8 : 8 + size]))
        if said.get("format") != FORMAT:
            raise ValueError("not a model of this release")
        head = said.pop("head")
        self.header = Header(**said, head=Head(**head) if head else None)
        start, count = 8 + size + (-size) % 8, self.header.count
        self._grams = whole[start : start + 4 * count].cast("I")
        self._rarity = whole[start + 4 * count : start + 8 * count].cast("f")
        self._scale = whole[start + 8 * count : start + 12 * count].cast("f")
        self._weights = whole[start + 12 * count :].cast("b")
        self.classes = self.header.classes

    def scores(self, line: str) -> list[float]:
        """One score for each intent, from the runs of characters of a normalised line."""
        known, count, width = self._grams, self.header.count, len(self.classes)
        square, total = 0.0, [0.0] * width
        for gram, weight in grams(line).items():
            row = bisect_left(known, gram)
            if row == count or known[row] != gram:
                continue
            value = weight * self._rarity[row]
            square += value * value
            factor, begin = value * self._scale[row], row * width
            total = [
                sum_ + factor * byte
                for sum_, byte in zip(total, self._weights[begin : begin + width], strict=True)
            ]
        length = math.sqrt(square) or 1.0
        return [bias + sum_ / length for bias, sum_ in zip(self.header.bias, total, strict=True)]


def shares(scores: Sequence[float], temperature: float) -> list[float]:
    """Scores as shares of one."""
    top = max(scores)
    powers = [math.exp((score - top) / temperature) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


def pack(header: Header, *, grams: bytes, rarity: bytes, scale: bytes, weights: bytes) -> bytes:
    """The bytes of a model file."""
    said = json.dumps(asdict(header), ensure_ascii=False, separators=(",", ":")).encode()
    return (
        len(said).to_bytes(8, "little") + said + b"\0" * ((-len(said)) % 8) + grams + rarity + scale + weights
    )
