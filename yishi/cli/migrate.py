"""`yishi migrate`: the schema of this release, its articles, static files under their hashed names."""

import hashlib
import os
from pathlib import Path

import click

from yishi.cli.installation import home, installed, say
from yishi.host.release import note_prepared


@click.command()
def migrate() -> None:
    """更新数据库结构和静态文件。Schema and static files of this release."""
    with installed():
        from django.core.management import call_command

        from yishi.kit.clock import now
        from yishi.kit.migrating import quick_states
        from yishi.knowledge.actions.shipped import ship_articles

        with quick_states():
            call_command("migrate", interactive=False, verbosity=0)
        ship_articles(at=now())
        _collect_static()
        note_prepared(home(), os.environ["DATABASE_URL"])


def _collect_static() -> None:
    """Copies, hashes and compresses static files; skipped when none has changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".fingerprint"
    fingerprint = _fingerprint()
    if mark.exists() and mark.read_text() == fingerprint:
        return
    say("collecting static files …")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(fingerprint)


def _fingerprint() -> str:
    """Names, sizes and times of every static file."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
