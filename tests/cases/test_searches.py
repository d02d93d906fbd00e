"""Looking for a parcel: where first, begun with tasks, noted inside only, ended with what follows."""

from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan, row
from tests.world import START, World
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.actions.hold import CaseIsOver
from yishi.cases.actions.searches import (
    AlreadyLooked,
    AlreadySearching,
    NothingLooked,
    PlaceWanted,
    SearchIsOver,
    end_search,
    look,
    note_recovered,
    note_search,
    open_search,
)
from yishi.cases.actions.tasks import end_task
from yishi.cases.models.history import TimelineEntry
from yishi.cases.models.searches import LookedFor, PlaceLookedAt, SearchNote
from yishi.cases.models.tasks import Task
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.searches import find_search
from yishi.cases.rules.searches import Wanted, places_for
from yishi.kit.errors import Invalid
from yishi.shipments.queries.custody import Held

HOUR = timedelta(hours=1)


def held(*kinds: str) -> list[Held]:
    return [Held(START, kind, 1) for kind in kinds]


@pytest.mark.parametrize(
    ("category", "scans", "places"),
    [
        ("LOST", [], ["OUTLET_FLOOR", "PROBLEM_SHELF"]),
        ("LOST", held("accepted", "departed_hub"), ["VEHICLE", "HUB", "OUTLET_FLOOR"]),
        ("LOST", held("arrived_hub", "delayed"), ["HUB", "OUTLET_FLOOR"]),
        ("LOST", held("arrived_at_outlet"), ["OUTLET_FLOOR", "PROBLEM_SHELF"]),
        ("SIGNED_NOT_RECEIVED", held("out_for_delivery", "delivered"),
         ["LODGE", "DOOR", "NEIGHBOUR", "VEHICLE", "STATION_SHELF", "OUTLET_FLOOR"]),
        ("PARCEL_NOT_FOUND", held("stored_at_pickup_point"),
         ["STATION_SHELF", "LOCKER", "VEHICLE", "OUTLET_FLOOR"]),
        ("PARCEL_NOT_FOUND", held("out_for_delivery"),
         ["STATION_SHELF", "VEHICLE", "PROBLEM_SHELF", "OUTLET_FLOOR"]),
    ],
)  # fmt: skip
def test_where_to_look_first_is_told_by_who_had_it(category: str, scans: list, places: list[str]) -> None:
    assert [one.place for one in places_for(category, scans)] == places


def test_the_outlet_that_had_it_looks_and_head_office_asks_the_hub() -> None:
    assert places_for("LOST", [Held(START, "departed_hub", 7), Held(START, "in_transit")]) == [
        Wanted("VEHICLE", 7), Wanted("HUB", None), Wanted("OUTLET_FLOOR", 7)]  # fmt: skip


def start(world: World, case, *places: str) -> list[int]:
    wanted = [
        PlaceWanted(place=place, outlet_id=world.jiangning_id) for place in places or ("LODGE", "VEHICLE")
    ]
    open_search(case_id=case.case_id, places=wanted, within=HOUR, by=world.viewer(world.lin), at=START)
    return list(PlaceLookedAt.objects.order_by("id").values_list("pk", flat=True))


def test_a_search_gives_tasks_and_the_person_hears_of_it(world: World) -> None:
    case = at_dongshan(world)
    start(world, case)
    assert list(Task.objects.order_by("id").values_list("title", "due_at")) == [
        ("找件：门卫、物业", START + HOUR), ("找件：车里", START + HOUR)]  # fmt: skip
    public = list_timeline(case.case_id, audience="PUBLIC")
    assert "正在找您的包裹" in public[-1].text and "门卫" not in str(public)
    assert row(case).replied_at is None  # an automatic line is no answer
    with pytest.raises(AlreadySearching):
        start(world, case)
    assert Task.objects.count() == 2


def test_what_is_said_of_people_stays_inside_and_sealed(world: World) -> None:
    case, lin = at_dongshan(world), world.viewer(world.lin)
    start(world, case)
    said = {"case_id": case.case_id, "by": lin, "at": START}
    cctv = {
        "what": "2 号门",
        "said": "穿红衣的邻居拿走",
        "from_at": START - 2 * HOUR,
        "until_at": START - HOUR,
    }
    note_search(kind="CCTV", **cctv, **said)
    note_search(kind="ASKED", what="门卫老张", said="没见过", **said)
    note_search(kind="PATROL", what="三号楼楼道", **said)
    with pytest.raises(Invalid):
        note_search(kind="CCTV", **{**cctv, "until_at": START - 3 * HOUR}, **said)
    assert SearchNote.objects.count() == 3
    assert not TimelineEntry.objects.filter(text__contains="红衣").exists()
    assert "老张" not in str(list(TimelineEntry.objects.values_list("text", "data")))
    shown = find_search(case.case_id)
    assert shown is not None and [one.what for one in shown.notes] == ["2 号门", "门卫老张", "三号楼楼道"]


def test_a_place_is_looked_at_once_here_or_by_whoever_has_the_task(world: World) -> None:
    case, lin, he = at_dongshan(world), world.viewer(world.lin), world.viewer(world.he)
    lodge, _vehicle = start(world, case)
    seen = {"case_id": case.case_id, "place_id": lodge, "is_there": False, "by": lin, "at": START}
    with pytest.raises(NothingLooked):
        end_search(case_id=case.case_id, is_found=False, where="", said="没有", by=lin, at=START)
    look(said="柜子翻过了", **seen)
    with pytest.raises(AlreadyLooked):
        look(said="", **seen)
    end_task(
        task_id=Task.objects.get(title="找件：车里").pk, state="DONE", result="车里没有", by=he, at=START
    )
    shown = find_search(case.case_id)
    assert shown is not None and shown.left == 0
    assert [(one.said, one.looked_by) for one in shown.places] == [
        ("柜子翻过了", "林客服"),
        ("车里没有", "何客服"),
    ]
    assert Task.objects.filter(state="DONE").count() == 2


def test_not_found_ends_the_tasks_and_a_late_find_is_noted_once(world: World) -> None:
    case, lin = at_dongshan(world), world.viewer(world.lin)
    lodge, _vehicle = start(world, case)
    look(case_id=case.case_id, place_id=lodge, is_there=False, said="", by=lin, at=START)
    end_search(case_id=case.case_id, is_found=False, where="", said="两处都没有", by=lin, at=START)
    assert Task.objects.get(title="找件：车里").state == "CANCELLED"
    assert "没有找到您的包裹" in list_timeline(case.case_id, audience="PUBLIC")[-1].text
    with pytest.raises(SearchIsOver):
        look(case_id=case.case_id, place_id=lodge, is_there=True, said="", by=lin, at=START)
    note_recovered(case_id=case.case_id, where="东山驿站 3 号架", by=lin, at=START + HOUR)
    with pytest.raises(SearchIsOver):
        note_recovered(case_id=case.case_id, where="别处", by=lin, at=START + HOUR)
    search = LookedFor.objects.get()
    assert (search.state, search.recovered_where) == ("NOT_FOUND", "东山驿站 3 号架")


def test_where_it_was_found_is_needed_and_nothing_begins_on_a_case_that_is_over(world: World) -> None:
    case, lin = at_dongshan(world), world.viewer(world.lin)
    start(world, case)
    with pytest.raises(Invalid):
        end_search(case_id=case.case_id, is_found=True, where=" ", said="", by=lin, at=START)
    assert LookedFor.objects.get().state == "SEARCHING"
    end_search(case_id=case.case_id, is_found=True, where="车里座位下", said="", by=lin, at=START)
    withdraw_case(case_id=case.case_id, at=START)
    with pytest.raises(CaseIsOver):
        start(world, case)
    assert LookedFor.objects.count() == 1
