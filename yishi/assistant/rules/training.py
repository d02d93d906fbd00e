"""Multinomial logistic regression on few lines, in numpy: of sparse runs of characters, and of vectors.

numpy is imported where it is used: processes that only understand do not load it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]

SEED = 20_261
BATCH = 64


class Sparse:
    """Rows of weighted features: the known ones of `columns`, each row of length one."""

    def __init__(self, rows: Sequence[dict[int, float]], columns: dict[int, int], rarity: "Floats") -> None:
        import numpy as np

        kept = [[(columns[gram], weight) for gram, weight in row.items() if gram in columns] for row in rows]
        self.starts = np.cumsum([0, *map(len, kept)])
        self.columns = np.fromiter((column for row in kept for column, _ in row), np.int64)
        values = np.fromiter((weight for row in kept for _, weight in row), np.float32) * rarity[self.columns]
        self.rows = np.repeat(np.arange(len(kept)), np.diff(self.starts))
        squares = np.bincount(self.rows, values**2, minlength=len(kept))
        self.values = (values / np.sqrt(np.maximum(squares, 1e-12))[self.rows]).astype(np.float32)
        self.count = len(kept)

    def times(self, weights: "Floats") -> "Floats":
        """What each row gives with these weights."""
        import numpy as np

        out = np.zeros((self.count, weights.shape[1]), np.float32)
        np.add.at(out, self.rows, weights[self.columns] * self.values[:, None])
        return out


def rarities(rows: Sequence[dict[int, float]], *, at_least: int = 2) -> "tuple[dict[int, int], Floats]":
    """The features of at least so many rows, each with its column; and how rare each is (idf)."""
    import numpy as np

    spread = Counter(gram for row in rows for gram in row)
    known = sorted(gram for gram, count in spread.items() if count >= at_least)
    found = np.array([spread[gram] for gram in known], np.float32)
    return {gram: n for n, gram in enumerate(known)}, np.log((1 + len(rows)) / (1 + found)) + 1


def fit_sparse(
    data: Sparse, wanted: "Floats", *, width: int, epochs: int = 10, rate: float = 0.3, decay: float = 1e-5
) -> "tuple[Floats, Floats]":
    """Weights and biases, by AdaGrad in small batches; the order is the same every time."""
    import numpy as np

    order = np.random.default_rng(SEED)
    classes = wanted.shape[1]
    weights, squares = np.zeros((width, classes), np.float32), np.full((width, classes), 1e-6, np.float32)
    bias, bias_squares = np.zeros(classes, np.float32), np.full(classes, 1e-6, np.float32)
    for _ in range(epochs):
        for batch in np.array_split(order.permutation(data.count), max(1, data.count // BATCH)):
            spans = [np.arange(data.starts[row], data.starts[row + 1]) for row in batch]
            lengths = np.array([len(span) for span in spans])
            cells = np.concatenate(spans)
            owner, values = np.repeat(np.arange(len(batch)), lengths), data.values[cells][:, None]
            used, back = np.unique(data.columns[cells], return_inverse=True)
            mixing = np.zeros((len(batch), len(used)), np.float32)
            mixing[owner, back] = values[:, 0]
            errors = softmax(mixing @ weights[used] + bias) - wanted[batch]
            slope = mixing.T @ errors / len(batch) + decay * weights[used]
            squares[used] += slope**2
            weights[used] -= rate * slope / np.sqrt(squares[used])
            down = errors.mean(axis=0)
            bias_squares += down**2
            bias -= rate * 0.1 * down / np.sqrt(bias_squares)
    return weights, bias


def softmax(scores: "Floats") -> "Floats":
    import numpy as np

    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def fit_dense(
    data: "Floats", wanted: "Floats", *, decay: float = 3e-4, steps: int = 250, rate: float = 0.05
) -> "tuple[Floats, Floats]":
    """Weights (one row a class) and biases for vectors as they come, by Adam on all rows at once."""
    import numpy as np

    middle, spread = data.mean(axis=0), data.std(axis=0) + 1e-6
    rows = np.hstack([(data - middle) / spread, np.ones((len(data), 1), np.float32)])
    weights = np.zeros((rows.shape[1], wanted.shape[1]), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        slope = rows.T @ (softmax(rows @ weights) - wanted) / len(rows) + decay * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    scaled = weights[:-1] / spread[:, None]
    return scaled.T, weights[-1] - middle @ scaled


def best_temperature(scores: "Floats", expected: "Integers") -> float:
    """The temperature that makes the shares most likely for what was expected."""
    import numpy as np

    def surprise(temperature: float) -> float:
        found = softmax(scores / temperature)[np.arange(len(expected)), expected]
        return float(-np.log(np.maximum(found, 1e-9)).mean())

    return min((float(t) for t in np.geomspace(0.3, 5.0, 60)), key=surprise)


def folds(families: Sequence[str], count: int) -> "Integers":
    """The fold of each line; a family stays together, and the same family always falls the same way."""
    import numpy as np

    names = sorted(set(families))
    order = np.random.default_rng(SEED).permutation(len(names))
    place = {name: int(order[n]) % count for n, name in enumerate(names)}
    return np.array([place[family] for family in families])
