"""Time is handed in as `at=`: only kit.clock reads the clock, and only edges and jobs call it."""

import ast
import re
from collections.abc import Iterator

from tree import Finding, Module, Tree

READERS = {
    "django.utils.timezone": {"now", "localtime", "localdate"},
    "datetime.datetime": {"now", "utcnow", "today"},
    "datetime.date": {"today"},
    "time": {"time", "time_ns"},
}
MAY_ASK = {"cli", "config", "web", "api", "edge", "sample", "simulator", "host"}
_STATEMENT = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE)\b")
_SQL_NOW = re.compile(r"\bnow\(\)|\bCURRENT_(TIMESTAMP|DATE)\b|\bclock_timestamp\(\)", re.IGNORECASE)


def find(tree: Tree) -> Iterator[Finding]:
    for module in tree.modules:
        if module.is_migration or may_ask(module):
            continue
        yield from _imports_clock(module)
        names = _local_names(module)
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and node.attr in names.get(_dotted(node.value), set()):
                yield module.finding(node, f"`{_dotted(node)}` reads the clock: take `at=` from the caller")
            elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
                yield module.finding(node.value, f"`{node.arg}` reads the clock: the action sets the moment")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _asks_in_sql(node.value):
                yield module.finding(node, "SQL that reads the clock: hand the moment in as a parameter")


def may_ask(module: Module) -> bool:
    """The edges, jobs, the clock itself, and a plug-in's client (signing wants the hour)."""
    if module.room == "plugins":
        return module.parts[-1] == "client"
    return (
        module.room in MAY_ASK or module.parts[2:3] == ("jobs",) or module.parts == ("yishi", "kit", "clock")
    )


def _imports_clock(module: Module) -> Iterator[Finding]:
    for line, source, name, _ in module.imports:
        if "yishi.kit.clock" in (source, f"{source}.{name}"):
            yield module.finding(line, "only edges and jobs ask kit.clock: take `at=` from the caller")
        elif name and name in READERS.get(source, set()):
            yield module.finding(line, f"`{source}.{name}` reads the clock: take `at=` from the caller")


def _local_names(module: Module) -> dict[str, set[str]]:
    """What each local name would read the clock with: {'timezone': {'now', …}}."""
    names: dict[str, set[str]] = {}
    for _, source, name, local in module.imports:
        for owner, readers in READERS.items():
            target = f"{source}.{name}".rstrip(".")
            if owner == target:
                names[local] = readers
            elif owner.startswith(f"{target}."):
                names[f"{local}{owner.removeprefix(target)}"] = readers
    return names


def _asks_in_sql(text: str) -> bool:
    return bool(_STATEMENT.search(text) and _SQL_NOW.search(text))


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
