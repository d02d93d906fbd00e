"""What is sent: which kind of goods the words mean, how it is packed, whether it may go at all. Pure.

Kinds, steps and reasons are codes; pages have their words. All of it is advice and the operator's own rule
(he changes it on the page of goods), never law: the public record we could read names no rule of acceptance.
What is law stands in `LAWS`, with name, year, source and the days on which it holds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from yishi.shipments.rules.goods_kinds import CHECK, DEFAULTS, OK, RESTRICTED, VERDICTS, GoodsKind

INSURE_FROM_FEN = 100_000
"""From a declared value of 1,000 yuan insurance is suggested; of what breaks easily from 300."""
INSURE_FRAGILE_FROM_FEN = 30_000
LONGEST_GOODS = 500

UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Advice:
    """What to say before the parcel is taken; `kinds` as found, the gravest first."""

    kinds: tuple[GoodsKind, ...]
    verdict: str
    steps: tuple[str, ...] = ()
    own_steps: tuple[str, ...] = ()
    needs_ice: bool = False
    best_before_hours: int | None = None
    insures: bool = False
    reasons: tuple[GoodsKind, ...] = field(default=())

    @property
    def must_open(self) -> bool:
        """收寄验视: whoever takes it opens it and looks before it is taken."""
        return self.verdict in (CHECK, RESTRICTED)


@dataclass(frozen=True)
class Law:
    """A rule of law that may be shown as such, as far as its text was read."""

    name: str
    year: int
    article: str
    key: str
    valid_from: date
    valid_until: date | None
    source: str


LAWS = (
    Law(
        name="快递暂行条例",
        year=2019,
        article="27",
        key="insured_or_civil_law",
        valid_from=date(2019, 3, 2),
        # amended by 国务院令第806号; its text was not read, only that the article became 28
        valid_until=date(2025, 5, 31),
        source="行政法规/快递暂行条例(2019-03-02)",
    ),
    Law(
        name="浙江省快递业促进条例",
        year=2021,
        article="31",
        key="zhejiang_out_of_area",
        valid_from=date(2021, 9, 30),
        valid_until=None,
        source="浙江地方法规/浙江省快递业促进条例(2021-09-30)",
    ),
)


def laws_at(day: date) -> tuple[Law, ...]:
    """The laws that hold on a day."""
    return tuple(law for law in LAWS if law.valid_from <= day and day <= (law.valid_until or day))


_NOT = r"(?:不含|不带|没有|不是|已拆|无|空|假|仿真|塑料)\s?"


def kinds_in(goods: str, rules: Sequence[GoodsKind] = DEFAULTS) -> tuple[GoodsKind, ...]:
    """The kinds that the words name, the gravest first; none when nothing is known of what is said."""
    said = goods[:LONGEST_GOODS].casefold()
    found = [rule for rule in rules if _names(rule, said)]
    return tuple(sorted(found, key=lambda rule: -VERDICTS.index(rule.verdict)))


def _names(rule: GoodsKind, said: str) -> bool:
    left = said
    for other in rule.but:
        left = left.replace(other.casefold(), "\ue000")
    return any(word.casefold() in left and _is_there(word.casefold(), left) for word in rule.words if word)


def _is_there(word: str, said: str) -> bool:
    """不含电池 names no battery."""
    return word in re.sub(_NOT + re.escape(word), "\ue001", said)


def advise(
    *,
    goods: str,
    declared_value_fen: int | None = None,
    rules: Sequence[GoodsKind] = DEFAULTS,
) -> Advice:
    """What is to be done about these goods. What no rule knows is opened and looked at."""
    kinds = kinds_in(goods, rules)
    value = declared_value_fen or 0
    insures = value >= INSURE_FROM_FEN or (
        value >= INSURE_FRAGILE_FROM_FEN and any(kind.is_fragile for kind in kinds)
    )
    if not kinds:
        return Advice((), CHECK, insures=insures)
    verdict = kinds[0].verdict
    hours = [kind.best_before_hours for kind in kinds if kind.best_before_hours]
    return Advice(
        kinds=kinds,
        verdict=verdict,
        steps=_each_once(step for kind in kinds if not kind.own_steps for step in kind.steps),
        own_steps=_each_once(step for kind in kinds for step in kind.own_steps),
        needs_ice=any(kind.needs_ice for kind in kinds),
        best_before_hours=min(hours, default=None),
        insures=insures or any(kind.key == "VALUABLE" for kind in kinds),
        reasons=tuple(kind for kind in kinds if kind.verdict != OK),
    )


def _each_once(said: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said))


def with_own(own: Iterable[GoodsKind], defaults: Sequence[GoodsKind] = DEFAULTS) -> tuple[GoodsKind, ...]:
    """Our kinds with the operator's in their place; his own kinds stand behind."""
    by_key = {kind.key: kind for kind in own}
    ours = [_merged(kind, by_key.pop(kind.key, None)) for kind in defaults]
    return (*ours, *by_key.values())


def _merged(ours: GoodsKind, own: GoodsKind | None) -> GoodsKind:
    """The operator says words, verdict, steps, reason and hours; what else we know of the kind stays."""
    if own is None:
        return ours
    return replace(own, steps=ours.steps, needs_ice=own.needs_ice, is_fragile=ours.is_fragile, but=ours.but)
