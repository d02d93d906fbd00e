"""Files wait for the scanner; what is infected is given to nobody; a scanner that is away loses nothing."""

import dataclasses
import io
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.clamd import EICAR, clamd
from tests.kit.test_photos import photo, with_position
from yishi.config.environment import BadSetting, read_environment
from yishi.kit.files import Quarantined, StillScanning, Upload, open_file, store_upload
from yishi.kit.models import FactRow, StoredFile
from yishi.kit.scanning import Command, ScannerAway, scanner_at, sweep_unscanned

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 value of the goods"


@pytest.fixture
def scan(settings, tmp_path):
    """Sets the scanner's address."""
    settings.MEDIA_ROOT = tmp_path / "files"

    def at(url: str) -> None:
        settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, scan_url=url)

    return at


def keep(body: bytes) -> StoredFile:
    upload = Upload(name="证明.pdf", content_type="application/pdf", stream=io.BytesIO(body))
    return store_upload(upload=upload, retention_class="EVIDENCE", at=AT)


def now_as(file: StoredFile) -> StoredFile:
    return StoredFile.objects.get(pk=file.pk)


def test_clean_files_open_and_an_infected_one_never_does(scan):
    with clamd() as server:
        scan(server.url)
        good, bad = keep(PDF), keep(PDF + EICAR)
        assert sweep_unscanned(at=AT) == 2
    assert now_as(good).scan_state == "CLEAN" and open_file(now_as(good)) == PDF
    assert (now_as(bad).scan_state, now_as(bad).scan_said) == ("INFECTED", "Eicar-Signature")
    with pytest.raises(Quarantined):
        open_file(now_as(bad))
    assert FactRow.objects.filter(fact="kit.FileQuarantined").count() == 1
    assert server.seen == [len(PDF), len(PDF + EICAR)]


def test_a_large_file_goes_in_pieces(scan):
    with clamd() as server:
        scan(server.url)
        keep(PDF + b"x" * 200_000)
        assert sweep_unscanned(at=AT) == 1
    assert server.seen == [len(PDF) + 200_000]


def test_until_it_is_scanned_only_a_photo_made_anew_is_shown(scan):
    scan("tcp://127.0.0.1:1")
    document, picture = keep(PDF), keep(photo())
    with pytest.raises(StillScanning):
        open_file(document)
    with pytest.raises(StillScanning):
        open_file(picture, original=True)
    assert open_file(picture)[:2] == open_file(picture, thumbnail=True)[:2] == b"\xff\xd8"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"stream: OK FOUN"])
def test_no_verdict_is_no_clean_bill(scan, answer):
    with clamd() as server:
        server.answer = answer
        scan(server.url)
        file = keep(PDF)
        assert sweep_unscanned(at=AT) == 0
        assert now_as(file).scan_state == "PENDING"
        server.answer = None
        assert sweep_unscanned(at=AT + timedelta(minutes=1)) == 0
        assert sweep_unscanned(at=AT + timedelta(minutes=2)) == 1
    assert now_as(file).scan_state == "CLEAN"


def test_where_the_scanner_was_taken_away_nothing_waits_for_ever(scan):
    scan("tcp://127.0.0.1:1")
    file = keep(PDF)
    assert sweep_unscanned(at=AT) == 0
    scan("")
    assert sweep_unscanned(at=AT + timedelta(minutes=2)) == 1
    assert open_file(now_as(file)) == PDF


def test_a_command_answers_by_its_exit_status():
    words = (sys.executable, "-c", "import sys; sys.exit(b'EICAR' in sys.stdin.buffer.read())")
    assert Command(words).scan(PDF) == ""
    assert Command(words).scan(EICAR) == "infected"
    with pytest.raises(ScannerAway):
        Command((sys.executable, "-c", "raise SystemExit(2)")).scan(PDF)
    with pytest.raises(ScannerAway):
        Command(("/no/such/scanner",)).scan(PDF)


@pytest.mark.parametrize("url", ["clamd", "tcp://", "http://127.0.0.1:3310", "unix:", "command:"])
def test_a_wrong_address_is_said_at_once(url, tmp_path):
    with pytest.raises(BadSetting):
        read_environment({"YISHI_HOME": str(tmp_path), "YISHI_SCAN_URL": url})
    with pytest.raises(ValueError, match=r".*"):
        scanner_at(url)


def test_the_original_is_kept_as_given_and_the_picture_has_no_position(scan):
    given = with_position(6)
    file = now_as(keep(given))
    assert open_file(file, original=True) == given
    assert b"Exif" in given and b"Exif" not in open_file(file)
    assert file.proof_hash != bytes(file.sha256).hex()
