"""Remarks on an agent's draft: every kind by a table, and drafts on which nothing is to be said."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.assistant.reading import rows_of
from yishi.assistant.rules.tone import REASONS, Remark, remarks_on

ZONE = "Asia/Shanghai"
AT = datetime(2026, 11, 25, 14, 20, tzinfo=ZoneInfo(ZONE))


def kinds_of(draft, **more):
    return {remark.kind for remark in remarks_on(draft, at=AT, zone=ZONE, **more)}


@pytest.mark.parametrize(("kind", "draft"), rows_of("drafts.tsv"))
def test_remarks_on_drafts_of_our_own(kind, draft):
    assert (kinds_of(draft) == set()) if kind == "-" else (kind in kinds_of(draft))


def test_a_remark_shows_the_words_and_says_why():
    [remark] = remarks_on("您放心，一定今天到", at=AT, zone=ZONE)
    assert (remark.kind, remark.words, remark.span) == (Remark.PROMISE, "一定今天到", (4, 9))
    assert remark.reason == REASONS[Remark.PROMISE] and set(REASONS) == set(Remark)


def test_what_the_record_promises_may_be_said():
    by_tomorrow_noon = AT.replace(hour=12) + timedelta(days=1)
    assert kinds_of("明天下午三点送到", promised_at=by_tomorrow_noon) == set()
    # sooner than the record promises
    assert kinds_of("今天晚上送到", promised_at=by_tomorrow_noon) == {Remark.PROMISE}


def test_what_this_reader_may_be_told_is_no_remark():
    assert kinds_of("您的取件码是1-2-3034", may_name={"1-2-3034"}) == set()


def test_a_short_message_has_seventy_signs():
    assert kinds_of("包" * 70, is_sms=True) == set()
    assert kinds_of("包" * 71, is_sms=True) == {Remark.TOO_LONG}
    assert kinds_of("包" * 71) == set()


ASKED = [
    ("什么时候能到", "包裹在江宁网点", True), ("什么时候能到", "预计明天下午到", False),
    ("为什么没送", "好的收到", True), ("为什么没送", "因为小区封路，没有送成", False),
    ("到哪了", "在南京中转", False), ("赔多少钱", "明白您的意思", True), ("谢谢", "不客气", False),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "draft", "is_open"), ASKED)
def test_a_question_left_open_is_told(asked, draft, is_open):
    assert (Remark.NO_ANSWER in kinds_of(draft, asked=asked)) is is_open


@pytest.mark.parametrize("draft", ["", "   ", "😡" * 3000])
def test_nothing_to_remark_on(draft):
    assert kinds_of(draft, asked="什么时候到") <= {Remark.NO_ANSWER}
