"""The parts of the design language as tags."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django.template import Context, Template

from yishi.web.shared.templatetags.yishi import broken_at

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def rendered(source, **values):
    return Template("{% load yishi %}" + source).render(Context({"at": NOW, **values}))


def test_an_icon_is_hidden_unless_it_is_named():
    assert 'aria-hidden="true"' in rendered('{% icon "truck" %}')
    assert 'role="img" aria-label="车"' in rendered('{% icon "truck" label="车" %}')


def test_a_chip_has_icon_and_word():
    chip = rendered('{% milestone_chip "OUT_FOR_DELIVERY" %}')
    assert "#truck" in chip and "派送中" in chip and "is-brand" in chip


def test_an_unknown_state_says_so():
    assert "情况不明" in rendered('{% milestone_chip "NEW_THING" %}')


def test_a_clock_runs_by_itself_from_the_servers_numbers():
    promise = SimpleNamespace(started_at=NOW - timedelta(hours=1), due_at=NOW + timedelta(hours=1))
    clock = rendered("{% clock promise %}", promise=promise)
    assert 'dur="3600s"' in clock and "还剩 1 小时" in clock and "50 101" in clock


def test_a_clock_never_lets_markup_through():
    promise = SimpleNamespace(started_at=NOW, due_at=NOW + timedelta(hours=1))
    assert "&lt;b&gt;" in rendered("{% clock promise said %}", promise=promise, said="<b>")


def test_a_time_carries_its_exact_moment():
    said = rendered("{% when moment %}", moment=NOW)
    assert 'datetime="2026-11-22T06:00:00+00:00"' in said and "今天 14:00" in said
    assert 'title="2026-11-22 14:00:00 +0800"' in said


def test_a_strip_wraps_where_a_phone_is_narrow():
    steps = [("收到", "done"), ("回复", "now"), ("办法", "next"), ("结束", "next")]
    assert 'viewBox="0 0 466 44"' in rendered('{% flow_strip steps "步骤" %}', steps=steps)
    assert 'viewBox="0 0 344 114"' in rendered('{% flow_strip steps "步骤" 3 %}', steps=steps)


def test_numbers_are_grouped_for_the_eye():
    assert rendered('{{ "771200000018826"|number }}') == "7712 0000 0018 826"
    assert rendered('{{ "2611220042"|case_number }}') == "26 1122 0042"


def test_where_json_breaks_is_said_in_words_and_other_notes_stand():
    assert broken_at("Expecting value: line 2 column 34 (char 33)") == "从第 2 行第 34 个字起读不下去"
    assert broken_at("lastResult.nu") == "lastResult.nu"
