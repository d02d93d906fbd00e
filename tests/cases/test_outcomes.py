"""What came of cases: each rate by its definition, from a handful of cases told in full."""

from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan, opened, row
from tests.world import START
from yishi.cases.actions.reopen import reopen_case
from yishi.cases.actions.reply import consumer_reply
from yishi.cases.actions.resolve import Finding, resolve_case
from yishi.cases.actions.status import close_case
from yishi.cases.queries.outcomes import GROUPS, Asked, list_behind, outcome_rates
from yishi.cases.rules.outcomes import Share, causes_for, needs_root_cause
from yishi.consignees.actions.contacts import keep_contacts
from yishi.consignees.rules import ContactRow
from yishi.kit.errors import Invalid
from yishi.people.rules import SYSTEM_VIEWER

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED = Asked(since=START - DAY, until=START + 60 * DAY)
LATE = START + 61 * DAY


@pytest.mark.parametrize(
    ("claimed", "verified", "validity", "needed"),
    [
        ("LOST", "LOST", "VALID", True),
        ("SHORT", "OTHER", "PARTLY", True),
        ("DELAY", "DAMAGED", "VALID", True),
        ("DAMAGED", "DAMAGED", "INVALID", False),
        ("PARCEL_NOT_FOUND", "PARCEL_NOT_FOUND", "VALID", False),
        ("PARCEL_NOT_FOUND", "LOST", "VALID", True),
        ("ATTITUDE", "ATTITUDE", "VALID", False),
    ],
)
def test_who_needs_a_root_cause(claimed, verified, validity, needed):
    assert needs_root_cause(claimed=claimed, verified=verified, validity=validity) is needed


def test_causes_fit_the_trouble():
    assert "WET" in causes_for("DAMAGED")
    assert "WET" not in causes_for("LOST")
    assert set(causes_for("DELAY")) > set(causes_for("LOST"))


def test_a_share_of_nothing_is_no_share():
    assert (Share(0, 0).percent, Share(1, 4).percent, Share(1, 4).is_small) == (None, 25.0, True)


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


def person(number):
    (contact_id,) = keep_contacts([ContactRow(name="客", phone=f"1990000010{number}")], START)
    return contact_id


def settle(case, by, at, **finding):
    verdict = Finding(**{"validity": "VALID", "reason": "查实", **finding})
    resolve_case(
        case_id=case.case_id, remedy="FOUND", text="办好了", finding=verdict, root_cause="WET", by=by, at=at
    )


@pytest.fixture
def told(world, lin):
    """Five people: quiet after it; reopened; wrote again; came again; not settled."""
    cases = [
        opened(world, waybill_no=f"A100000{n}", contact_id=person(n), category="DELAY", entry_point="scan")
        for n in range(5)
    ]
    for case in cases[:4]:
        settle(case, SYSTEM_VIEWER, START + HOUR)
    reopen_case(case_id=cases[1].case_id, reason="", by=None, at=START + 2 * DAY)
    consumer_reply(case_id=cases[2].case_id, text="还是没到", at=START + 2 * DAY)
    again = opened(world, waybill_no="A9999999", contact_id=person(3), category="LOST", at=START + 5 * DAY)
    settle(again, SYSTEM_VIEWER, START + 6 * DAY, validity="PARTLY", category="DELAY")
    return [*cases, again]


def figures(by="", key="", at=LATE, asked=ASKED, viewer=SYSTEM_VIEWER):
    return {one.key: one for one in outcome_rates(viewer=viewer, asked=asked, by=by, at=at)}[key]


def test_settled_at_once_needs_quiet_afterwards(told):
    everything = figures()
    assert (everything.once.part, everything.once.whole) == (2, 5)
    assert [line.case_no for line in behind("once")] == [told[5].case_no, told[0].case_no]
    shorter = Asked(since=ASKED.since, until=ASKED.until, settled_within=DAY)
    assert figures(asked=shorter).once.part == 4


def behind(figure, by="", key=""):
    return list_behind(viewer=SYSTEM_VIEWER, asked=ASKED, figure=figure, by=by, key=key, at=LATE)


def test_who_is_still_in_his_days_is_not_judged(told):
    at = START + 6 * DAY
    assert (figures(at=at).once.part, figures(at=at).once.whole) == (0, 1)
    assert figures(at=at).again_30.whole == 0


def test_second_contacts_within_3_and_30_days(told):
    everything = figures()
    assert (everything.again_3.part, everything.again_3.whole) == (1, 6)
    assert (everything.again_30.part, everything.again_30.whole) == (2, 6)
    assert {line.case_no for line in behind("again_30")} == {told[2].case_no, told[3].case_no}


def test_claims_and_findings_stand_side_by_side(told):
    delay, lost = figures("category", "DELAY"), figures("category", "LOST")
    assert (delay.counts["claimed"], delay.found_as) == (5, 4 + 1)
    assert (lost.counts["claimed"], lost.found_as, lost.counts["partly"]) == (1, 0, 1)
    assert len(behind("found_as", "category", "DELAY")) == 5


@pytest.mark.parametrize("by", GROUPS)
def test_every_number_is_as_long_as_its_list(told, by):
    for one in outcome_rates(viewer=SYSTEM_VIEWER, asked=ASKED, by=by, at=LATE):
        for figure in ("claimed", "judged", "once", "again_3", "again_30", "repeat_30"):
            assert len(behind(figure, by, one.key)) == one.counts[figure]


def test_an_outlet_counts_its_own(world, lin, told):
    mine = at_dongshan(world, contact_id=person(9))
    close = {"at": START + DAY, "by": SYSTEM_VIEWER}
    settle(mine, lin, START + HOUR)
    close_case(case_id=mine.case_id, **close)
    assert figures(viewer=lin).counts["claimed"] == 1
    assert outcome_rates(viewer=world.viewer(world.he), asked=ASKED, at=LATE) == []


@pytest.mark.parametrize(
    "wanted", [{"by": "phone"}, {"asked": Asked(since=START, until=LATE, settled_within=0 * DAY)}]
)
def test_unknown_wishes_are_refused(world, wanted):
    with pytest.raises(Invalid):
        outcome_rates(**{"viewer": SYSTEM_VIEWER, "asked": ASKED, "at": LATE, **wanted})


def test_lost_and_damaged_are_not_settled_without_a_cause(world, lin):
    case = at_dongshan(world, category="DAMAGED")
    verdict = Finding(validity="VALID", party="CARRIER", responsible="转运中心", reason="压坏")
    with pytest.raises(Invalid) as refused:
        resolve_case(case_id=case.case_id, remedy="赔付", text="赔你", finding=verdict, by=lin, at=START)
    assert refused.value.errors[0][:2] == ("/root_cause", "missing_field")
    assert (row(case).status, row(case).version) == ("OPEN", 1)
    settle(case, lin, START, party="CARRIER")
    assert (row(case).finding_party, row(case).root_cause) == ("CARRIER", "WET")
