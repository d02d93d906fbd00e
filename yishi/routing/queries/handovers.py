"""Hand-overs of a case: the one that waits for an answer, and how the earlier ones ended."""

from dataclasses import dataclass
from datetime import datetime

from yishi.people.rules import Viewer
from yishi.routing.models import HandOver, Weights

MOST_REFUSALS = 2


@dataclass(frozen=True, kw_only=True)
class HandOverCard:
    """A case offered by one outlet (None = head office) to another; `answer` is '' while it waits."""

    id: int
    from_code: str | None
    from_name: str
    to_code: str
    to_name: str
    reason: str
    asked_by_id: int | None
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    answered_by_id: int | None
    answer_reason: str

    def may_answer(self, viewer: Viewer) -> bool:
        return not self.answer and viewer.sees_outlet(self.to_code)

    def may_withdraw(self, viewer: Viewer) -> bool:
        return not self.answer and viewer.sees_outlet(self.from_code)


def list_handovers(case_id: int) -> list[HandOverCard]:
    """All hand-overs of a case, the newest first."""
    rows = HandOver.objects.filter(case_id=case_id).select_related("from_outlet", "to_outlet")
    return [
        HandOverCard(
            id=row.pk,
            from_code=row.from_outlet.code if row.from_outlet else None,
            from_name=row.from_outlet.name if row.from_outlet else "",
            to_code=row.to_outlet.code,
            to_name=row.to_outlet.name,
            reason=row.reason,
            asked_by_id=row.asked_by_id,
            asked_at=row.asked_at,
            answer=row.answer,
            answered_at=row.answered_at,
            answered_by_id=row.answered_by_id,
            answer_reason=row.answer_reason,
        )
        for row in rows.order_by("-id")
    ]


def is_for_head_office(handovers: list[HandOverCard]) -> bool:
    """Whether two outlets have said that it is not theirs: from then on only head office moves it."""
    return sum(one.answer == HandOver.Answer.REFUSED for one in handovers) >= MOST_REFUSALS


def weights() -> Weights:
    """What counts how much; the shipped numbers where nobody changed them."""
    return Weights.objects.filter(pk=1).first() or Weights(pk=1)
