"""F11 for what the case engine made writable: searches, exports, fines from files, names of files, texts."""

import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.security.conftest import database_print
from tests.security.probing import anybody, faults, staff
from tests.security.words import MARK, WORDS, wire
from tests.shipments.workbooks import PENALTIES, number
from tests.web.desk.conftest import open_at
from tests.world import START
from yishi.cases.actions.exports import ask_export
from yishi.cases.models.case import Case
from yishi.cases.models.history import Evidence
from yishi.cases.models.views import Export
from yishi.claims.jobs import sweep_penalty_records
from yishi.conversations.models.messages import Attachment
from yishi.kit.clock import now
from yishi.kit.files import open_file
from yishi.kit.models import StoredFile
from yishi.kit.texts import MAX_TEXT
from yishi.people.actions import add_key
from yishi.people.rules import SYSTEM_VIEWER, Role
from yishi.shipments.jobs import sweep_files

# ---- searches

QUESTIONS = {
    **WORDS,
    "like": "%",
    "like one": "____",
    "like escape": "\\%\\",
    "query": "a & | ! <-> :* ('",
    "all weights": "x:*ABCD",
    "phrase": '"" -" OR and*',
    "as long as a text": "投诉 " * 6_667,
    "one sign": "长" * MAX_TEXT,
}
SEARCHES = [
    "/desk/search?q={}",
    "/desk/?view=all&q={}",
    "/desk/parcels?q={}",
    "/desk/inbox?q={}",
    "/desk/cases/CASE/replies?saved={}",
    "/desk/cases/CASE?saved={}",
    "/manage/articles?q={}",
    "/help?q={}",
    "/api/v1/cases?q={}",
]


@pytest.mark.parametrize("address", SEARCHES)
def test_no_question_breaks_a_search_or_finds_everything(place, world, address):
    client, case_no = staff(world.owner), place.case.case_no
    key = add_key(role=Role.QUALITY, name="hq", by=SYSTEM_VIEWER, at=START)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if "/api/" in address else {}
    before, at = database_print(), address.replace("CASE", case_no)
    answers = {name: client.get(at.format(wire(word)), **bearer) for name, word in QUESTIONS.items()}
    assert faults(answers.items()) == []
    if "CASE" not in address:
        told = [name for name, answer in answers.items() if case_no in answer.content.decode()]
        assert told == [], "what means everything to a database means nothing here"
    looked = {"kit_reveal", "knowledge_question", "kit_outbox", "cases_presence"}
    assert {t for t, mark in database_print().items() if mark != before[t]} <= looked


# ---- exports

CELLS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", WORDS["csv"], "a\x01=\ufffe", f"<{MARK}>"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_of_an_export_is_a_formula(world, settings, tmp_path, kind):
    settings.MEDIA_ROOT = tmp_path
    for place, cell in enumerate(CELLS):
        case = open_at(world.dongshan_id, text=f"第 {place} 件", source="HQ", external_no=f"X{place}")
        Case.objects.filter(pk=case.id).update(
            external_no=cell, finding_responsible=cell, root_cause=cell[:20]
        )
    asked = {
        "filters": {"view": "outlet"},
        "reason": "=1+1 \x01月报 \ufffe",
        "is_plain": True,
        "format": kind,
    }
    ask_export(**asked, by=world.viewer(world.zhou), at=now())
    file = Export.objects.get().file
    assert file is not None
    rows = read_table(open_file(file), kind)
    cells = [cell for row in rows for cell in row if cell]
    assert len(rows) == len(CELLS) + 1 and any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))] == []
    assert not any("\x01" in cell or "\ufffe" in cell for cell in cells)


def read_table(body, kind):
    """The cells as a spreadsheet gets them; a formula is read as what it is, not as its value."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_fines_with_a_sting_come_in_are_shown_and_go_out_as_words(world):
    """A file of head office's: each word once as what the fine is called."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(PENALTIES)
    for place, word in enumerate(WORDS.values()):
        writer.writerow([number(place), word, "50.00", "2026-11-21 09:00", "YT0001", word[:40]])
    client, before = staff(world.owner), database_print()
    refused = upload(client, table.getvalue().encode("utf-8", "surrogatepass"))
    assert refused.status_code == 422 and database_print() == before, "what is no text is no table"
    page = upload(client, table.getvalue().replace("\x00", "").encode("utf-8", "replace"))["Location"]
    answers = [("taken", client.get(page))]
    work_files()
    answers.append(("looked at", client.get(page)))
    client.post(f"{page}/confirm")
    work_files()
    assert sweep_penalty_records(at=now())
    for address in (
        page,
        "/manage/imports/records?kind=PENALTY",
        "/manage/penalties?view=all",
        "/manage/ledger",
    ):
        answers.append((address, client.get(address)))
    assert faults(answers) == []
    assert "¥50.00" in answers[-3][1].content.decode()
    for address in ("/manage/penalties/export", f"{page}/refused.csv"):
        said = b"".join(client.get(address).streaming_content)
        cells = [cell for row in read_table(said, "csv") for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))] == []


def upload(client, body):
    given = {"file": SimpleUploadedFile("=1+1.csv", body), "carrier": "yuantong"}
    return client.post("/manage/imports", given)


def work_files():
    while sweep_files(at=now(), limit=10):
        pass


# ---- names of files

NAMES = {
    "path": "../../etc/passwd",
    "path of another system": "..\\..\\boot.ini",
    "turned around": "\u202egpj.exe\u202c.pdf",
    "header": 'a"; filename="x.html',
    "long": "长" * 250 + ".pdf",
    "formula": "=cmd|' /C calc'!A0.pdf",
    "markup": f"<{MARK} onclick=alert(1)>.pdf",
    "no width": "a\u200b\ufeffb.pdf",
    "emoji": "👨‍👩‍👧‍👦.pdf",
}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_the_name_of_a_file_is_a_word_and_nothing_more(world, settings, tmp_path, name):
    settings.MEDIA_ROOT = tmp_path
    case, client, talk = open_at(world.dongshan_id), staff(world.owner), anybody()
    address = f"/desk/cases/{case.case_no}"
    assert hand_in(client, f"{address}/evidence", "files", name).status_code == 302
    begun = hand_in(talk, "/chat", "photos", name)["Location"].partition("#")[0]
    kept = StoredFile.objects.order_by("stored_at", "pk")
    assert faults([("case", client.get(address)), ("talk", talk.get(begun))]) == []
    for shown in kept.values_list("name", flat=True):
        assert 0 < len(shown) <= 200 and not set(shown) & set("/\\\u202e\u202c\u200b\ufeff\r\n")
    links = [f"/desk/files/{one}" for one in Evidence.objects.values_list("file_id", flat=True)]
    links += [f"{begun}/files/{one}" for one in Attachment.objects.values_list("file_id", flat=True)]
    assert len(links) == 2
    for link in links:
        answer = (talk if "chat" in link else client).get(link)
        how = answer["Content-Disposition"]
        assert answer.status_code == 200 and how.startswith("attachment") and how.isascii()
        assert not set(how) & set("<>\r\n/") and how.count('"') == 0
        assert answer["X-Content-Type-Options"] == "nosniff"


def hand_in(client, address, field, name):
    """As a program sends it that heeds no rule for names; a browser's own would be tame."""
    said = '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n看这个\r\n--x\r\nContent-Disposition: '
    said += f'form-data; name="{field}"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
    body = said.encode() + PDF + b"\r\n--x--\r\n"
    return client.generic("POST", address, body, "multipart/form-data; boundary=x")


# ---- long texts, and what people type with pictures

FAMILY = "👨‍👩‍👧‍👦"
FULL = (FAMILY * 3_000)[:MAX_TEXT]


@pytest.mark.parametrize("verb", ["reply", "note"])
def test_a_text_of_twenty_thousand_signs_is_kept_whole_and_one_more_is_refused(place, world, verb):
    client, address = staff(world.owner), f"/desk/cases/{place.case.case_no}"
    before = database_print()
    refused = client.post(f"{address}/{verb}", {"text": FULL + "长"})
    assert refused.status_code == 422 and "20,000" in refused.content.decode()
    changed = {t for t, mark in database_print().items() if mark != before[t]}
    assert changed <= {"cases_presence"}
    assert client.post(f"{address}/{verb}", {"text": FULL}).status_code == 302
    assert FULL.strip() in client.get(address).content.decode()
