"""Finds every text that a person reads, in code and templates; the msgid is the Chinese.

In code these are: what stands in a gettext call; the docstring of a Refusal; the words of a choice
(`OPEN = "OPEN", "待受理"`); and the words beside a code (`("/text", "missing_field", "说说发生了什么")`).
The sample's texts and the column names that feeds know are data, no words of ours.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation.template import templatize

HAN = re.compile(r"[\u3400-\u9fff]")
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL_CALLS = {"ngettext", "ngettext_lazy"}
_CODE = re.compile(r"[a-z][a-z0-9_]*$")
_LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_TEMPLATE_CALL = re.compile(rf"\b(_|gettext|ngettext)\(\s*({_LITERAL})(?:\s*,\s*({_LITERAL}))?", re.S)


class Text(NamedTuple):
    """`plural` is '' where there is no form of its own for several."""

    msgid: str
    plural: str
    path: str


def find_texts(root: Path) -> list[Text]:
    """All texts of the package `yishi`, in the order of files."""
    package = root / "yishi"
    trees = {
        path: ast.parse(path.read_text())
        for path in sorted(package.rglob("*.py"))
        if not {"migrations", "sample"} & set(path.parts)
    }
    refusals = _refusals(list(trees.values()))
    texts = [
        Text(*found, path=str(path.relative_to(root)))
        for path, tree in trees.items()
        for found in _in_code(tree, refusals, has_words=not _is_word_table(path))
        if path.name != "mapping.py"
    ]
    for path in sorted(p for p in package.rglob("*") if p.suffix in {".html", ".txt"} and _is_template(p)):
        texts += [Text(*found, path=str(path.relative_to(root))) for found in _in_template(path.read_text())]
    return texts


def _is_word_table(path: Path) -> bool:
    """What people write to the assistant is matched there, not said by us."""
    return path.parts[-3:-1] == ("assistant", "rules")


def _is_template(path: Path) -> bool:
    return "templates" in path.parts


def _refusals(trees: list[ast.Module]) -> set[str]:
    """Names of Refusal and all classes that come of it."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"Refusal"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found


def _in_code(tree: ast.Module, refusals: set[str], *, has_words: bool) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.Tuple) and has_words:
            yield from _beside_code([_constant(e) for e in node.elts])
        elif isinstance(node, ast.ClassDef):
            yield from _of_class(node, node.name in refusals)


def _of_call(node: ast.Call) -> Iterator[tuple[str, str]]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    words = [_constant(argument) for argument in node.args]
    if name in _CALLS and words and words[0]:
        yield words[0], ""
    elif name in _PLURAL_CALLS and len(words) > 1 and words[0] and words[1]:
        yield words[0], words[1]


def _beside_code(words: list[str]) -> Iterator[tuple[str, str]]:
    if len(words) > 1 and _CODE.match(words[-2]) and HAN.search(words[-1]):
        yield words[-1], ""


def _of_class(node: ast.ClassDef, is_refusal: bool) -> Iterator[tuple[str, str]]:
    message = (ast.get_docstring(node, clean=False) or "").strip() if is_refusal else ""
    if HAN.search(message):
        yield message, ""
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple) and len(line.value.elts) == 2:
            code, words = (_constant(element) for element in line.value.elts)
            if code.isupper() and HAN.search(words):
                yield words, ""


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _in_template(source: str) -> Iterator[tuple[str, str]]:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    for call in _TEMPLATE_CALL.finditer(templatize(source)):
        words = [ast.literal_eval(literal) for literal in call.groups()[1:] if literal]
        yield words[0], (words[1] if call[1] == "ngettext" else "")
