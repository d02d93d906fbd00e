"""A claim that falls away with its case."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yishi.claims.actions.propose import drop_claim
from yishi.claims.models.claim import Claim, ClaimState
from yishi.kit.phrases import Phrase
from yishi.people.rules import SYSTEM_VIEWER

_UNDECIDED = (ClaimState.PROPOSED, ClaimState.APPROVED, ClaimState.OFFERED, ClaimState.DISPUTED)


@transaction.atomic
def drop_with_case(*, case_id: int, at: datetime) -> None:
    """Drops the claim of a withdrawn case; what was accepted or paid stays."""
    claim = Claim.objects.filter(case_id=case_id, state__in=_UNDECIDED).first()
    if claim is not None:
        drop_claim(claim_id=claim.pk, reason=Phrase(_("顾客撤回了诉求")), by=SYSTEM_VIEWER, at=at)
