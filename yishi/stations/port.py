"""What an ID-card reader plug-in is: something that is asked once and says whose card lies on it.

Readers live in `yishi/plugins/readers/<name>/` and are found by walking that package: `card.CARD` and
`client.connect(url, key)`. What they say is looked at and forgotten: no name and no number of a card is kept
or logged, only that one was seen, by whom and when.
"""

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

READ_WITHIN_S = 8.0
"""Somebody stands at the counter with the card in his hand: longer is no use to anybody."""


class PluginError(Exception):
    """The reader said nothing that can be used. Its words hold nothing of a card."""


@dataclass(frozen=True)
class Card:
    """A plug-in's face: which addresses it serves, and what it asks of the other side."""

    name: str
    label: str
    schemes: tuple[str, ...]
    docs: str


@dataclass(frozen=True)
class IdSeen:
    """Whose card lies there: the name as printed and at most the last four signs of the number. Neither shows
    in a log or a traceback."""

    person_name: str = field(repr=False)
    id_tail: str = field(default="", repr=False)


class IdReader(Protocol):
    """A machine that reads cards."""

    def read(self) -> IdSeen | None:
        """The card that lies on it within `READ_WITHIN_S`; None when there is none. Raises PluginError."""


def open_reader(url: str, key: str) -> IdReader:
    """The reader at this address. PluginError when no plug-in serves it."""
    scheme = urlsplit(url).scheme
    package = importlib.import_module("yishi.plugins.readers")
    for module in pkgutil.iter_modules(package.__path__):
        card = importlib.import_module(f"{package.__name__}.{module.name}.card").CARD
        if scheme in card.schemes:
            connect = importlib.import_module(f"{package.__name__}.{module.name}.client").connect
            reader: IdReader = connect(url, key)
            return reader
    raise PluginError("no reader serves this address")
