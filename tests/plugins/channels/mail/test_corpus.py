"""Every letter of the corpus is read to what stands beside it."""

import pytest

from tests.plugins.channels.mail import corpus_charsets, corpus_machines, corpus_quotes, corpus_shapes
from tests.plugins.channels.mail.letters import Row, read
from yishi.conversations.port import Unreadable

ROWS: list[Row] = [
    *corpus_charsets.ROWS,
    *corpus_quotes.ROWS,
    *corpus_machines.ROWS,
    *corpus_shapes.ROWS,
]


def test_the_corpus_is_large_and_its_names_differ():
    assert len(ROWS) >= 120 and len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_letter(row: Row):
    wanted = dict(row.expected)
    if reason := wanted.pop("unreadable", ""):
        with pytest.raises(Unreadable) as refused:
            read(row.body)
        assert refused.value.reason == reason
        return
    heard = read(row.body)
    if "receipts" in wanted:
        assert [(r.reference, r.state, r.reason) for r in heard.receipts] == wanted["receipts"]
        assert heard.said == ()
        return
    if wanted.pop("ignored", False):
        assert (heard.said, heard.receipts) == ((), ())
        return
    (said,) = heard.said
    seen = {
        "files": [(each.name, each.content_type, len(each.body)) for each in said.files],
        "file_count": len(said.files),
        "waybill_no": said.data.get("waybill_no"),
        "lost": said.data.get("lost_signs", 0),
        "cut": said.data.get("is_cut", False),
        "begins": said.text[: len(wanted.get("begins", ""))],
        "id_begins": said.external_id[: len(wanted.get("id_begins", ""))],
    }
    assert wanted
    assert {name: seen[name] if name in seen else getattr(said, name) for name in wanted} == wanted
