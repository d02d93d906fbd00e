"""Every YISHI_* setting, read once from the environment and typed; `.env.example` lists them all."""

import ipaddress
import json
import os
import re
from dataclasses import dataclass
from datetime import time
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
    webhook_networks: tuple[str, ...]
    scan_url: str
    clearing_hours: tuple[int, ...]
    departs_at: tuple[time, ...] = (time(19),)
    rounds_at: tuple[time, ...] = (time(7, 30), time(13, 30))
    stop_within_minutes: int = 30
    voice_url: str = ""
    model_url: str = ""
    model_key: str = ""
    model_name: str = ""
    model_for: tuple[str, ...] = ()
    model_tokens_a_day: int = 200_000
    widget_origins: tuple[str, ...] = ()
    talk_ends_after_minutes: int = 30
    talk_silent_hours: int = 24
    lender_url: str = ""
    dials_real: bool = True


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
        webhook_networks=_networks(
            env.get("YISHI_WEBHOOK_NETWORKS", ""), is_demo=env.get("YISHI_DEMO") == "1"
        ),
        scan_url=_scanner(env.get("YISHI_SCAN_URL", "")),
        clearing_hours=_hours(env.get("YISHI_CLEARING_HOURS", "6,10,24,24,72")),
        departs_at=_times("YISHI_DEPARTS_AT", env.get("YISHI_DEPARTS_AT") or "19:00"),
        rounds_at=_times("YISHI_ROUNDS_AT", env.get("YISHI_ROUNDS_AT") or "07:30,13:30"),
        stop_within_minutes=_minutes(
            "YISHI_STOP_WITHIN_MINUTES", env.get("YISHI_STOP_WITHIN_MINUTES") or "30"
        ),
        voice_url=env.get("YISHI_VOICE_URL", ""),
        model_url=_model(env.get("YISHI_MODEL_URL", "")),
        model_key=env.get("YISHI_MODEL_KEY", ""),
        model_name=env.get("YISHI_MODEL_NAME", ""),
        model_for=_purposes(env.get("YISHI_MODEL_FOR") or "wording,summary,question"),
        model_tokens_a_day=_tokens(env.get("YISHI_MODEL_TOKENS_A_DAY") or "200000"),
        widget_origins=_origins(env.get("YISHI_WIDGET_ORIGINS", "")),
        talk_ends_after_minutes=_minutes(
            "YISHI_TALK_ENDS_AFTER_MINUTES", env.get("YISHI_TALK_ENDS_AFTER_MINUTES") or "30"
        ),
        talk_silent_hours=_silence(env.get("YISHI_TALK_SILENT_HOURS") or "24"),
        lender_url=env.get("YISHI_LENDER_URL", ""),
        dials_real=env.get("YISHI_DIAL_REAL", "1") != "0",
    )


def _model(url: str) -> str:
    """A language model's address names its plug-in: openai+https://host/v1."""
    name, _, address = url.partition("+")
    if url and (not name.isidentifier() or urlsplit(address).scheme not in {"http", "https"}):
        raise BadSetting(f"YISHI_MODEL_URL={url!r}; write it like openai+https://models.example.cn/v1")
    return url


def _purposes(said: str) -> tuple[str, ...]:
    """What a language model is used for."""
    parts = tuple(part.strip().upper() for part in said.split(",") if part.strip())
    if not set(parts) <= {"WORDING", "SUMMARY", "QUESTION"}:
        raise BadSetting(f"YISHI_MODEL_FOR={said!r}; write some of wording,summary,question")
    return parts


def _tokens(said: str) -> int:
    if not said.isdecimal():
        raise BadSetting(f"YISHI_MODEL_TOKENS_A_DAY={said!r} is no number")
    return int(said)


def _origins(said: str) -> tuple[str, ...]:
    """Other sites that may show our chat in a frame."""
    origins = [part.strip().rstrip("/") for part in said.split(",") if part.strip()]
    for origin in origins:
        if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?", origin):
            raise BadSetting(
                f"YISHI_WIDGET_ORIGINS: {origin!r} is no web origin; write them like"
                " https://shop.example.cn,https://www.shop.example.cn"
            )
    return tuple(origins)


def _hours(said: str) -> tuple[int, ...]:
    """After how many hours without a scan a parcel stands on the evening's clearing list."""
    parts = [part.strip() for part in said.split(",")]
    if len(parts) != 5 or not all(part.isdecimal() and 0 < int(part) <= 720 for part in parts):
        raise BadSetting(
            f"YISHI_CLEARING_HOURS={said!r}: five whole numbers of hours, 1 to 720 each: arrived, out, sent"
            " on, held at the outlet, kept at a pickup point; write it like 6,10,24,24,72"
        )
    return tuple(int(part) for part in parts)


def _times(name: str, said: str) -> tuple[time, ...]:
    try:
        return tuple(sorted(time.fromisoformat(part.strip()) for part in said.split(",")))
    except ValueError:
        raise BadSetting(f"{name}={said!r} is no list of times; write them like 07:30,13:30") from None


def _minutes(name: str, said: str) -> int:
    if not said.isdecimal() or not 5 <= int(said) <= 24 * 60:
        raise BadSetting(f"{name}={said!r} is no number of minutes from 5 to 1440")
    return int(said)


def _silence(said: str) -> int:
    """Hours after which a conversation in which we spoke last ends; it is judged after 72."""
    if not said.isdecimal() or not 1 <= int(said) <= 72:
        raise BadSetting(f"YISHI_TALK_SILENT_HOURS={said!r} is no number of hours from 1 to 72")
    return int(said)


def _scanner(url: str) -> str:
    if url and not re.match(r"tcp://[^/:]+:\d+$|unix:/.+|command:\s*\S", url):
        raise BadSetting(
            f"YISHI_SCAN_URL={url!r} names no scanner; write tcp://127.0.0.1:3310, unix:/run/clamav/clamd.ctl"
            " or command:clamscan --no-summary -"
        )
    return url


def _networks(said: str, *, is_demo: bool) -> tuple[str, ...]:
    """Networks of our own house that webhooks may reach; a demo has its receivers on the same machine."""
    networks = [part.strip() for part in said.split(",") if part.strip()] or (
        ["127.0.0.0/8"] if is_demo else []
    )
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise BadSetting(f"YISHI_WEBHOOK_NETWORKS: {error}; write it like 10.2.0.0/16") from None
    return tuple(networks)


def _running_database(home: Path) -> str:
    """The address of the embedded server as its supervisor wrote it, or '' when it never ran."""
    try:
        return str(json.loads((home / "run.json").read_text())["database_url"])
    except (OSError, ValueError, KeyError):
        return ""
