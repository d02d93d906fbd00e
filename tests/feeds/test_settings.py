"""What an operator changes of a source: secrets are replaced, never shown; a refusal changes nothing."""

import pytest

from tests.feeds.test_sources import AGENT, AT, add
from yishi.feeds.actions.settings import (
    MissingSetting,
    SourceExists,
    TooLong,
    UnknownZone,
    change_source,
    open_source,
    renew_address,
)
from yishi.feeds.actions.sources import BadSourceCode, UnknownPlugin
from yishi.feeds.models import Source
from yishi.feeds.port import Card, SettingField
from yishi.feeds.queries.sheets import get_source_sheet
from yishi.feeds.queries.sources import find_source_by_push, get_source, plugins
from yishi.kit.errors import NotAllowed, NotFound
from yishi.people.rules import SYSTEM_VIEWER

pytestmark = pytest.mark.django_db


def change(code="kuaidi100", by=SYSTEM_VIEWER, **values):
    said = {"label": "快递100", "carrier": "", "time_zone": "", "settings": {}} | values
    change_source(code=code, by=by, at=AT, **said)


def open_new(by=SYSTEM_VIEWER, **values):
    said = {"code": "new", "plugin": "kuaidi100", "label": "", "carrier": "", "time_zone": ""}
    said |= {"settings": {"salt": "x"}}
    return open_source(by=by, at=AT, **(said | values))


def test_an_empty_secret_stays_a_new_one_replaces_a_cleared_one_goes():
    key = add().split("/")[-1]
    change(label="推送一", carrier="YuanTong ")
    assert get_source("kuaidi100").settings == {"salt": "s4lt"}
    assert (get_source("kuaidi100").carrier, find_source_by_push("kuaidi100", key) is None) == (
        "yuantong",
        False,
    )
    change(settings={"salt": "other", "nonsense": "x"})
    assert get_source("kuaidi100").settings == {"salt": "other"}
    change(cleared=["salt"])
    assert get_source("kuaidi100").settings == {}


def test_secrets_are_not_on_the_sheet():
    add()
    sheet = get_source_sheet(viewer=SYSTEM_VIEWER, code="kuaidi100")
    assert [(line.name, line.value) for line in sheet.settings if line.is_set] == [("salt", "")]
    assert "s4lt" not in repr(sheet)


def test_a_new_address_ends_the_old():
    old = add().split("/")[-1]
    new = renew_address(code="kuaidi100", by=SYSTEM_VIEWER, at=AT).split("/")[-1]
    assert find_source_by_push("kuaidi100", old) is None
    assert find_source_by_push("kuaidi100", new).settings == {"salt": "s4lt"}


@pytest.fixture
def strict(monkeypatch):
    """A plug-in whose setting is required."""
    card = Card("kuaidi100", "严格", settings=(SettingField("salt", "盐", is_secret=True, is_required=True),))
    found = {**plugins(), "kuaidi100": (card, plugins()["kuaidi100"][1])}
    monkeypatch.setattr("yishi.feeds.actions.settings.plugins", lambda: found)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"by": AGENT}, NotAllowed),
        ({"code": "nobody"}, NotFound),
        ({"time_zone": "Mars/Base"}, UnknownZone),
        ({"time_zone": "../../etc/passwd"}, UnknownZone),
        ({"label": "长" * 501}, TooLong),
        ({"settings": {"salt": "x" * 501}}, TooLong),
        ({"cleared": ["salt"]}, MissingSetting),
    ],
)
def test_a_refused_change_changes_nothing(strict, values, error):
    add()
    before = Source.objects.values().get()
    with pytest.raises(error):
        change(**values)
    assert Source.objects.values().get() == before


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"by": AGENT}, NotAllowed),
        ({"code": "kuaidi100"}, SourceExists),
        ({"code": "Bad Code"}, BadSourceCode),
        ({"plugin": "pigeon"}, UnknownPlugin),
        ({"time_zone": "x"}, UnknownZone),
        ({"settings": {"salt": " "}}, MissingSetting),
    ],
)
def test_a_refused_source_is_not_opened(strict, values, error):
    add()
    before = list(Source.objects.values())
    with pytest.raises(error):
        open_new(**values)
    assert list(Source.objects.values()) == before


def test_an_opened_source_takes_pushes():
    path = open_new(settings={"salt": " s1 "}, label="新来源")
    assert find_source_by_push("new", path.split("/")[-1]).settings == {"salt": "s1"}


def test_only_who_keeps_feeds_renews():
    key = add().split("/")[-1]
    with pytest.raises(NotAllowed):
        renew_address(code="kuaidi100", by=AGENT, at=AT)
    assert find_source_by_push("kuaidi100", key) is not None
