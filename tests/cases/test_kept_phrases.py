"""What Yishi writes of its own accord is kept as phrases: every reader reads it in his language."""

import re
from datetime import timedelta

import pytest
from django.utils.translation import override

from tests.cases.making import at_dongshan, row
from tests.world import START, World
from yishi.cases.actions.assign import assign
from yishi.cases.actions.escalate import escalate_case
from yishi.cases.actions.searches import PlaceWanted, look, open_search
from yishi.cases.models.history import TimelineEntry
from yishi.cases.models.searches import PlaceLookedAt
from yishi.cases.models.tasks import Task
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.tasks import tasks_of_case
from yishi.people.rules import SYSTEM_VIEWER
from yishi.sla.jobs import sweep_due_clocks
from yishi.sla.models.clocks import SlaClock

HOUR = timedelta(hours=1)
CHINESE = re.compile("[一-鿿]")


@pytest.fixture
def case(world: World):
    return at_dongshan(world, category="LOST")


def said_of(case, kind: str, language: str) -> list[str]:
    with override(language):
        return [line.text for line in list_timeline(case.case_id) if line.kind == kind]


def test_why_it_went_up_is_read_in_either_language(case) -> None:
    escalate_case(case_id=case.case_id, reason="太慢了", by=None, at=START)
    assert said_of(case, "ASSIGNED", "zh-hans") == ["客户要求升级"]
    assert not CHINESE.search(said_of(case, "ASSIGNED", "en")[0])
    assert said_of(case, "ESCALATED", "en") == ["太慢了"]


def test_an_old_line_and_a_colleagues_words_stay_as_they_were_written(world: World, case) -> None:
    assign(
        case_id=case.case_id, outlet_id=world.dongshan_id, assignee_id=None, reason="客户要求升级",
        by=SYSTEM_VIEWER, at=START,
    )  # fmt: skip
    assert said_of(case, "ASSIGNED", "en") == ["客户要求升级"]


def test_a_task_that_yishi_gave_its_clock_and_its_lines(world: World, case) -> None:
    lin = world.viewer(world.lin)
    wanted = [PlaceWanted(place="LOCKER", name="3 号柜", outlet_id=world.dongshan_id)]
    open_search(case_id=case.case_id, places=wanted, within=4 * HOUR, by=lin, at=START)
    task, clock = Task.objects.get(), SlaClock.objects.get(subject_kind="TASK")
    assert (task.title, clock.title) == ("找件：快递柜（3 号柜）",) * 2
    sweep_due_clocks(at=clock.half_at)
    look(
        case_id=case.case_id,
        place_id=PlaceLookedAt.objects.get().pk,
        is_there=True,
        said="",
        by=lin,
        at=START,
    )
    with override("en"):
        (card,) = tasks_of_case(case.case_id)
    told = [said_of(case, kind, "en")[0] for kind in ("TASK_GIVEN", "CLOCK_WARNED", "TASK_DONE")]
    seen = " ".join([card.title, card.text, card.result, *told]).replace("3 号柜", "").replace("东山网点", "")
    assert not CHINESE.search(seen), seen


def test_the_hash_holds_over_a_phrase(case) -> None:
    escalate_case(case_id=case.case_id, by=None, at=START)
    entry = TimelineEntry.objects.get(case_id=case.case_id, kind="ASSIGNED")
    assert (entry.text, entry.data["phrase"]["msgid"]) == ("", "客户要求升级") and row(case).assignee_id
