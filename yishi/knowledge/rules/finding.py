"""Which article answers a question, and which questions are alike. Pure.

Words are cut as in `kit.fulltext` (pairs of Chinese signs, other words whole), so a slip in one sign spoils
two pairs of many; other words count by their beginning, so that `refusing` finds `refuse`. A token that
stands in few articles says much; titles and the ways people ask count full, the body half.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from yishi.kit.fulltext import fold, plain, tokens_of

MOST_TOKENS = 40
CLEAR = 0.45
"""From this share of what was asked on, an article answers it clearly; tuned on the shipped articles
and the out-of-scope lines of tests/knowledge/test_finding.py."""
LISTED = 0.18
"""Below this it is not worth showing."""
ALIKE = 0.55
"""Two questions with this share of tokens in common (Dice) are one."""
_BODY = 0.5
_BEGUN = 5
_PARTICLES = frozenset("的了吗呢吧啊呀嘛哦么")

# said in every other question and about nothing in particular
_SAID_ALWAYS = (
    "a an the is are was to of for in on at my me i you it do does did can could how what when where which"
    " who why not no and or be been am have has with from this that there please want need would will if so"
    " 怎么 怎样 什么 为什 多少 我的 你们 你好 请问 一下 可以 可不 不可 能不 不能 是不 不是 有没 没有 这个"
    " 那个 办啊 我要 我想 想要 想问 问一 知道 快递 包裹 件快 递公 公司 一个 因为 所以 还有 现在 今天 到底"
)
_EMPTY = frozenset(_SAID_ALWAYS.split())


@dataclass(frozen=True)
class Hit:
    """An article that holds some of what was asked: tokens of its title (and ways of asking), of its body."""

    id: int
    in_title: Collection[str]
    in_body: Collection[str]


def asked_tokens(words: str) -> list[str]:
    """What a question is about, each once: pairs of signs and beginnings of words; at most 40."""
    found = [token.word for token in tokens_of(fold(plain(words)))]
    kept = [begun(word) for word in found if word not in _EMPTY and not _says_nothing(word)]
    return list(dict.fromkeys(kept))[:MOST_TOKENS]


def _says_nothing(word: str) -> bool:
    """A single sign, said already by the pair before it, or a pair with a sign that only binds or asks."""
    return len(word) == 1 or not _PARTICLES.isdisjoint(word)


def begun(word: str) -> str:
    """The beginning by which a word is looked for; pairs of signs whole."""
    return word[:_BEGUN] if word.isascii() else word


def ranked(tokens: Collection[str], hits: Iterable[Hit], *, articles: int) -> list[tuple[int, float]]:
    """Articles by how much of the question they hold (0 to 1), the best first; what is not worth showing
    is left out."""
    known = list(hits)
    weights = {token: _weight(token, known, articles) for token in tokens}
    whole = sum(weights.values())
    if not whole:
        return []
    scores = [(hit.id, _score(hit, weights) / whole) for hit in known]
    return sorted(((i, s) for i, s in scores if s >= LISTED), key=lambda one: (-one[1], one[0]))


def _weight(token: str, hits: list[Hit], articles: int) -> float:
    holds = sum(token in hit.in_title or token in hit.in_body for hit in hits)
    return math.log1p(max(articles, 1) / max(holds, 1))


def _score(hit: Hit, weights: Mapping[str, float]) -> float:
    return sum(
        weight * (1.0 if token in hit.in_title else _BODY if token in hit.in_body else 0.0)
        for token, weight in weights.items()
    )


def likeness(first: Collection[str], second: Collection[str]) -> float:
    """How much two questions have in common, 0 to 1 (Dice)."""
    one, other = set(first), set(second)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def excerpt(text: str, tokens: Collection[str], *, length: int = 120) -> str:
    """The line that holds most of what was asked (the first of equals), cut to a length."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    best = max(lines, key=lambda line: sum(token in fold(line) for token in tokens), default="")
    return best if len(best) <= length else best[: length - 1].rstrip() + "…"


def query_of_tokens(tokens: Iterable[str]) -> list[str]:
    """A tsquery for each token; they are letters, digits and signs, so there is nothing to escape."""
    return [f"'{token}':*" if token.isascii() else f"'{token}'" for token in tokens]


def closeness(tokens: Collection[str], lines: Iterable[str]) -> float:
    """How near a question comes to the nearest of an article's title and ways of asking, 0 to 1."""
    return max((likeness(tokens, asked_tokens(line)) for line in lines), default=0.0)
