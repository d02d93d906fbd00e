"""What was asked in vain is counted, and somebody says what becomes of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from yishi.kit.errors import Invalid, NotFound
from yishi.kit.fulltext import plain, without_personal
from yishi.kit.texts import clean_text
from yishi.knowledge.models import Article, Question, QuestionState
from yishi.knowledge.rules.finding import ALIKE, asked_tokens, likeness
from yishi.people.queries import person_of, require
from yishi.people.rules import Permission, Viewer

SOURCES = ("SEARCH", "ASSISTANT", "NOT_HELPED")
_MOST, _LOOKED_AT = 300, 400


@transaction.atomic
def note_question(*, text: str, language: str, source: str, at: datetime) -> int | None:
    """Counts a question without an answer, with one that is alike if there is one. Returns its id.

    The caller has masked names, addresses and numbers of people in `text`; what looks like a number is taken
    out here once more. None where nothing is left that is about anything. One that was answered before and
    is asked in vain again is open again; one that is not ours stays so, and is only counted.
    """
    assert source in SOURCES
    said = without_personal(plain(clean_text(text)[0]))[:_MOST]
    tokens = asked_tokens(said)
    if not tokens:
        return None
    known = Question.objects.filter(language=language).order_by("-last_at")
    alike = [(likeness(tokens, asked_tokens(each.text)), each) for each in known[:_LOOKED_AT]]
    best = max(alike, key=lambda one: one[0], default=None)
    if best is None or best[0] < ALIKE:
        made = Question.objects.create(text=said, language=language, source=source, first_at=at, last_at=at)
        return made.pk
    found = Question.objects.select_for_update().get(pk=best[1].pk)
    if found.state == QuestionState.ANSWERED:
        found.state = QuestionState.OPEN
    found.count, found.last_at = F("count") + 1, max(found.last_at, at)
    found.save(update_fields=["state", "count", "last_at"])
    return found.pk


@transaction.atomic
def settle_question(
    *, question_id: int, state: str, article_id: int | None = None, by: Viewer, at: datetime
) -> None:
    """Says that an article answers it now (ANSWERED), that it is not ours (NOT_OURS), or opens it again.

    Raises NotAllowed, NotFound, Invalid.
    """
    require(by, Permission.POLICY_MANAGE)
    person = person_of(by)
    row = Question.objects.select_for_update().filter(pk=question_id).first()
    if row is None or (article_id is not None and not Article.objects.filter(pk=article_id).exists()):
        raise NotFound()
    if state not in QuestionState.values or (state == QuestionState.ANSWERED) != (article_id is not None):
        raise Invalid([("/state", "unknown_state", "选一个结果")])
    row.state, row.article_id, row.by_id = state, article_id, person
    row.save(update_fields=["state", "article", "by"])
