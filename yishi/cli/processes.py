"""`yishi up` runs everything under one parent; `web`, `edge` and `worker` are one kind of process alone."""

import logging
import os

import click

from yishi.cli.installation import home, installed, say
from yishi.host import commands, database, ports
from yishi.host.alone import run_alone
from yishi.host.children import Child
from yishi.host.parent import Parent

port_option = click.option("--port", envvar="PORT", default=8000, show_default=True, type=int)
host_option = click.option("--host", envvar="YISHI_HOST", default="127.0.0.1", show_default=True)


@click.command()
@port_option
@host_option
def up(port: int, host: str) -> None:
    """所有进程：网页、实时、后台任务（和内置数据库）。All processes under one parent."""
    os.environ["PORT"] = str(port)
    os.environ["YISHI_HOME"] = str(home())
    address = os.environ.get("YISHI_WEB_ORIGIN") or f"http://127.0.0.1:{port}"
    Parent(home=home(), port=port, host=host, say=say, on_up=lambda: click.echo(address)).run()


@click.command()
@port_option
@host_option
def web(port: int, host: str) -> None:
    """只运行网页和接口。Pages and API alone."""
    _alone("web", [commands.web(port=port, host=host)] * commands.WEB_SERVERS, port, host)


@click.command()
@click.option("--port", envvar="YISHI_EDGE_PORT", default=None, type=int, help="default: PORT + 1")
@host_option
def edge(port: int | None, host: str) -> None:
    """只运行实时更新和高速接入。Live updates and hot ingest alone."""
    port = port or int(os.environ.get("PORT", "8000")) + 1
    _alone("edge", [commands.edge(port=port, host=host)], port, host)


def _alone(process: str, servers: list[list[str]], port: int, host: str) -> None:
    os.environ["YISHI_HOME"] = str(home())
    ports.demand(port, setting="PORT", host=host)
    with database.running(home(), say=say) as url:
        env = commands.environment(process=process, database_url=url)
        run_alone([Child(process, command, env, say) for command in servers])


@click.command()
def worker() -> None:
    """只运行后台任务。Background work alone."""
    with installed(process="worker"):
        from yishi.config.worker import Worker

        Worker().run()
    # threads of libraries may wait for the database for ever; what they had begun is claimed again later
    logging.shutdown()
    os._exit(0)
