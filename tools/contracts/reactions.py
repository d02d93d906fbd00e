"""Only flow.py knows reactions: it is where a reader sees who reacts to what."""

import ast
import re
from collections.abc import Iterator

from tree import Finding, Tree

_DOTTED = re.compile(r"yishi\.\w+\.reactions\b")


def find(tree: Tree) -> Iterator[Finding]:
    for module in tree.modules:
        if module.parts == ("yishi", "flow"):
            continue
        for line, source, name, _ in module.imports:
            if _DOTTED.match(f"{source}.{name}") and module.parts[2:3] != ("reactions",):
                yield module.finding(line, "only flow.py imports reactions: announce a fact instead")
        for node in module.nodes:
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and _DOTTED.fullmatch(node.value)
            ):
                yield module.finding(node, "only flow.py imports reactions, also by name")
