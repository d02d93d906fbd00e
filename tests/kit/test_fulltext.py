"""Full text as tokens: what is indexed is found, whatever a person types breaks nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.kit.fulltext import end_query, fold, parts_of, plain, query_of, snippet, tokens_of, vector_of

TEXT = "今天快递员态度很差，打电话也没人接。Call me: ＹＴ８８"


@pytest.mark.parametrize(
    ("q", "query"),
    [
        ("态度", "('态度')"),
        ("快递员 态度", "('快递' <1> '递员') & ('态度')"),
        ("差", "('差':*)"),
        ("yt8", "('yt8':*)"),
        ('"差，打"', "('差' <1> '打':*)"),
        ('"接 call"', "('接' <1> 'call')"),
        ("“没人接”", "('没人' <1> '人接')"),
        ("ＣＡＬＬ", "('call':*)"),
        ("，。!?", ""),
        ("'); DROP TABLE x; -- | ! :* <1>", "('drop':*) & ('table':*) & ('x':*) & ('1':*)"),
        (" ".join("一二三四五六七八九十"), " & ".join(f"('{sign}':*)" for sign in "一二三四五六七八")),
    ],
)
def test_what_a_person_types_becomes_a_query(q, query):
    assert query_of(parts_of(q)) == query


@pytest.mark.parametrize(
    ("q", "query"),
    [
        ("00017", "'<71000':*"),
        ("yt-88 00017", "'<7100088ty':*"),
        ("0017", ""),
        ("abcde", ""),
        ("态度", ""),
    ],
)
def test_an_end_of_a_number_is_a_beginning_backwards(q, query):
    assert end_query(q) == query


@pytest.mark.parametrize(
    ("q", "marked"),
    [
        ("态度", ["态度"]),
        ("快递 没人接", ["快递", "没人接"]),
        ("yt8", ["ＹＴ８"]),
        ("all", []),
        ("邮局", []),
    ],
)
def test_hits_are_marked_where_they_stand(q, marked):
    assert [piece.text for piece in snippet(TEXT, parts_of(q)) if piece.is_hit] == marked


def test_a_snippet_is_a_stretch_around_the_first_hit():
    pieces = snippet("前" * 300 + "态度" + "后" * 300, parts_of("态度"), length=80)
    assert "".join(piece.text for piece in pieces).strip("…") == "前" * 20 + "态度" + "后" * 58


@given(st.text(max_size=80))
def test_a_vector_holds_nothing_but_letters_digits_and_signs(text):
    for word in re.findall(r"'([^']*)':\d+A", vector_of([("A", text)])):
        assert word.isalnum() or all(not sign.isspace() and sign not in "'\\" for sign in word)


RUN = st.text(alphabet="快递员态度很差我没收到件", min_size=1, max_size=12)


@given(st.lists(RUN, min_size=1, max_size=4), st.data())
def test_every_part_of_what_was_said_is_found(runs, data):
    text = "，".join(runs)
    run = data.draw(st.sampled_from(runs))
    start = data.draw(st.integers(0, len(run) - 1))
    wanted = run[start : data.draw(st.integers(start + 1, len(run)))]
    assert matches(tokens_of(fold(plain(text))), parts_of(wanted))
    assert any(piece.is_hit and fold(piece.text) == wanted for piece in snippet(text, parts_of(wanted)))


def matches(tokens, parts):
    """What PostgreSQL does with the query, on the tokens themselves."""
    at = {(token.word, token.place) for token in tokens}
    return all(any(_stands(at, part, place) for _, place in at) for part in parts)


def _stands(at, part, place):
    first = part.tokens[0].place
    *whole, last = [(token.word, place + token.place - first) for token in part.tokens]
    ends = [word for word, where in at if where == last[1]]
    is_last = any(word.startswith(last[0]) if part.is_begun else word == last[0] for word in ends)
    return is_last and all(token in at for token in whole)
