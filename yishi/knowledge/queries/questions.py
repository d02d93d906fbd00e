"""Questions that no article answered: the to-do list of whoever writes them."""

from dataclasses import dataclass
from datetime import datetime

from yishi.kit.errors import NotFound
from yishi.knowledge.models import Question, QuestionState
from yishi.people.queries import require
from yishi.people.rules import Permission, Viewer


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    id: int
    text: str
    language: str
    source: str
    count: int
    first_at: datetime
    last_at: datetime
    state: str
    article_id: int | None


def list_questions(*, viewer: Viewer, state: str = "OPEN", most: int = 100) -> list[QuestionLine]:
    """Those of one state, the most asked first. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    rows = Question.objects.filter(state=state).order_by("-count", "-last_at", "-id")
    return [_line(row) for row in rows[:most]]


def count_questions(*, viewer: Viewer) -> int:
    """How many wait. Raises NotAllowed."""
    require(viewer, Permission.POLICY_MANAGE)
    return Question.objects.filter(state=QuestionState.OPEN).count()


def access_question(*, viewer: Viewer, question_id: int) -> QuestionLine:
    """One of them. Raises NotAllowed, NotFound."""
    require(viewer, Permission.POLICY_MANAGE)
    row = Question.objects.filter(pk=question_id).first()
    if row is None:
        raise NotFound()
    return _line(row)


def _line(row: Question) -> QuestionLine:
    return QuestionLine(
        id=row.pk,
        text=row.text,
        language=row.language,
        source=row.source,
        count=row.count,
        first_at=row.first_at,
        last_at=row.last_at,
        state=row.state,
        article_id=row.article_id,
    )
