"""The model that understands here: the published one of this installation, else the release's own.

A model file is made where it is needed and kept by the hash of its lines; none is committed. Web and edge
never make one (it takes seconds and numpy): until somebody has, they know only what is surely known.
"""

import logging
import mmap
import os
import time
from pathlib import Path

from django.conf import settings

from yishi.assistant.queries.phrases import release_learnt, release_lines
from yishi.assistant.rules.building import build, hash_of
from yishi.assistant.rules.weights import Model

log = logging.getLogger(__name__)

BUILT = Path(__file__).resolve().parent.parent / "built"
_LOOKS_AGAIN_S = 5.0
_NEVER_BUILD = frozenset({"web", "edge"})
_held: tuple[str, Model] | None = None
_looked_at = 0.0


def folder() -> Path:
    """Where this installation keeps its models."""
    return Path(settings.ENVIRONMENT.home) / "assistant"


def published_hash() -> str:
    """The model that was published here, "" for the release's own."""
    try:
        return (folder() / "published").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def current_model() -> Model | None:
    """The model to understand with; looks every few seconds whether another was published."""
    global _held, _looked_at
    if _held is not None and time.monotonic() - _looked_at < _LOOKS_AGAIN_S:
        return _held[1]
    _looked_at = time.monotonic()
    wanted = published_hash()
    if _held is None or _held[0] != wanted:
        found = _mapped(model_path(wanted)) if wanted else None
        found = found or release_model()
        _held = (wanted, found) if found else None
    return _held[1] if _held else None


def release_model() -> Model | None:
    """The release's own, made here if nobody has and this process may."""
    name = hash_of(release_lines(), release_learnt())
    if found := _mapped(BUILT / f"{name}.model") or _mapped(model_path(name)):
        return found
    return None if settings.ENVIRONMENT.process in _NEVER_BUILD else _mapped(build_release())


def build_release() -> Path:
    """Makes the release's model, beside the code if that can be written, else in the home; its path."""
    name = f"{hash_of(release_lines(), release_learnt())}.model"
    for place in (BUILT, folder()):
        if (place / name).exists():
            return place / name
    # numpy's threads would spin against each other on matrices this small
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    content = build(release_lines(), learnt=release_learnt())
    for place in (BUILT, folder()):
        try:
            return keep(place / name, content)
        except OSError:
            continue
    raise OSError("a model can be kept neither beside the code nor in the home")


def model_path(content_hash: str) -> Path:
    return folder() / f"{content_hash}.model"


def keep(path: Path, content: bytes) -> Path:
    """Writes a file in one step: a reader sees all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_bytes(content)
    scratch.replace(path)
    return path


def _mapped(path: Path) -> Model | None:
    """The model in a file, shared between processes; None where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return Model(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        log.exception("model file cannot be read", extra={"file": path.name})
        return None
