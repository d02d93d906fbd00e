"""Plug-ins reach rooms only through a port, and nobody imports a plug-in: they are found by walking."""

from collections.abc import Iterator

from tree import Finding, Module, Tree


def find(tree: Tree) -> Iterator[Finding]:
    for module in tree.modules:
        for line, source, name, _ in module.imports:
            target = f"{source}.{name}".rstrip(".")
            if module.room == "plugins":
                if target.startswith("yishi.") and not _may_use(module, target):
                    yield module.finding(line, f"a plug-in reaches a room only by its port, not `{target}`")
            elif target.startswith("yishi.plugins"):
                yield module.finding(line, "plug-ins are found by walking the package, never imported")


def _may_use(module: Module, target: str) -> bool:
    parts = target.split(".")
    if parts[1] == "kit":
        return True
    if parts[1] == "plugins":
        return parts[2:3] == ["common"] or tuple(parts[2:4]) == module.parts[2:4]
    return parts[2:3] == ["port"]
