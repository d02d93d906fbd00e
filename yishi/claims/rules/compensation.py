"""What a loss is worth by the operator's own table: a line for every part, each with its reason. Pure.

All amounts are integer fen. The table is data (`models.policy`); nothing here is a claim of law.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from yishi.claims.rules.losses import Cover, LossType, Part, Pays

MOST_FEN = 10_000_000_00
"""Ten million yuan: beyond it a number is a slip of the pen."""


@dataclass(frozen=True, kw_only=True)
class LossFacts:
    """What is known of a loss. None = not known. `lost_percent` is how much of the goods is gone or spoilt;
    `late_hours` counts from the promise that the operator has configured."""

    loss_type: str
    carrier: str = ""
    product: str = ""
    province: str = ""
    is_insured: bool | None = None
    declared_value_fen: int | None = None
    freight_fen: int | None = None
    goods_value_fen: int | None = None
    has_proof: bool = False
    lost_percent: int = 100
    late_hours: int | None = None
    on: date


@dataclass(frozen=True, kw_only=True)
class RuleTerms:
    """A row of the table; '' and None stand for any."""

    id: int = 0
    part: str
    pays: str
    loss_type: str = ""
    cover: str = Cover.ANY
    carrier: str = ""
    product: str = ""
    province: str = ""
    percent: int = 100
    fixed_fen: int = 0
    cap_fen: int | None = None
    unproven_cap_fen: int | None = None
    late_over_hours: int | None = None
    basis: str = ""
    citation: str = ""
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True)
class Line:
    """One part of a proposal: `code` and `values` are put into words by `queries.words`."""

    code: str
    amount_fen: int
    rule_id: int = 0
    values: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Computed:
    amount_fen: int
    lines: tuple[Line, ...]


def propose(facts: LossFacts, rules: Iterable[RuleTerms]) -> Computed:
    """The sum of the closest rule of each part. Never negative, never above a rule's cap; more goods, more
    declared value or more freight never give less."""
    fitting = [(rank, terms) for terms in rules if (rank := _fit(terms, facts)) is not None]
    lines: list[Line] = []
    for part in (Part.GOODS, Part.FREIGHT, Part.EXTRA):
        of_part = [pair for pair in fitting if pair[1].part == part]
        if of_part:
            lines.append(_line(max(of_part, key=lambda pair: pair[0])[1], facts))
    if not lines:
        late = facts.loss_type == LossType.DELAY
        lines.append(
            Line("NOT_LATE_ENOUGH" if late else "NO_RULE", 0, values={"hours": facts.late_hours or 0})
        )
    return Computed(sum(line.amount_fen for line in lines), tuple(lines))


def is_insured(facts: LossFacts) -> bool:
    """Insured only where a value was declared: the word alone insures nothing."""
    return bool(facts.is_insured and facts.declared_value_fen)


def _fit(terms: RuleTerms, facts: LossFacts) -> tuple[int, int, int, int, int, int, date, int] | None:
    """How closely a rule names the loss (product, province, carrier, type, delay, cover), or None."""
    if facts.on < terms.valid_from or (terms.valid_until is not None and facts.on > terms.valid_until):
        return None
    named = ((terms.product, facts.product), (terms.province, facts.province), (terms.carrier, facts.carrier))
    if any(said and said != known for said, known in named):
        return None
    if terms.loss_type not in ("", facts.loss_type):
        return None
    if terms.cover == Cover.INSURED and not is_insured(facts):
        return None
    if terms.cover == Cover.UNINSURED and is_insured(facts):
        return None
    late = terms.late_over_hours
    if late is not None and (facts.late_hours is None or facts.late_hours <= late):
        return None
    return (
        int(bool(terms.product)), int(bool(terms.province)), int(bool(terms.carrier)),
        int(bool(terms.loss_type)), -1 if late is None else late, int(terms.cover != Cover.ANY),
        terms.valid_from, terms.id,
    )  # fmt: skip


def _line(terms: RuleTerms, facts: LossFacts) -> Line:
    code, amount, values = _measure(terms, facts)
    if terms.cap_fen is not None and amount > terms.cap_fen:
        amount, values = terms.cap_fen, {**values, "cap_fen": terms.cap_fen}
    return Line(code, min(amount, MOST_FEN), terms.id, values)


def _measure(terms: RuleTerms, facts: LossFacts) -> tuple[str, int, dict[str, int | str]]:
    lost, percent = _share(facts.lost_percent), terms.percent
    if terms.pays == Pays.FIXED:
        return "FIXED", terms.fixed_fen, {}
    if terms.pays == Pays.FREIGHT:
        if facts.freight_fen is None:
            return "NO_FREIGHT", 0, {}
        return (
            "FREIGHT",
            part_of(facts.freight_fen, percent),
            {"of_fen": facts.freight_fen, "percent": percent},
        )
    said: dict[str, int | str] = {"lost": lost, "percent": percent}
    if terms.pays == Pays.DECLARED:
        return _declared(facts, percent, said)
    value = facts.goods_value_fen
    if value is None:
        return "NO_VALUE", 0, {}
    amount = part_of(part_of(value, lost), percent)
    if facts.has_proof:
        return "GOODS_PROVEN", amount, {**said, "of_fen": value}
    most = terms.unproven_cap_fen or 0
    return "GOODS_UNPROVEN", min(amount, most), {**said, "of_fen": value, "most_fen": most}


def _declared(
    facts: LossFacts, percent: int, said: dict[str, int | str]
) -> tuple[str, int, dict[str, int | str]]:
    """The declared value, or what the goods were proven to be worth where that is less."""
    declared = facts.declared_value_fen
    if declared is None:
        return "NO_DECLARED", 0, {}
    worth = facts.goods_value_fen if facts.has_proof else None
    base = declared if worth is None else min(declared, worth)
    code = "DECLARED" if base == declared else "DECLARED_WORTH_LESS"
    amount = part_of(part_of(base, _share(facts.lost_percent)), percent)
    return code, amount, {**said, "of_fen": base, "declared_fen": declared}


def _share(percent: int) -> int:
    return max(0, min(percent, 100))


def part_of(fen: int, percent: int) -> int:
    """A percentage in whole fen, half a fen upwards; never below zero."""
    return max(0, (fen * percent + 50) // 100)
