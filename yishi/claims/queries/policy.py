"""The table of compensation, the limits, the days and the laws as they stand, and as they stood before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from yishi.claims.models.policy import ApprovalLimit, ArbitrationTerm, Citation, CompensationRule, Service
from yishi.claims.rules.approval import APPROVERS, Limit
from yishi.claims.rules.arbitration import Terms
from yishi.claims.rules.compensation import RuleTerms
from yishi.people.queries import require, role_label, staff_names
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True)
class Cited:
    """A law as it may be shown: with article, year and where it was read."""

    key: str
    law: str
    article: str
    year: int
    says: str
    source: str
    valid_from: date
    valid_until: date | None
    is_text_read: bool


@dataclass(frozen=True)
class RuleLine:
    """A row of the table with its history."""

    terms: RuleTerms
    state: str
    replaces_id: int | None
    reason: str
    added_at: datetime
    added_by: str
    ended_at: datetime | None
    ended_by: str
    cited: Cited | None


@dataclass(frozen=True)
class LimitLine:
    role: str
    role_label: str
    up_to_fen: int | None
    own_up_to_fen: int | None
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class TermLine:
    id: int
    carrier: str
    respond_within_hours: int
    second_within_hours: int
    source: str
    added_at: datetime
    added_by: str


def running_rules() -> list[RuleTerms]:
    """Rows that were not ended; their days are looked at by the rule itself."""
    rows = CompensationRule.objects.filter(ended_at__isnull=True).select_related("citation")
    return [terms_of(row) for row in rows.order_by("id")]


def terms_of(row: CompensationRule) -> RuleTerms:
    return RuleTerms(
        id=row.pk, part=row.part, pays=row.pays, loss_type=row.loss_type, cover=row.cover,
        carrier=row.carrier, product=row.product, province=row.province, percent=row.percent,
        fixed_fen=row.fixed_fen, cap_fen=row.cap_fen, unproven_cap_fen=row.unproven_cap_fen,
        late_over_hours=row.late_over_hours, basis=row.basis,
        citation=row.citation.key if row.citation else "",
        valid_from=row.valid_from, valid_until=row.valid_until,
    )  # fmt: skip


def limits() -> dict[str, Limit]:
    """The limit of every role that has one."""
    rows = ApprovalLimit.objects.filter(ended_at__isnull=True)
    return {row.role: Limit(row.up_to_fen, row.own_up_to_fen) for row in rows}


def arbitration_terms() -> dict[str, Terms]:
    rows = ArbitrationTerm.objects.filter(ended_at__isnull=True)
    return {row.carrier: Terms(row.respond_within_hours, row.second_within_hours) for row in rows}


def citations_for(*, on: date, province: str = "", keys: Sequence[str] | None = None) -> list[Cited]:
    """What may be cited for an express parcel on that day and place; rules for mail are never among them."""
    rows = Citation.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        Q(province="") | Q(province=province),
        service=Service.EXPRESS,
        valid_from__lte=on,
    )
    if keys is not None:
        rows = rows.filter(key__in=list(keys))
    return [_cited(row) for row in rows.order_by("id")]


def list_citation_keys() -> list[tuple[str, str]]:
    """What a rule for express may stand on: key and words."""
    rows = Citation.objects.filter(service=Service.EXPRESS).order_by("id")
    return [(row.key, f"{row.law}（{row.year}）{row.article}") for row in rows]


def list_rules(*, viewer: Viewer, today: date) -> list[RuleLine]:
    """The whole table, running rows first, the newest of each first. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = list(CompensationRule.objects.select_related("citation").order_by("-id"))
    who = _names([label for row in rows for label in (row.added_by, row.ended_by)])
    lines = [
        RuleLine(
            terms_of(row), _state(row, today), row.replaces_id, row.reason, row.added_at,
            who[row.added_by], row.ended_at, who[row.ended_by],
            _cited(row.citation) if row.citation else None,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.state == "ENDED")


def list_limits(*, viewer: Viewer) -> list[LimitLine]:
    require(viewer, Permission.POLICY_MANAGE)
    rows = {row.role: row for row in ApprovalLimit.objects.filter(ended_at__isnull=True)}
    who = _names([row.added_by for row in rows.values()])
    return [
        LimitLine(
            role, role_label(role), rows[role].up_to_fen, rows[role].own_up_to_fen, rows[role].added_at,
            who[rows[role].added_by],
        )
        for role in APPROVERS
        if role in rows
    ]  # fmt: skip


def list_terms(*, viewer: Viewer) -> list[TermLine]:
    require(viewer, Permission.POLICY_MANAGE)
    rows = list(ArbitrationTerm.objects.filter(ended_at__isnull=True).order_by("carrier"))
    who = _names([row.added_by for row in rows])
    return [
        TermLine(
            row.pk, row.carrier, row.respond_within_hours, row.second_within_hours, row.source,
            row.added_at, who[row.added_by],
        )
        for row in rows
    ]  # fmt: skip


def _names(labels: Collection[str]) -> dict[str, str]:
    """Who stands behind `user:3`; what came with Yishi, and other labels, by their own words."""
    ids = {label: int(label[5:]) for label in labels if label.startswith("user:")}
    names = staff_names(ids.values()) if ids else {}
    known = {label: names.get(user_id, label) for label, user_id in ids.items()}
    return {label: known.get(label, _("出厂") if label == "system" else label) for label in labels}


def _cited(row: Citation) -> Cited:
    return Cited(
        row.key, row.law, row.article, row.year, row.says, row.source, row.valid_from, row.valid_until,
        row.is_text_read,
    )  # fmt: skip


def _state(row: CompensationRule, today: date) -> str:
    if row.ended_at is not None or (row.valid_until is not None and row.valid_until < today):
        return "ENDED"
    return "COMING" if row.valid_from > today else "RUNNING"
