"""What a line asks for: spelling, sure words, fragments, several wishes, honest doubt."""

import time

import pytest

from yishi.assistant.queries import vectors
from yishi.assistant.queries.model import release_model
from yishi.assistant.queries.phrases import release_lines
from yishi.assistant.queries.understand import understand
from yishi.assistant.rules.clauses import clauses, core, joined, plain
from yishi.assistant.rules.context import continued
from yishi.assistant.rules.intents import INTENTS, is_right
from yishi.assistant.rules.normalise import normalise
from yishi.assistant.rules.sharp import asks_for_place, sharp
from yishi.assistant.rules.understanding import ASK_BELOW, understand_line
from yishi.assistant.rules.understood import Context, Stage


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("我的快遞到哪裡了？？？", "我的快递到哪里了??"),
        ("kuai di daona le", "快递到哪了"),
        ("ＹＴ1234567890123 查一下", "[订单x] 查一下"),
        ("13900000001 李四", "[订单x] 李四"),
        ("喺边度啊", "在哪啊"),
        ("块递还没到。。。。", "快递还没到"),
        ("#E-s[数字x] 转人工", "转人工"),
        ("😡什么时候到", "气死了什么时候到"),
        ("签收或者拒收", "签收或者拒收"),
        ("到哪了 {outlet_phone} ${proof} {{x}} %s", "到哪了"),
        ("可以取件吗", "可以取件吗"),
        ("\u200b\u202e\ud800", ""),
    ],
)
def test_one_spelling(written, read):
    assert normalise(written) == read


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ("取件码没收到", "pickup_code"),
        ("转人工", "human_agent"),
        ("拒收", "refuse"),
        ("拒收以后怎么退款", ""),
        ("不是要发票", ""),
        ("发票和赔偿", ""),
        ("我要投诉快递员态度差", "attitude_complaint"),
        ("投诉快递员态度打哪个电话", ""),
        ("让网点下午三点以后给我回电话", "contact_courier"),
        ("让他回电话他不回", ""),
        ("我昨天跟那个快递员说了半天拦截的事情他就是不听", ""),
    ],
)
def test_sharp_words_are_sure_or_silent(line, intent):
    assert sharp(line) == intent


@pytest.mark.parametrize(
    ("line", "asks"),
    [("你们能送到[地址x]吗", True), ("[地址x]送不送", True), ("可以帮我送到[地址x]吗", False),
     ("能改送到[地址x]吗", False), ("今天能送到[地址x]吗", False), ("能送到吗", False)],
)  # fmt: skip
def test_whether_a_place_is_served_is_asked_of_no_parcel(line, asks):
    assert asks_for_place(line) == asks


@pytest.mark.parametrize("line", ["啊吧啊吧", "呜啦呜啦", "叽里咕噜"])
def test_mere_sounds_are_not_understood(line):
    assert not understand(line).is_sure


@pytest.mark.parametrize(
    ("line", "before", "intent"),
    [
        ("那明天呢", Context(previous_intent="when_arrive"), "when_arrive"),
        ("那明天呢", Context(previous_intent="delay_complaint"), "when_arrive"),
        ("后天下午呢", Context(previous_intent="change_address_or_time"), "change_address_or_time"),
        ("那明天呢", Context(previous_intent="compensation"), "compensation"),
        ("那明天呢", Context(), ""),
        ("第二个", Context(choices=("lost", "damaged")), "damaged"),
        ("3", Context(choices=("lost", "damaged")), ""),
        ("快递到哪了", Context(previous_intent="refuse"), ""),
    ],
)
def test_a_fragment_lives_on_what_was_said_before(line, before, intent):
    assert continued(plain(line), before) == intent


def test_parts_and_core():
    assert clauses("改到后天送,顺便问下运费多少") == ("改到后天送", "问下运费多少")
    assert clauses("改到后天送") == ()
    assert core("你好,请问发票怎么开啊?") == "发票怎么开"


@pytest.mark.parametrize(
    ("text", "intent", "stage"),
    [
        ("我的快递到哪了", "track_parcel", Stage.DICTIONARY),
        ("东西都一个星期了还没见到影子你们到底怎么送的", "delay_complaint", Stage.LEXICAL),
    ],
)
def test_cheap_stages_ask_for_no_vector(text, intent, stage):
    def refuse(line):
        raise AssertionError("no vector is worth its cost here")

    found = understand_line(text, model=release_model(), vectors=refuse)
    assert (found.intent, found.stage, found.is_sure) == (intent, stage, True)


def test_two_wishes_in_one_message():
    found = understand("能不能改到后天送，顺便问下运费多少")
    assert {guess.intent for guess in found.intents} == {"change_address_or_time", "send_parcel"}


def test_doubt_is_said_with_choices():
    model, seen = release_model(), 0
    for text in (
        "帮我看看那个件是不是丢了好多天没动静了",
        "放了半天也没个人管的",
        "这样的话我自己过去可以不",
    ):
        found = understand_line(text, model=model, vectors=lambda line: None)
        if not found.is_sure:
            seen += 1
            assert found.confidence < ASK_BELOW
            assert 2 <= len(found.choices) <= 3
            assert "other" not in found.choices
    assert seen


@pytest.mark.parametrize("text", ["", "   ", "😀", "\0", "\ud800", "?" * 20_000, "运费" * 10_000, "<script>"])
def test_nothing_breaks_it(text):
    began = time.process_time()
    found = understand(text)
    assert found.intent in INTENTS
    assert 0.0 <= found.confidence <= 1.0
    assert time.process_time() - began < 2.0


def test_without_its_process_and_without_a_model_it_still_answers(monkeypatch, tmp_path):
    monkeypatch.setattr(vectors, "socket_path", lambda: tmp_path / "none.sock")
    monkeypatch.setattr(vectors, "_away_until", 0.0)
    assert vectors.vector_of("快递") is None
    bare = understand_line("拒收", model=None, vectors=vectors.vector_of)
    assert (bare.intent, bare.is_sure) == ("refuse", True)
    lost = understand_line("随便说点什么", model=None, vectors=vectors.vector_of)
    assert (lost.intent, lost.is_sure, lost.stage) == ("other", False, Stage.FALLBACK)


def test_the_book_holds_only_intents_of_the_contract():
    assert len(INTENTS) == 28
    lines = release_lines()
    assert len(lines) > 9_000
    assert {line.intent for line in lines} == set(INTENTS)
    assert all(line.family for line in lines)


def test_what_counts_as_right():
    assert is_right("coverage", expected="other")
    assert is_right("other", expected="misroute")
    assert is_right("lost", expected="delay_complaint", second="lost")
    assert not is_right("lost", expected="other")


@pytest.mark.parametrize(
    ("line", "intents"),
    [
        ("包裹到哪了，另外我要投诉快递员态度差，骂人还摔我的件", ("track_parcel", "attitude_complaint")),
        ("取件码发我一下，再帮我投诉那个快递员骂人", ("pickup_code", "attitude_complaint")),
        ("快递什么时候到，还有能不能放驿站", ("when_arrive", "no_locker_preference")),
    ],
)
def test_two_clear_requests_in_one_sentence_are_sure_without_vectors(line, intents):
    found = understand_line(line, model=release_model(), vectors=lambda text: None)
    assert found.is_sure and tuple(guess.intent for guess in found.intents) == intents


@pytest.mark.parametrize("line", ["一单明天到,另外一单没写", "还有多久到啊", "顺便", "在吗,顺便"])
def test_a_word_that_joins_nothing_is_none(line):
    assert joined(line) == ()
