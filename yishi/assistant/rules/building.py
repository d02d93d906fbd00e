"""From lines to a model: what is surely known, the lexical weights, the file. Pure; numpy is loaded here."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from yishi.assistant.rules.clauses import core
from yishi.assistant.rules.features import grams
from yishi.assistant.rules.intents import INTENTS
from yishi.assistant.rules.normalise import normalise
from yishi.assistant.rules.weights import FORMAT, Head, Header, pack

if TYPE_CHECKING:
    from yishi.assistant.rules.training import Floats

# longer lines are told once and never again
_KNOWN_LENGTHS = range(2, 25)
# how much of a line that carries two wishes is the second
_SECOND = 0.3
# an operator's line stands for what people there really type
_OWN_WEIGHT = 3
# raised when the same lines must give another model: the features or the fitting have changed
_RECIPE = 1


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the training book; a `family` holds near-copies together."""

    intent: str
    text: str
    second: str = ""
    family: str = ""


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What takes vectors to learn, and is therefore learnt before the release: the head and temperatures."""

    temperature: float = 1.0
    temperature_with_vectors: float = 1.0
    head: Head | None = None
    content_hash: str = ""


def hash_of(lines: Sequence[Line], learnt: Learnt) -> str:
    """By what a model is known: the same lines and recipe give the same."""
    said = [f"{_RECIPE}.{FORMAT}.{learnt.content_hash}"]
    said += sorted(f"{line.intent}\t{line.text}\t{line.second}" for line in lines)
    return sha256("\n".join(said).encode(errors="replace")).hexdigest()[:16]


def build(lines: Sequence[Line], *, own: Sequence[Line] = (), learnt: Learnt) -> bytes:
    """The model file for these lines and the operator's `own`. Takes seconds."""
    weights = fit([*lines, *(line for line in own for _ in range(_OWN_WEIGHT))])
    import numpy as np

    order = np.argsort(weights.grams)
    scale = np.maximum(np.abs(weights.weights).max(axis=1), 1e-6) / 127
    rounded = np.round(weights.weights / scale[:, None]).astype(np.int8)
    header = Header(
        content_hash=hash_of([*lines, *own], learnt),
        classes=INTENTS,
        bias=tuple(round(float(bias), 5) for bias in weights.bias),
        count=len(order),
        temperature=learnt.temperature,
        temperature_with_vectors=learnt.temperature_with_vectors,
        known=surely_known([*lines, *own]) | surely_known(own),
        head=learnt.head,
    )
    return pack(
        header,
        grams=weights.grams[order].tobytes(),
        rarity=weights.rarity[order].astype(np.float32).tobytes(),
        scale=scale[order].astype(np.float32).tobytes(),
        weights=rounded[order].tobytes(),
    )


def surely_known(lines: Sequence[Line]) -> dict[str, str]:
    """Core of a line → its intent, where all lines with that core agree."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if len(bare := core(normalise(line.text))) in _KNOWN_LENGTHS:
            found.setdefault(bare, set()).add(line.intent)
    return {bare: next(iter(intents)) for bare, intents in found.items() if len(intents) == 1}


@dataclass(frozen=True, kw_only=True)
class Lexical:
    """Weights (a row for each known run of characters), its hash, its rarity, and the biases."""

    grams: "Any"
    rarity: "Floats"
    weights: "Floats"
    bias: "Floats"
    columns: Mapping[int, int]


def fit(lines: Sequence[Line]) -> Lexical:
    """The lexical weights of these lines."""
    import numpy as np

    from yishi.assistant.rules.training import Sparse, fit_sparse, rarities

    rows = [grams(normalise(line.text)) for line in lines]
    columns, rarity = rarities(rows)
    weights, bias = fit_sparse(Sparse(rows, columns, rarity), wanted(lines), width=len(columns))
    known = np.fromiter(columns, np.uint32, len(columns))
    return Lexical(grams=known, rarity=rarity, weights=weights, bias=bias, columns=columns)


def wanted(lines: Sequence[Line]) -> "Floats":
    """What each line should give: all of it its intent, or a part of it the second."""
    import numpy as np

    place = {intent: n for n, intent in enumerate(INTENTS)}
    out = np.zeros((len(lines), len(INTENTS)), np.float32)
    for row, line in enumerate(lines):
        if line.second in place and line.second != line.intent:
            out[row, place[line.second]] = _SECOND
        out[row, place[line.intent]] = 1.0 - out[row].sum()
    return out


def read_learnt(text: str) -> Learnt:
    """The committed result of learning with vectors."""
    said = json.loads(text)
    packed = said["head"]
    width = packed["width"]
    raw = memoryview(base64.b85decode("".join(packed["weights"]))).cast("b")
    rows = tuple(
        tuple(scale * byte for byte in raw[row * width : (row + 1) * width])
        for row, scale in enumerate(packed["scale"])
    )
    return Learnt(
        temperature=said["temperature"],
        temperature_with_vectors=said["temperature_with_vectors"],
        head=Head(weights=rows, bias=tuple(packed["bias"]), share=packed["share"]),
        content_hash=sha256(text.encode()).hexdigest()[:16],
    )


def write_learnt(
    *, weights: "Floats", bias: "Floats", share: float, temperature: float, temperature_with_vectors: float
) -> str:
    """The text that `read_learnt` reads: one signed byte a weight, in lines that a diff can show."""
    import numpy as np

    scale = np.abs(weights).max(axis=1) / 127
    raw = base64.b85encode(np.round(weights / scale[:, None]).astype(np.int8).tobytes()).decode()
    head = {
        "width": int(weights.shape[1]),
        "share": share,
        "bias": [round(float(value), 5) for value in bias],
        "scale": [float(f"{value:.6g}") for value in scale],
        "weights": [raw[start : start + 100] for start in range(0, len(raw), 100)],
    }
    said = {
        "temperature": round(temperature, 4),
        "temperature_with_vectors": round(temperature_with_vectors, 4),
        "head": head,
    }
    return json.dumps(said, indent=1) + "\n"
