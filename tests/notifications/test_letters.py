"""Every text exists in both languages and can be filled in."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from yishi.notifications.queries.letters import LANGUAGES, TEXTS, moment, part, short_moment, write_letter

VALUES = {
    name: f"<{name}>"
    for name in [
        *("operator", "case_no", "waybill_no", "outlet", "link", "text", "excerpt"),
        *("promise", "category", "clock", "due", "share", "code", "minutes", "reply", "about"),
        *("promised", "expected", "source", "what", "name", "says", "count", "titles", "matter", "wish"),
        *("named", "window", "special", "other", "place", "codes", "until"),
        *("station", "ring", "person", "tail"),
    ]
}
FILES = sorted(path for path in (TEXTS / "zh-hans").iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_both_languages_have_it(path):
    assert (TEXTS / "en" / path.name).exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [path.name for path in FILES if ".part." not in path.name])
def test_it_can_be_filled_in(name, language):
    kind, channel, _ = name.upper().split(".")
    letter = write_letter(kind=kind, channel=channel, language=language, values=VALUES)
    assert "{" not in letter.heading + letter.body
    assert bool(letter.heading) == (channel == "EMAIL")


def test_heading_stays_one_line():
    values = {**VALUES, "case_no": "1\r\nBcc: x@example.cn"}
    letter = write_letter(kind="ACK", channel="EMAIL", language="en", values=values)
    assert letter.heading == "We have opened a case (case 1 Bcc: x@example.cn)"


def test_unknown_language_reads_chinese():
    assert write_letter(kind="CODE", channel="SMS", language="fr", values=VALUES).body.startswith("【")


LINK = "https://kd.example.cn/c/BL6QZaP4eX4RYzHM7HTPUw"


@pytest.mark.parametrize("kind", ["ACK", "RATING_REQUEST"])
def test_a_short_message_is_one_message(kind):
    """70 signs are one message; it names who answers, by when, and the end of the parcel's number."""
    due = short_moment(datetime(2026, 11, 22, 7, 5, tzinfo=UTC), "zh-hans", ZoneInfo("Asia/Shanghai"))
    values = {
        **{"operator": "驿使", "outlet": "东山网点", "link": LINK},
        "about": part("about_parcel", "zh-hans", tail="017402"),
        "reply": part("reply", "zh-hans", moment=due),
    }
    body = write_letter(kind=kind, channel="SMS", language="zh-hans", values=values).body
    assert "东山网点" in body and "…017402" in body and LINK in body
    assert len(body.replace(LINK, "")) <= 35
    assert kind != "ACK" or "22日15:05前回复您" in body


def test_moments_are_said_in_the_zone_of_the_place():
    at = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
    assert moment(at, "zh-hans", ZoneInfo("Asia/Shanghai")) == "11月22日 15:05"
    english = moment(at, "en", ZoneInfo("Asia/Shanghai"))
    assert part("promise", "en", moment=english) == "You will hear from us by 22 Nov, 15:05."
