"""A file is cut into bodies: nothing lost, nothing twice, every body readable by itself."""

import csv
import io
import json

import pytest

from yishi.cli.pieces import pieces


def cut(tmp_path, name, body, *, is_list=True, size=2):
    file = tmp_path / name
    file.write_bytes(body)
    return list(pieces(file, is_list=is_list, size=size))


def test_lines(tmp_path):
    found = cut(tmp_path, "a.ndjson", b'{"n":1}\n{"n":2}\n{"n":3}\n')
    assert [piece.body for piece in found] == [b'{"n":1}\n{"n":2}', b'{"n":3}']
    assert [piece.first for piece in found] == [0, 2]


def test_a_bad_line_stays_where_it_is(tmp_path):
    found = cut(tmp_path, "a.jsonl", b"{}\n???\n{}\n")
    assert found[0].body.splitlines()[1] == b"???"


def test_array(tmp_path):
    found = cut(tmp_path, "a.json", json.dumps([1, {"a": "快递"}, 3]).encode())
    assert [json.loads(piece.body) for piece in found] == [[1, {"a": "快递"}], [3]]


@pytest.mark.parametrize("body", [b'{"a": 1}', b"nothing of json", b""])
def test_no_array_stays_whole(tmp_path, body):
    assert [piece.body for piece in cut(tmp_path, "a.json", body)] == [body]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_keep_header_and_line_breaks_in_quotes(tmp_path, encoding):
    text = '运单号,备注\r\nA1,"两\n行"\r\nA2,x\r\nA3,y\r\n'
    found = cut(tmp_path, "a.csv", text.encode(encoding))
    rows = [list(csv.reader(io.StringIO(piece.body.decode(), newline=""))) for piece in found]
    assert rows == [[["运单号", "备注"], ["A1", "两\n行"], ["A2", "x"]], [["运单号", "备注"], ["A3", "y"]]]


def test_titles_above_the_header_stand_above_each_piece(tmp_path):
    text = "派件清单\n统计日期,2026-11-22\n运单号,状态,时间\n" + "".join(
        f"YT000{n},签收,2026-11-22\n" for n in range(5)
    )
    found = cut(tmp_path, "a.csv", text.encode())
    lines = [piece.body.decode().splitlines() for piece in found]
    assert [piece.first for piece in found] == [0, 2, 4]
    assert all(piece[:3] == ["派件清单", "统计日期,2026-11-22", "运单号,状态,时间"] for piece in lines)
    assert [len(piece) for piece in lines] == [5, 5, 4]


def test_callback_stays_whole(tmp_path):
    assert len(cut(tmp_path, "a.json", b"[1,2,3]", is_list=False)) == 1
