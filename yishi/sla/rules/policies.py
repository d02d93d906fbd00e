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
