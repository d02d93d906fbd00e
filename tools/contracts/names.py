"""A room holds seven possible files and no others; package `__init__` files are empty."""

from collections.abc import Iterator

from tree import EDGES, ROOMS, Finding, Module, Tree

SEVEN = {"models", "rules", "actions", "queries", "facts", "reactions", "jobs"}
WITH_PORT = {"feeds", "stations", "cases", "conversations", "notifications", "assistant"}
BESIDE = {"apps", "migrations", "templatetags", "management"}
TOP_FILES = {"__init__", "__main__", "flow"}
# kit is a box of tools, not a room with a story: a new tool is entered here on purpose
KIT = {
    "addresses", "barcodes", "calendar", "clock", "errors", "facts", "files", "fulltext", "hot",
    "idempotency", "ids", "jobs", "keyring", "live", "logs", "metrics", "migrating", "models", "ocr",
    "outbox", "outside", "paging", "paper", "paper_font", "personal", "photos", "phrases", "ratelimit",
    "retention", "scanning", "sound", "sweep", "texts",
}  # fmt: skip


def find(tree: Tree) -> Iterator[Finding]:
    for module in tree.modules:
        if module.path.endswith("__init__.py"):
            if module.text.strip():
                yield module.finding(1, "package __init__ files are empty: move this into a named module")
        else:
            yield from _named_well(module)


def _named_well(module: Module) -> Iterator[Finding]:
    if len(module.parts) == 2:
        if module.parts[1] not in TOP_FILES:
            yield module.finding(1, "only flow.py stands beside the rooms: give this file a room")
        return
    room, name = module.parts[1], module.parts[2]
    if room not in ROOMS:
        if room not in EDGES:
            yield module.finding(1, f"`{room}` is no room of the house (docs/ARCHITECTURE.md)")
        return
    if name not in allowed_in(room):
        yield module.finding(1, f"a room has no `{name}`: {', '.join(sorted(allowed_in(room)))}")


def allowed_in(room: str) -> set[str]:
    if room == "kit":
        return KIT | BESIDE
    return SEVEN | BESIDE | ({"port"} if room in WITH_PORT else set())
