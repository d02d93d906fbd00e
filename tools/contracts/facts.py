"""A fact is known by its class's name (`kit.facts`): no field of it may be called `name`."""

import ast
from collections.abc import Iterator

from tree import Finding, Tree


def find(tree: Tree) -> Iterator[Finding]:
    for module in tree.modules:
        if module.parts[-1] != "facts" or module.parts[1:2] == ("kit",):
            continue
        for fact in (node for node in module.nodes if isinstance(node, ast.ClassDef)):
            for line in fact.body:
                named = line.target if isinstance(line, ast.AnnAssign) else None
                if isinstance(named, ast.Name) and named.id == "name":
                    what = f"`{fact.name}.name` hides the name by which the fact is known: call it otherwise"
                    yield module.finding(line, what)
