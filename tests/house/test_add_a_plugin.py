"""docs/add-a-plugin.md followed to the letter: its files alone make a feed that takes signed pushes."""

import hmac
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

import yishi.plugins.feeds
from tests.plugins.feeds import reading
from tests.web.desk.conftest import browser
from tests.world import START, World
from yishi.feeds.actions.sources import add_source
from yishi.feeds.models import RawInput
from yishi.feeds.queries.sources import plugins
from yishi.people.rules import SYSTEM_VIEWER
from yishi.shipments.models.parcels import Shipment

PAGE = Path(__file__).resolve().parents[2] / "docs" / "add-a-plugin.md"
FILE = re.compile(
    r"^`((?:yishi|tests)/[\w./]*example[\w./]*)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
FILES = dict(FILE.findall(PAGE.read_text()))
FOLDER = "yishi/plugins/feeds/"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The page's files in a place of their own, on the path of the plug-ins' package as if they lay in it."""
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / FOLDER / "example" / "__init__.py").touch()
    monkeypatch.setattr(
        yishi.plugins.feeds, "__path__", [*yishi.plugins.feeds.__path__, str(tmp_path / FOLDER)]
    )
    monkeypatch.setattr(reading, "FOLDER", tmp_path / FOLDER)
    plugins.cache_clear()
    yield tmp_path
    plugins.cache_clear()
    for name in [name for name in sys.modules if name.startswith("yishi.plugins.feeds.example")]:
        del sys.modules[name]
    vars(yishi.plugins.feeds).pop("example", None)


def pushed(body: bytes, secret: bytes = b"s4lt") -> int:
    """The status of a push to a fresh source of that format."""
    path = add_source(code="ex", plugin="example", settings={"secret": "s4lt"}, by=SYSTEM_VIEWER, at=START)
    headers = {"X-Sign": hmac.new(secret, body, "sha256").hexdigest()}
    return Client().post(path, body, "application/json", headers=headers).status_code


def test_a_feed_is_four_files_in_less_than_150_lines() -> None:
    assert sorted(path.rpartition("/")[2] for path in FILES) == [
        "card.py",
        "mapping.py",
        "push.json",
        "test_example.py",
    ]
    assert sum(len(text.splitlines()) for text in FILES.values()) < 150


def test_it_is_found_by_walking(example: Path) -> None:
    card, _ = plugins()["example"]
    assert (card.label, [field.name for field in card.settings]) == ("示例速运", ["secret"])


def test_its_own_tests_pass(example: Path) -> None:
    place = example / "tests/plugins/feeds/example/test_example.py"
    spec = importlib.util.spec_from_file_location("test_example_of_the_page", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tests = [value for name, value in vars(module).items() if name.startswith("test_")]
    assert len(tests) == 3
    for test in tests:
        test()


def test_the_operator_is_shown_its_form(example: Path, world: World) -> None:
    page = browser(world.operator).get("/manage/new-source", {"plugin": "example"}).content.decode()
    assert "示例速运" in page and "推送密钥" in page
    assert re.search(r'<input[^>]*name="set-secret"', page)


def test_a_signed_push_is_taken_over_http(example: Path, world: World) -> None:
    assert pushed(FILES[f"{FOLDER}example/payloads/push.json"].encode()) == 200
    parcel = Shipment.objects.get()
    assert (parcel.waybill_no, parcel.carrier, parcel.milestone) == (
        "EX9900000000017",
        "example",
        "AT_PICKUP_POINT",
    )


def test_a_forged_push_is_refused_and_leaves_nothing(example: Path, world: World) -> None:
    assert pushed(FILES[f"{FOLDER}example/payloads/push.json"].encode(), secret=b"another") == 401
    assert (RawInput.objects.count(), Shipment.objects.count()) == (0, 0)


def test_what_it_cannot_read_waits_for_the_operator(example: Path, world: World) -> None:
    assert pushed(b'{"orderNo": ') == 200
    assert RawInput.objects.values_list("state", "reason").get() == ("QUARANTINED", "bad_json")
