"""How a command finds its installation: DATABASE_URL, else the home's embedded server, started when down."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from yishi.host import database


def home() -> Path:
    """`YISHI_HOME`, by default `./var`."""
    return Path(os.environ.get("YISHI_HOME", "var")).resolve()


def say(text: str) -> None:
    """Everything that is not a command's result goes to standard error."""
    click.echo(text, err=True)


@contextlib.contextmanager
def installed(*, process: str = "cli") -> Iterator[None]:
    """Django is ready and the database answers while the block runs.

    An expected failure of an action becomes its message on standard error and exit status 1.
    """
    os.environ["YISHI_HOME"] = str(home())
    os.environ.setdefault("YISHI_PROCESS", process)
    with database.running(home(), say=say) as url:
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yishi.config.settings")
        import django

        django.setup()
        from yishi.kit.errors import Refusal

        try:
            yield
        except Refusal as refusal:
            say(refusal.title)
            sys.exit(1)
        finally:
            from django.db import connections

            connections.close_all()
