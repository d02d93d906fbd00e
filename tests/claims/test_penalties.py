"""Penalties received: once, from a form or a file; appealed in time; the books say what was saved."""

from datetime import timedelta

import pytest

from tests.claims.test_claims import balance
from tests.world import START
from yishi.claims.actions.penalties import (
    NewPenalty,
    PenaltyKnown,
    PenaltyMoved,
    TooLateToAppeal,
    appeal_penalty,
    note_appeal_result,
    note_penalty,
    void_penalty,
)
from yishi.claims.actions.policy import set_fee_code
from yishi.claims.jobs import sweep_penalty_records
from yishi.claims.models.ledger import Entry, Posting
from yishi.claims.models.penalty import ReceivedPenalty
from yishi.claims.queries.penalties import list_penalties, months_of_penalties, penalty_sums
from yishi.feeds.models import FileRecord
from yishi.kit.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
FINE = NewPenalty(
    origin="HQ", amount_fen=5_000, happened_at=START, fee_code="100201", external_no="KH1", outlet_code="DS01"
)


def refuses(refusal, call):
    before = [list(table.objects.order_by("pk").values()) for table in (ReceivedPenalty, Entry, Posting)]
    with pytest.raises(refusal):
        call()
    assert before == [list(t.objects.order_by("pk").values()) for t in (ReceivedPenalty, Entry, Posting)]


def noted(world, **changed):
    values = {**FINE.__dict__, **changed}
    return note_penalty(penalty=NewPenalty(**values), by=world.viewer(world.quality), at=START)


def test_written_down_once_with_the_name_of_its_code(world):
    noted(world)
    (line,) = list_penalties(viewer=world.viewer(world.zhou), at=START)
    assert (line.label, line.amount_fen, line.outlet_name, line.can_appeal) == (
        "工单自动考核",
        5_000,
        "东山网点",
        True,
    )
    assert balance() == {"6101": 5_000, "2101": -5_000}
    refuses(PenaltyKnown, lambda: noted(world))
    refuses(Invalid, lambda: noted(world, amount_fen=0, external_no=""))
    refuses(NotFound, lambda: noted(world, outlet_code="NO"))


def test_who_may_not(world):
    refuses(NotAllowed, lambda: note_penalty(penalty=FINE, by=world.viewer(world.lin), at=START))
    noted(world)
    assert list_penalties(viewer=world.viewer(world.owner), at=START) != []


def test_appealed_until_the_last_moment_by_the_operators_days(world):
    quality = world.viewer(world.quality)
    set_fee_code(code="100201", name="工单自动考核", appeal_days=3, by=quality, at=START)
    number, until = noted(world), START + timedelta(days=3)
    sums = penalty_sums(viewer=quality, at=START)
    assert (sums.appealable, sums.appealable_fen, sums.first_until) == (1, 5_000, until)
    late = until + timedelta(microseconds=1)
    refuses(
        TooLateToAppeal, lambda: appeal_penalty(penalty_id=number, reason="打过电话", by=quality, at=late)
    )
    assert penalty_sums(viewer=quality, at=late).appealable == 0
    appeal_penalty(penalty_id=number, reason="打过电话", by=quality, at=until)
    refuses(PenaltyMoved, lambda: appeal_penalty(penalty_id=number, reason="再来", by=quality, at=until))


@pytest.mark.parametrize(
    ("result", "left", "saved", "books"),
    [
        ("REVOKED", None, 5_000, {}),
        ("REDUCED", 2_000, 3_000, {"6101": 2_000, "2101": -2_000}),
        ("UPHELD", None, 0, {"6101": 5_000, "2101": -5_000}),
    ],
)
def test_what_an_appeal_saved(world, result, left, saved, books):
    number, by = noted(world), world.viewer(world.zhou)
    refuses(
        PenaltyMoved,
        lambda: note_appeal_result(penalty_id=number, result=result, left_fen=left, by=by, at=START),
    )
    appeal_penalty(penalty_id=number, reason="录音在", by=by, at=START)
    refuses(
        Invalid,
        lambda: note_appeal_result(penalty_id=number, result="REDUCED", left_fen=5_000, by=by, at=START),
    )
    note_appeal_result(penalty_id=number, result=result, left_fen=left, by=by, at=START)
    assert balance() == books
    (month,) = months_of_penalties(viewer=by)
    assert (month.received_fen, month.saved_fen) == (5_000, saved)
    refuses(PenaltyMoved, lambda: void_penalty(penalty_id=number, by=by, at=START))


def record(mark=b"m" * 16, **changed):
    values = {
        "layout": "penalty_list",
        "kind": "PENALTY",
        "carrier": "yuantong",
        "waybill_no": "YT8800000000001",
    }
    values |= {"label": "100601 工单服务质量考核", "outlet_code": "DS01", "amount_fen": 7_889, "words": "{}"}
    return FileRecord.objects.create(mark=mark, noted_at=START, happened_at=START, **{**values, **changed})


def test_lines_of_a_file_are_taken_once_and_taken_back_with_it(world):
    row = record()
    record(b"q" * 16, kind="QUALITY")
    record(b"z" * 16, amount_fen=None)
    assert [sweep_penalty_records(at=START), sweep_penalty_records(at=START)] == [1, 0]
    found = ReceivedPenalty.objects.get()
    assert (found.fee_code, found.amount_fen, found.outlet_id) == ("100601", 7_889, world.dongshan_id)
    row.delete()
    assert sweep_penalty_records(at=START) == 1 and balance() == {}
    record()
    assert sweep_penalty_records(at=START) == 1 and balance() == {"6101": 7_889, "2101": -7_889}


def test_another_outlets_penalty_is_unknown(world):
    number = noted(world, outlet_code="JN01")
    zhou = world.viewer(world.zhou)
    assert list_penalties(viewer=zhou, at=START) == []
    refuses(NotFound, lambda: appeal_penalty(penalty_id=number, reason="试试", by=zhou, at=START))
