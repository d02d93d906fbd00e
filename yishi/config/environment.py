"""Every YISHI_* setting, read once from the environment and typed; `.env.example` lists them all."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(SystemExit):
    """A setting cannot be used; the message names it and the fix."""


@dataclass(frozen=True)
class Environment:
    home: Path
    database_url: str
    time_zone: str
    web_origin: str
    live_origin: str
    trusted_proxies: tuple[str, ...]
    is_demo: bool
    is_secure: bool
    process: str
    email_url: str
    sms_url: str
    operator_name: str
    ocr_command: str


def read_environment(env: dict[str, str] | None = None) -> Environment:
    """The settings of this process. Raises BadSetting with the fix when one cannot be used."""
    env = dict(os.environ) if env is None else env
    home = Path(env.get("YISHI_HOME", "var")).resolve()
    port = int(env.get("PORT", "8000"))
    web = env.get("YISHI_WEB_ORIGIN", f"http://127.0.0.1:{port}")
    live = env.get("YISHI_LIVE_ORIGIN", f"http://127.0.0.1:{port + 1}")
    for name, origin in (("YISHI_WEB_ORIGIN", web), ("YISHI_LIVE_ORIGIN", live)):
        if urlsplit(origin).scheme not in {"http", "https"} or not urlsplit(origin).netloc:
            raise BadSetting(f"{name}={origin!r} is no web address; write it like https://care.example.cn")
    return Environment(
        home=home,
        database_url=env.get("DATABASE_URL") or _running_database(home),
        time_zone=env.get("YISHI_TIME_ZONE", "Asia/Shanghai"),
        web_origin=web,
        live_origin=live,
        trusted_proxies=tuple(p for p in env.get("YISHI_TRUSTED_PROXIES", "").split(",") if p),
        is_demo=env.get("YISHI_DEMO") == "1",
        is_secure=web.startswith("https://"),
        process=env.get("YISHI_PROCESS", "cli"),
        email_url=env.get("YISHI_EMAIL_URL", ""),
        sms_url=env.get("YISHI_SMS_URL", ""),
        operator_name=env.get("YISHI_OPERATOR_NAME", ""),
        ocr_command=env.get("YISHI_OCR_COMMAND", ""),
    )


def _running_database(home: Path) -> str:
    """The address of the embedded server as its supervisor wrote it, or '' when it never ran."""
    try:
        return str(json.loads((home / "run.json").read_text())["database_url"])
    except (OSError, ValueError, KeyError):
        return ""
