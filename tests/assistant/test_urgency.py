"""How urgent a message is, and for what."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.assistant.reading import rows_of
from yishi.assistant.rules.urgency import Level, urgency_in

ZONE = "Asia/Shanghai"
AT = datetime(2026, 11, 25, 10, 20, tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(("level", "text", "reasons"), rows_of("urgency.tsv"))
def test_urgency_of_our_own_lines(level, text, reasons):
    told = urgency_in(text, at=AT, zone=ZONE)
    assert (told.level, ",".join(told.reasons) or "-") == (int(level), reasons)


def test_the_nearest_moment_and_the_words_are_told():
    told = urgency_in("后天手术要用 最好明天上午送到 急", at=AT, zone=ZONE)
    assert told.level is Level.NEED_SOON and told.when.text == "明天上午"
    assert [word for word, _ in told.words] == ["手术", "急"]
    far = urgency_in("下个月20号婚礼用", at=AT, zone=ZONE)
    assert far.level is Level.HURRY
