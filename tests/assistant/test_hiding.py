"""A language model sees placeholders; what it says back is used only where it says what was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.assistant.rules.hiding import hide, is_faithful, is_supported, restore

PERSONAL = (
    "我是王小明，电话19900000001，住南京市江宁区东山街道上元大街3栋201，"
    "单号YT6190000000001，邮箱a.b@example.cn"
)


def test_nothing_personal_is_left():
    hidden = hide(PERSONAL, also=["王小明"])
    for secret in ("王小明", "19900000001", "上元大街", "YT6190000000001", "example.cn"):
        assert secret not in hidden.text
    assert restore(hidden.text, hidden) == PERSONAL


def test_the_same_value_is_the_same_placeholder():
    hidden = hide("19900000001 打了，再打 19900000001")
    assert len(hidden.back) == 1


@given(st.text(max_size=200))
def test_whatever_is_hidden_comes_back(text):
    plain = text.replace("⟦", "[").replace("⟧", "]")
    assert restore(hide(text).text, hide(text)) == plain


@pytest.mark.parametrize(
    ("before", "after", "is_used"),
    [
        ("⟦单号1⟧ 明天 10:30 前送到", "您好，⟦单号1⟧ 会在明天 10:30 前送到。", True),
        ("⟦单号1⟧ 明天送到", "您的快递明天送到", False),
        ("⟦单号1⟧ 明天送到", "⟦单号1⟧ 和 ⟦单号2⟧ 明天送到", False),
        ("⟦单号1⟧ 明天送到", "⟦单号1⟧ 保证明天送到", False),
        ("⟦单号1⟧ 明天送到", "⟦单号1⟧ 明天 3 点送到", False),
        ("赔 20 元", "赔 200 元", False),
        ("请稍等", "请点 https://evil.example 领钱", False),
        ("请稍等", "<script>alert(1)</script>", False),
        ("请稍等", "请稍等" * 60, False),
        ("请稍等", "  ", False),
    ],
)
def test_a_rewording_says_the_same(before, after, is_used):
    assert is_faithful(before, after) is is_used


@pytest.mark.parametrize(
    ("answer", "is_used"),
    [
        ("取件码会发短信，保存 7 天。", True),
        ("保存 30 天。", False),
        ("保证不丢，保存 7 天。", False),
        ("见 www.evil.example", False),
        ("", False),
    ],
)
def test_an_answer_rests_on_its_sources(answer, is_used):
    assert is_supported(answer, ["取件码会发短信。驿站保存 7 天。"]) is is_used
