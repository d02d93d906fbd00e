"""Case types: what kind of matter it is, what is asked about it, who cares, which workflow. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from yishi.cases.rules.categories import CATEGORIES, CaseClass

MAX_FIELDS = 30
MAX_WORD = 200
MAX_VALUE = 2_000
MOST_FEN = 10**11

Error = tuple[str, str, str]
"""(JSON pointer, code, what is wrong in Chinese): as `kit.errors.Invalid` takes them."""


class FieldKind(StrEnum):
    TEXT = "TEXT"
    CHOICE = "CHOICE"
    NUMBER = "NUMBER"
    DATE = "DATE"
    MONEY = "MONEY"
    PHONE = "PHONE"
    YES_NO = "YES_NO"


class RegulatorGroup(StrEnum):
    """The first level of the regulator's table of complaints (domain.md 3.5)."""

    DELIVERY = "DELIVERY"
    DELAY = "DELAY"
    LOSS = "LOSS"
    DAMAGE = "DAMAGE"
    ACCEPTANCE = "ACCEPTANCE"


# seen in the regulator's published tables; every other second level is the operator's own way of counting
OFFICIAL_ITEMS = frozenset({"企业未按照规定赔偿", "未按名址投递", "虚假签收", "中转或运输延误"})

ROLES = ("AGENT", "OUTLET_MANAGER", "QUALITY", "OPERATOR", "COURIER", "STATION_KEEPER")
EVIDENCE_KINDS = (
    "PHOTO", "SIGN_SLIP", "WEIGHING", "PACKING", "VALUE_PROOF", "RECORDING", "VIDEO", "CCTV", "CHAT", "CALLS",
    "TRACE", "POSITION", "DOCUMENT",
)  # fmt: skip

CLASS_WORKFLOWS: Mapping[CaseClass, str] = {
    CaseClass.EXCEPTION: "EXCEPTION",
    CaseClass.COMPLAINT: "COMPLAINT",
    CaseClass.REQUEST: "REQUEST",
    CaseClass.ENQUIRY: "ENQUIRY",
    CaseClass.PRAISE: "PRAISE",
}
"""The shipped workflow of a class, for types that name none."""

TYPE_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
FIELD_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One question of a type's form; `options` are the words to choose from."""

    key: str
    name: str
    kind: str = FieldKind.TEXT
    name_en: str = ""
    is_required: bool = False
    help: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TypeTerms:
    """What a version of a type says. Without a category it is a heading of the tree, and no case has it.

    `regions` empty: everywhere. `valid_until` is the last day. An empty `workflow` is that of the class.
    """

    key: str
    name: str
    parent: str = ""
    name_en: str = ""
    category: str = ""
    regulator_group: str = ""
    regulator_item: str = ""
    fields: tuple[FormField, ...] = ()
    role: str = ""
    evidence: tuple[str, ...] = ()
    workflow: str = ""
    compensation: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    regions: tuple[str, ...] = ()

    @property
    def is_official(self) -> bool:
        """Whether its second level stands in the regulator's own table; else it is the operator's own."""
        return self.regulator_item in OFFICIAL_ITEMS

    @property
    def case_class(self) -> CaseClass | None:
        rule = CATEGORIES.get(self.category)
        return rule.case_class if rule else None

    @property
    def workflow_key(self) -> str:
        return self.workflow or (CLASS_WORKFLOWS[self.case_class] if self.case_class else "")

    def counts_on(self, day: date, regions: Iterable[str]) -> bool:
        """Whether it may be used on that day (both ends count) in a place that lies in these regions."""
        is_time = (self.valid_from or date.min) <= day <= (self.valid_until or date.max)
        return (
            bool(self.category) and is_time and (not self.regions or bool(set(self.regions) & set(regions)))
        )


def choose_type(types: Iterable[TypeTerms], *, category: str, day: date, regions: Iterable[str]) -> str:
    """The key of the type that a case has when nobody named one: '' where none counts.

    Only types that stand at the top of their category are implied, never a second level below another
    of the same category. One made for the region goes before one for everywhere, then the one whose
    validity began last, then the one that is called like the category.
    """
    listed, places = list(types), set(regions)
    of_category = {terms.key for terms in listed if terms.category == category}
    fitting = [
        terms
        for terms in listed
        if terms.category == category and terms.parent not in of_category and terms.counts_on(day, places)
    ]
    best = max(
        fitting,
        key=lambda t: (bool(t.regions), t.valid_from or date.min, t.key == category, t.key),
        default=None,
    )
    return best.key if best else ""


def keys_up(key: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """A type and those it stands under, the nearest first; an unknown one stands alone, a ring ends."""
    keys = [key]
    while (up := parents.get(keys[-1], "")) in parents and up not in keys:
        keys.append(up)
    return tuple(keys)


def tree(terms: Collection[TypeTerms]) -> list[tuple[int, TypeTerms]]:
    """The types as a tree: (depth, type), children right after what they stand under."""
    below: dict[str, list[TypeTerms]] = {}
    keys = {each.key for each in terms}
    for each in terms:
        below.setdefault(each.parent if each.parent in keys else "", []).append(each)

    def under(key: str, depth: int) -> list[tuple[int, TypeTerms]]:
        return [line for each in below.get(key, []) for line in ((depth, each), *under(each.key, depth + 1))]

    return under("", 0)


def terms_faults(
    terms: TypeTerms,
    *,
    others: Mapping[str, TypeTerms],
    workflows: Iterable[str],
    regions: Iterable[str] | None = None,
) -> list[Error]:
    """What is wrong with a type beside the others of the tree. `regions` None: not looked at."""
    faults = [*_own_faults(terms), *_field_faults(terms.fields)]
    if terms.parent and terms.parent not in others:
        faults.append(("/parent", "unknown_type", "没有这个上级类型"))
    elif _is_below_itself(terms, others):
        faults.append(("/parent", "circle", "上级不能是它自己或它的下级"))
    if terms.workflow and terms.workflow not in set(workflows):
        faults.append(("/workflow", "unknown_workflow", "没有这个流程"))
    if regions is not None and set(terms.regions) - set(regions):
        faults.append(("/regions", "unknown_region", "没有这个省区或片区"))
    return faults


def _own_faults(terms: TypeTerms) -> list[Error]:
    faults: list[Error] = []
    if not TYPE_KEY.fullmatch(terms.key):
        faults.append(("/key", "bad_key", "代号用大写字母、数字和下划线，2 到 40 位，字母开头"))
    if not terms.name or len(terms.name) > MAX_WORD:
        faults.append(("/name", "missing_field", "写个名称，200 字以内"))
    if terms.category and terms.case_class is None:
        faults.append(("/category", "unknown_category", "没有这个诉求类型"))
    if terms.regulator_group and terms.regulator_group not in RegulatorGroup.__members__:
        faults.append(("/regulator_group", "unknown_group", "没有这一类邮政申诉"))
    if terms.regulator_item and not terms.regulator_group:
        faults.append(("/regulator_group", "missing_field", "有第二级就要选第一级"))
    if terms.role and terms.role not in ROLES:
        faults.append(("/role", "unknown_role", "没有这个岗位"))
    if set(terms.evidence) - set(EVIDENCE_KINDS):
        faults.append(("/evidence", "unknown_evidence", "没有这种凭证"))
    if terms.valid_from and terms.valid_until and terms.valid_until < terms.valid_from:
        faults.append(("/valid_until", "ends_before_it_begins", "结束不能早于开始"))
    words = ("name_en", "regulator_item", "compensation")
    faults += [
        (f"/{word}", "too_long", "最多 200 字") for word in words if len(getattr(terms, word)) > MAX_WORD
    ]
    return faults


def _field_faults(fields: Sequence[FormField]) -> list[Error]:
    faults: list[Error] = []
    if len(fields) > MAX_FIELDS:
        faults.append(("/fields", "too_many", "最多 30 项，太多没人填"))
    seen: set[str] = set()
    for at, field in enumerate(fields):
        where = f"/fields/{at}"
        if not FIELD_KEY.fullmatch(field.key):
            faults.append((f"{where}/key", "bad_key", "代号用小写字母、数字和下划线，字母开头，30 位以内"))
        elif field.key in seen:
            faults.append((f"{where}/key", "twice", "这个代号用了两次"))
        seen.add(field.key)
        if not field.name or len(field.name) > MAX_WORD:
            faults.append((f"{where}/name", "missing_field", "写明要填什么，200 字以内"))
        if field.kind not in FieldKind.__members__:
            faults.append((f"{where}/kind", "unknown_kind", "没有这种填法"))
        if field.kind == FieldKind.CHOICE and len(set(field.options)) < 2:
            faults.append((f"{where}/options", "too_few", "单选至少要两个不同的选项"))
        if any(not word or len(word) > MAX_WORD for word in (*field.options, field.help or "-")):
            faults.append((f"{where}/options", "too_long", "选项和说明都不能空着，最多 200 字"))
    return faults


def _is_below_itself(terms: TypeTerms, others: Mapping[str, TypeTerms]) -> bool:
    above, seen = terms.parent, set[str]()
    while above and above not in seen:
        if above == terms.key:
            return True
        seen.add(above)
        above = others[above].parent if above in others else ""
    return False


def changed_parts(old: TypeTerms | None, new: TypeTerms) -> list[tuple[str, Any, Any]]:
    """(part, before, after) of what differs between two versions; everything that is set, for the first."""
    before = asdict(old) if old else asdict(TypeTerms(key="", name=""))
    return [(part, before[part], value) for part, value in asdict(new).items() if before[part] != value]
