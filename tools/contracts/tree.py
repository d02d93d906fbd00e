"""The source tree as the checks see it: every module parsed once, and the names of the house."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOMS = (
    "insight", "improvement", "scorecards", "training", "penalties", "automation", "feedback",
    "assistant", "notifications", "sla", "routing", "claims", "cases", "knowledge", "conversations",
    "detection", "stations", "shipments", "feeds", "consignees", "network", "people", "kit",
)  # fmt: skip
EDGES = ("cli", "config", "web", "api", "edge", "plugins", "sample", "simulator", "host")


@dataclass(frozen=True, order=True)
class Finding:
    """One place where the house is not as agreed, said in a sentence that names the fix."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        """The dotted name in parts: ('yishi', 'cases', 'actions', 'open')."""
        return tuple(self.path.removesuffix(".py").removesuffix("/__init__").split("/"))

    @property
    def room(self) -> str:
        """The first part below `yishi`: a room, an edge, or `flow`."""
        return self.parts[1] if len(self.parts) > 1 else ""

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def imports(self) -> list[tuple[int, str, str, str]]:
        """(line, module, name taken from it or '', local name) of every import, relative ones resolved."""
        return [found for node in self.nodes for found in self._imports_of(node)]

    def _imports_of(self, node: ast.AST) -> Iterator[tuple[int, str, str, str]]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, "", alias.asname or alias.name
        elif isinstance(node, ast.ImportFrom):
            package = self.parts if self.path.endswith("__init__.py") else self.parts[:-1]
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, module, alias.name, alias.asname or alias.name

    def finding(self, node: ast.AST | int, message: str) -> Finding:
        return Finding(self.path, node if isinstance(node, int) else getattr(node, "lineno", 1), message)


class Tree:
    """A checkout: `root` holds `yishi/` and, where they exist, `tests/`, `tools/` and `bench/`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def modules(self) -> list[Module]:
        """Every module of the product."""
        return [self._parse(path) for path in sorted((self.root / "yishi").rglob("*.py"))]

    @cached_property
    def surroundings(self) -> list[Module]:
        """Tests, tools and benchmarks."""
        folders = (self.root / name for name in ("tests", "tools", "bench"))
        return [self._parse(path) for folder in folders for path in sorted(folder.rglob("*.py"))]

    def files(self, folder: str, *suffixes: str) -> Iterator[Path]:
        for path in sorted((self.root / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _parse(self, path: Path) -> Module:
        text = path.read_text(encoding="utf-8")
        return Module(self.name(path), text, ast.parse(text, filename=str(path)))
