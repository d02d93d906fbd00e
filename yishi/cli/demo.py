"""`yishi demo`: everything up with the sample operator; pages are usable while it loads."""

import contextlib
import json
import os
from pathlib import Path

import click

from yishi.cli.installation import home, say
from yishi.cli.processes import host_option, port_option
from yishi.host import commands, layout
from yishi.host.errors import AlreadyUp
from yishi.host.home import locked, wipe_home, write_private
from yishi.host.logs import Logs
from yishi.host.parent import Parent


@click.command()
@port_option
@host_option
@click.option("--fresh", is_flag=True, envvar="FRESH", help="从头开始 start over")
def demo(port: int, host: str, fresh: bool) -> None:
    """演示：启动全部进程并载入示例数据，Ctrl-C 停止。Everything, with the sample operator."""
    place = home()
    if fresh:
        _start_over(place)
    env = {"YISHI_DEMO": "1", "YISHI_HOME": str(place), "PORT": str(port)}
    env["YISHI_TRUSTED_PROXIES"] = os.environ.get("YISHI_TRUSTED_PROXIES", "127.0.0.1,::1")
    os.environ.update(env)
    _refresh_addresses(place, port)
    say(f"YISHI_HOME={place}")
    Parent(
        home=place,
        port=port,
        host=host,
        say=say,
        env=env,
        on_up=lambda: say(f"http://127.0.0.1:{port}/  (Ctrl-C: stop; logs: {place / 'log'})"),
        logs=Logs(place / "log", say),
        once={"sample": commands.yishi("sample", "run")},
    ).run()


def _start_over(place: Path) -> None:
    """Empties a home of ours that is not up."""
    if os.environ.get("DATABASE_URL"):
        raise click.UsageError("FRESH=1 只清空内置数据库。It wipes the embedded database only.")
    if not place.exists() or not any(place.iterdir()):
        return
    elsewhere = layout.place_of(place, layout.server_account())
    lock = place / "up.lock"
    with locked(lock, busy=AlreadyUp(home=place)) if lock.exists() else contextlib.nullcontext():
        wipe_home(place, elsewhere)


def _refresh_addresses(place: Path, port: int) -> None:
    """An earlier run may have had another port."""
    file = place / "demo.json"
    if file.exists():
        demo = {**json.loads(file.read_text())}
        demo["web"] = os.environ.get("YISHI_WEB_ORIGIN") or f"http://127.0.0.1:{port}"
        demo["live"] = os.environ.get("YISHI_LIVE_ORIGIN") or f"http://127.0.0.1:{port + 1}"
        write_private(file, json.dumps(demo, ensure_ascii=False, indent=1))
