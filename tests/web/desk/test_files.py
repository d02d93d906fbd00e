"""Evidence: re-encoded on the way in, served only to whom the case is in sight, never run."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yishi.cases.queries.cards import CaseCard
from yishi.cases.queries.history import list_evidence


def photo() -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(kept, "PNG")
    return SimpleUploadedFile("门口.png", kept.getvalue(), "image/png")


def add(client: Client, case: CaseCard, *files: SimpleUploadedFile):
    return client.post(f"/desk/cases/{case.case_no}/evidence", {"files": list(files)})


def test_a_photo_is_kept_and_shown_with_a_thumbnail(lin: Client, case: CaseCard) -> None:
    assert add(lin, case, photo()).status_code == 302
    (held,) = list_evidence(case.id)
    answer = lin.get(f"/desk/files/{held.file_id}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    assert lin.get(f"/desk/files/{held.file_id}/thumbnail").status_code == 200


def test_a_foreign_file_is_unknown(lin: Client, he: Client, case: CaseCard) -> None:
    add(lin, case, photo())
    (held,) = list_evidence(case.id)
    assert he.get(f"/desk/files/{held.file_id}").status_code == 404
    assert he.get(f"/desk/files/{held.file_id}/thumbnail").status_code == 404
    assert add(he, case, photo()).status_code == 404
    assert len(list_evidence(case.id)) == 1


def test_what_is_no_photo_is_refused_and_nothing_is_kept(lin: Client, case: CaseCard) -> None:
    fake = SimpleUploadedFile("x.jpg", b"<script>alert(1)</script>", "image/jpeg")
    assert add(lin, case, photo(), fake).status_code in {415, 422}
    assert add(lin, case).status_code == 422
    assert list_evidence(case.id) == []
