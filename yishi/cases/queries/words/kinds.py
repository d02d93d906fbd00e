"""The shapes of the words of a line: its title by kind, and the sentence that its values make."""

from collections.abc import Callable, Mapping
from typing import Any

# titles are lazy translations: made into text when they are read
Titles = Mapping[str, object]
Say = Mapping[str, Callable[[Mapping[str, Any]], str]]
