"""System checks that tell a self-hoster what is misconfigured, with the fix in the hint."""

import zoneinfo
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, connection

_LEAST_POSTGRESQL = 150_000
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@register()
def check_environment(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Settings that start but do not serve."""
    environment = settings.ENVIRONMENT
    if environment.time_zone not in zoneinfo.available_timezones():
        yield Error(
            f"YISHI_TIME_ZONE={environment.time_zone!r} is no time zone.",
            hint="Write it like Asia/Shanghai.",
            id="yishi.E001",
        )
    if not environment.database_url:
        yield Error(
            "There is no database: DATABASE_URL is not set and the embedded server never ran here.",
            hint="Use the `yishi` command, which starts it, or set DATABASE_URL=postgresql://…",
            id="yishi.E002",
        )
    web, live = urlsplit(environment.web_origin), urlsplit(environment.live_origin)
    if web.scheme == "https" and live.scheme != "https":
        yield Error(
            "Pages come over https but live updates over http: browsers will block them.",
            hint="Set YISHI_LIVE_ORIGIN to an https:// address.",
            id="yishi.E003",
        )
    if web.scheme == "http" and web.hostname not in _LOOPBACK and not environment.is_demo:
        yield Warning(
            "Pages with personal data go over http.",
            hint="Put a proxy with a certificate before it and set YISHI_WEB_ORIGIN=https://…",
            id="yishi.W001",
        )


@register()
def check_files(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """The key file must be ours alone."""
    keys = settings.ENVIRONMENT.home / "keys.json"
    if keys.exists() and keys.stat().st_mode & 0o077:
        yield Error(
            f"{keys} can be read by others: whoever has it can read all personal data.",
            hint=f"chmod 600 {keys}",
            id="yishi.E004",
        )


@register()
def check_notices(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Notices that nobody will get."""
    environment = settings.ENVIRONMENT
    if not environment.is_demo and not environment.email_url and environment.process in {"web", "worker"}:
        yield Warning(
            "No mail server is set: notices by e-mail will wait.",
            hint="Set YISHI_EMAIL_URL=smtp://user:password@host:587",
            id="yishi.W002",
        )


@register("database")
def check_database(app_configs: Any, databases: Any = None, **kwargs: Any) -> Iterable[CheckMessage]:
    """The server's version."""
    if not databases:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
    except DatabaseError:
        yield Error("The database does not answer.", hint="Check DATABASE_URL.", id="yishi.E005")
        return
    if version < _LEAST_POSTGRESQL:
        yield Error(
            f"PostgreSQL {version // 10_000} is too old.",
            hint="Use 15 or newer, or unset DATABASE_URL for the embedded server.",
            id="yishi.E006",
        )
