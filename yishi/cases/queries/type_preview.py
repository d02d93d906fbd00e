"""What a type would have meant for past cases: how many fall under it, and what would be different."""

from collections import Counter
from dataclasses import dataclass

from yishi.cases.models.case import Case
from yishi.cases.queries.types import Shelf, day_of, name_of, regions_of, shelf
from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.type_forms import missing_fields
from yishi.cases.rules.types import TypeTerms, choose_type

LAST = 500


@dataclass(frozen=True)
class Preview:
    """Of `looked` past cases: `hit` fall under the type, `fresh` of them stood under another one.

    `left` stood under it and would not any more. `flows` are (workflow before, workflow then, how many),
    `steps_within` (step, hours) of the limits that would run, `lacking` (field, how many have it empty).
    `examples` are some that fall under it.
    """

    looked: int
    hit: int
    fresh: int
    left: int
    flows: list[tuple[str, str, int]]
    lacking: list[tuple[str, int]]
    limits: list[tuple[str, float, bool]]
    examples: list[str]


def preview_type(terms: TypeTerms, *, last: int = LAST) -> Preview:
    """The type as it is being written, held against the last cases; nothing is kept."""
    known = shelf()
    trial = {**known.terms, terms.key: terms}
    before = _Chooser(known, known.terms)
    after = _Chooser(known, trial)
    cases = list(
        Case.objects.order_by("-id").only(
            "case_no", "category", "case_class", "type_key", "opened_at", "outlet_id", "form"
        )[:last]
    )
    hit, fresh, left = 0, 0, 0
    flows: Counter[tuple[str, str]] = Counter()
    lacking: Counter[str] = Counter()
    examples: list[str] = []
    required = [field.key for field in terms.fields if field.is_required]
    for case in cases:
        was, then = before.type_of(case), after.type_of(case)
        if then != terms.key:
            left += was == terms.key
            continue
        hit += 1
        fresh += was != terms.key
        old = before.flow_of(was, case.case_class)
        new = name_of(known.workflow_of(terms, case.case_class))
        if old != new:
            flows[(old, new)] += 1
        lacking.update(missing_fields(terms.fields, required, case.form))
        if len(examples) < 5:
            examples.append(case.case_no)
    return Preview(
        len(cases),
        hit,
        fresh,
        left,
        [(old, new, count) for (old, new), count in flows.most_common()],
        lacking.most_common(),
        _limits(known, terms),
        examples,
    )


def _limits(known: Shelf, terms: TypeTerms) -> list[tuple[str, float, bool]]:
    rule = CATEGORIES.get(terms.category)
    if rule is None:
        return []
    steps = known.workflow_of(terms, rule.case_class or "").steps
    return [(name_of(s), s.limit_hours, s.is_in_service_hours) for s in steps if s.limit_hours is not None]


class _Chooser:
    """The type of a case by one set of types; regions of outlets are read once each."""

    def __init__(self, known: Shelf, types: dict[str, TypeTerms]) -> None:
        self.known = known
        self.types = types
        self.regions: dict[int | None, frozenset[str]] = {}
        self.has_regions = any(terms.regions for terms in types.values())

    def type_of(self, case: Case) -> str:
        """A type that was named stays; else the one that counts on the case's day where it stands."""
        if case.type_key:
            return case.type_key
        if self.has_regions and case.outlet_id not in self.regions:
            self.regions[case.outlet_id] = regions_of(case.outlet_id)
        return choose_type(
            self.types.values(),
            category=case.category,
            day=day_of(case.opened_at),
            regions=self.regions.get(case.outlet_id, frozenset()),
        )

    def flow_of(self, key: str, case_class: str) -> str:
        terms = self.types.get(key)
        return name_of(self.known.workflow_of(terms, case_class)) if terms else ""
