"""The day of an article's review: whoever keeps it is told that morning, once."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yishi.kit.facts import announce
from yishi.knowledge.facts import ReviewsDue
from yishi.knowledge.models import Article

_IN_THE_MORNING = time(9)


def review_due_at(day: date | None) -> datetime | None:
    """When its keeper is told: at nine that day, where people here live."""
    if day is None:
        return None
    return datetime.combine(day, _IN_THE_MORNING, ZoneInfo(settings.ENVIRONMENT.time_zone))


@transaction.atomic
def announce_reviews(*, at: datetime, limit: int) -> int:
    """Announces what is due, one fact a keeper; an article that was withdrawn needs no review."""
    due = Article.objects.select_for_update(skip_locked=True).filter(review_due_at__lte=at)
    rows = list(due.order_by("review_due_at", "pk")[:limit])
    Article.objects.filter(pk__in=[row.pk for row in rows]).update(review_due_at=None)
    kept: dict[int | None, list[int]] = {}
    for row in rows:
        if row.withdrawn_at is None:
            kept.setdefault(row.owner_id, []).append(row.pk)
    for owner_id, ids in kept.items():
        announce(ReviewsDue(article_ids=tuple(ids), owner_id=owner_id, at=at))
    return len(rows)
