"""Which policy counts for a case: the most specific one, always the same for the same values. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How long something may take, and for whom; what is empty holds for all."""

    id: int = 0
    kind: str
    within: timedelta
    is_in_service_hours: bool = False
    escalate_within: timedelta = timedelta(hours=24)
    case_class: str = ""
    category: str = ""
    type_key: str = ""
    customer_class: str = ""
    priority: int | None = None
    outlet_id: int | None = None
    region_id: int | None = None
    profile: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is known of a case when its promises are given; of types and regions the nearest comes first."""

    case_class: str
    category: str
    type_keys: tuple[str, ...] = ()
    customer_class: str = ""
    priority: int = 0
    outlet_id: int | None = None
    region_ids: tuple[int, ...] = field(default=())


def is_valid(policy: Policy, at: datetime) -> bool:
    """Valid from its first moment to just before its last."""
    return (policy.valid_from is None or policy.valid_from <= at) and (
        policy.valid_until is None or at < policy.valid_until
    )


def fits(policy: Policy, matter: Matter) -> bool:
    """Whether everything that a policy asks for is so."""
    return (
        policy.case_class in ("", matter.case_class)
        and policy.category in ("", matter.category)
        and (not policy.type_key or policy.type_key in matter.type_keys)
        and policy.customer_class in ("", matter.customer_class)
        and policy.priority in (None, matter.priority)
        and policy.outlet_id in (None, matter.outlet_id)
        and (policy.region_id is None or policy.region_id in matter.region_ids)
    )


def choose(policies: Iterable[Policy], matter: Matter, *, kind: str, at: datetime) -> Policy | None:
    """The policy that counts at this moment; None when none does.

    A profile (a festival) goes before every day. Then what the matter is (type, category), then whose it is
    (customer class, priority), then where (outlet, region), then the class; of equals the newest.
    """
    fitting = [p for p in policies if p.kind == kind and is_valid(p, at) and fits(p, matter)]
    return max(fitting, key=lambda p: _rank(p, matter), default=None)


def _rank(policy: Policy, matter: Matter) -> tuple[int, ...]:
    return (
        int(policy.profile != ""),
        len(matter.type_keys) - matter.type_keys.index(policy.type_key) if policy.type_key else 0,
        int(policy.category != ""),
        int(policy.customer_class != ""),
        int(policy.priority is not None),
        int(policy.outlet_id is not None),
        len(matter.region_ids) - matter.region_ids.index(policy.region_id) if policy.region_id else 0,
        int(policy.case_class != ""),
        policy.id,
    )


KINDS = ("FIRST_RESPONSE", "NEXT_UPDATE", "RESOLUTION")
CLASSES = ("", "E", "C", "R", "Q", "P")
LONGEST = timedelta(days=400)
Fault = tuple[str, str, str]


def faults_of(policy: Policy) -> list[Fault]:
    """What a policy must not say, as (pointer, code, words); empty when it may be kept."""
    faults: list[Fault] = []
    if policy.kind not in KINDS:
        faults.append(("/kind", "unknown_kind", "选首次回复、下次进展或解决"))
    if not timedelta(0) < policy.within <= LONGEST:
        faults.append(("/within", "out_of_range", "时限要大于零，最长 400 天"))
    if not timedelta(0) < policy.escalate_within <= LONGEST:
        faults.append(("/escalate_within", "out_of_range", "超时后多久再升级，要大于零，最长 400 天"))
    if policy.case_class not in CLASSES:
        faults.append(("/case_class", "unknown_class", "没有这个大类"))
    if policy.priority is not None and not 0 <= policy.priority <= 2:
        faults.append(("/priority", "unknown_priority", "紧急程度是 0 到 2"))
    if policy.outlet_id is not None and policy.region_id is not None:
        faults.append(("/region", "too_many", "网点和片区只选一个"))
    if policy.valid_from and policy.valid_until and policy.valid_until <= policy.valid_from:
        faults.append(("/valid_until", "not_after", "结束要在开始之后"))
    if policy.profile and not (policy.valid_from and policy.valid_until):
        faults.append(("/profile", "needs_dates", "节日、大促这类时期要写从哪天到哪天"))
    return faults


def is_base(policy: Policy) -> bool:
    """Whether it is what a whole class falls back on: such a one is changed, never ended."""
    return bool(policy.case_class) and not (
        policy.category
        or policy.type_key
        or policy.customer_class
        or policy.priority is not None
        or policy.outlet_id
        or policy.region_id
        or policy.profile
    )
