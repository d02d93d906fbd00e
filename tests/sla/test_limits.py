"""Limits kept by people and by law: versions, hours, pauses, promises reckoned anew, the regulator."""

from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan, opened, parcel, row
from tests.world import START, add_person
from yishi.cases.actions.assign import assign
from yishi.cases.actions.regulator import NotBeforeRegulator, lift_regulator, note_regulator_notice
from yishi.cases.actions.reply import add_reply, consumer_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import change_status
from yishi.cases.queries.history import list_timeline
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.network.models import Outlet
from yishi.notifications.models import Delivery
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.sla.actions.calendars import choose_limit, remove_calendar, save_calendar, save_level
from yishi.sla.actions.policies import (
    AlreadyEnded,
    NoCalendar,
    StillNeeded,
    add_policy,
    change_policy,
    end_policy,
)
from yishi.sla.jobs import sweep_due_clocks, sweep_recomputes
from yishi.sla.models.clocks import SlaClock, SlaPause
from yishi.sla.models.law import Law
from yishi.sla.models.policies import Change, ServiceCalendar, SlaPolicy
from yishi.sla.queries.clocks import clocks_of_case
from yishi.sla.queries.preview import preview
from yishi.sla.queries.reasons import reasons_of_case
from yishi.sla.rules.policies import Policy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE_TO_FIVE = {str(day): [["09:00", "12:00"], ["13:00", "17:00"]] for day in range(7)}


@pytest.fixture
def case(world):
    """Class C at Dongshan: 24 h to the first reply, 72 h to the solution, natural time."""
    return at_dongshan(world, category="DELAY")


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


@pytest.fixture
def boss(world):
    return world.viewer(world.quality)


def clock(case, kind="FIRST_RESPONSE"):
    return SlaClock.objects.filter(subject_id=case.case_id, subject_kind="CASE", kind=kind).latest("id")


def due(case, kind="FIRST_RESPONSE"):
    return (clock(case, kind).due_at - START) / HOUR


def lines(case, kind):
    return [line for line in list_timeline(case.case_id) if line.kind == kind]


def six_hours(**asked):
    return Policy(kind="FIRST_RESPONSE", within=6 * HOUR, **{"case_class": "C", **asked})


def base(case_class="C", kind="FIRST_RESPONSE"):
    return SlaPolicy.objects.get(case_class=case_class, category="", kind=kind, is_active=True, ended_at=None)


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        ({"category": "DELAY"}, 6),
        ({"category": "ATTITUDE"}, 24),
        ({"priority": 0}, 6),
        ({"priority": 2}, 24),
        ({"customer_class": "VIP"}, 24),
        ({"outlet_id": "own"}, 6),
        ({"outlet_id": "other"}, 24),
        ({"region_id": "own"}, 6),
        ({"profile": "双十一", "valid_from": START - DAY, "valid_until": START + DAY}, 6),
        ({"profile": "双十一", "valid_from": START + DAY, "valid_until": START + 2 * DAY}, 24),
    ],
)
def test_a_case_is_promised_by_the_most_specific_policy(world, boss, asked, hours):
    outlet = Outlet.objects.get(pk=world.dongshan_id)
    places = {
        "outlet_id": {"own": outlet.pk, "other": world.jiangning_id},
        "region_id": {"own": outlet.region_id},
    }
    asked = {name: places.get(name, {}).get(value, value) for name, value in asked.items()}
    add_policy(policy=six_hours(**asked), by=boss, at=START - HOUR)
    assert due(at_dongshan(world, category="DELAY")) == hours


def test_an_edit_is_a_new_version_and_counts_for_new_cases(world, case, boss):
    old = base()
    new_id = change_policy(policy_id=old.pk, policy=six_hours(), by=boss, at=START + HOUR)
    later = opened(world, at=START + HOUR, category="ATTITUDE", contact_id=None)
    assert sweep_recomputes(at=START + HOUR) == 0 and due(case) == 24 and due(later) == 7
    new = SlaPolicy.objects.get(pk=new_id)
    assert (new.replaces_id, new.made_by_id) == (old.pk, boss.user_id)
    assert Change.objects.get(what="POLICY").before["within"] == 86400


def test_for_running_cases_too_it_moves_them_once_and_says_why(case, boss):
    change_policy(policy_id=base().pk, policy=six_hours(), is_for_running=True, by=boss, at=START + HOUR)
    assert sweep_recomputes(at=START + HOUR) == 1 and sweep_recomputes(at=START + HOUR) == 0
    assert due(case) == 6 and row(case).next_due_at == START + 6 * HOUR
    (line,) = lines(case, "CLOCKS_MOVED")
    assert line.text == "处理时限的规定改了：“首次回复”从 11-23 10:00 改到 11-22 16:00"


def test_a_tightened_promise_breaks_from_then_on_and_what_was_kept_stays(world, case, boss, lin):
    kept = opened(world, category="ATTITUDE", contact_id=None)
    add_reply(case_id=kept.case_id, text="在查", by=world.viewer(world.quality), at=START + 8 * HOUR)
    at = START + 9 * HOUR
    change_policy(policy_id=base().pk, policy=six_hours(), is_for_running=True, by=boss, at=at)
    sweep_recomputes(at=at)
    sweep_due_clocks(at=at)
    broken, whole = clock(case), clock(kept)
    assert (broken.due_at, broken.breached_at) == (START + 6 * HOUR, at)
    assert (whole.due_at, whole.breached_at, whole.met_at) == (START + DAY, None, START + 8 * HOUR)


@pytest.mark.parametrize(
    ("policy", "refusal"),
    [
        (Policy(kind="FIRST_RESPONSE", within=timedelta(0)), Invalid),
        (six_hours(is_in_service_hours=True), NoCalendar),
    ],
)
def test_a_policy_that_cannot_count_is_refused(world, boss, policy, refusal):
    ServiceCalendar.objects.all().delete()
    before = SlaPolicy.objects.count()
    with pytest.raises(refusal):
        add_policy(policy=policy, by=boss, at=START)
    assert SlaPolicy.objects.count() == before and not Change.objects.exists()


def test_what_a_class_falls_back_on_cannot_be_ended_nor_a_version_twice(world, boss, lin):
    own = add_policy(policy=six_hours(category="DELAY"), by=boss, at=START - HOUR)
    end_policy(policy_id=own, by=boss, at=START)
    for policy_id, by, refusal in (
        (base().pk, boss, StillNeeded),
        (own, boss, AlreadyEnded),
        (own, lin, NotAllowed),
    ):
        with pytest.raises(refusal):
            end_policy(policy_id=policy_id, by=by, at=START)
    assert due(at_dongshan(world, category="DELAY")) == 24


def hours(boss, at, *, outlet_id=None, **days):
    values = {"zone": "", "weekly": NINE_TO_FIVE, "holidays": {}, "adjusted": {}, **days}
    return save_calendar(outlet_id=outlet_id, by=boss, at=at, **values)


def test_a_changed_calendar_moves_what_runs_in_it(world, boss):
    lost, natural = at_dongshan(world, category="LOST"), opened(world, category="DELAY", contact_id=None)
    hours(boss, START + HOUR, holidays={"2026-11-23": "停业"}, adjusted={"2026-11-24": [["10:00", "11:00"]]})
    sweep_recomputes(at=START + HOUR)
    # 10:00 to 12:00 keeps the two hours; of six, four more in the afternoon are one too few
    assert due(lost) == 2 and due(lost, "RESOLUTION") == 7 and due(natural) == 24
    hours(boss, START + HOUR, outlet_id=world.dongshan_id, weekly={"1": [["09:00", "12:00"]]})
    sweep_recomputes(at=START + HOUR)
    assert due(lost) == 49


def test_an_outlets_own_hours_are_taken_away_and_the_operators_count_again(world, boss):
    lost = at_dongshan(world, category="LOST")
    was = due(lost)
    own = hours(boss, START, outlet_id=world.dongshan_id, weekly={"1": [["09:00", "12:00"]]})
    sweep_recomputes(at=START)
    assert due(lost) != was
    remove_calendar(outlet_id=world.dongshan_id, by=boss, at=START + HOUR)
    sweep_recomputes(at=START + HOUR)
    assert due(lost) == was and "自己的工作时间表撤了" in lines(lost, "CLOCKS_MOVED")[-1].text
    assert SlaClock.objects.exclude(calendar_id=own).filter(subject_id=lost.case_id).count() == 3
    with pytest.raises(NotFound):
        remove_calendar(outlet_id=world.dongshan_id, by=boss, at=START + HOUR)
    again = hours(boss, START + 2 * HOUR, outlet_id=world.dongshan_id, weekly={"1": [["09:00", "12:00"]]})
    assert (again, due(opened(world, category="LOST", contact_id=None))) == (own, was)


def test_a_policy_of_a_type_counts_for_whoever_named_none(world, case, boss):
    add_policy(policy=six_hours(type_key="DELAY"), by=boss, at=START - HOUR)
    implied = opened(world, category="DELAY", contact_id=None)
    other = opened(world, category="ATTITUDE", contact_id=None)
    assert (due(implied), due(other)) == (6, 24)


def test_another_outlets_hours_and_policies_count_after_a_move(world, case, boss):
    policy = six_hours(outlet_id=world.jiangning_id)
    add_policy(policy=policy, by=boss, at=START - HOUR)
    values = {"outlet_id": world.jiangning_id, "assignee_id": None, "reason": "归江宁"}
    assign(case_id=case.case_id, by=boss, at=START + HOUR, **values)
    assert due(case) == 6 and "换了网点" in lines(case, "CLOCKS_MOVED")[0].text


def test_a_pause_is_a_row_with_its_reason_and_its_end(case, lin):
    values = {"case_id": case.case_id, "status": "WAITING_CUSTOMER", "by": lin}
    change_status(reason="", at=START, **values)
    assert not SlaPause.objects.exists()
    change_status(status="IN_PROGRESS", case_id=case.case_id, by=lin, at=START + HOUR)
    change_status(reason="问门牌号", at=START + 2 * HOUR, **values)
    consumer_reply(case_id=case.case_id, text="3 栋", at=START + 5 * HOUR)
    pause = SlaPause.objects.get(clock__kind="RESOLUTION")
    told = (pause.reason, pause.from_at, pause.until_at, pause.ended_why, pause.limit_at)
    assert told == ("问门牌号", START + 2 * HOUR, START + 5 * HOUR, "ANSWERED", START + 74 * HOUR)
    assert due(case, "RESOLUTION") == 75


def test_a_pause_is_cut_off_at_its_limit_however_late_somebody_looks(case, lin):
    change_status(case_id=case.case_id, status="WAITING_CUSTOMER", reason="等照片", by=lin, at=START)
    change_status(case_id=case.case_id, status="IN_PROGRESS", by=lin, at=START + 90 * HOUR)
    pause = SlaPause.objects.get(clock__kind="RESOLUTION")
    assert (pause.until_at, pause.ended_why) == (START + 72 * HOUR, "LIMIT")
    assert due(case, "RESOLUTION") == 144 and clock(case, "RESOLUTION").has_used_pause


def test_a_recomputed_promise_keeps_its_waits(case, boss, lin):
    change_status(case_id=case.case_id, status="WAITING_CUSTOMER", reason="等照片", by=lin, at=START + HOUR)
    consumer_reply(case_id=case.case_id, text="好", at=START + 4 * HOUR)
    policy = Policy(kind="RESOLUTION", within=48 * HOUR, case_class="C")
    old = base(kind="RESOLUTION").pk
    change_policy(policy_id=old, policy=policy, is_for_running=True, by=boss, at=START + 5 * HOUR)
    sweep_recomputes(at=START + 5 * HOUR)
    assert due(case, "RESOLUTION") == 51


def test_an_automatic_message_is_no_answer(case, lin):
    add_reply(case_id=case.case_id, text="已收到", by=SYSTEM_VIEWER, at=START)
    add_reply(case_id=case.case_id, text="已收到", is_automatic=True, by=lin, at=START)
    assert (clock(case).met_at, row(case).replied_at, row(case).status) == (None, None, "OPEN")
    add_reply(case_id=case.case_id, text="在查", by=lin, at=START + 24 * HOUR)
    assert (clock(case).met_at, clock(case).breached_at) == (START + 24 * HOUR, None)


def test_the_chain_reaches_the_region_and_respects_peoples_hours(world, case, boss):
    region = add_person("pianqu", "片区质控", Role.QUALITY)
    region.memberships.update(scope_kind="REGION", scope_code="NJ")
    save_level(level=1, within=11 * HOUR, respects_hours=True, is_active=True, by=boss, at=START)
    sweep_due_clocks(at=START + 24 * HOUR + timedelta(seconds=1))
    # eleven hours after the breach it is nine in the evening, at twelve the region sleeps
    sweep_due_clocks(at=START + 36 * HOUR)
    levels = [line.text for line in lines(case, "CLOCK_ESCALATED")]
    assert levels[0] == "“首次回复”超时，已升级到网点负责人" and "“首次回复”超时，已升级到片区" in levels
    night = Delivery.objects.filter(kind="STAFF_ESCALATION").order_by("created_at").first()
    assert night.due_at == START + 45.5 * HOUR


def test_after_seven_days_the_person_may_go_to_the_regulator(world, case, lin):
    right = clock(case, "APPEAL_RIGHT")
    assert (right.due_at - START, right.law.year, right.law.article) == (7 * DAY, "2025", "第二十九条")
    assert "APPEAL_RIGHT" not in {card.kind for card in clocks_of_case(case.case_id)}
    assert not SlaClock.objects.filter(
        subject_id=opened(world, category="URGE", contact_id=None).case_id, kind="APPEAL_RIGHT"
    ).exists()
    finding = Finding(validity="VALID", reason="属实")
    resolve_case(
        case_id=case.case_id, remedy="补送", text="送到了", finding=finding, by=lin, at=START + 7 * DAY
    )
    assert (clock(case, "APPEAL_RIGHT").met_at, clock(case, "APPEAL_RIGHT").breached_at) == (
        START + 7 * DAY,
        None,
    )


def test_a_province_may_say_it_in_its_own_words(world, case):
    told = {one.kind: one for one in reasons_of_case(case.case_id, province="浙江省")}
    assert told["APPEAL_RIGHT"].law.title == "浙江省快递业促进条例"
    Law.objects.filter(province="浙江省", key="COMPLAINT_ANSWER").update(within=5 * DAY)
    Outlet.objects.filter(pk=world.dongshan_id).update(province="浙江省")
    later = opened(
        world, ref=parcel(outlet_id=world.dongshan_id, waybill_no="YT8800000000009"), category="SHORT"
    )
    assert clock(later, "APPEAL_RIGHT").due_at == START + 5 * DAY


@pytest.mark.parametrize(("days", "is_old", "length"), [(None, False, 10), (None, True, 15), (7, False, 7)])
def test_the_regulators_clock_runs_from_the_notice(case, lin, boss, days, is_old, length):
    if is_old:
        choose_limit(law_id=Law.objects.get(key="APPEAL_ANSWER", is_chosen=False).pk, by=boss, at=START)
    received = START - 2 * DAY
    values = {"case_id": case.case_id, "by": lin}
    note_regulator_notice(received_at=received, notice_no="宁邮申 1 号", within_days=days, at=START, **values)
    (card,) = [card for card in clocks_of_case(case.case_id) if card.kind == "REGULATOR"]
    assert card.due_at == received + length * DAY and row(case).is_before_regulator
    assert all(one.law is None or not one.law.is_law for one in reasons_of_case(case.case_id, province="")
               if one.kind == "REGULATOR")  # fmt: skip
    lift_regulator(text="已答复", at=START + DAY, **values)
    assert clock(case, "REGULATOR").met_at == START + DAY and not row(case).is_before_regulator
    with pytest.raises(NotBeforeRegulator):
        lift_regulator(text="已答复", at=START + DAY, **values)


def test_the_regulators_clock_outlives_the_case(case, lin):
    note_regulator_notice(case_id=case.case_id, received_at=START, by=lin, at=START)
    finding = Finding(validity="VALID", reason="属实")
    resolve_case(case_id=case.case_id, remedy="补送", text="送到了", finding=finding, by=lin, at=START + HOUR)
    assert row(case).next_due_at == START + 10 * DAY
    for days in (5, 9, 10.1, 12, 14):
        sweep_due_clocks(at=START + days * DAY)
    broken = clock(case, "REGULATOR")
    assert (broken.breached_at, broken.escalation_level) == (START + 10 * DAY, 4)


def test_a_case_from_the_regulator_is_before_it_at_once(world, lin):
    case = at_dongshan(world, category="DELAY", source="REGULATOR_12305", external_no="9", by=lin)
    assert row(case).is_before_regulator and clock(case, "REGULATOR").due_at == START + 10 * DAY


def test_a_notice_from_tomorrow_changes_nothing(case, lin):
    with pytest.raises(Invalid):
        note_regulator_notice(case_id=case.case_id, received_at=START + HOUR, by=lin, at=START)
    assert not row(case).is_before_regulator and not lines(case, "REGULATOR_NOTICE")


def test_a_policy_is_tried_on_cases_that_are_over(world, case, boss, lin):
    add_reply(case_id=case.case_id, text="在查", by=lin, at=START + 8 * HOUR)
    told = preview(viewer=boss, policy=six_hours(), replaces_id=base().pk, at=START + DAY)
    assert (told.looked, told.covered, told.kept, told.broken, told.kept_really) == (1, 1, 0, 1, 1)
    other = preview(viewer=boss, policy=six_hours(category="SHORT"), replaces_id=None, at=START + DAY)
    assert (other.looked, other.covered) == (1, 0)
    with pytest.raises(NotAllowed):
        preview(viewer=lin, policy=six_hours(), replaces_id=None, at=START)
