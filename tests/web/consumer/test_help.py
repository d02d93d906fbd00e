"""From a search in vain to an article that answers it: the whole loop over HTTP."""

import pytest
from django.test import Client

from tests.web.desk.conftest import browser
from tests.world import World
from yishi.kit.clock import now
from yishi.knowledge.actions.shipped import ship_articles
from yishi.knowledge.models import Article, ArticleFeedback, Question


@pytest.fixture
def shipped(world: World) -> World:
    ship_articles(at=now())
    return world


def page(client: Client, address: str, **said: str) -> str:
    response = client.get(address, said)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_help_centre_is_read_in_both_languages(shipped: World) -> None:
    client = Client()
    assert "怎么投诉" in page(client, "/help") and "取件码没收到" in page(client, "/help", q="没有取件码")
    told = page(client, "/help/how-to-complain")
    assert "<b>7 天</b>" in told and 'href="/complain"' in told
    assert "拦截" in page(client, "/help/topics/DELIVERY")
    english = Client(headers={"accept-language": "en"})
    assert "Pickup code missing" in page(english, "/help", q="pickup code")
    assert client.get("/help/nothing").status_code == 404 == client.get("/help/topics/CATS").status_code


def test_what_somebody_types_into_an_article_stays_words(shipped: World) -> None:
    Article.objects.filter(slug="refuse", language="zh-hans").update(
        body="<script>x</script>[a](javascript:b)"
    )
    told = page(Client(), "/help/refuse")
    assert "&lt;script&gt;" in told and "<script>x" not in told and 'href="javascript' not in told


def test_a_search_in_vain_becomes_an_article_that_is_found(shipped: World) -> None:
    visitor, quality = Client(), browser(shipped.quality)
    assert "还没有写到这件事" in page(visitor, "/help", q="骑行头盔租借 13812345678")
    assert Question.objects.get().text.startswith("骑行头盔租借") and "138" not in Question.objects.get().text
    said = {"helped": "no", "version": "1", "word": "骑行头盔能租借吗", "q": ""}
    assert visitor.post("/help/refuse", said).status_code == 302
    visitor.post("/help/refuse", said)
    assert ArticleFeedback.objects.get().is_helped is False
    question = Question.objects.get()
    assert (question.count, question.state) == (3, "OPEN")
    assert "骑行头盔租借" in page(quality, "/manage/articles")
    form = page(quality, "/manage/new-article", question=str(question.pk))
    assert "骑行头盔租借" in form
    text = {"slug": "helmets", "language": "zh-hans", "title": "租借头盔", "body": "不租，**只送快递**。",
            "audience": "CONSUMER", "topic": "OTHER", "question": str(question.pk)}  # fmt: skip
    shown = quality.post("/manage/new-article", {**text, "do": "try"}).content.decode()
    assert "<b>只送快递</b>" in shown and not Article.objects.filter(slug="helmets").exists()
    assert quality.post("/manage/new-article", {**text, "do": "save"}).status_code == 302
    question.refresh_from_db()
    assert question.state == "ANSWERED"
    assert "租借头盔" in page(visitor, "/help", q="骑行头盔租借")
