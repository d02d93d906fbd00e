"""When and if: what a rule waits for, what it may ask about a case, and whether the answer is yes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST_CONDITIONS, MOST_VALUES, MOST_SIGNS = 12, 30, 60

# facts that a rule may wait for; behind each what it tells besides the case
TRIGGERS: Mapping[str, tuple[str, ...]] = {
    "case_opened": (),
    "case_replied": (),
    "consumer_wrote": (),
    "case_status_changed": (),
    "case_assigned": (),
    "case_urged": (),
    "case_escalated": (),
    "case_resolved": (),
    "case_reopened": (),
    "case_closed": (),
    "clock_warned": ("clock", "share"),
    "clock_breached": ("clock",),
    "rating_given": ("score",),
}

WORD, NUMBER, YES_NO, TEXT = "WORD", "NUMBER", "YES_NO", "TEXT"
FIELDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("category", "case_class", "status", "source", "outlet", "carrier", "entry_point", "language"), WORD
    ),
    **dict.fromkeys(("priority", "repeats_in_3_days", "repeats_in_30_days", "open_h"), NUMBER),
    **dict.fromkeys(
        ("is_repeat", "is_verified", "has_person", "is_before_regulator", "is_in_arbitration"), YES_NO
    ),
    "text": TEXT,
    "clock": WORD,
    "share": NUMBER,
    "score": NUMBER,
}
_OF_TRIGGERS = frozenset(name for names in TRIGGERS.values() for name in names)
OPERATORS: Mapping[str, tuple[str, ...]] = {
    WORD: ("is", "is_not"),
    NUMBER: ("at_least", "at_most"),
    YES_NO: ("is",),
    TEXT: ("contains", "contains_not"),
}
Fault = tuple[str, str, str]
Value = str | int | bool | None


class Broken(Exception):
    """A condition asks for what is not there: the rule is broken, which is not the same as "no"."""


@dataclass(frozen=True)
class Condition:
    """`values` are alternatives: one of them is enough."""

    field: str
    op: str
    values: tuple[str, ...]


def read_conditions(said: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Conditions as they are kept."""
    return tuple(
        Condition(str(c.get("field", "")), str(c.get("op", "")), tuple(str(v) for v in c.get("values", ())))
        for c in said
    )


def kept_conditions(conditions: Sequence[Condition]) -> list[dict[str, Any]]:
    return [{**asdict(each), "values": list(each.values)} for each in conditions]


def fields_of(trigger: str) -> tuple[str, ...]:
    """What a rule that waits for this may ask about."""
    own = TRIGGERS.get(trigger, ())
    return tuple(name for name in FIELDS if name not in _OF_TRIGGERS or name in own)


def condition_faults(trigger: str, conditions: Sequence[Condition]) -> list[Fault]:
    """What is wrong, as (pointer, code, words); empty when the rule can be asked."""
    faults: list[Fault] = []
    if trigger not in TRIGGERS:
        faults.append(("/trigger", "unknown_trigger", "选什么时候看"))
    if len(conditions) > MOST_CONDITIONS:
        faults.append(("/conditions", "too_many", "最多 12 个条件"))
    for place, each in enumerate(conditions):
        faults += [
            (f"/conditions/{place}{pointer}", code, says) for pointer, code, says in _faults(trigger, each)
        ]
    return faults


def _faults(trigger: str, each: Condition) -> list[Fault]:
    if each.field not in fields_of(trigger):
        return [("/field", "unknown_field", "这个时候没有这一项")]
    kind = FIELDS[each.field]
    if each.op not in OPERATORS[kind]:
        return [("/op", "unknown_op", "这一项不能这样比")]
    if not each.values or not all(each.values):
        return [("/values", "missing_field", "写上要比的值")]
    if len(each.values) > MOST_VALUES or max(map(len, each.values)) > MOST_SIGNS:
        return [("/values", "too_long", "最多 30 个值，每个 60 字以内")]
    if kind == NUMBER and not all(v.isascii() and v.isdigit() and len(v) < 7 for v in each.values):
        return [("/values", "bad_number", "这里要写整数")]
    if kind == NUMBER and len(each.values) > 1:
        return [("/values", "too_many", "这里只写一个数")]
    if kind == YES_NO and each.values not in (("yes",), ("no",)):
        return [("/values", "bad_yes_no", "选是或否")]
    return []


def fits(conditions: Iterable[Condition], values: Mapping[str, Value]) -> bool:
    """Whether all conditions hold. Raises Broken for a field that is not there or cannot be compared."""
    # every one is asked, so that a broken one is found whatever the others say
    answers = [_holds(each, values) for each in conditions]
    return all(answers)


def _holds(each: Condition, values: Mapping[str, Value]) -> bool:
    if each.field not in values:
        raise Broken(each.field)
    value, kind = values[each.field], FIELDS.get(each.field)
    if kind == NUMBER and isinstance(value, int) and each.values[0].isdigit():
        limit = int(each.values[0])
        return value >= limit if each.op == "at_least" else value <= limit
    if kind == YES_NO and isinstance(value, bool):
        return value is (each.values[0] == "yes")
    if kind == WORD and isinstance(value, str):
        return (value in each.values) is (each.op == "is")
    if kind == TEXT and isinstance(value, str):
        said = value.casefold()
        return any(word.casefold() in said for word in each.values) is (each.op == "contains")
    raise Broken(each.field)
