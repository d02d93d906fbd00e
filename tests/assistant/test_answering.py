"""Open questions are answered from the articles with the title named, or noted for those who write them."""

import pytest

from tests.world import START, World
from yishi.assistant.actions.answering import answer_for, answer_from_articles
from yishi.assistant.actions.telling import Talk
from yishi.assistant.queries.reading import Reading
from yishi.assistant.rules.dialogue import Read
from yishi.knowledge.actions.shipped import ship_articles
from yishi.knowledge.models import Question


def reading(text: str, *intents: str, is_sure: bool = True) -> Reading:
    return Reading(
        read=Read(text=text, intents=intents, is_sure=is_sure),
        confidence=0.9,
        stage="MODEL",
        without_personal=text,
    )


@pytest.mark.parametrize(
    ("text", "intents", "is_sure", "title"),
    [
        ("可以寄充电宝吗", ("other",), True, "《什么东西不能寄》"),
        ("投诉多久处理", ("complaint_progress",), False, "《怎么投诉，多久有答复》"),
        ("投诉多久处理", ("complaint_progress",), True, ""),
        ("今天天气怎么样", ("other",), True, ""),
    ],
)
def test_only_an_open_question_with_a_clear_article(
    world: World, text: str, intents: tuple, is_sure: bool, title: str
) -> None:
    ship_articles(at=START)
    said = answer_for(reading(text, *intents, is_sure=is_sure), is_english=False, at=START)
    assert (title in said and "/help/" in said) if title else said == ""
    assert "{" not in said


def test_what_no_article_answers_is_noted_without_anything_personal(world: World) -> None:
    talk = Talk(
        conversation_id=1, slots={}, phone="", is_proven=False, proof="", language="zh", text="能寄鱼吗",
        at=START, plain_text="能寄鱼吗",
    )  # fmt: skip
    assert answer_from_articles(talk).outcome == "said"
    assert [(q.text, q.source) for q in Question.objects.all()] == [("能寄鱼吗", "ASSISTANT")]
