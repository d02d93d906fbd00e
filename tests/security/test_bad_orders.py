"""Work orders as attackers send them: replayed, altered, stale, forged; files and YAML with a sting."""

import io
import json
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.security.conftest import database_print, undone
from tests.security.probing import faults, staff
from tests.security.words import MARK, WORDS
from tests.world import START
from yishi.cases.actions.work_order_sources import add_order_source, renew_order_address
from yishi.cases.jobs import sweep_work_orders
from yishi.cases.models.case import Case
from yishi.cases.models.history import TimelineEntry
from yishi.cases.models.work_orders import WorkOrder
from yishi.cases.rules.type_book import read_book
from yishi.kit.clock import now
from yishi.people.rules import SYSTEM_VIEWER

ORDER = {"consultId": "W7", "kuaidinum": "YT9900000000017", "secondType": "4", "status": "1",
         "desc": {"content": "重了两公斤"}}  # fmt: skip
LATER = {**ORDER, "status": "2", "desc": {"content": "重了两公斤，催一次"}}


@pytest.fixture
def push(world):
    """`push(body)` at the secret address of a source of 快递100."""
    add_order_source(code="k100", plugin="kuaidi100", filed_as="HQ", by=SYSTEM_VIEWER, at=START)
    key = renew_order_address(code="k100", by=SYSTEM_VIEWER, at=START).rstrip("/").rpartition("/")[2]

    def send(body, key=key):
        said = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = Client(raise_request_exception=False).post(
            f"/work-orders/k100/{key}", said, "application/json"
        )
        while sweep_work_orders(at=now()):
            pass
        return answer.status_code

    return send


def state():
    return (
        list(Case.objects.order_by("pk").values_list("pk", "external_no", "status", "version")),
        TimelineEntry.objects.count(),
        list(WorkOrder.objects.order_by("pk").values_list("external_no", "state_word")),
    )


def test_a_hundred_replays_of_a_work_order_have_one_effect(push):
    push(ORDER)
    once = state()
    assert len(once[0]) == 1 and {push(ORDER) for _ in range(99)} == {200}
    assert state() == once


def test_a_stale_replay_does_not_turn_the_work_order_back(push):
    push(ORDER)
    push(LATER)
    newest = state()
    assert newest[2] == [("W7", "2")] and push(ORDER) == 200
    assert state() == newest


def test_altered_and_forged_pushes_of_work_orders_leave_nothing(push):
    push(ORDER)
    before = database_print()
    good = json.dumps(ORDER).encode()
    altered = [
        good[:-1],
        b"",
        b"null",
        b"[[" * 40_000,
        b'{"consultId": ' + b"9" * 5000 + b"}",
        b"\x00",
        b"{}",
    ]
    assert {push(body) for body in altered} <= {200, 400}
    assert {push(good, key=key) for key in ("x", "k" * 43, "%00", "é", "..")} == {404}
    after = database_print()
    # that something came is noted; nothing of it became a work order
    noted = {"cases_work_order_run", "cases_work_order_source"}
    assert {t for t in after if after[t] != before[t]} <= noted


TABLE = "工单号,运单号,工单类型,工单内容,工单状态\n"


def workbook(*rows, wide=0):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(TABLE.strip().split(","))
    for row in rows:
        sheet.append(row)
    if wide:
        sheet.append(["W"] * wide)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def bomb():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 400_000_000)
    return body.getvalue()


FILES = {
    "formula": workbook(["W1", "YT9900000000017", "破损", WORDS["csv"], "待处理"]),
    "markup": (
        TABLE + f'W1,YT9900000000017,{MARK},"<{MARK}>""\'><script>{MARK}()</script>",待处理\n'
    ).encode(),
    "too wide": (",".join(["工单号", "工单内容"] + ["x"] * 1_000_000)).encode(),
    "too wide a workbook": workbook(wide=2_000),
    "a hundred thousand rows": (TABLE + "W,YT9900000000017,破损,x,待处理\n" * 100_000).encode(),
    "nul": (TABLE + "W\x001,YT9900000000017,破损,a\x00b,待处理\n").encode(),
    "half signs": (TABLE + "W1,YT9900000000017,破损,a\ud800b,待处理\n").encode("utf-8", "surrogatepass"),
    "directions": (TABLE + "W\u202e1,YT9900000000017,破\u200b损,\u202egpj.exe,待处理\n").encode(),
    "no workbook": b"PK\x03\x04" + b"\x00" * 100,
    "a web page": f"<html><table><tr><td>工单号<td>工单内容<tr><td>1<td>&lt;{MARK}&gt;</table>".encode(),
    "entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
}
NAMES = [
    "../../etc/passwd",
    f"<{MARK}>.csv",
    "a\r\nX-Evil: 1.csv",
    "\u202egpj.exe",
    "长" * 400 + ".csv",
    "=1+1.csv",
]


@pytest.mark.parametrize("what", [*FILES, "bomb"])
def test_a_file_of_work_orders_with_a_sting(place, world, what):
    add_order_source(code="sto", plugin="file", filed_as="HQ", by=SYSTEM_VIEWER, at=START)
    client, answers = staff(world.owner), []
    body = FILES[what] if what in FILES else bomb()
    for name in NAMES if what == "markup" else ["a.xlsx"]:
        with undone():
            file = SimpleUploadedFile(name, body)
            answer = client.post("/desk/work-orders/in", {"source": "sto", "file": file}, follow=True)
            answers.append(((what, name), answer))
            for run in answer.redirect_chain[-1:]:
                answers.append(("taken", client.post(f"{run[0]}/confirm", follow=True)))
            while sweep_work_orders(at=now()):
                pass
            for case_no in Case.objects.filter(source="HQ").values_list("case_no", flat=True)[:3]:
                answers.append((case_no, client.get(f"/desk/cases/{case_no}")))
    assert faults(answers) == [] and answers


BOOKS = {
    "a list without a bottom": "[" * 499_000,
    "a mapping without a bottom": "{a: " * 120_000,
    "deep by indent": "\n".join(" " * level + "a:" for level in range(900)),
    "an alias": "format: 1\na: &a [1]\nb: *a\n",
    "a bomb": "a: &a [x, x]\n"
    + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "a call": 'format: 1\ntypes: !!python/object/apply:os.mkdir ["FOLDER"]\n',
    "an object": "!!python/object/new:os.mkdir [FOLDER]\n",
    "a name twice": "format: 1\nformat: 1\ntypes: []\n",
    "a merge": "format: 1\n<<: {types: []}\n",
    "nul": "format: 1\ntypes: a\x00b\n",
    "half a sign": "format: 1\ntypes: a\ud800b\n",
    "too long": "a" * 500_001,
}


@pytest.mark.parametrize("what", BOOKS)
def test_a_yaml_with_a_sting_is_refused_and_runs_nothing(what, tmp_path):
    folder = tmp_path / "made"
    book, errors = read_book(BOOKS[what].replace("FOLDER", str(folder)))
    assert book is None and errors and not folder.exists()
