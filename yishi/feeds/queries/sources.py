"""The plug-ins there are, and sources as others need them."""

import hmac
import importlib
import json
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from yishi.feeds.port import Card, FeedPlugin, FileReader
from yishi.kit.errors import NotFound
from yishi.kit.hot import hot_cursor
from yishi.kit.ids import token_hash
from yishi.kit.personal import unseal

PLUGINS = "yishi.plugins.feeds"


@cache
def plugins() -> dict[str, tuple[Card, FeedPlugin]]:
    """Every feed plug-in by its name, found by walking the package."""
    folder = importlib.import_module(PLUGINS).__path__
    found: dict[str, tuple[Card, FeedPlugin]] = {}
    for entry in pkgutil.iter_modules(folder):
        if entry.ispkg:
            module = importlib.import_module(f"{PLUGINS}.{entry.name}.card")
            found[entry.name] = (module.CARD, module.PLUGIN)
    return found


@cache
def file_reader() -> tuple[str, FileReader]:
    """The plug-in that reads files of head office, with its name: the one whose card has a `READER`."""
    for name in plugins():
        module = importlib.import_module(f"{PLUGINS}.{name}.card")
        if (reader := getattr(module, "READER", None)) is not None:
            return name, reader
    raise LookupError("no feed plug-in has a READER")


@dataclass(frozen=True)
class SourceCard:
    """A source as the ingest path needs it."""

    id: int
    code: str
    plugin: str
    carrier: str
    settings: dict[str, str]
    zone: ZoneInfo
    is_paused: bool
    push_key_hash: bytes
    # what the operator says that a code means: (kind, detail) instead of the plug-in's own
    overrides: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    last_input_at: datetime | None = None

    @property
    def reader(self) -> FeedPlugin:
        return plugins()[self.plugin][1]


_BY_CODE = """
SELECT s.id, s.code, s.plugin, s.carrier, s.settings, s.time_zone, s.is_paused, s.push_key_hash,
    (SELECT json_object_agg(m.source_code, json_build_array(m.kind, m.detail))
     FROM feeds_code_mapping m WHERE m.source_id = s.id AND m.ended_at IS NULL),
    s.last_input_at
FROM feeds_source s WHERE s.code = %s
"""


def find_source(code: str) -> SourceCard | None:
    """The source of that name, or None."""
    row = hot_cursor().execute(_BY_CODE, [code], prepare=True).fetchone()
    if row is None:
        return None
    number, name, plugin, carrier, sealed, zone, is_paused, key_hash, mapped, heard_at = row
    settings = json.loads(unseal(sealed) or "{}")
    return SourceCard(
        number, name, plugin, carrier, settings, ZoneInfo(zone), is_paused, bytes(key_hash or b""),
        overrides={code: (kind, detail) for code, (kind, detail) in (mapped or {}).items()},
        last_input_at=heard_at,
    )  # fmt: skip


def get_source(code: str) -> SourceCard:
    """The source of that name. Raises NotFound."""
    source = find_source(code)
    if source is None:
        raise NotFound
    return source


def find_source_by_push(code: str, key: str) -> SourceCard | None:
    """The source whose push address has this key, compared in constant time; None otherwise."""
    source = find_source(code)
    if source is None or not source.push_key_hash:
        return None
    return source if hmac.compare_digest(source.push_key_hash, token_hash(key)) else None
