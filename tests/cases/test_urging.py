"""催一催: every two hours, three times a day, and the case goes up the list."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cases.making import at_dongshan, row
from tests.world import START
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.actions.hold import CaseIsOver
from yishi.cases.actions.urge import JustUrged, urge_case
from yishi.cases.models.history import TimelineEntry
from yishi.cases.queries.history import list_timeline
from yishi.cases.rules.urging import urged_priority, urges_again_at
from yishi.kit.models import FactRow

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0, *, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("earlier", "now", "again"),
    [
        ([], at(10), None),
        ([at(10)], at(11, 59), at(12)),
        ([at(10)], at(12), None),  # exactly two hours later he may
        ([at(8), at(10), at(12)], at(15), at(0, day=23)),  # three a day
        ([at(8), at(10), at(12)], at(0, day=23), None),
        ([at(19), at(21), at(23)], at(0, 30, day=23), at(1, day=23)),  # midnight does not shorten two hours
        ([at(8), at(10, day=21), at(12, day=21)], at(10), None),  # yesterday's do not count
        # the day is the zone's, not the world's: 23:30 and 07:30 in Shanghai are one day in UTC
        ([at(17, day=21), at(20, day=21), at(23, 30, day=21)], at(7, 30).astimezone(UTC), None),
    ],
)
def test_when_he_may_urge_again(earlier, now, again):
    assert urges_again_at(earlier, now, SHANGHAI) == again


@pytest.mark.parametrize(
    ("priority", "urges", "result"), [(0, 1, 1), (1, 1, 1), (0, 2, 2), (0, 9, 2), (2, 1, 2), (1, 2, 2)]
)
def test_how_pressing_it_becomes(priority, urges, result):
    assert urged_priority(priority, urges) == result


@pytest.mark.django_db
def test_urging_counts_raises_and_is_told(world):
    case = at_dongshan(world)
    assert urge_case(case_id=case.case_id, at=START) == 1
    assert (row(case).urges, row(case).priority) == (1, 1)
    told = list_timeline(case.case_id, audience="PUBLIC")[-1]
    assert (told.kind, told.text) == ("URGED", "已经往前排，负责的人看到了")
    assert list_timeline(case.case_id)[-1].text == "第 1 次催"
    assert FactRow.objects.get(fact="cases.CaseUrged").body["times"] == 1
    assert urge_case(case_id=case.case_id, at=START + timedelta(hours=2)) == 2
    assert row(case).priority == 2


@pytest.mark.django_db
def test_too_soon_or_over_changes_nothing(world):
    case = at_dongshan(world)
    urge_case(case_id=case.case_id, at=START)
    lines = TimelineEntry.objects.count()
    with pytest.raises(JustUrged, match="12:00"):
        urge_case(case_id=case.case_id, at=START + timedelta(minutes=119))
    assert (row(case).urges, TimelineEntry.objects.count()) == (1, lines)
    withdraw_case(case_id=case.case_id, at=START)
    with pytest.raises(CaseIsOver):
        urge_case(case_id=case.case_id, at=START + timedelta(hours=3))
    assert row(case).urges == 1
