"""Many parcels at once: a case is opened for each that has none, tried first, done once, told row by row."""

import uuid

import pytest

from tests.cases.making import at_dongshan, parcel, row
from tests.world import START, World
from yishi.automation.actions.bulk import ask_bulk, run_bulk
from yishi.automation.actions.opening import Opening
from yishi.automation.models.macros import Bulk
from yishi.automation.queries.macros import access_bulk
from yishi.cases.models.case import Case
from yishi.cases.queries.day import care_day
from yishi.cases.queries.history import list_timeline
from yishi.kit.errors import Invalid
from yishi.kit.models import FactRow

PRESS = [{"do": "press", "text": "客户在群里催"}]


def ask(
    world: World, *waybill_nos: str, category: str = "URGE", cases=(), steps=PRESS, key=None
) -> uuid.UUID:
    return ask_bulk(
        key=key or uuid.uuid4(),
        case_nos=cases,
        steps=steps,
        opening=Opening(category=category, waybill_nos=waybill_nos),
        by=world.viewer(world.lin),
        at=START,
    )


def states(world: World, key: uuid.UUID) -> list[tuple[str, str]]:
    return [(one.waybill_no, one.state) for one in access_bulk(viewer=world.viewer(world.lin), key=key).rows]


def test_a_trial_opens_nothing_and_the_doing_opens_each_once(world: World) -> None:
    open_one = at_dongshan(world)
    parcel(outlet_id=world.dongshan_id, waybill_no="YT880000000002")
    parcel(outlet_id=world.jiangning_id, waybill_no="YT880000000003")
    key = ask(world, "YT880000000002", "YT880000000003", "YT880000000009", cases=[open_one.case_no])
    tried = [
        ("", "FITS"),
        ("YT880000000002", "FITS"),
        ("YT880000000003", "REFUSED"),
        ("YT880000000009", "REFUSED"),
    ]
    assert states(world, key) == tried and Case.objects.count() == 1
    for _press in range(2):
        assert ask(world, "YT880000000002", key=key) == key
        run_bulk(key=key, by=world.viewer(world.lin), at=START)
    assert [state for _no, state in states(world, key)] == ["DONE", "DONE", "REFUSED", "REFUSED"]
    opened = Case.objects.get(waybill_no="YT880000000002")
    assert (opened.category, opened.is_internal, opened.source) == ("URGE", True, "GROUP_CHAT")
    assert list_timeline(opened.pk)[0].text == "客户在群里催"
    assert "PRESSED" in [line.kind for line in list_timeline(open_one.case_id)]
    assert FactRow.objects.filter(fact="cases.CaseOpened").count() == 2


def test_a_parcel_with_an_open_case_is_told_and_intercepted_beside_it(world: World) -> None:
    case = at_dongshan(world)
    refused = access_bulk(viewer=world.viewer(world.lin), key=ask(world, row(case).waybill_no)).rows[0]
    assert case.case_no in refused.says and refused.state == "REFUSED"
    for expected in ("FITS", "REFUSED"):
        key = ask(world, row(case).waybill_no, category="INTERCEPT", steps=())
        assert states(world, key)[0][1] == expected
        run_bulk(key=key, by=world.viewer(world.lin), at=START)
    assert Case.objects.filter(category="INTERCEPT").count() == 1


def test_only_what_an_outlet_asks_for_is_opened_in_bulk(world: World) -> None:
    parcel(outlet_id=world.dongshan_id, waybill_no="YT880000000002")
    with pytest.raises(Invalid):
        ask(world, "YT880000000002", category="LOST")
    assert not Bulk.objects.exists() and not Case.objects.exists()


def test_the_day_counts_what_people_brought(world: World) -> None:
    at_dongshan(world)
    parcel(outlet_id=world.dongshan_id, waybill_no="YT880000000002")
    run_bulk(key=ask(world, "YT880000000002"), by=world.viewer(world.lin), at=START)
    day = care_day(viewer=world.viewer(world.lin), outlet_code="DS01", since=START, at=START)
    assert (day.received, day.settled, day.valid, day.open, day.overdue) == (1, 0, 0, 2, 0)
