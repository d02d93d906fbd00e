"""Files: stored encrypted, read back whole, refused with a reason and then leaving nothing."""

import hashlib
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.kit.test_photos import photo
from yishi.kit import files
from yishi.kit.files import Upload, open_file, store_upload, sweep_orphans
from yishi.kit.models import StoredFile
from yishi.kit.photos import NotAPhoto

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 evidence"


@pytest.fixture(autouse=True)
def store(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def keep(body: bytes, name: str = "a.pdf", content_type: str = "application/pdf") -> StoredFile:
    upload = Upload(name=name, content_type=content_type, stream=io.BytesIO(body))
    return store_upload(upload=upload, retention_class="EVIDENCE", at=AT)


def on_disk(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_a_document_is_kept_as_it_is_and_encrypted(store: Path) -> None:
    file = keep(PDF)
    assert open_file(file) == PDF
    assert (file.content_type, file.size, bytes(file.sha256)) == (
        "application/pdf",
        17,
        hashlib.sha256(PDF).digest(),
    )
    (path,) = on_disk(store)
    assert b"evidence" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_photo_has_a_thumbnail() -> None:
    file = StoredFile.objects.get(pk=keep(photo(form="PNG"), "x.exe", "text/plain").pk)
    assert file.has_thumbnail and file.content_type == "image/jpeg"
    assert open_file(file, thumbnail=True)[:3] == open_file(file)[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("body", "content_type", "refusal"),
    [
        (b"", "image/jpeg", files.EmptyFile),
        (b"just words", "image/jpeg", NotAPhoto),
        (b"\xff\xd8\xff broken", "image/jpeg", NotAPhoto),
        (b"\0\0\0\x20ftypheic....", "image/heic", NotAPhoto),
        (b"<script>", "text/html", files.KindNotTaken),
        (PDF + bytes(files.MAX_BYTES), "application/pdf", files.FileTooLarge),
    ],
)
def test_what_is_refused_leaves_nothing(store: Path, body: bytes, content_type: str, refusal: type) -> None:
    with pytest.raises(refusal):
        keep(body, content_type=content_type)
    assert not StoredFile.objects.exists() and not on_disk(store)


def test_exactly_the_largest_size_is_taken() -> None:
    assert keep(PDF + bytes(files.MAX_BYTES - len(PDF))).size == files.MAX_BYTES


@pytest.mark.parametrize(
    ("given", "kept"),
    [("C:\\x\\照片.jpg", "照片.jpg"), ("../../etc/passwd", "passwd"), ("a\n\u202eb", "ab"), ("", "file")],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert StoredFile.objects.get(pk=keep(PDF, given).pk).name == kept


def test_bytes_without_a_row_go_after_a_day(store: Path) -> None:
    kept, lost = keep(PDF), keep(photo(), content_type="image/jpeg")
    StoredFile.objects.filter(pk=lost.pk).delete()
    for path in on_disk(store):
        os.utime(path, (AT.timestamp(), AT.timestamp()))
    assert sweep_orphans(at=AT + timedelta(hours=23)) == 0
    assert sweep_orphans(at=AT + timedelta(hours=25)) == 3  # the picture, its thumbnail, its original
    assert [path.name for path in on_disk(store)] == [kept.pk.hex]
