"""The `yishi` command. Each group of commands has a file of its own and loads what it needs only when run."""

import importlib
import sys

import click

from yishi.host.errors import HostError

# command → the file that holds it; a file is imported when its command is asked for
_COMMANDS = {
    "up": "processes",
    "web": "processes",
    "edge": "processes",
    "worker": "processes",
    "demo": "demo",
    "migrate": "migrate",
    "feed": "feed",
    "eta": "eta",
    "risk": "risk",
    "assistant": "assistant",
    "audit": "audit",
    "key": "accounts",
    "user": "accounts",
    "outlet": "network",
    "station": "network",
    "sample": "sample",
    "sweep": "work",
    "flow": "work",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"yishi.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=_Commands)
@click.version_option(package_name="yishi")
def group() -> None:
    """驿使 — 快递客服平台。Yishi, the customer-care platform of parcel networks."""


def main() -> None:
    """Runs a command; an expected failure is one message on standard error and exit status 1."""
    try:
        group(prog_name="yishi")
    except HostError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
