"""仲裁 with its two deadlines, and the pack of proof: what stands in it, and who may have it."""

import subprocess
from datetime import timedelta
from shutil import which

import pytest

from tests.cases.making import opened
from tests.claims.making import damaged, proposed
from tests.claims.test_claims import balance, refuses
from tests.stories.conftest import photo
from tests.world import CONSUMER_PHONE, START
from yishi.cases.actions.evidence import add_evidence
from yishi.cases.models.case import Case
from yishi.claims.actions.arbitrate import (
    ArbitrationMoved,
    InArbitration,
    NoTerms,
    TooLateForSecond,
    ask_second_instance,
    end_arbitration,
    file_arbitration,
    note_answer,
    note_decision,
)
from yishi.claims.actions.packs import ask_pack
from yishi.claims.actions.policy import set_arbitration_term
from yishi.claims.jobs import sweep_packs
from yishi.claims.models.arbitration import Arbitration, EvidencePack
from yishi.claims.models.policy import ArbitrationTerm
from yishi.claims.queries.arbitrations import access_pack, packs_of_case
from yishi.kit.errors import Invalid, NotFound
from yishi.kit.files import Upload, open_file, store_upload
from yishi.kit.models import FactRow

pytestmark = pytest.mark.django_db


def filed(world, *, at=START):
    case_id = damaged(world)
    by = world.viewer(world.zhou)
    said = {"against": "圆通速递", "asked_fen": 38_800, "reason": "中转场摔坏，有照片"}
    return file_arbitration(case_id=case_id, **said, by=by, at=at), case_id, by


def test_filed_by_the_brands_own_days(world):
    quality = world.viewer(world.quality)
    set_arbitration_term(
        carrier="yuantong",
        respond_within_hours=48,
        second_within_hours=24,
        source="圆通仲裁细则",
        by=quality,
        at=START,
    )
    number, case_id, _by = filed(world)
    found = Arbitration.objects.get(pk=number)
    assert found.respond_by == START + timedelta(hours=48) and Case.objects.get(pk=case_id).is_in_arbitration
    promise = FactRow.objects.get(fact="cases.PromiseMade", body__kind="ARBITRATION")
    assert promise.body["subject_id"] == number and promise.body["due_at"].startswith("2026-11-24T02:00")


def test_one_arbitration_at_a_time_and_none_without_days(world):
    _number, case_id, by = filed(world)
    again = {"case_id": case_id, "against": "圆通", "asked_fen": 1, "reason": "再来", "by": by, "at": START}
    refuses(InArbitration, lambda: file_arbitration(**again))
    ArbitrationTerm.objects.update(ended_at=START)
    other = damaged_elsewhere(world)
    refuses(NoTerms, lambda: file_arbitration(**{**again, "case_id": other}))


def damaged_elsewhere(world):
    from tests.cases.making import parcel

    return opened(
        world, ref=parcel(outlet_id=world.jiangning_id, waybill_no="YT8800000000002"), category="DAMAGED"
    ).case_id


def test_lost_first_and_won_in_the_second_instance(world):
    number, case_id, by = filed(world)
    one = {"arbitration_id": number, "by": by}
    refuses(ArbitrationMoved, lambda: ask_second_instance(**one, reason="不服", at=START))
    note_answer(**one, text="说是包装不好", at=START)
    refuses(ArbitrationMoved, lambda: note_answer(**one, text="又一次", at=START))
    partly = {"outcome": "PARTLY", "awarded_fen": 10_000, "reason": "各担一半"}
    refuses(Invalid, lambda: note_decision(**one, **{**partly, "awarded_fen": 38_800}, at=START))
    note_decision(**one, **partly, at=START)
    assert balance() == {"1202": 10_000, "5101": -10_000}
    ask_second_instance(**one, reason="有装包照片", at=START + timedelta(hours=72))
    refuses(ArbitrationMoved, lambda: end_arbitration(**one, reason="算了", at=START))
    note_decision(**one, outcome="WON", awarded_fen=38_800, reason="照片清楚", at=START + timedelta(hours=80))
    assert balance() == {"1202": 38_800, "5101": -38_800}
    assert not Case.objects.get(pk=case_id).is_in_arbitration and Arbitration.objects.get().state == "FINAL"


def test_a_moment_too_late_for_the_second_instance(world):
    number, case_id, by = filed(world)
    note_decision(arbitration_id=number, outcome="LOST", awarded_fen=0, reason="证据不足", by=by, at=START)
    late = START + timedelta(hours=72, microseconds=1)
    refuses(
        TooLateForSecond, lambda: ask_second_instance(arbitration_id=number, reason="不服", by=by, at=late)
    )
    end_arbitration(arbitration_id=number, reason="认了", by=by, at=late)
    assert balance() == {} and not Case.objects.get(pk=case_id).is_in_arbitration


def read(body, tmp_path):
    """The text of a PDF, and its fonts."""
    if which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    file = tmp_path / "pack.pdf"
    file.write_bytes(body)
    run = [["pdftotext", "-layout", str(file), "-"], ["pdffonts", str(file)]]
    return [subprocess.run(one, capture_output=True, text=True, check=True).stdout for one in run]


def test_the_pack_holds_the_proof_and_hides_the_person(world, tmp_path):
    claim = proposed(world)
    by = world.viewer(world.lin)
    upload = Upload(name="碎了.jpg", content_type="image/jpeg", stream=photo())
    stored = store_upload(upload=upload, retention_class="EVIDENCE", at=START)
    add_evidence(case_id=claim.case_id, files=[stored.pk], by=by, at=START)
    pack_id = ask_pack(case_id=claim.case_id, is_for_outside=True, by=by, at=START)
    text, fonts = read(open_file(access_pack(viewer=by, case_id=claim.case_id, pack_id=pack_id)), tmp_path)
    flat = "".join(text.split())
    for word in ("举证材料", "YT8800000000001", "杯子碎了", "388.00", "圆通速递", bytes(stored.sha256).hex()):
        assert word in flat, word
    assert CONSUMER_PHONE not in flat and "王女士" not in flat and "199****0001" in flat
    assert "理赔方案" not in flat  # what was said inside stays inside
    (chinese,) = [line for line in fonts.splitlines() if "NotoSansSC" in line]
    assert chinese.split()[-5:-3] == ["yes", "yes"] or " yes yes yes" in chinese


def test_a_foreign_pack_is_unknown(world):
    case_id = damaged(world)
    pack_id = ask_pack(case_id=case_id, is_for_outside=True, by=world.viewer(world.lin), at=START)
    lin, other = world.viewer(world.lin), opened(world).case_id
    with pytest.raises(NotFound):
        access_pack(viewer=lin, case_id=other, pack_id=pack_id)
    inside = ask_pack(case_id=case_id, is_for_outside=False, by=world.viewer(world.quality), at=START)
    with pytest.raises(NotFound):
        access_pack(viewer=lin, case_id=case_id, pack_id=inside)
    assert [one.id for one in packs_of_case(case_id, viewer=lin)] == [pack_id]


def test_a_large_one_is_made_by_the_worker_once(world, monkeypatch):
    monkeypatch.setattr("yishi.claims.actions.packs._SMALL_FILES", -1)
    case_id, by = damaged(world), world.viewer(world.lin)
    assert len({ask_pack(case_id=case_id, is_for_outside=True, by=by, at=START) for _ in range(2)}) == 1
    assert EvidencePack.objects.get().state == "WAITING"
    assert [sweep_packs(at=START), sweep_packs(at=START), EvidencePack.objects.get().state] == [1, 0, "READY"]
