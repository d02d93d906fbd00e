"""A migration tells the past: it imports nothing of the project, which moves on."""

import ast
from collections.abc import Iterator

from tree import Finding, Tree


def find(tree: Tree) -> Iterator[Finding]:
    for module in tree.modules:
        if not module.is_migration:
            continue
        for line, source, _, _ in module.imports:
            if source.split(".")[0] == "yishi":
                yield module.finding(line, f"a migration imports nothing of the project, not `{source}`")
        for node in module.nodes:
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
                yield module.finding(node, "a migration imports nothing of the project, also not by name")
