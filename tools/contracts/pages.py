"""Templates obey the content security policy: no inline style, script or handler, no foreign host."""

import re
from collections.abc import Iterator

from tree import Finding, Tree

RULES = (
    (re.compile(r"\sstyle\s*=", re.IGNORECASE), "no style= in a page: give it a class"),
    (re.compile(r"<style\b", re.IGNORECASE), "no <style> in a page: put it into the stylesheet"),
    (
        re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/(?:ld\+)?json)", re.IGNORECASE),
        "no inline script: put it into a static file",
    ),
    (
        re.compile(r"\s(?:hx-on|on[a-z]+\s*=|hx-[\w-]+\s*=\s*[\"']js:)", re.IGNORECASE),
        "no inline handler: listen in a static file",
    ),
    (re.compile(r"javascript:", re.IGNORECASE), "no javascript: address"),
    (
        re.compile(
            r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//",
            re.IGNORECASE,
        ),
        "pages load nothing from foreign hosts: bring the file",
    ),
)


def find(tree: Tree) -> Iterator[Finding]:
    for path in tree.files("yishi", ".html"):
        if is_mail(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        for pattern, message in RULES:
            for match in pattern.finditer(text):
                yield Finding(tree.name(path), text.count("\n", 0, match.start() + 1) + 1, message)


def is_mail(parts: tuple[str, ...]) -> bool:
    """Mail programs know no stylesheets: templates below `mail/` or `email/` may carry style=."""
    return bool({"mail", "email"} & set(parts))
