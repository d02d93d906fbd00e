"""A pack of proof holds what was attached: logs printed, recordings beside the PDF; its asker hears of it."""

import io
import wave
import zipfile
from datetime import timedelta

import pytest

from tests.claims.making import damaged
from tests.claims.test_arbitration import read
from tests.web.desk.conftest import browser
from tests.world import START
from yishi.cases.actions.evidence import add_evidence, add_written_proof
from yishi.cases.actions.exports import ask_export
from yishi.cases.jobs import sweep_exports
from yishi.cases.models.case import Case
from yishi.cases.rules.proofs import Proof
from yishi.claims.actions.packs import ask_pack
from yishi.claims.jobs import sweep_packs
from yishi.claims.models.arbitration import EvidencePack
from yishi.claims.queries.arbitrations import access_pack
from yishi.kit.files import Upload, open_file, store_upload
from yishi.kit.sound import seconds_of
from yishi.shipments.models.parcels import ContactAttempt

pytestmark = pytest.mark.django_db
CHAT = "09:01 客户：杯子碎了，电话 13800000009\n09:03 客服：马上核实"


def recording(seconds=3):
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 8000 * seconds)
    return out.getvalue()


@pytest.fixture
def proven(world):
    """A case with a call, a log of a chat and a recording; who asks."""
    case_id, by = damaged(world), world.viewer(world.lin)
    case = Case.objects.get(pk=case_id)
    ContactAttempt.objects.create(
        shipment_id=case.shipment_id,
        kind="CALL",
        at=START,
        recorded_at=START,
        outcome="响 30 秒没人接",
        courier_number="YT0001",
    )
    chat = Proof(kind="CHAT", taken_at=START)
    add_written_proof(case_id=case_id, proof=chat, name="聊天.txt", words=CHAT, by=by, at=START)
    upload = Upload(name="通话/录音.wav", content_type="audio/wav", stream=io.BytesIO(recording()))
    file = store_upload(upload=upload, retention_class="EVIDENCE", at=START)
    add_evidence(
        case_id=case_id, files=[file.pk], proof=Proof(kind="RECORDING", taken_at=START), by=by, at=START
    )
    return case_id, by, file


def test_calls_and_logs_are_printed_and_a_recording_lies_beside(proven, tmp_path):
    case_id, by, file = proven
    pack_id = ask_pack(case_id=case_id, is_for_outside=True, by=by, at=START)
    held = access_pack(viewer=by, case_id=case_id, pack_id=pack_id)
    assert (held.content_type, held.name[-4:]) == ("application/zip", ".zip")
    archive = zipfile.ZipFile(io.BytesIO(open_file(held)))
    pdf_name, sound_name = archive.namelist()
    assert sound_name == "02-录音.wav" and archive.read(sound_name) == open_file(file) == recording()
    text, _fonts = read(archive.read(pdf_name), tmp_path)
    flat = "".join(text.split())
    for word in ("响30秒没人接", "YT0001", "聊天记录", "客服：马上核实", "通话录音", "0分03秒", "录音.wav"):
        assert word in flat, word
    assert bytes(file.sha256).hex() in flat and "有1个文件印不出来" in flat
    assert "13800000009" not in flat and "林客服" not in flat  # outside nobody is named
    inside = ask_pack(case_id=case_id, is_for_outside=False, by=by, at=START)
    archive = zipfile.ZipFile(io.BytesIO(open_file(access_pack(viewer=by, case_id=case_id, pack_id=inside))))
    text, _fonts = read(archive.read(archive.namelist()[0]), tmp_path)
    assert "林客服" in text


def test_what_is_too_large_is_said_and_left_out(proven, tmp_path, monkeypatch):
    case_id, by, _file = proven
    monkeypatch.setattr("yishi.claims.queries.pack_files.MOST_BYTES", 1000)
    pack_id = ask_pack(case_id=case_id, is_for_outside=True, by=by, at=START)
    held = access_pack(viewer=by, case_id=case_id, pack_id=pack_id)
    assert held.content_type == "application/pdf"
    text, _fonts = read(open_file(held), tmp_path)
    assert "太大，没有放进来" in "".join(text.split())


@pytest.fixture
def told(monkeypatch):
    topics = []
    for room in ("claims.actions.packs", "cases.actions.exports"):
        monkeypatch.setattr(f"yishi.{room}.nudge", lambda *some: topics.extend(some))
    return topics


def test_its_asker_hears_that_it_is_ready_and_the_sheet_says_so(proven, told, monkeypatch, world):
    case_id, by, _file = proven
    monkeypatch.setattr("yishi.claims.actions.packs._SMALL_FILES", -1)
    ask_pack(case_id=case_id, is_for_outside=True, by=by, at=START)
    case_no = Case.objects.get(pk=case_id).case_no
    client = browser(world.lin)
    assert told == [] and "正在生成" in client.get(f"/desk/cases/{case_no}/news").content.decode()
    sweep_packs(at=START)
    assert told == [f"case:{case_no}", f"user:{world.lin.pk}"]
    news = client.get(f"/desk/cases/{case_no}/news").content.decode()
    assert 'id="packs"' in news and "做好了" in news and "ZIP" in news
    link = next(part for part in news.split('"') if "/packs/" in part)
    assert client.get(link)["Content-Type"] == "application/zip"


def test_one_that_cannot_be_made_says_so_after_three_tries(proven, told, monkeypatch, world):
    case_id, by, _file = proven
    monkeypatch.setattr("yishi.claims.actions.packs._SMALL_FILES", -1)
    ask_pack(case_id=case_id, is_for_outside=True, by=by, at=START)

    def broken(*_args, **_values):
        raise RuntimeError("no ink")

    monkeypatch.setattr("yishi.claims.queries.packs.write_pack", broken)
    for minute in range(3):
        assert told == []
        sweep_packs(at=START + timedelta(minutes=minute))
    assert EvidencePack.objects.get().state == "FAILED" and told[1:] == [f"user:{world.lin.pk}"]
    case_no = Case.objects.get(pk=case_id).case_no
    assert "没做成" in browser(world.lin).get(f"/desk/cases/{case_no}/news").content.decode()


def test_a_long_export_calls_its_asker_when_it_is_ready(world, told, monkeypatch):
    damaged(world)
    monkeypatch.setattr("yishi.cases.actions.exports.AT_ONCE", -1)
    said = {"filters": {}, "reason": "月度复盘", "format": "csv", "is_plain": False}
    ask_export(**said, by=world.viewer(world.lin), at=START)
    assert told == [] and "正在做" in (page := browser(world.lin).get("/desk/exports").content.decode())
    assert "data-live=" in page and "nudge from:closest" in page
    sweep_exports(at=START)
    assert told == [f"user:{world.lin.pk}"]


@pytest.mark.parametrize(
    ("body", "kind", "seconds"),
    [
        (recording(7), "audio/wav", 7),
        (b"#!AMR\n" + b"\x3c" + b"\0" * 31, "audio/amr", 0),
        (b"#!AMR\n" + (b"\x3c" + b"\0" * 31) * 100, "audio/amr", 2),
        (b"....mvhd" + b"\0" * 12 + b"\0\0\x03\xe8" + b"\0\0\x27\x10", "audio/mp4", 10),
        (b"RIFF", "audio/wav", None),
        (b"....mvhd", "video/mp4", None),
        (b"ID3", "audio/mpeg", None),
    ],
)
def test_how_long_a_recording_lasts_its_head_says(body, kind, seconds):
    assert seconds_of(body, kind) == seconds
