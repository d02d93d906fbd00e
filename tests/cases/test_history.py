"""Who reads which line; words put right by new lines; what a proof is and what its line holds."""

import io
from datetime import timedelta

import pytest
from django.db import transaction

from tests.cases.making import WAYBILL, at_dongshan, opened
from tests.world import START
from yishi.cases.actions.corrections import NotOursToCorrect, correct_line
from yishi.cases.actions.evidence import NothingNew, add_evidence, add_written_proof
from yishi.cases.actions.quarantine import note_quarantined
from yishi.cases.actions.reply import add_note, add_reply, consumer_reply
from yishi.cases.actions.snapshots import NothingToKeep, keep_contacts, keep_trace
from yishi.cases.models.case import Case
from yishi.cases.models.history import Evidence, TimelineEntry
from yishi.cases.queries.audit import verify_history
from yishi.cases.queries.history import access_file, list_evidence, list_timeline
from yishi.cases.rules.audiences import audience_of
from yishi.cases.rules.proofs import Proof, kind_of_content
from yishi.kit.errors import Invalid, NotAllowed, NotFound
from yishi.kit.files import Upload, open_file, store_upload
from yishi.kit.models import StoredFile
from yishi.notifications.models import Delivery
from yishi.people.rules import Role, Viewer
from yishi.shipments.models.parcels import ContactAttempt, Shipment

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 slip"


@pytest.fixture
def case(world):
    return at_dongshan(world)


@pytest.fixture
def lin(world):
    return world.viewer(world.lin)


@pytest.fixture
def boss(world):
    return world.viewer(world.quality)


def kept(body: bytes = PDF) -> StoredFile:
    upload = Upload(name="底单.pdf", content_type="application/pdf", stream=io.BytesIO(body))
    return store_upload(upload=upload, retention_class="EVIDENCE", at=START)


def texts(case, viewer) -> list[str]:
    return [line.text for line in list_timeline(case.case_id, audience_of(viewer))]


def test_head_office_keeps_words_to_itself(case, lin, boss):
    add_note(case_id=case.case_id, text="这家网点第三次了", is_for_head_office=True, by=boss, at=START)
    assert "这家网点第三次了" in texts(case, boss)
    assert "这家网点第三次了" not in texts(case, lin)
    assert all("第三次" not in line.text for line in list_timeline(case.case_id, "PUBLIC"))


def test_nobody_writes_what_he_could_not_read(case, lin):
    lines = TimelineEntry.objects.count()
    with pytest.raises(NotAllowed):
        add_note(case_id=case.case_id, text="给总部", is_for_head_office=True, by=lin, at=START)
    assert TimelineEntry.objects.count() == lines


def test_a_program_of_others_is_never_head_office():
    assert audience_of(Viewer(kind="KEY", role=Role.INTEGRATOR, outlet_codes=None)) == "INTERNAL"


def test_a_proof_of_head_office_is_unknown_to_the_outlet(case, lin, boss):
    add_note(case_id=case.case_id, text="总部录音", is_for_head_office=True, by=boss, at=START)
    line = TimelineEntry.objects.get(audience="HEAD_OFFICE")
    file = kept()
    Evidence.objects.create(case_id=case.case_id, entry=line, file=file, author_kind="STAFF", at=START)
    assert access_file(viewer=boss, file_id=file.pk).pk == file.pk
    with pytest.raises(NotFound):
        access_file(viewer=lin, file_id=file.pk)
    assert list_evidence(case.case_id, audience=audience_of(lin)) == []


def test_a_correction_stands_beside_and_the_person_hears_of_it(case, lin):
    wrong = add_reply(case_id=case.case_id, text="在 3 号柜", by=lin, at=START)
    Delivery.objects.all().delete()
    right = correct_line(case_id=case.case_id, entry_id=wrong, text="在 5 号柜", by=lin, at=START)
    line = next(each for each in list_timeline(case.case_id, "PUBLIC") if each.id == wrong)
    assert (line.text, [each.text for each in line.corrections]) == ("在 3 号柜", ["在 5 号柜"])
    assert [each.corrects_id for each in line.corrections] == [wrong] and right > wrong
    assert "5 号柜" in Delivery.objects.get(kind="PUBLIC_STEP").body
    assert verify_history().is_whole


def test_an_inside_line_is_corrected_inside(case, lin):
    wrong = add_note(case_id=case.case_id, text="刘师傅的", by=lin, at=START)
    sent = Delivery.objects.count()
    right = correct_line(case_id=case.case_id, entry_id=wrong, text="王师傅的", by=lin, at=START)
    assert TimelineEntry.objects.get(pk=right).audience == "INTERNAL"
    assert Delivery.objects.count() == sent


def test_what_others_said_or_another_cases_line_is_not_corrected(case, world, lin, boss):
    said = consumer_reply(case_id=case.case_id, text="没收到", at=START)
    secret = add_note(case_id=case.case_id, text="总部的", is_for_head_office=True, by=boss, at=START)
    other = opened(world, waybill_no="YT9", category="DELAY").case_id
    foreign = add_note(case_id=other, text="别的", by=boss, at=START)
    lines = TimelineEntry.objects.count()
    for entry_id, refusal in [
        (said, NotOursToCorrect),
        (secret, NotFound),
        (foreign, NotFound),
        (0, NotFound),
    ]:
        with pytest.raises(refusal):
            correct_line(case_id=case.case_id, entry_id=entry_id, text="改", by=lin, at=START)
    assert TimelineEntry.objects.count() == lines


def test_the_line_seals_the_hash_of_its_files(case, lin):
    file = kept()
    proof = Proof(kind="SIGN_SLIP", taken_at=START - timedelta(hours=3), position="3 号柜前")
    entry = add_evidence(case_id=case.case_id, files=[file.pk], proof=proof, by=lin, at=START)
    (one,) = list_evidence(case.case_id)
    assert (one.kind_word, one.position, one.taken_at) == ("签收底单", "3 号柜前", proof.taken_at)
    assert TimelineEntry.objects.get(pk=entry).data["sha256"] == [one.sha256] == [file.proof_hash]
    assert "3 号柜" not in str(TimelineEntry.objects.get(pk=entry).data)


@pytest.mark.parametrize(
    "proof", [Proof(kind="GHOST"), Proof(kind="CCTV", position="x" * 201), Proof(position="\x00")]
)
def test_a_proof_that_cannot_be_kept_changes_nothing(case, lin, proof):
    file, lines = kept(), TimelineEntry.objects.count()
    with pytest.raises(Invalid):
        add_evidence(case_id=case.case_id, files=[file.pk], proof=proof, by=lin, at=START)
    assert (TimelineEntry.objects.count(), Evidence.objects.count()) == (lines, 0)


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("image/jpeg", "PHOTO"),
        ("audio/amr", "RECORDING"),
        ("video/mp4", "VIDEO"),
        ("application/pdf", "DOCUMENT"),
    ],
)
def test_what_a_file_is_by_itself(content_type, kind):
    assert kind_of_content(content_type) == kind


def test_material_of_an_appeal_is_kept_as_such(case, lin):
    Case.objects.filter(pk=case.case_id).update(is_before_regulator=True)
    file = kept()
    add_evidence(case_id=case.case_id, files=[file.pk], by=lin, at=START)
    assert StoredFile.objects.get(pk=file.pk).retention_class == "APPEAL"


def test_a_place_on_a_cameras_record_needs_no_file(case, lin):
    proof = Proof(kind="CCTV", taken_at=START, position="大门摄像头 2")
    say = {"case_id": case.case_id, "proof": proof, "name": "监控.txt", "by": lin, "at": START}
    add_written_proof(words="14:02 至 14:10，穿蓝衣服的人拿走", **say)
    (one,) = list_evidence(case.case_id)
    assert open_file(StoredFile.objects.get(pk=one.file_id)).decode().endswith("穿蓝衣服的人拿走")
    with pytest.raises(NothingNew), transaction.atomic():
        add_written_proof(words="14:02 至 14:10，穿蓝衣服的人拿走", **say)
    assert Evidence.objects.count() == 1


def test_the_parcels_contacts_are_kept_in_one_touch(case, lin):
    parcel = Shipment.objects.get(waybill_no=WAYBILL)
    ContactAttempt.objects.create(
        shipment=parcel, kind="CALL", at=START, outcome="无人接听", recorded_by="key", recorded_at=START
    )
    keep_contacts(case_id=case.case_id, by=lin, at=START)
    (one,) = list_evidence(case.case_id)
    said = open_file(StoredFile.objects.get(pk=one.file_id)).decode()
    assert one.kind == "CALLS" and WAYBILL in said and "CALL | 无人接听" in said
    for keep, refusal in ((keep_contacts, NothingNew), (keep_trace, NothingToKeep)):
        with pytest.raises(refusal), transaction.atomic():
            keep(case_id=case.case_id, by=lin, at=START)
    assert Evidence.objects.count() == 1


def test_who_reads_of_a_file_hears_that_it_was_infected(case, lin):
    file = kept()
    add_evidence(case_id=case.case_id, files=[file.pk], by=lin, at=START)
    assert note_quarantined(file_id=file.pk, found="Eicar-Signature", at=START) == 1
    line = list_timeline(case.case_id)[-1]
    assert line.kind == "QUARANTINED" and "Eicar-Signature" in line.text and line.is_internal
