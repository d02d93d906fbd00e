"""Files of head office from the command line: the import of the page, looked at and confirmed at once."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yishi.cli.installation import say
from yishi.cli.pieces import pieces

if TYPE_CHECKING:
    from yishi.feeds.queries.files import FileCard

_TEXTS = (".json", ".ndjson", ".jsonl")
_SHOWN = 20


def is_office_file(file: Path, source: str) -> bool:
    """Whether the file is one of head office's: its header is known, the source's own is another."""
    from yishi.feeds.port import Unreadable
    from yishi.feeds.queries.sources import file_reader, find_source, plugins

    plugin, reader = file_reader()
    found = find_source(source)
    own = found.plugin if found else source if source in plugins() else "generic"
    if own == plugin:
        return True
    if own != "generic" or file.suffix.lower() in _TEXTS or _is_generic(file):
        return False
    try:
        sheets = reader.recognise(file.read_bytes())
    except Unreadable:
        return False
    return bool(sheets) and not sheets[0].missing


def _is_generic(file: Path) -> bool:
    """Whether our own format reads it: events, or parcels by the plain names of their columns."""
    from zoneinfo import ZoneInfo

    from yishi.feeds.port import Unreadable
    from yishi.feeds.queries.sources import plugins

    own = plugins()["generic"][1]
    piece = next(pieces(file, is_list=True), None)
    try:
        return piece is not None and bool(own.parse(piece.body, piece.content_type, {}, ZoneInfo("UTC")))
    except Unreadable:
        return False


def import_office_file(file: Path, source: str) -> int:
    """Imports the file and prints its counts; the exit code."""
    from yishi.feeds.actions.files import FileKnown, confirm_import, open_import
    from yishi.feeds.queries.files import access_import, list_refusals
    from yishi.feeds.queries.sources import find_source
    from yishi.kit.clock import now
    from yishi.kit.errors import Refusal
    from yishi.kit.files import Upload
    from yishi.people.rules import SYSTEM_VIEWER

    found = find_source(source)
    try:
        with file.open("rb") as stream:
            import_id = open_import(
                upload=Upload(name=file.name, content_type="", stream=stream),
                carrier=found.carrier if found else "",
                outlet_code="",
                by=SYSTEM_VIEWER,
                at=now(),
                source=source,
            )
    except FileKnown as known:
        say(known.title)
        before = access_import(viewer=SYSTEM_VIEWER, import_id=known.values["import_id"])
        _tell(0, before.total - before.rejected, before.rejected)
        return 0
    except Refusal as refusal:
        say(refusal.title)
        return 1
    card = _worked(import_id)
    if card.state == "READY":
        confirm_import(import_id=import_id, by=SYSTEM_VIEWER, at=now())
        card = _worked(import_id)
    for row in list_refusals(import_id=import_id, limit=_SHOWN):
        say(f"  #{row.line}: {row.reason}")
    _tell(card.accepted, card.duplicate, card.rejected)
    return 0 if card.state == "DONE" else 1


def _worked(import_id: int) -> "FileCard":
    """The import after this step, done here or by the worker, whoever comes first."""
    from yishi.feeds.queries.files import access_import
    from yishi.kit.clock import now
    from yishi.people.rules import SYSTEM_VIEWER
    from yishi.shipments.actions.files.run import run_next

    while (card := access_import(viewer=SYSTEM_VIEWER, import_id=import_id)).is_busy:
        if not run_next(at=now()):
            say(f"… {card.position}")
            time.sleep(0.5)
    return card


def _tell(accepted: int, duplicate: int, rejected: int) -> None:
    click.echo(f"accepted {accepted}\nduplicate {duplicate}\nrejected {rejected}")
