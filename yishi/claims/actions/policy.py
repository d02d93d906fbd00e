"""Changing what the operator has laid down: every change is another row, with who and why."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yishi.claims.actions.hold import words
from yishi.claims.models.penalty import FeeCode
from yishi.claims.models.policy import ApprovalLimit, ArbitrationTerm, Citation, CompensationRule, Service
from yishi.claims.rules.approval import APPROVERS
from yishi.claims.rules.compensation import MOST_FEN, RuleTerms
from yishi.claims.rules.losses import Cover, LossType, Part, Pays
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer

MOST_HOURS = 24 * 365


class AlreadyEnded(Refusal):
    """这条已经停用"""

    code = "already_ended"


class MailRule(Refusal):
    """这条法律只管邮政邮件，不能用在快递的赔付上"""

    code = "mail_rule"
    status = 422


@dataclass(frozen=True, kw_only=True)
class NewRule:
    """`replaces` ends the row it takes the place of."""

    terms: RuleTerms
    reason: str
    replaces: int | None = None


@transaction.atomic
def add_rule(*, rule: NewRule, by: Viewer, at: datetime) -> int:
    """Adds a row; the one it replaces ends with it. Returns its id. Raises Invalid, MailRule, NotFound."""
    require(by, Permission.POLICY_MANAGE)
    why, terms = words(rule.reason, "/reason"), rule.terms
    _check(terms)
    law = Citation.objects.filter(key=terms.citation).first() if terms.citation else None
    if terms.citation and law is None:
        raise NotFound()
    if law is not None and law.service != Service.EXPRESS:
        raise MailRule()
    if rule.replaces is not None:
        end_rule(rule_id=rule.replaces, by=by, at=at)
    return CompensationRule.objects.create(
        part=terms.part, pays=terms.pays, loss_type=terms.loss_type, cover=terms.cover, carrier=terms.carrier,
        product=terms.product, province=terms.province, percent=terms.percent, fixed_fen=terms.fixed_fen,
        cap_fen=terms.cap_fen, unproven_cap_fen=terms.unproven_cap_fen,
        late_over_hours=terms.late_over_hours, basis=terms.basis, citation=law, valid_from=terms.valid_from,
        valid_until=terms.valid_until, replaces_id=rule.replaces, reason=why, added_at=at, added_by=by.label,
    ).pk  # fmt: skip


@transaction.atomic
def end_rule(*, rule_id: int, by: Viewer, at: datetime) -> None:
    """Ends a row; proposals made by it stay as they are. Raises NotFound, AlreadyEnded."""
    require(by, Permission.POLICY_MANAGE)
    row = CompensationRule.objects.select_for_update().filter(pk=rule_id).first()
    if row is None:
        raise NotFound()
    if row.ended_at is not None:
        raise AlreadyEnded()
    row.ended_at, row.ended_by = at, by.label
    row.save(update_fields=["ended_at", "ended_by"])


@transaction.atomic
def set_limit(
    *, role: str, up_to_fen: int | None, own_up_to_fen: int | None, by: Viewer, at: datetime
) -> None:
    """From now on this role may approve so much. Nobody raises his own role's limit but the owner.

    Raises Invalid, NotAllowed.
    """
    require(by, Permission.POLICY_MANAGE)
    if role not in APPROVERS or any(
        fen is not None and not 0 <= fen <= MOST_FEN for fen in (up_to_fen, own_up_to_fen)
    ):
        raise Invalid([("/limit", "bad_limit", "额度不对")])
    if by.role == role and by.role != "OWNER":
        raise OwnLimit()
    ApprovalLimit.objects.filter(role=role, ended_at__isnull=True).update(ended_at=at)
    ApprovalLimit.objects.create(
        role=role, up_to_fen=up_to_fen, own_up_to_fen=own_up_to_fen, added_at=at, added_by=by.label
    )


class OwnLimit(Refusal):
    """自己岗位的额度由老板来定"""

    code = "own_limit"
    status = 403


@transaction.atomic
def set_arbitration_term(
    *,
    carrier: str,
    respond_within_hours: int,
    second_within_hours: int,
    source: str,
    by: Viewer,
    at: datetime,
) -> None:
    """From now on this brand ('' = all others) leaves so many hours, by this source. Raises Invalid."""
    require(by, Permission.POLICY_MANAGE)
    said = words(source, "/source")
    if not (0 < respond_within_hours <= MOST_HOURS and 0 < second_within_hours <= MOST_HOURS):
        raise Invalid([("/hours", "out_of_range", "写小时数，1 到 8760")])
    ArbitrationTerm.objects.filter(carrier=carrier, ended_at__isnull=True).update(ended_at=at)
    ArbitrationTerm.objects.create(
        carrier=carrier,
        respond_within_hours=respond_within_hours,
        second_within_hours=second_within_hours,
        source=said,
        added_at=at,
        added_by=by.label,
    )


@transaction.atomic
def set_fee_code(*, code: str, name: str, appeal_days: int | None, by: Viewer, at: datetime) -> None:
    """What a fee code means and for how many days it can be appealed, as the operator knows it.

    Holds for what is noted from now on. Raises Invalid.
    """
    require(by, Permission.POLICY_MANAGE)
    said = words(name, "/name")
    if not (code.isascii() and code.isdigit() and len(code) == 6) or not 0 <= (appeal_days or 0) <= 365:
        raise Invalid([("/code", "bad_code", "六位数字；天数 0 到 365")])
    FeeCode.objects.update_or_create(
        code=code, defaults={"name": said, "appeal_days": appeal_days, "source": by.label}
    )


def _check(terms: RuleTerms) -> None:
    """Raises Invalid with every field that is wrong."""
    errors = []
    known = zip((terms.part, terms.pays, terms.cover), (Part, Pays, Cover), strict=True)
    if any(said not in kind.__members__ for said, kind in known):
        errors.append(("/pays", "unknown_value", "选赔哪一部分、按什么赔"))
    if terms.loss_type and terms.loss_type not in LossType.__members__:
        errors.append(("/loss_type", "unknown_loss", "没有这种损失"))
    if not 0 <= terms.percent <= 1000:
        errors.append(("/percent", "out_of_range", "比例 0 到 1000"))
    if any(
        fen is not None and not 0 <= fen <= MOST_FEN
        for fen in (terms.fixed_fen, terms.cap_fen, terms.unproven_cap_fen)
    ):
        errors.append(("/amount", "bad_amount", "金额不对"))
    if terms.pays == Pays.FIXED and not terms.fixed_fen:
        errors.append(("/fixed", "missing_field", "写固定金额"))
    if not terms.basis.strip():
        errors.append(("/basis", "missing_field", "写依据：合同、品牌规定还是本公司的承诺"))
    if terms.valid_until is not None and terms.valid_until < terms.valid_from:
        errors.append(("/valid_until", "bad_dates", "结束不能早于开始"))
    if errors:
        raise Invalid(errors)
