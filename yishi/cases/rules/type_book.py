"""Case types and workflows as one YAML text: read strictly, every error with its line. Pure.

The same text read again gives the same types, so that bringing it in twice changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from typing import Any, get_args, get_origin, get_type_hints

import yaml

from yishi.cases.rules.types import FormField, TypeTerms
from yishi.cases.rules.workflows import Auto, Step, Workflow

FORMAT = 1
MAX_CHARACTERS = 500_000
MOST_ENTRIES, MOST_NODES = 500, 30_000
"""Types and workflows together, and everything in them: each type is judged and saved on its own, which an
operator's hundred are worth and a machine's hundred thousand are not."""
_DEEPEST = 40
"""A book needs seven levels; a text that opens brackets without end takes its reader minutes."""


@dataclass(frozen=True)
class BookError:
    """What is wrong, where: line from 1 (0 = the whole), JSON pointer, and `values` for its words."""

    line: int
    pointer: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class Book:
    """What the text holds; `lines` of every entry by its pointer."""

    types: tuple[TypeTerms, ...]
    workflows: tuple[Workflow, ...]
    lines: Mapping[str, int]


def read_book(text: str) -> tuple[Book | None, list[BookError]]:
    """The book, or every error of its form. What the entries mean is judged by the rules of each."""
    if len(text) > MAX_CHARACTERS:
        return None, [BookError(0, "", "too_large")]
    try:
        if (refused := _endless(text)) is not None:
            return None, [refused]
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return None, [BookError(_line(mark), "", "not_yaml")]
    except RecursionError:
        return None, [BookError(0, "", "not_yaml")]
    reader = _Reader()
    if not isinstance(root, yaml.MappingNode):
        return None, [BookError(1, "", "not_a_book")]
    entries = reader.mapping(root, "", ("format", "types", "workflows"))
    stated = entries.get("format")
    if stated is None or stated.value != str(FORMAT):
        reader.wrong(stated or root, "/format", "wrong_format")
    listed = {name: reader.each(entries, name) for name in ("types", "workflows")}
    if sum(map(len, listed.values())) > MOST_ENTRIES:
        return None, [BookError(0, "", "too_many_entries", str(MOST_ENTRIES))]
    types = [reader.entry(node, at, TypeTerms) for node, at in listed["types"]]
    workflows = [reader.entry(node, at, Workflow) for node, at in listed["workflows"]]
    reader.once("types", types)
    reader.once("workflows", workflows)
    if reader.errors:
        return None, sorted(reader.errors, key=lambda error: error.line)
    return Book(tuple(t for t in types if t), tuple(w for w in workflows if w), reader.lines), []


def _endless(text: str) -> BookError | None:
    """Why the text is not unfolded at all: an alias, too many levels or too much in it. Raises
    yaml.YAMLError."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            return BookError(_line(event.start_mark), "", "alias")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return BookError(_line(event.start_mark), "", "not_yaml")
        nodes += isinstance(event, yaml.NodeEvent)
        if nodes > MOST_NODES:
            return BookError(_line(event.start_mark), "", "too_many", f"{MOST_NODES:,}")
    return None


def write_book(types: Iterable[TypeTerms], workflows: Iterable[Workflow]) -> str:
    """The text of these: what is empty is left out."""
    told = {
        "format": FORMAT,
        "types": [_plain(terms) for terms in types],
        "workflows": [_plain(workflow) for workflow in workflows],
    }
    text: str = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=100)
    return text


def _plain(thing: Any) -> Any:
    if is_dataclass(thing):
        pairs = ((field, getattr(thing, field.name)) for field in fields(thing))
        return {
            field.name: _plain(value)
            for field, value in pairs
            if field.default is MISSING or value != field.default
        }
    return [_plain(each) for each in thing] if isinstance(thing, tuple) else thing


def _line(mark: Any) -> int:
    """Lines as people count them; 0 where the reader does not say."""
    return mark.line + 1 if mark else 0


class _Reader:
    """Walks the nodes of a text and collects everything that is wrong."""

    def __init__(self) -> None:
        self.errors: list[BookError] = []
        self.lines: dict[str, int] = {}

    def wrong(self, node: yaml.Node, pointer: str, code: str, value: str = "") -> None:
        self.errors.append(BookError(node.start_mark.line + 1, pointer, code, value[:80]))

    def mapping(self, node: yaml.Node, pointer: str, names: Iterable[str]) -> dict[str, yaml.Node]:
        """The values by name; names that nobody knows and names used twice are errors."""
        known, found = set(names), dict[str, yaml.Node]()
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, pointer, "not_a_mapping")
            return found
        for key, value in node.value:
            name = str(key.value)
            if name not in known:
                self.wrong(key, f"{pointer}/{name}", "unknown_name", name)
            elif name in found:
                self.wrong(key, f"{pointer}/{name}", "name_twice", name)
            found[name] = value
        return found

    def each(self, entries: Mapping[str, yaml.Node], name: str) -> list[tuple[yaml.Node, str]]:
        node = entries.get(name)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"/{name}", "not_a_list")
            return []
        return [(each, f"/{name}/{at}") for at, each in enumerate(node.value)]

    def once(self, name: str, entries: list[Any]) -> None:
        seen: set[str] = set()
        for at, entry in enumerate(entries):
            if entry is not None and entry.key in seen:
                self.errors.append(
                    BookError(self.lines[f"/{name}/{at}"], f"/{name}/{at}/key", "key_twice", entry.key)
                )
            seen.add(entry.key if entry is not None else "")

    def entry(self, node: yaml.Node, pointer: str, kind: type[Any]) -> Any:
        """A dataclass from a mapping; None when something in it is wrong."""
        before = len(self.errors)
        self.lines[pointer] = node.start_mark.line + 1
        hints = get_type_hints(kind)
        found = self.mapping(node, pointer, hints)
        values = {
            name: self.value(value, f"{pointer}/{name}", hints[name])
            for name, value in found.items()
            if name in hints
        }
        for field in fields(kind):
            if field.default is MISSING and field.name not in values:
                self.wrong(node, f"{pointer}/{field.name}", "missing_name", field.name)
        return kind(**values) if len(self.errors) == before else None

    def value(self, node: yaml.Node, pointer: str, hint: Any) -> Any:
        if get_origin(hint) is tuple:
            inner = get_args(hint)[0]
            if not isinstance(node, yaml.SequenceNode):
                self.wrong(node, pointer, "not_a_list")
                return ()
            return tuple(self.value(each, f"{pointer}/{at}", inner) for at, each in enumerate(node.value))
        if hint in (FormField, Step, Auto):
            return self.entry(node, pointer, hint)
        return self.scalar(node, pointer, hint)

    def scalar(self, node: yaml.Node, pointer: str, hint: Any) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, pointer, "not_a_word")
            return None
        tag = node.tag.rsplit(":", 1)[-1]
        if tag == "null" and hint in (date | None, float | None):
            return None
        try:
            return _SCALARS[hint](tag, node.value)
        except ValueError:
            self.wrong(node, pointer, _WRONG[hint], str(node.value))
            return None


def _word(tag: str, value: str) -> str:
    """Words as they stand; a number or date that was meant as a word stays one, but nothing is no word."""
    if tag in ("null", "bool"):
        raise ValueError
    return "".join(sign for sign in value if sign.isprintable()).strip()


def _truth(tag: str, value: str) -> bool:
    if tag != "bool":
        raise ValueError
    return value.lower() in ("true", "yes", "on")


def _number(tag: str, value: str) -> float:
    if tag not in ("int", "float"):
        raise ValueError
    return float(value.replace("_", ""))


def _date(tag: str, value: str) -> date:
    return date.fromisoformat(value)


_SCALARS: Mapping[Any, Any] = {str: _word, bool: _truth, float | None: _number, date | None: _date}
_WRONG: Mapping[Any, str] = {
    str: "not_a_word",
    bool: "not_a_truth",
    float | None: "not_a_number",
    date | None: "not_a_date",
}
