"""The same cause again: by a table when it says something, and what linking does to a case."""

from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan, opened, parcel, row
from tests.world import START
from yishi.cases.actions.causes import link_cause
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.models.case import Case
from yishi.cases.queries.cards import get_case
from yishi.cases.queries.causes import cause_lines
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.outcomes import Asked, outcome_rates
from yishi.cases.rules.causes import Earlier, cause_of, raised_by_cause
from yishi.kit.outbox import run_due
from yishi.shipments.models.parcels import Shipment

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def earlier(ago, *, courier=False, kind=True, root=""):
    return Earlier(
        case_id=int(1_000 - ago / SECOND / 3600),
        opened_at=START - ago,
        is_same_kind=kind,
        is_same_courier=courier,
        root_cause=root,
    )


@pytest.mark.parametrize(
    ("before", "more", "by", "counts"),
    [
        ([], {}, None, None),
        # of one courier the first is one; the last moment of the month still counts
        ([earlier(DAY, courier=True)], {}, "COURIER", (1, 1)),
        ([earlier(3 * DAY, courier=True)], {}, "COURIER", (1, 1)),
        ([earlier(3 * DAY + SECOND, courier=True)], {}, "COURIER", (0, 1)),
        ([earlier(30 * DAY, courier=True)], {}, "COURIER", (0, 1)),
        ([earlier(30 * DAY + SECOND, courier=True)], {}, None, None),
        # at an outlet only a row of them
        ([earlier(DAY)] * 2, {}, None, None),
        ([earlier(DAY)] * 3, {}, "OUTLET", (3, 3)),
        ([earlier(DAY)] * 2 + [earlier(4 * DAY)] * 7, {}, None, None),
        ([earlier(DAY)] * 2 + [earlier(4 * DAY)] * 8, {}, "OUTLET", (2, 10)),
        # another kind of trouble is another cause, whoever the courier is
        ([earlier(DAY, courier=True, kind=False)], {}, None, None),
        # what was found goes before what was claimed
        ([earlier(DAY, kind=False, root="WET")], {"root_cause": "WET"}, "ROOT_CAUSE", (1, 1)),
        ([earlier(DAY, kind=False, root="WET")], {"root_cause": "CRUSHED"}, None, None),
        ([earlier(DAY, kind=False, root="")], {"root_cause": ""}, None, None),
        # praise and questions have none
        ([earlier(DAY, courier=True)], {"case_class": "P"}, None, None),
        ([earlier(DAY, courier=True)], {"case_class": "Q"}, None, None),
        # what came later is not before
        ([earlier(-DAY, courier=True)], {}, None, None),
    ],
)
def test_when_a_cause_says_something(before, more, by, counts):
    cause = cause_of(before, at=START, **{"case_class": "C", **more})
    assert (cause and cause.by) == by
    assert cause is None or (cause.in_3_days, cause.in_30_days) == counts


def test_the_newest_comes_first_with_what_was_mostly_behind_it():
    before = [
        earlier(days * DAY, courier=True, root=root) for days, root in ((9, "WET"), (2, ""), (5, "WET"))
    ]
    cause = cause_of(before, case_class="E", at=START)
    assert cause.root_cause == "WET"
    assert cause.case_ids == tuple(sorted((one.case_id for one in before), reverse=True))


@pytest.mark.parametrize(("priority", "raised"), [(0, 1), (1, 2), (2, 2)])
def test_a_cause_raises_by_one(priority, raised):
    assert raised_by_cause(priority) == raised


def of_courier(world, number, *, courier="C7", **more):
    """A case of another person each time, of a parcel that this courier had."""
    ref = parcel(outlet_id=world.dongshan_id, waybill_no=f"A10000{number:02d}")
    Shipment.objects.filter(pk=ref.id).update(courier_number=courier)
    return opened(world, ref=ref, contact_id=None, **more)


def settled_down(at=START):
    while run_due(at=at):
        pass


def test_one_couriers_trouble_is_linked_counted_and_pressed(world):
    first = of_courier(world, 1, category="ATTITUDE", at=START - 10 * DAY)
    near = of_courier(world, 2, category="ATTITUDE", at=START - DAY)
    of_courier(world, 3, category="DELAY", at=START - DAY)
    of_courier(world, 4, category="ATTITUDE", courier="C8", at=START - DAY)
    case = of_courier(world, 5, category="ATTITUDE")
    settled_down()
    found = row(case)
    assert (found.cause_by, found.cause_of_id, found.priority) == ("COURIER", near.case_id, 1)
    assert (found.causes_in_3_days, found.causes_in_30_days) == (1, 2)
    assert (found.repeat_of_id, row(first).cause_by) == (None, "")
    (line,) = [one for one in list_timeline(case.case_id) if one.kind == "REPEAT_CAUSE"]
    assert near.case_no in line.text and "同一快递员" in line.text and "加一级" in line.text
    assert not [one for one in list_timeline(case.case_id, "PUBLIC") if one.kind == "REPEAT_CAUSE"]
    assert link_cause(case_id=case.case_id, at=START) is False
    assert row(case).version == found.version
    (all_of,) = outcome_rates(
        viewer=world.viewer(world.lin), asked=Asked(since=START - DAY, until=START + DAY), at=START
    )
    assert (all_of.same_cause.part, all_of.same_cause.whole) == (2, 4)


def test_ones_own_repeats_are_no_cause(world):
    at_dongshan(world, category="DELAY", at=START - DAY)
    case = opened(world, category="DELAY", at=START)
    Case.objects.filter(pk=case.case_id).update(outlet_id=world.dongshan_id)
    assert link_cause(case_id=case.case_id, at=START) is False
    assert (row(case).cause_by, row(case).repeats_in_30_days) == ("", 1)


def test_a_root_cause_found_again_is_linked_and_presses_nothing_that_is_over(world):
    lin, finding = world.viewer(world.lin), Finding(validity="VALID", reason="雨天没盖")
    cases = [of_courier(world, n, category="DAMAGED", courier=f"C{n}", at=START - n * DAY) for n in (2, 1)]
    for case in cases:
        done = {"remedy": "赔", "text": "赔了", "finding": finding, "root_cause": "WET"}
        resolve_case(case_id=case.case_id, **done, by=lin, at=START)
        settled_down()
    later = row(cases[1])
    assert (later.cause_by, later.cause_of_id, later.priority) == ("ROOT_CAUSE", cases[0].case_id, 0)
    shown = cause_lines(viewer=lin, case=get_case(later.pk))
    assert [line.case_no for line in shown.lines] == [cases[0].case_no] and shown.root_cause == "WET"
    assert cause_lines(viewer=world.viewer(world.he), case=get_case(later.pk)).lines == []
