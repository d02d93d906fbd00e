"""Whoever keeps an article is told on its day of review, once; without a keeper those who keep policies."""

from datetime import UTC, date, datetime

import pytest

from tests.knowledge.test_articles import written
from tests.world import START, World
from yishi.knowledge.actions.articles import withdraw_article
from yishi.knowledge.jobs import sweep_reviews
from yishi.knowledge.models import Article
from yishi.notifications.models import Delivery

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)
# nine in the morning in Shanghai
NINE = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND = NINE.resolution


def told() -> list[str]:
    return [mail.to for mail in Delivery.objects.filter(kind="STAFF_WORK").order_by("pk")]


def test_its_keeper_hears_of_it_once_until_there_is_another_day(world: World) -> None:
    article = written(world, review_date=DAY)
    assert sweep_reviews(at=NINE - SECOND) == 0
    assert sweep_reviews(at=NINE) == 1 and told() == ["zhikong@example.cn"]
    assert "能寄宠物吗" in Delivery.objects.get(kind="STAFF_WORK").body
    # mended, with the same day: nobody is told again
    written(world, article_id=article, version=1, review_date=DAY, body="龟也不能寄。")
    assert sweep_reviews(at=NINE) == 0
    written(world, article_id=article, version=2, review_date=date(2027, 12, 1))
    assert sweep_reviews(at=NINE) == 0
    assert sweep_reviews(at=NINE.replace(year=2027)) == 1 and len(told()) == 2


def test_what_nobody_keeps_is_told_to_those_who_keep_policies_in_one_letter(world: World) -> None:
    for slug in ("a", "b"):
        written(world, slug=slug, title=f"文章 {slug}", review_date=DAY)
    Article.objects.update(owner=None)
    assert sweep_reviews(at=NINE) == 2
    assert len(told()) == len(set(told())) >= 1
    assert all("文章 a" in mail.body and "文章 b" in mail.body for mail in Delivery.objects.all())


def test_what_was_withdrawn_needs_no_review(world: World) -> None:
    article = written(world, review_date=DAY)
    withdraw_article(article_id=article, why="不再用", by=world.viewer(world.quality), at=START)
    assert sweep_reviews(at=NINE) == 1 and told() == []
