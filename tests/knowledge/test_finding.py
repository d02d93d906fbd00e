"""The shipped articles are found by what people type, and nothing else is quoted as an answer."""

import pytest

from tests.world import START
from yishi.assistant.queries.policies import policies
from yishi.knowledge.actions.shipped import ship_articles, shipped_texts
from yishi.knowledge.models import Article, ArticleVersion
from yishi.knowledge.queries.articles import find_articles
from yishi.knowledge.rules.finding import ALIKE, Hit, asked_tokens, begun, excerpt, likeness, ranked
from yishi.knowledge.rules.markup import unknown_figures


@pytest.mark.parametrize(
    ("words", "tokens"),
    [
        ("请问取件码怎么办", ["取件", "件码", "码怎", "问取"]),
        ("How do I refuse it", ["refus"]),
        ("refusing", ["refus"]),
        ("什么？", []),
        ("", []),
    ],
)
def test_what_a_question_is_about(words: str, tokens: list) -> None:
    assert sorted(asked_tokens(words)) == sorted(tokens)
    assert begun("取件") == "取件"


def test_rare_words_say_more_and_titles_count_full() -> None:
    hits = [Hit(1, {"取件"}, {"件码"}), Hit(2, {"取件", "件码"}, set()), Hit(3, set(), {"取件"})]
    found = ranked(["取件", "件码"], hits, articles=10)
    assert [pk for pk, _share in found] == [2, 1, 3] and found[0][1] == 1.0
    assert ranked([], hits, articles=10) == []


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("能寄宠物吗", "宠物能寄吗", True),
        ("你们能不能寄宠物", "能寄宠物吗", True),
        ("能寄宠物吗", "能开发票吗", False),
        ("weekend delivery?", "do you deliver on weekends", True),
    ],
)
def test_which_questions_are_one(one: str, other: str, is_alike: bool) -> None:
    assert (likeness(asked_tokens(one), asked_tokens(other)) >= ALIKE) is is_alike


def test_the_excerpt_is_the_line_that_fits() -> None:
    text = "第一行\n取件码只给收件人\n" + "长" * 200
    assert excerpt(text, ["取件", "件码"]) == "取件码只给收件人"
    assert len(excerpt(text, ["长长"])) == 120


@pytest.fixture
def shipped(db: None) -> int:
    return ship_articles(at=START)


def test_shipped_articles_are_sound_and_written_once(shipped: int) -> None:
    texts = shipped_texts()
    assert shipped == len(texts) == Article.objects.count() >= 30
    slugs = {language: {t.slug for t in texts if t.language == language} for language in ("zh-hans", "en")}
    assert slugs["zh-hans"] == slugs["en"]
    known = policies().keys()
    assert {intent for text in texts for intent in text.intents} <= known
    assert not any(unknown_figures(text.body) for text in texts)
    assert ship_articles(at=START) == 0 and ArticleVersion.objects.count() == shipped


FOUND = [
    ("取件码没收到怎么办", "pickup-code"),
    ("我的取件马忘记了", "pickup-code"),
    ("快递放柜子里没经过我同意", "no-locker"),
    ("可以寄充电宝吗", "prohibited-goods"),
    ("投诉几天处理好", "how-to-complain"),
    ("寄错了能拦截吗", "interception"),
    ("怎么开发票", "invoice"),
    ("快递显示已签收但是我没收到", "signed-not-received"),
    ("外箱破了东西坏了", "damaged"),
    ("包裹不想要了可以拒收吗", "refuse"),
    ("保价怎么赔", "claims"),
    ("运输中什么意思", "tracking-states"),
    ("没有单号怎么查快递", "find-waybill-number"),
    ("明天再送可以改时间吗", "redelivery"),
    ("谁能看到我的地址和电话", "privacy"),
    ("有人打电话说快递理赔是真的吗", "scams"),
]
FOUND_EN = [
    ("I did not get my pickup code", "pickup-code"),
    ("how can I complain", "how-to-complain"),
    ("can i send a power bank", "prohibited-goods"),
    ("refusing a parcel", "refuse"),
    ("change the delivery adress", "redelivery"),
    ("my parcel is damaged", "damaged"),
    ("who can see my phone number", "privacy"),
]
NOT_OURS = [
    "今天天气怎么样", "帮我写一首诗", "股票涨了没有", "附近有什么好吃的", "你是机器人吗",
    "手机屏幕碎了哪里修",
    "优惠券怎么领", "这件衣服有大码吗", "能不能便宜点", "孩子作业不会做", "火车票怎么改签", "怎么注销微信",
]  # fmt: skip


@pytest.mark.usefixtures("shipped")
def test_what_people_type_finds_its_article() -> None:
    cases = [*((w, s, "zh-hans") for w, s in FOUND), *((w, s, "en") for w, s in FOUND_EN)]
    found = {
        words: find_articles(words=words, audience="CONSUMER", language=language)
        for words, _slug, language in cases
    }
    wrong = {
        w: [(c.slug, round(c.share, 2)) for c in found[w][:3]]
        for w, slug, _l in cases
        if not found[w] or found[w][0].slug != slug
    }
    unclear = {w: cards[0].share for w, cards in found.items() if cards and not cards[0].is_clear}
    assert not wrong, wrong
    # three of 23 are listed, not quoted: a slip in a short question, and words that no article has
    assert len(unclear) <= 3, unclear


@pytest.mark.usefixtures("shipped")
def test_what_is_not_ours_is_never_quoted() -> None:
    found = {w: find_articles(words=w, audience="CONSUMER", language="zh-hans", most=1) for w in NOT_OURS}
    assert not {w: cards[0].slug for w, cards in found.items() if cards and cards[0].is_clear}
