"""What is committed names no machine: no folder of somebody's computer, no registry, no mirror."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tree import Finding, Tree

_MACHINE = re.compile(r"(?<![\w./}$%*-])/(?:work|root|home|Users|tmp|var/tmp)/(?!yishi)[\w.]")
_REGISTRY = re.compile(
    r"(?:(?<!emit-)index-url|registry\s*=\s*\S*://|registry\.npmjs|pypi\.org|pythonhosted|mirrors?\.[a-z])",
    re.IGNORECASE,
)
_SKIPPED = {".git", ".venv", "node_modules", "var", "__pycache__", "vendor", "build"}
_LARGEST = 2_000_000


def find(tree: Tree) -> Iterator[Finding]:
    for path in committed(tree.root):
        name = tree.name(path)
        is_lock = path.suffix == ".lock" or path.name in {"package-lock.json", "requirements.txt"}
        for number, line in enumerate(_lines(path), 1):
            if _MACHINE.search(line):
                yield Finding(name, number, "names a folder of one machine: use a setting or a relative path")
            if _REGISTRY.search(line) and path.name != "committed.py":
                yield Finding(name, number, "names a registry: names, versions and hashes are enough")
            elif is_lock and "://" in line:
                yield Finding(name, number, "a lock file names no host: lock again with --no-emit-index-url")


def committed(root: Path) -> Iterator[Path]:
    """What git holds or would add; every file where there is no git."""
    if (root / ".git").exists():
        command = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"]
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        paths = (root / name for name in listed.split("\0") if name)
    else:
        paths = (path for path in sorted(root.rglob("*")) if not _SKIPPED & set(path.relative_to(root).parts))
    return (path for path in paths if path.is_file() and path.stat().st_size < _LARGEST)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []  # a picture or a font
