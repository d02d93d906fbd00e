"""Every system check tells its fix."""

from dataclasses import replace

import pytest
from django.conf import settings as django_settings

from yishi.config import checks


def ids(found):
    return [message.id for message in found]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"time_zone": "Asia/Nanjing"}, ["yishi.E001"]),
        ({"database_url": ""}, ["yishi.E002"]),
        ({"web_origin": "https://a.cn", "live_origin": "http://b.cn"}, ["yishi.E003"]),
        ({"web_origin": "http://a.cn"}, ["yishi.W001"]),
        ({"web_origin": "http://a.cn", "is_demo": True}, []),
    ],
)
def test_environment(settings, changes, expected):
    settings.ENVIRONMENT = replace(django_settings.ENVIRONMENT, **changes)
    assert ids(checks.check_environment(None)) == expected


@pytest.mark.parametrize(
    ("mode", "expected"), [(0o600, []), (0o640, ["yishi.E004"]), (0o604, ["yishi.E004"])]
)
def test_keys_are_private(settings, tmp_path, mode, expected):
    (tmp_path / "keys.json").touch()
    (tmp_path / "keys.json").chmod(mode)
    settings.ENVIRONMENT = replace(django_settings.ENVIRONMENT, home=tmp_path)
    assert ids(checks.check_files(None)) == expected


@pytest.mark.parametrize(("url", "expected"), [("", ["yishi.W002"]), ("smtp://mail:25", [])])
def test_mail_is_missed(settings, url, expected):
    settings.ENVIRONMENT = replace(django_settings.ENVIRONMENT, email_url=url, process="web")
    assert ids(checks.check_notices(None)) == expected


@pytest.mark.django_db
def test_old_server(monkeypatch):
    assert ids(checks.check_database(None, databases=["default"])) == []
    monkeypatch.setattr(checks, "_LEAST_POSTGRESQL", 990_000)
    assert ids(checks.check_database(None, databases=["default"])) == ["yishi.E006"]


def test_every_check_has_a_hint(settings):
    settings.ENVIRONMENT = replace(django_settings.ENVIRONMENT, time_zone="x", database_url="")
    assert all(message.hint for message in checks.check_environment(None))
