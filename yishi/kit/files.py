"""Files that people give us: limited while streaming, photos re-encoded, encrypted at rest.

Of a photo that is proof the original is kept beside it, with its position; nobody is shown it as a picture.

The bytes go to the file store before the row is written, so that what we answered for is there; bytes
whose row never came, or has gone by retention, are removed by `sweep_orphans`.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings

from yishi.kit.errors import Refusal
from yishi.kit.models import ScanState
from yishi.kit.models import StoredFile as StoredFile
from yishi.kit.personal import decrypt, encrypt
from yishi.kit.photos import NotAPhoto, kind_of, make_safe

MAX_BYTES = 20 * 1024 * 1024
_CHUNK = 256 * 1024
_MAX_NAME = 200
# of these the original is kept as it was handed in
_PROOF = frozenset({"EVIDENCE", "APPEAL"})
# a file may be stored a while before the transaction that names it ends
_ORPHAN_AFTER = timedelta(days=1)


class FileTooLarge(Refusal):
    """文件超过 20 MB"""

    code = "file_too_large"
    status = 413


class DocumentTooLarge(Refusal):
    """文件超过 %(most)s MB"""

    code = "file_too_large"
    status = 413


class EmptyFile(Refusal):
    """文件是空的"""

    code = "empty_file"
    status = 422


class KindNotTaken(Refusal):
    """只收照片、PDF、录音和短视频"""

    code = "kind_not_taken"
    status = 415


class Quarantined(Refusal):
    """这个文件有病毒，已经隔离，谁也打不开"""

    code = "quarantined"
    status = 403


class StillScanning(Refusal):
    """这个文件正在查毒，过一两分钟再打开"""

    code = "still_scanning"
    status = 409
    retry_after_s = 60


class Readable(Protocol):
    """The part of an uploaded file that is needed here."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it was handed in; name and type are claims of the sender."""

    name: str
    content_type: str
    stream: Readable


class FileStore(Protocol):
    """Where bytes lie, under a key of our making. A later store (S3) implements these four."""

    def put(self, key: str, body: bytes) -> None:
        """Keeps the bytes; they are durable when it returns."""
        ...

    def get(self, key: str) -> bytes:
        """The bytes. FileNotFoundError when there are none."""
        ...

    def remove(self, key: str) -> None:
        """Forgets the bytes; nothing happens when there are none."""
        ...

    def keys_before(self, moment: datetime) -> Iterator[str]:
        """Keys of everything that was put before this moment."""
        ...


class LocalStore:
    """A folder of the installation, two letters deep so that no folder grows large."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, body: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".half{os.getpid()}")
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def get(self, key: str) -> bytes:
        return self._path(key).read_bytes()

    def remove(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def keys_before(self, moment: datetime) -> Iterator[str]:
        for path in self.folder.glob("??/*"):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                yield path.name

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


def file_store() -> FileStore:
    """The store of this installation."""
    return LocalStore(Path(settings.MEDIA_ROOT))


def store_upload(*, upload: Upload, retention_class: str, at: datetime) -> StoredFile:
    """Reads, judges and keeps one file; photos come out as JPEG, upright and without EXIF.

    Raises FileTooLarge (over 20 MB, noticed while reading), EmptyFile, NotAPhoto, TooManyPixels or
    KindNotTaken; nothing is kept then. What a file is, its first bytes say, not its name.
    """
    given = body = _read(upload.stream)
    kind = kind_of(body[:16])
    thumbnail = b""
    if kind.startswith("image/"):
        photo = make_safe(body)
        body, thumbnail, kind = photo.picture, photo.thumbnail, "image/jpeg"
    elif not kind:
        raise NotAPhoto if upload.content_type.startswith("image/") else KindNotTaken
    key = uuid.uuid4()
    store = file_store()
    store.put(key.hex, encrypt(body))
    if thumbnail:
        store.put(f"{key.hex}.thumb", encrypt(thumbnail))
    has_original = bool(thumbnail) and retention_class in _PROOF
    if has_original:
        store.put(f"{key.hex}.orig", encrypt(given))
    is_scanned = bool(settings.ENVIRONMENT.scan_url)
    return StoredFile.objects.create(
        id=key,
        name=_clean_name(upload.name),
        content_type=kind,
        size=len(body),
        sha256=hashlib.sha256(body).digest(),
        intake_sha256=hashlib.sha256(given).digest(),
        has_thumbnail=bool(thumbnail),
        has_original=has_original,
        retention_class=retention_class,
        scan_state=ScanState.PENDING if is_scanned else ScanState.NOT_SCANNED,
        scan_due_at=at if is_scanned else None,
        stored_at=at,
    )


def read_upload(*, upload: Upload, most: int) -> bytes:
    """The bytes of a file that is read by a program, not shown. Raises DocumentTooLarge, EmptyFile."""
    try:
        return _read(upload.stream, most)
    except FileTooLarge:
        raise DocumentTooLarge(most=most // (1024 * 1024)) from None


def store_document(
    *, name: str, content_type: str, body: bytes, retention_class: str, at: datetime
) -> StoredFile:
    """Keeps bytes as they are, judged by the caller, encrypted; nobody is shown them as a picture."""
    key = uuid.uuid4()
    file_store().put(key.hex, encrypt(body))
    return StoredFile.objects.create(
        id=key,
        name=_clean_name(name),
        content_type=content_type,
        size=len(body),
        sha256=hashlib.sha256(body).digest(),
        intake_sha256=hashlib.sha256(body).digest(),
        retention_class=retention_class,
        stored_at=at,
    )


def safe_photo(*, upload: Upload) -> bytes:
    """One photo as JPEG, read within the limits of `store_upload` and kept nowhere.

    Raises FileTooLarge, EmptyFile, NotAPhoto or TooManyPixels.
    """
    body = _read(upload.stream)
    if not kind_of(body[:16]).startswith("image/"):
        raise NotAPhoto
    return make_safe(body).picture


def open_file(file: StoredFile, *, thumbnail: bool = False, original: bool = False) -> bytes:
    """The plain bytes, or those of its thumbnail (JPEG), or as handed in; permission is the caller's matter.

    Raises Quarantined; StillScanning for what the scanner has not seen, save a photo that we made anew;
    FileNotFoundError when there is no thumbnail or original, or the bytes are gone.
    """
    is_ours = file.has_thumbnail and not original
    if file.scan_state == ScanState.INFECTED:
        raise Quarantined
    if file.scan_state == ScanState.PENDING and not is_ours:
        raise StillScanning
    part = ".thumb" if thumbnail else ".orig" if original else ""
    return decrypt(file_store().get(f"{file.id.hex}{part}"))


def bytes_as_given(file: StoredFile) -> bytes:
    """What was handed in, for whoever judges it and shows it to nobody; FileNotFoundError when it is gone."""
    return decrypt(file_store().get(f"{file.id.hex}.orig" if file.has_original else file.id.hex))


def keep_as(*, file_ids: Sequence[uuid.UUID], retention_class: str) -> None:
    """Gives files another class of retention."""
    StoredFile.objects.filter(pk__in=file_ids).update(retention_class=retention_class)


def proof_hashes(file_ids: Sequence[uuid.UUID]) -> list[str]:
    """The hashes at intake of these files, in their order."""
    known = {file.pk: file.proof_hash for file in StoredFile.objects.filter(pk__in=file_ids)}
    return [known[file_id] for file_id in file_ids]


def sweep_orphans(*, at: datetime) -> int:
    """Removes stored bytes older than a day that no row names; returns how many."""
    store = file_store()
    keys = list(store.keys_before(at - _ORPHAN_AFTER))
    removed = 0
    for start in range(0, len(keys), 500):
        batch = keys[start : start + 500]
        ids = [file_id for key in batch if (file_id := _id_of(key))]
        known = {
            file_id.hex for file_id in StoredFile.objects.filter(pk__in=ids).values_list("pk", flat=True)
        }
        for key in batch:
            if key.partition(".")[0] not in known:
                store.remove(key)
                removed += 1
    return removed


def _read(stream: Readable, most: int = MAX_BYTES) -> bytes:
    parts, size = [], 0
    while part := stream.read(_CHUNK):
        size += len(part)
        if size > most:
            raise FileTooLarge
        parts.append(part)
    if not size:
        raise EmptyFile
    return b"".join(parts)


def _clean_name(name: str) -> str:
    """The last part of the name, printable and short: it is shown again to other people."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[-_MAX_NAME:] or "file"


def _id_of(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key.partition(".")[0])
    except ValueError:
        return None
