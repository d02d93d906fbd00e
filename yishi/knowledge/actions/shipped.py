"""The articles that a new installation starts with, read from `knowledge/shipped/<language>/<slug>.txt`.

A file begins with lines `name: value`, then an empty line, then the text.
"""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from yishi.knowledge.actions.articles import Text, text_of, write_shipped
from yishi.knowledge.models import Article

FOLDER = Path(__file__).parent.parent / "shipped"


@transaction.atomic
def ship_articles(*, at: datetime) -> int:
    """Writes those that are missing, and the next version of those that nobody changed. Returns how many."""
    rows = {(row.slug, row.language): row for row in Article.objects.select_for_update()}
    changed = 0
    for text in shipped_texts():
        row = rows.get((text.slug, text.language))
        if row is None or (not row.versions.filter(by__isnull=False).exists() and text_of(row) != text):
            write_shipped(row, text, why="shipped", at=at)
            changed += 1
    return changed


def shipped_texts() -> list[Text]:
    """What the files say."""
    return [read_text(path) for path in sorted(FOLDER.glob("*/*.txt"))]


def read_text(path: Path) -> Text:
    """One file. ValueError where it is not of this form."""
    head, _empty, body = path.read_text(encoding="utf-8").partition("\n\n")
    said = dict(line.split(": ", 1) for line in head.splitlines())
    return Text(
        slug=path.stem,
        language=path.parent.name,
        title=said["title"],
        body=body.strip(),
        asks="\n".join(part.strip() for part in said["asks"].split("|")),
        audience=said.get("audience", "BOTH"),
        topic=said["topic"],
        intents=said["intents"].split() if said.get("intents") else [],
    )
