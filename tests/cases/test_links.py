"""Repeats counted, duplicates merged and taken apart again, one case split into several."""

from datetime import timedelta

import pytest

from tests.cases.making import WAYBILL, at_dongshan, opened, row
from tests.world import START
from yishi.cases.actions.escalate import withdraw_case
from yishi.cases.actions.hold import CaseIsOver
from yishi.cases.actions.links import (
    NothingToSplit,
    NotMerged,
    NotSameMatter,
    SameCase,
    Share,
    merge_case,
    split_case,
    unmerge_case,
)
from yishi.cases.actions.reopen import MergedAway, reopen_case
from yishi.cases.actions.reply import consumer_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status, close_case
from yishi.cases.actions.tasks import give_task
from yishi.cases.models.case import Case
from yishi.cases.models.tasks import Task
from yishi.cases.queries.cards import get_case
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.links import Beside, cases_beside, goes_on_token
from yishi.consignees.actions.contacts import keep_contacts
from yishi.consignees.rules import ContactRow
from yishi.kit.errors import Invalid, NotFound, Stale
from yishi.notifications.models import Delivery
from yishi.sla.models.clocks import SlaClock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


@pytest.fixture
def two(world, lin):
    """The same parcel complained of twice by one person."""
    first = at_dongshan(world)
    later = opened(world, category="DELAY", text="还没收到，催一下", at=START + HOUR)
    Case.objects.filter(pk=later.case_id).update(outlet_id=world.dongshan_id)
    return first, later


def neighbour():
    (contact_id,) = keep_contacts([ContactRow(name="李女士", phone="19900000002")], START)
    return contact_id


def kinds(case, audience="INTERNAL"):
    return [line.kind for line in list_timeline(case.case_id, audience)]


def running(case):
    clocks = SlaClock.objects.filter(
        subject_id=case.case_id, subject_kind="CASE", stopped_at=None, met_at=None
    )
    return {clock.kind: clock.due_at for clock in clocks}


def resolve(case, by, at):
    finding = Finding(validity="VALID", reason="放错楼道")
    resolve_case(case_id=case.case_id, remedy="FOUND", text="已送到你手上", finding=finding, by=by, at=at)


def test_repeats_are_counted_linked_and_pressed(world):
    opened(world, at=START - 20 * DAY)
    opened(world, at=START - 3 * DAY, category="DELAY")
    opened(world, at=START - DAY, category="PRAISE")
    case = row(opened(world))
    assert (case.repeats_in_3_days, case.repeats_in_30_days, case.priority) == (1, 2, 2)
    assert case.repeat_of.category == "DELAY"
    first = row(opened(world, at=START, waybill_no="A1000001", contact_id=neighbour()))
    assert (first.repeats_in_3_days, first.repeats_in_30_days, first.priority) == (0, 0, 0)


def test_the_earlier_ones_are_shown_with_what_became_of_them(world, lin, two):
    first, later = two
    resolve(first, lin, START + HOUR)
    (line,) = cases_beside(viewer=lin, case=get_case(later.case_id)).earlier
    assert (line.line.case_no, line.validity, line.remedy) == (first.case_no, "VALID", "FOUND")
    assert (line.likeness.is_same_parcel, line.likeness.is_same_person) == (True, True)
    unseen = cases_beside(viewer=world.viewer(world.he), case=get_case(later.case_id))
    assert unseen == Beside(earlier=[], similar=[], of_person=[])


def test_a_duplicate_goes_on_in_the_other_with_its_strictest_clock(two, lin):
    first, later = two
    due = running(first)
    (offer,) = cases_beside(viewer=lin, case=get_case(first.case_id)).similar
    assert offer.line.case_no == later.case_no
    merge_case(case_id=first.case_id, into_id=later.case_id, reason="同一件事", by=lin, at=START + 2 * HOUR)
    assert running(first) == {}
    assert running(later)["RESOLUTION"] == due["RESOLUTION"]
    merged = row(first)
    assert (merged.status, merged.merged_into_id, row(later).priority) == ("CLOSED", later.case_id, 2)
    assert kinds(first)[-2:] == ["MERGED", "MERGED_WHY"]
    assert kinds(later)[-1] == "MERGED_IN"
    told = Delivery.objects.filter(subject_id=str(first.case_id), kind="PUBLIC_STEP")
    assert told.count() == 1
    consumer_reply(case_id=first.case_id, text="门口没有", at=START + 3 * HOUR)
    assert kinds(later, "PUBLIC")[-1] == "CONSUMER"
    with pytest.raises(MergedAway):
        reopen_case(case_id=first.case_id, reason="", by=None, at=START + 3 * HOUR)


def test_another_person_keeps_his_words_and_hears_the_result(world, lin, two):
    lead = two[0]
    other = opened(world, contact_id=neighbour(), category="DELAY", at=START + 2 * HOUR)
    Case.objects.filter(pk=other.case_id).update(outlet_id=world.dongshan_id)
    merge_case(case_id=other.case_id, into_id=lead.case_id, by=lin, at=START + 3 * HOUR)
    assert lead.case_no not in str(list_timeline(other.case_id, "PUBLIC"))
    consumer_reply(case_id=other.case_id, text="我是寄件人", at=START + 3 * HOUR)
    assert "我是寄件人" not in str(list_timeline(lead.case_id, "PUBLIC"))
    assert kinds(lead)[-1] == "MERGED_WROTE"
    resolve(lead, lin, START + 4 * HOUR)
    assert list_timeline(other.case_id, "PUBLIC")[-1].text == "已送到你手上"


def test_a_merge_is_taken_back_within_a_day(two, lin):
    first, later = two
    before = running(first)
    merge_case(case_id=first.case_id, into_id=later.case_id, by=lin, at=START + HOUR)
    with pytest.raises(NotMerged):
        unmerge_case(case_id=first.case_id, by=lin, at=START + 26 * HOUR)
    unmerge_case(case_id=first.case_id, by=lin, at=START + 25 * HOUR)
    assert (row(first).status, row(first).merged_into_id) == ("OPEN", None)
    assert running(first) == before


def test_a_merge_taken_back_rests_on_as_it_rested(two, lin):
    first, later = two
    ask = {"status": "WAITING_CUSTOMER", "reason": "请发一张门口的照片"}
    change_status(case_id=first.case_id, **ask, by=lin, at=START + HOUR)
    before = SlaClock.objects.get(subject_id=first.case_id, kind="RESOLUTION")
    merge_case(case_id=first.case_id, into_id=later.case_id, by=lin, at=START + 2 * HOUR)
    unmerge_case(case_id=first.case_id, by=lin, at=START + 6 * HOUR)
    after = SlaClock.objects.get(pk=before.pk)
    assert (row(first).status, after.stopped_at) == ("WAITING_CUSTOMER", None)
    rests = after.pauses.order_by("id").values_list("from_at", "until_at", "limit_at", "entry_id")
    (began, cut, limit, line), on = rests
    assert (began, cut, before.act_at) == (START + HOUR, START + 2 * HOUR, limit)
    assert on == (START + 2 * HOUR, None, limit, line)
    said = list_timeline(first.case_id)[-1]
    assert (said.kind, "请发一张门口的照片" in said.text) == ("PAUSE_GOES_ON", True)
    consumer_reply(case_id=first.case_id, text="发了", at=START + 8 * HOUR)
    # five service hours were left when it began to wait: two this evening, three tomorrow
    assert (before.due_at, running(first)["RESOLUTION"]) == (START + 6 * HOUR, START + 25 * HOUR)


@pytest.fixture
def apart(world, lin, two):
    """A neighbour's case merged into the first person's."""
    lead = two[0]
    other = opened(world, contact_id=neighbour(), category="DELAY", at=START + HOUR)
    Case.objects.filter(pk=other.case_id).update(outlet_id=world.dongshan_id)
    merge_case(case_id=other.case_id, into_id=lead.case_id, by=lin, at=START + 2 * HOUR)
    return lead, other


def notices(case):
    return Delivery.objects.filter(subject_id=str(case.case_id), kind="PUBLIC_STEP").count()


def test_what_the_leads_person_withdraws_is_only_his(apart, two, lin):
    lead, other = apart
    own = two[1]
    merge_case(case_id=own.case_id, into_id=lead.case_id, by=lin, at=START + 2 * HOUR)
    withdraw_case(case_id=lead.case_id, at=START + 3 * HOUR)
    assert (row(lead).status, row(own).status, running(lead)) == ("WITHDRAWN", "CLOSED", {})
    assert (row(other).status, row(other).merged_into_id) == ("IN_PROGRESS", None)
    assert running(other)["RESOLUTION"] > START + 3 * HOUR
    assert "没有撤" in list_timeline(other.case_id, "PUBLIC")[-1].text
    assert (notices(other), kinds(lead)[-1]) == (2, "MERGED_OUT")


def test_the_end_of_the_lead_is_told_to_the_other_as_well(apart, lin):
    lead, other = apart
    resolve(lead, lin, START + 4 * HOUR)
    close_case(case_id=lead.case_id, at=START + 5 * HOUR)
    assert kinds(other, "PUBLIC")[-2:] == ["MERGED_RESULT", "MERGED_OVER"]
    assert (row(other).status, notices(other)) == ("CLOSED", 3)


def test_nothing_of_a_merged_case_stays_promised(world, two, lin):
    first, later = two
    due = START + 5 * HOUR
    give_task(
        case_id=first.case_id, title="看监控", outlet_id=world.jiangning_id, due_at=due, by=lin, at=START
    )
    merge_case(case_id=first.case_id, into_id=later.case_id, by=lin, at=START + HOUR)
    beside = SlaClock.objects.filter(case_id=first.case_id, met_at=None, stopped_at=None)
    assert not beside.exists()
    assert Task.objects.get().state == "CANCELLED"


def test_what_cannot_be_merged_changes_nothing(world, lin, two):
    first, later = two
    stranger = opened(world, waybill_no="A1000001", contact_id=neighbour(), at=START + HOUR)
    Case.objects.filter(pk=stranger.case_id).update(outlet_id=world.dongshan_id)
    before = list(Case.objects.order_by("pk").values("status", "merged_into", "version"))
    for refusal, wanted in (
        (SameCase, {"into_id": first.case_id}),
        (NotSameMatter, {"into_id": stranger.case_id}),
        (Stale, {"into_id": later.case_id, "version": 99}),
        (NotFound, {"into_id": later.case_id, "by": world.viewer(world.he)}),
    ):
        with pytest.raises(refusal):
            merge_case(**{"case_id": first.case_id, "by": lin, "at": START + HOUR, **wanted})
    assert list(Case.objects.order_by("pk").values("status", "merged_into", "version")) == before


def test_the_second_who_merges_or_settles_is_told_and_no_ring_closes(two, lin):
    first, later = two
    merge_case(case_id=first.case_id, into_id=later.case_id, by=lin, at=START + HOUR)
    for deed in (
        lambda: merge_case(case_id=first.case_id, into_id=later.case_id, by=lin, at=START + HOUR),
        lambda: merge_case(case_id=later.case_id, into_id=first.case_id, by=lin, at=START + HOUR),
        lambda: resolve(first, lin, START + HOUR),
    ):
        with pytest.raises(CaseIsOver):
            deed()
    assert row(later).merged_into_id is None


def test_one_case_becomes_several(world, lin):
    case = at_dongshan(world, text="没收到，快递员还骂人")
    said = list_timeline(case.case_id)[0]
    share = Share(category="ATTITUDE", text="快递员骂人", entry_ids=(said.id,))
    (new,) = split_case(case_id=case.case_id, shares=[share], by=lin, at=START + HOUR)
    made = row(new)
    assert (made.split_from_id, made.contact_id, made.repeat_of_id) == (case.case_id, world.contact_id, None)
    assert (made.waybill_no, made.outlet_id, made.repeats_in_30_days) == (WAYBILL, world.dongshan_id, 0)
    assert "没收到，快递员还骂人" in list_timeline(new.case_id)[-1].text
    assert kinds(case)[-1] == "SPLIT"
    assert Delivery.objects.filter(subject_id=str(new.case_id), kind="ACK").count() == 1


@pytest.mark.parametrize(
    ("refusal", "shares"),
    [
        (NothingToSplit, []),
        (NothingToSplit, [Share(category="SIGNED_NOT_RECEIVED", text="一样的")]),
        (NothingToSplit, [Share(category="ATTITUDE", text="一"), Share(category="ATTITUDE", text="二")]),
        (Invalid, [Share(category="ATTITUDE", text="")]),
        (Invalid, [Share(category="ATTITUDE", text="别人的话", entry_ids=(999_999_999,))]),
    ],
)
def test_what_cannot_be_split_changes_nothing(world, lin, refusal, shares):
    case = at_dongshan(world)
    with pytest.raises(refusal):
        split_case(case_id=case.case_id, shares=shares, by=lin, at=START + HOUR)
    assert Case.objects.count() == 1
    assert row(case).version == 1


def test_a_merged_cases_link_leads_its_person_on_and_nobody_else(world, lin, two):
    first, later = two
    other = opened(world, contact_id=neighbour(), category="DELAY", at=START + 2 * HOUR)
    Case.objects.filter(pk=other.case_id).update(outlet_id=world.dongshan_id)
    merge_case(case_id=first.case_id, into_id=later.case_id, by=lin, at=START + 3 * HOUR)
    merge_case(case_id=other.case_id, into_id=later.case_id, by=lin, at=START + 3 * HOUR)
    assert goes_on_token(first.case_id) == later.token
    assert goes_on_token(other.case_id) == ""
