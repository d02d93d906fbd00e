"""Live updates from a real edge process: tickets, nudges, coming back, and what is refused."""

import json
import threading
import time

import httpx
import time_machine

from tests.edge.process import free_port, running_edge
from yishi.kit.live import CHANNEL, make_ticket

ORIGIN = "http://127.0.0.1:8000"


class Page:
    """An open page: reads the stream in a thread and keeps its lines."""

    def __init__(self, edge: str, topics: list[str], **headers: str) -> None:
        self.lines: list[str] = []
        self.ready = threading.Event()
        self.ended = threading.Event()
        ticket = make_ticket(topics=topics, viewer="user:1")
        self._thread = threading.Thread(
            target=self._read, args=(f"{edge}/live?ticket={ticket}", headers), daemon=True
        )
        self._thread.start()
        assert self.ready.wait(5)

    def _read(self, url: str, headers: dict[str, str]) -> None:
        try:
            with httpx.stream("GET", url, headers=headers, timeout=60) as response:
                self.response = response
                self.ready.set()
                for line in response.iter_lines():
                    self.lines.append(line)
        except httpx.HTTPError:
            pass
        self.ended.set()

    def wait_for(self, topic: str, seconds: float = 2) -> dict[str, object] | None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.lines:
                if line.startswith("data: ") and json.loads(line[6:])["topic"] == topic:
                    return json.loads(line[6:])
            time.sleep(0.01)
        return None


def notify(outside, topic: str) -> None:
    outside.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"topic": topic})])


def test_a_nudge_reaches_the_page_that_listens_and_no_other(edge, outside):
    mine, other = Page(edge, ["case:1"]), Page(edge, ["case:2"])
    notify(outside, "case:1")
    nudge = mine.wait_for("case:1")
    assert nudge is not None
    assert set(nudge) == {"topic", "id"}, "ids only, never content"
    assert f"id: {nudge['id']}" in mine.lines
    assert other.wait_for("case:1", seconds=0.3) is None


def test_who_comes_back_looks_again_at_once(edge, outside):
    page = Page(edge, ["case:1", "outlet:DS01"], **{"Last-Event-ID": "17"})
    assert page.wait_for("case:1") is not None
    assert page.wait_for("outlet:DS01") is not None


def test_the_stream_is_for_our_pages_only_and_sets_no_cookie(edge):
    page = Page(edge, ["case:1"])
    assert page.response.headers["access-control-allow-origin"] == ORIGIN
    assert page.response.headers["content-type"] == "text/event-stream"
    assert "set-cookie" not in page.response.headers


def test_a_forged_or_old_ticket_is_401(edge):
    assert httpx.get(f"{edge}/live?ticket=forged").status_code == 401
    assert httpx.get(f"{edge}/live").status_code == 401
    with time_machine.travel("2026-01-01T00:00:00Z", tick=False):
        old = make_ticket(topics=["case:1"], viewer="user:1")
    assert httpx.get(f"{edge}/live?ticket={old}").status_code == 401


def test_after_a_gap_every_page_looks_again(edge, outside):
    page = Page(edge, ["case:9"])
    outside.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
    )
    assert page.wait_for("case:9", seconds=5) is not None


def test_anything_else_is_404(edge):
    assert httpx.get(f"{edge}/desk/").status_code == 404
    assert httpx.get(f"{edge}/health/live").text == "ok"


def test_the_edge_ends_at_once_though_a_page_is_open(django_db_setup, django_db_blocker):
    with running_edge(free_port()) as address:
        page = Page(address, ["case:1"])
    assert page.ended.wait(1), "the page was let go, not left to its own time limit"
