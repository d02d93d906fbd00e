"""Settling: what was done for the person, and what was found, kept apart from what was claimed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yishi.cases.actions.hold import check_leads, check_may, check_text, hold_case, keep, move
from yishi.cases.actions.lines import write_entry
from yishi.cases.facts import CaseResolved
from yishi.cases.models.case import Category, Validity
from yishi.cases.models.history import Audience
from yishi.cases.rules.outcomes import PARTIES, needs_root_cause
from yishi.cases.rules.status import CLOSE_AFTER, Status
from yishi.kit.errors import Invalid
from yishi.kit.facts import announce
from yishi.people.rules import Permission, Viewer

MAX_WORD = 200


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The verdict: `category` is empty when it is as complained.

    `party` says who answers for it (`rules.outcomes.PARTIES`), `responsible` the same in words.
    """

    validity: str
    category: str = ""
    party: str = ""
    responsible: str = ""
    reason: str = ""


@transaction.atomic
def resolve_case(
    *,
    case_id: int,
    remedy: str,
    text: str,
    finding: Finding,
    root_cause: str = "",
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> int:
    """Settles the case: meets RESOLUTION; it closes by itself after 72 h without objection.

    `remedy` says what was done, `text` is what the person reads. `root_cause` is one of
    `rules.outcomes.CAUSES` or a free word, and wanted for lost and damaged parcels. Returns the entry's
    id. Raises Invalid, Stale, CaseIsOver.
    """
    check_may(by, Permission.CASE_WRITE)
    kept, note = check_text(text)
    reason, _ = check_text(finding.reason, pointer="/finding/reason")
    _check(remedy, root_cause, finding)
    case = hold_case(case_id=case_id, version=version, must_be_open=True)
    check_leads(case, by)
    _check_cause(case.category, finding, root_cause)
    old = move(case, Status.RESOLVED)
    case.remedy, case.root_cause = remedy.strip(), root_cause.strip()
    case.finding_validity, case.finding_reason = finding.validity, reason
    case.finding_category = finding.category or case.category
    case.finding_party, case.finding_responsible = finding.party, finding.responsible.strip()
    case.resolved_at, case.closes_at = at, at + CLOSE_AFTER
    case.assignee_id = case.assignee_id or by.user_id
    entry = write_entry(
        case, "RESOLVED", Audience.PUBLIC, by=by, at=at, text=kept, data={**note, "remedy": case.remedy}
    )
    data = {
        "validity": finding.validity,
        "category": case.finding_category,
        "party": finding.party,
        "responsible": finding.responsible,
    }
    write_entry(case, "FINDING", Audience.INTERNAL, by=by, at=at, text=reason, data=data)
    keep(
        case, "status", "remedy", "root_cause", "finding_validity", "finding_reason", "finding_category",
        "finding_party", "finding_responsible", "resolved_at", "closes_at", "assignee",
    )  # fmt: skip
    announce(
        CaseResolved(
            case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, entry_id=entry.pk, old=old, at=at
        )
    )
    return entry.pk


def _check(remedy: str, root_cause: str, finding: Finding) -> None:
    errors = []
    if not remedy.strip() or len(remedy) > MAX_WORD or "\x00" in remedy:
        errors.append(("/remedy", "missing_field", "写明给客户办了什么，200 字以内"))
    if len(root_cause) > MAX_WORD or "\x00" in root_cause:
        errors.append(("/root_cause", "too_long", "最多 200 字"))
    if finding.validity not in Validity.values:
        errors.append(("/finding/validity", "unknown_validity", "选属实、不属实或部分属实"))
    if finding.category and finding.category not in Category.values:
        errors.append(("/finding/category", "unknown_category", "没有这个诉求类型"))
    if finding.party and finding.party not in PARTIES:
        errors.append(("/finding/party", "unknown_party", "没有这种责任方"))
    if len(finding.responsible) > MAX_WORD or "\x00" in finding.responsible:
        errors.append(("/finding/responsible", "too_long", "最多 200 字"))
    if errors:
        raise Invalid(errors)


def _check_cause(claimed: str, finding: Finding, root_cause: str) -> None:
    is_needed = needs_root_cause(
        claimed=claimed, verified=finding.category or claimed, validity=finding.validity
    )
    if is_needed and not root_cause.strip():
        raise Invalid([("/root_cause", "missing_field", "遗失、短少和破损要写明原因，才能结")])
