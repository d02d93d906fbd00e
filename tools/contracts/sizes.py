"""Small files, small functions: none over 400 lines, none over 60."""

import ast
from collections.abc import Iterator

from tree import Finding, Tree

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60


def find(tree: Tree) -> Iterator[Finding]:
    for module in [*tree.modules, *tree.surroundings]:
        if module.is_migration:
            continue
        if (count := len(module.text.splitlines())) > LINES_OF_A_FILE:
            yield module.finding(1, f"{count} lines: cut it into a package of the same name, one file a noun")
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LINES_OF_A_FUNCTION:
                    yield module.finding(node, f"`{node.name}` has {length} lines: cut it in two")
    for path in tree.files("yishi", ".html"):
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES_OF_A_FILE:
            yield Finding(tree.name(path), 1, f"{count} lines: cut the page into parts that it includes")
