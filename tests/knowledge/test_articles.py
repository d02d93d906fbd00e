"""Articles: every change a version, readers find what is published, questions in vain are counted."""

from datetime import date, timedelta

import pytest

from tests.world import START, World
from yishi.kit.errors import Invalid, NotAllowed, NotFound, Stale
from yishi.knowledge.actions.articles import (
    Text,
    give_feedback,
    restore_version,
    save_article,
    withdraw_article,
)
from yishi.knowledge.actions.questions import note_question, settle_question
from yishi.knowledge.actions.replies import UnknownVariable
from yishi.knowledge.actions.shipped import ship_articles
from yishi.knowledge.models import Article, ArticleFeedback, ArticleVersion, Question
from yishi.knowledge.queries.articles import (
    access_article,
    article_versions,
    find_articles,
    get_article,
    words_about,
)
from yishi.knowledge.queries.questions import list_questions

DAY = date(2026, 11, 22)


def written(world: World, *, by: str = "quality", article_id: int | None = None, version: int | None = None,
            why: str = "", question_id: int | None = None, **changed: object) -> int:  # fmt: skip
    pets = {"slug": "pets", "language": "zh-hans", "title": "能寄宠物吗", "body": "活的动物不能寄。"}
    text: dict = {**pets, **changed}
    return save_article(
        text=Text(**text), article_id=article_id, version=version, why=why, question_id=question_id,
        by=world.viewer(getattr(world, by)), at=START,
    )  # fmt: skip


def found(words: str, audience: str = "CONSUMER", language: str = "zh-hans") -> list[str]:
    return [card.slug for card in find_articles(words=words, audience=audience, language=language)]


def test_every_change_is_a_version_that_can_be_gone_back_to(world: World) -> None:
    article, quality = written(world), world.viewer(world.quality)
    written(world, article_id=article, version=1, body="猫狗也不能寄。", why="有人问猫")
    assert found("猫狗") == ["pets"]
    with pytest.raises(Stale):
        written(world, article_id=article, version=1, body="旧的页面")
    restore_version(article_id=article, number=1, by=quality, at=START)
    lines = article_versions(article)
    assert [(v.version, v.body, v.why) for v in lines] == [
        (3, "活的动物不能寄。", "v1"), (2, "猫狗也不能寄。", "有人问猫"), (1, "活的动物不能寄。", ""),
    ]  # fmt: skip
    assert lines[0].by_name == world.quality.name and found("猫狗") == []


def test_what_is_withdrawn_is_found_by_nobody_and_stays(world: World) -> None:
    article, quality = written(world), world.viewer(world.quality)
    with pytest.raises(Invalid):
        withdraw_article(article_id=article, why=" ", by=quality, at=START)
    withdraw_article(article_id=article, why="过时", by=quality, at=START)
    assert found("能寄宠物吗") == [] and article_versions(article)[0].is_withdrawn
    with pytest.raises(NotFound):
        get_article(slug="pets", audience="CONSUMER", language="zh-hans")
    written(world, article_id=article, body="还是不能寄。")
    assert found("能寄宠物吗") == ["pets"]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"slug": "宠物"}, Invalid),
        ({"title": " "}, Invalid),
        ({"body": ""}, Invalid),
        ({"audience": "ALL"}, Invalid),
        ({"topic": "CATS"}, Invalid),
        ({"language": "fr"}, Invalid),
        ({"intents": ["DROP TABLE"]}, Invalid),
        ({"body": "{市长电话}"}, UnknownVariable),
        ({"by": "lin"}, NotAllowed),
    ],
)
def test_what_is_refused_leaves_nothing(world: World, changed: dict, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        written(world, **changed)
    assert not Article.objects.exists() and not ArticleVersion.objects.exists()


def test_one_address_is_one_matter_in_each_language(world: World) -> None:
    written(world)
    with pytest.raises(Invalid):
        written(world)
    written(world, language="en", title="Pets", body="No living animals.")
    assert get_article(slug="pets", audience="CONSUMER", language="en").title == "Pets"


def test_staff_read_everything_and_consumers_what_is_theirs(world: World) -> None:
    written(world, audience="STAFF")
    assert found("能寄宠物吗") == [] and found("能寄宠物吗", "STAFF") == ["pets"]
    with pytest.raises(NotFound):
        get_article(slug="pets", audience="CONSUMER", language="zh-hans")


def test_feedback_counts_once_a_visitor_and_day_for_the_version_that_was_read(world: World) -> None:
    article = written(world)
    said = {"article_id": article, "version": 1, "is_helped": False, "word": "看不懂", "at": START}
    give_feedback(**said, visitor=b"a", day=DAY)
    give_feedback(**{**said, "is_helped": True, "word": ""}, visitor=b"a", day=DAY)
    give_feedback(**said, visitor=b"a", day=DAY + timedelta(days=1))
    give_feedback(**{**said, "version": 99}, visitor=b"b", day=DAY)
    line = access_article(viewer=world.viewer(world.quality), article_id=article)
    assert (line.helped, line.not_helped) == (1, 2) and len(words_about(article)) == 2
    assert set(ArticleFeedback.objects.values_list("version", flat=True)) == {1}


def test_questions_in_vain_are_counted_with_their_like_and_settled(world: World) -> None:
    asked = {"language": "zh-hans", "source": "SEARCH", "at": START}
    first = note_question(text="能寄宠物吗", **asked)
    assert note_question(text="宠物能寄吗？电话 13812345678", **asked) == first
    assert note_question(text="周末送不送", **asked) != first
    assert note_question(text="？？", **asked) is None
    quality = world.viewer(world.quality)
    waiting = [(q.text, q.count) for q in list_questions(viewer=quality)]
    assert waiting == [("能寄宠物吗", 2), ("周末送不送", 1)]
    assert first is not None
    article = written(world, title="活体动物", question_id=first)
    assert found("宠物能寄吗") == ["pets"] and Article.objects.get().asks == "能寄宠物吗"
    assert [q.article_id for q in list_questions(viewer=quality, state="ANSWERED")] == [article]
    note_question(text="能寄宠物吗", **asked)
    assert Question.objects.get(pk=first).state == "OPEN"


def test_what_is_not_ours_stays_so_however_often_it_is_asked(world: World) -> None:
    asked = {"text": "今天天气怎么样", "language": "zh-hans", "source": "ASSISTANT", "at": START}
    question, quality = note_question(**asked), world.viewer(world.quality)
    assert question is not None
    settle_question(question_id=question, state="NOT_OURS", by=quality, at=START)
    note_question(**asked)
    assert list_questions(viewer=quality) == [] and Question.objects.get().count == 2
    with pytest.raises(NotAllowed):
        settle_question(question_id=question, state="OPEN", by=world.viewer(world.lin), at=START)
    with pytest.raises(Invalid):
        settle_question(question_id=question, state="ANSWERED", by=quality, at=START)
    assert Question.objects.get().state == "NOT_OURS"


def test_a_shipped_article_that_somebody_changed_is_his(world: World) -> None:
    ship_articles(at=START)
    row = Article.objects.get(slug="refuse", language="zh-hans")
    Article.objects.filter(slug="invoice", language="zh-hans").update(body="旧的")
    written(
        world, article_id=row.pk, slug="refuse", title="我们的拒收", body="我们这样办。", topic="DELIVERY"
    )
    assert ship_articles(at=START) == 1
    row.refresh_from_db()
    assert row.title == "我们的拒收"
