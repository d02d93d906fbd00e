"""Checks the contracts of the house that import-linter cannot see: `python tools/house.py [ROOT]`.

Prints one line a finding, `path:line: what and how to fix it`, and ends with status 1 when there is any.
"""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONTRACTS = (
    "names", "plugins", "reactions", "facts", "tables", "clock", "migrations", "sizes", "committed", "pages",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(HERE / "contracts"))
    from tree import Tree

    tree = Tree(Path(arguments[0]).resolve() if arguments else HERE.parent)
    findings = sorted({found for name in CONTRACTS for found in importlib.import_module(name).find(tree)})
    for found in findings:
        print(found)
    print(f"house: {len(findings)} findings in {len(tree.modules)} modules", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
