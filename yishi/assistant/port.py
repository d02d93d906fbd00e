"""What a language model is to us: text in, text out, within a time and some tokens. It decides nothing.

A plug-in is a package `yishi/plugins/models/<name>/` whose `client.py` has `connect(url, key, model)`. Off
unless the operator names one (`YISHI_MODEL_URL`); then its scheme says which: `openai+https://…`.
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit


class ModelError(Exception):
    """No answer that can be used; never with what was asked in it."""


@dataclass(frozen=True)
class Line:
    """One line of what the model is given: `system` is ours, `user` is what people wrote, personal data
    hidden."""

    role: str
    text: str


@dataclass(frozen=True)
class Told:
    """What it answered, and how many tokens that cost."""

    text: str
    tokens: int


class LanguageModel(Protocol):
    """An endpoint that is asked once and forgotten."""

    def complete(self, lines: Sequence[Line], *, most_tokens: int, timeout_s: float) -> Told:
        """Raises ModelError: late, away, refused, or no answer in the agreed form."""


def open_model(*, url: str, key: str, model: str) -> LanguageModel:
    """The model at this address. ModelError for a scheme that no plug-in serves."""
    name, _, address = url.partition("+")
    if not name.isidentifier() or urlsplit(address).scheme not in ("http", "https"):
        raise ModelError("write the address like openai+https://host/v1")
    try:
        client = importlib.import_module(f"yishi.plugins.models.{name}.client")
    except ModuleNotFoundError as missing:
        raise ModelError(f"no plug-in for {name}") from missing
    found: LanguageModel = client.connect(address, key, model)
    return found
