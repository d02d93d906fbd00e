"""Proof: files of a case, each with the line of history it came with, whose seal holds the file's hash."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yishi.cases.actions.hold import check_may, check_text, hold_case, keep
from yishi.cases.actions.lines import author_of, write_entry
from yishi.cases.facts import EvidenceAdded
from yishi.cases.models.case import Case
from yishi.cases.models.history import Audience, Evidence, EvidenceKind, TimelineEntry
from yishi.cases.rules.proofs import Proof, kind_of_content
from yishi.kit.errors import Invalid, Refusal
from yishi.kit.facts import announce
from yishi.kit.files import keep_as, proof_hashes, store_document
from yishi.kit.models import StoredFile
from yishi.people.rules import Permission, Viewer

MAX_FILES_OF_CASE = 60
MAX_POSITION = 200


class TooMuchEvidence(Refusal):
    """这件工单的附件太多了，先告诉我们最要紧的"""

    code = "too_much_evidence"


class NothingNew(Refusal):
    """和上次加的一样，没有新的内容"""

    code = "nothing_new"


def proof_note(files: Sequence[UUID]) -> dict[str, Any]:
    """What a line says of the files that came with it: how many, and their hashes at intake."""
    kept = list(dict.fromkeys(files))
    return {"files": len(kept), "sha256": proof_hashes(kept)} if kept else {}


def attach(
    case: Case,
    entry: TimelineEntry,
    files: Sequence[UUID],
    *,
    by: Viewer | None,
    at: datetime,
    proof: Proof | None = None,
) -> None:
    """Links stored files to a held case. Raises TooMuchEvidence beyond 60 files."""
    if files and case.evidence.count() + len(files) > MAX_FILES_OF_CASE:
        raise TooMuchEvidence()
    link_files(case.pk, entry.pk, files, by=by, at=at, proof=proof)
    if case.is_before_regulator:
        keep_as(file_ids=files, retention_class="APPEAL")


def link_files(
    case_id: int,
    entry_id: int,
    files: Sequence[UUID],
    *,
    by: Viewer | None,
    at: datetime,
    proof: Proof | None = None,
) -> None:
    """Links files to a line; what each is, its content says where nobody does."""
    if not files:
        return
    said = proof or Proof()
    kinds = dict(StoredFile.objects.filter(pk__in=files).values_list("pk", "content_type"))
    Evidence.objects.bulk_create(
        Evidence(
            case_id=case_id,
            entry_id=entry_id,
            file_id=file,
            kind=said.kind or kind_of_content(kinds.get(file, "")),
            taken_at=said.taken_at,
            position=said.position,
            author_kind=author_of(by),
            author_id=by.user_id if by else None,
            at=at,
        )
        for file in dict.fromkeys(files)
    )


@transaction.atomic
def add_evidence(
    *,
    case_id: int,
    files: Sequence[UUID],
    text: str = "",
    proof: Proof | None = None,
    by: Viewer,
    at: datetime,
) -> int:
    """Staff add proof, seen inside only; also to a case that is over. Returns the entry's id.

    `proof` says what it is, when and where it was taken, as far as somebody said so. Raises Invalid,
    TooMuchEvidence.
    """
    check_may(by, Permission.CASE_WRITE)
    if not files:
        raise Invalid([("/attachments", "missing_field", "选一个文件")])
    _check(proof)
    kept, note = check_text(text, is_required=False)
    case = hold_case(case_id=case_id)
    data = {**note, **_said(proof), **proof_note(files)}
    entry = write_entry(case, "EVIDENCE", Audience.INTERNAL, by=by, at=at, text=kept, data=data)
    attach(case, entry, files, by=by, at=at, proof=proof)
    keep(case)
    announce(
        EvidenceAdded(case_id=case.pk, case_no=case.case_no, by_user_id=by.user_id, entry_id=entry.pk, at=at)
    )
    return entry.pk


@transaction.atomic
def add_written_proof(*, case_id: int, proof: Proof, name: str, words: str, by: Viewer, at: datetime) -> int:
    """Keeps words as proof, in a text file with a hash of its own: a place on a camera's record, a log of
    calls, the trace as it is now. Returns the entry's id.

    Raises Invalid, NothingNew for the same words again.
    """
    kept, _note = check_text(words)
    _check(proof)
    body = kept.encode()
    known = Evidence.objects.filter(case_id=case_id, kind=proof.kind).select_related("file")
    file = store_document(name=name, content_type="text/plain", body=body, retention_class="EVIDENCE", at=at)
    if any(link.file.proof_hash == file.proof_hash for link in known):
        raise NothingNew()
    return add_evidence(case_id=case_id, files=[file.pk], proof=proof, by=by, at=at)


def _said(proof: Proof | None) -> Mapping[str, Any]:
    """What the line keeps of a proof's own words: where it was taken stays sealed beside the file."""
    if proof is None or not proof.kind:
        return {}
    taken = {"taken_at": proof.taken_at.isoformat()} if proof.taken_at else {}
    return {"proof": proof.kind, **taken}


def _check(proof: Proof | None) -> None:
    if proof is None:
        return
    errors = []
    if proof.kind and proof.kind not in EvidenceKind.values:
        errors.append(("/kind", "unknown_kind", "没有这种证据"))
    if len(proof.position) > MAX_POSITION or "\x00" in proof.position:
        errors.append(("/position", "too_long", "最多 200 字"))
    if errors:
        raise Invalid(errors)
