"""`yishi key add` and `yishi user add`."""

import secrets

import click

from yishi.cli.installation import installed, say

_KEY_ROLES = ("integrator", "courier", "station_keeper", "agent", "outlet_manager", "quality", "operator")
_USER_ROLES = ("agent", "outlet_manager", "quality", "operator", "owner", "courier", "station_keeper")


@click.group()
def key() -> None:
    """接口密钥。API keys."""


@key.command("add")
@click.option("--role", required=True, type=click.Choice(_KEY_ROLES))
@click.option("--outlet", default="", help="网点编号 outlet code")
@click.option("--name", default="", help="谁在用 who uses it")
def add_key(role: str, outlet: str, name: str) -> None:
    """新建一个密钥，只显示这一次。The key alone is the last line of standard output."""
    with installed():
        from yishi.kit.clock import now
        from yishi.people import actions
        from yishi.people.rules import SYSTEM_VIEWER, Role

        made = actions.add_key(
            role=Role(role.upper()), outlet_code=outlet, name=name or role, by=SYSTEM_VIEWER, at=now()
        )
        say(f"{role} {outlet}".strip())
        click.echo(made)


@click.group()
def user() -> None:
    """员工账号。Accounts."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(_USER_ROLES))
@click.option("--outlet", "outlets", multiple=True, help="网点编号，可多次 outlet code, repeatable")
@click.option("--station", "stations", multiple=True, help="驿站编号，可多次 station code, repeatable")
@click.option("--email", default="")
@click.option("--shared", is_flag=True, help="几个人共用：只能看，办事先用 PIN 说明是谁 acts only by PIN")
@click.option("--password", default="", envvar="YISHI_NEW_PASSWORD", help="空 = 自动生成 made when empty")
def add_user(
    username: str,
    name: str,
    role: str,
    outlets: tuple[str, ...],
    stations: tuple[str, ...],
    email: str,
    shared: bool,
    password: str,
) -> None:
    """新建账号；自动生成的密码是最后一行。A generated password is the last line of standard output."""
    made = password or secrets.token_urlsafe(12)
    with installed():
        from yishi.kit.clock import now
        from yishi.people import actions
        from yishi.people.rules import SYSTEM_VIEWER, Role

        actions.add_user(
            username=username,
            name=name,
            password=made,
            role=Role(role.upper()),
            outlet_codes=list(outlets),
            station_codes=list(stations),
            email=email,
            is_shared=shared,
            by=SYSTEM_VIEWER,
            at=now(),
        )
        say(f"{username} ({role})")
        if not password:
            click.echo(made)
