"""What tests of feed plug-ins share: payloads in, mappings of the domain, forms as carriers send them."""

import csv
import importlib
import os
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

import pytest

import yishi
from yishi.feeds.port import Pushed

ZONE = ZoneInfo("Asia/Shanghai")
SHARED = Path(os.environ.get("YISHI_SHARED", "../shared")) / "domain"
FOLDER = Path(yishi.__file__).parent / "plugins" / "feeds"
PUSHED = Pushed(b"", {}, datetime(2026, 11, 20, tzinfo=UTC), ZONE)

needs_domain = pytest.mark.skipif(
    not SHARED.exists(), reason="the domain's feeds and mapping are not here (YISHI_SHARED)"
)


def feed(name):
    return importlib.import_module(f"yishi.plugins.feeds.{name}.card").PLUGIN


def payload(plugin, name):
    return (FOLDER / plugin / "payloads" / name).read_bytes()


def read(plugin, body, settings=None):
    return feed(plugin).parse(body, "", settings or {}, ZONE)


def at(*parts):
    """A moment of the sources' own zone."""
    return datetime(*parts, tzinfo=ZONE)


def digest(content, secret):
    return b64encode(md5(content + secret).digest()).decode()


def form(**fields):
    """A form body, in the order of its fields."""
    return "&".join(f"{name}={quote_plus(value)}" for name, value in fields.items()).encode()


def refusals(parsed):
    return [(r.index, r.reason) for r in parsed.rejected]


def domain_rows(source):
    """code → (label, kind, detail) of mapping.csv; some details are remarks, told by their spaces."""
    with (SHARED / "mapping.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == source]
    return {row["code"]: (row["label"], row["normalised"], row["detail"]) for row in rows}
