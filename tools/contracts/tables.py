"""No room writes another room's tables, neither by ORM calls nor by SQL: it calls that room's action."""

import ast
import re
from collections.abc import Iterator

from tree import ROOMS, Finding, Module, Tree

_PLAIN = {
    "create", "bulk_create", "update", "bulk_update", "get_or_create", "update_or_create", "delete", "save",
    "add", "set", "remove", "clear",
}  # fmt: skip
WRITES = _PLAIN | {f"a{name}" for name in _PLAIN}
ON_ONE_ROW = {"save", "delete", "asave", "adelete"}
_SQL = re.compile(
    r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|COPY|MERGE\s+INTO|ALTER\s+TABLE|DROP\s+TABLE)"
    r"(?:\s+ONLY|\s+IF\s+EXISTS)?\s+\"?(?:public\.)?(\w+)",
    re.IGNORECASE,
)


def find(tree: Tree) -> Iterator[Finding]:
    for module in tree.modules:
        yield from _by_sql(module)
        if not module.is_migration:
            yield from _by_orm(module)
    for path in tree.files("yishi", ".sql"):
        room = tree.name(path).split("/")[1]
        for table in _foreign_tables(path.read_text(encoding="utf-8"), room):
            yield Finding(tree.name(path), 1, _message(room, table))


def _by_sql(module: Module) -> Iterator[Finding]:
    for node in module.nodes:
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        for table in _foreign_tables(text, module.room):
            yield module.finding(node, _message(module.room, table))


def _foreign_tables(sql: str, room: str) -> list[str]:
    """The tables that this SQL writes and that belong to another room (they are named <room>_<noun>)."""
    return [table for table in _SQL.findall(sql) if (owner := _owner(table)) and owner != room]


def _owner(table: str) -> str:
    return next((room for room in ROOMS if table.startswith(f"{room}_")), "")


def _message(room: str, what: str) -> str:
    return f"`{room}` writes `{what}`, which is another room's: call that room's action"


def _by_orm(module: Module) -> Iterator[Finding]:
    models, callables = _foreign_names(module)
    for scope in _scopes(module.tree):
        rows = set(models) | _rows(scope, models)
        loaned = _rows(scope, callables)
        for node in _within(scope):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                root = _root(node.func.value)
                verb = node.func.attr
                if (root in rows and verb in WRITES) or (root in loaned and verb in ON_ONE_ROW):
                    yield module.finding(node, _message(module.room, f"{root}….{verb}()"))
            if isinstance(node, ast.Attribute) and node.attr == "get_model" and module.room != "kit":
                yield module.finding(node, "models are imported, not looked up, so that writes can be seen")


def _foreign_names(module: Module) -> tuple[set[str], set[str]]:
    """Local names of other rooms' models, and of other rooms' functions that may hand out their rows."""
    models, callables = set(), set()
    for _, source, name, local in module.imports:
        parts = [*source.split("."), *([name] if name else [])]
        if parts[0] != "yishi" or len(parts) < 3 or parts[1] == module.room:
            continue
        if parts[2] == "models":
            models.add(local.split(".")[0] if not name else local)
        elif parts[2] in {"queries", "actions"}:
            callables.add(local.split(".")[0] if not name else local)
    return models, callables


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    yield tree
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without those of the functions inside it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from _within(child)


def _rows(scope: ast.AST, names: set[str]) -> set[str]:
    """Variables of this scope that hold something obtained through one of these names."""
    rows: set[str] = set()
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
        rows |= {a.arg for a in arguments if a.annotation is not None and _mentions(a.annotation, names)}
    for node in _within(scope):
        if isinstance(node, ast.Assign) and _root(node.value) in names | rows:
            rows |= {t.id for target in node.targets for t in ast.walk(target) if isinstance(t, ast.Name)}
        elif (
            isinstance(node, ast.For | ast.AsyncFor | ast.comprehension) and _root(node.iter) in names | rows
        ):
            rows |= {t.id for t in ast.walk(node.target) if isinstance(t, ast.Name)}
        elif isinstance(node, ast.NamedExpr) and _root(node.value) in names | rows:
            rows.add(node.target.id)
    return rows


def _mentions(annotation: ast.expr, names: set[str]) -> bool:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.strip('"') in names
    return any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(annotation))


def _root(node: ast.AST) -> str:
    """The name that a chain of calls and attributes starts from: `Case` in Case.objects.filter(…)[0]."""
    while True:
        match node:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Await(value=inner):
                node = inner
            case ast.Call(func=inner):
                node = inner
            case ast.Name(id=name):
                return name
            case _:
                return ""
