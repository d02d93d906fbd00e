"""`yishi sample load`: the sample operator, loaded into an empty installation."""

import json
import os

import click

from yishi.cli.installation import home, installed, say


@click.group()
def sample() -> None:
    """演示用的快递公司。The sample operator."""


@sample.command("load")
def load() -> None:
    """载入示例数据并打印登录账号；已有数据则只打印。Loads it once, prints the sign-ins."""
    os.environ["YISHI_DEMO"] = "1"
    if not (home() / "demo.json").exists():
        with installed():
            from yishi.config.worker import run_soon
            from yishi.kit.clock import now
            from yishi.sample.load import load_sample

            say("载入示例数据 … loading the sample operator …")
            load_sample(home=home(), at=now())
            # beside the loading it would only slow it down; pages say no time of arrival until it is done
            run_soon("lane times")
    print_sign_ins()


@sample.command("run")
@click.pass_context
def run(ctx: click.Context) -> None:
    """载入示例数据，然后让它持续有新动态，直到停止。Loads it, then keeps it moving gently until stopped."""
    ctx.invoke(load)
    with installed(process="sample"):
        from yishi.sample.keep_moving import keep_moving

        keep_moving(home())


def print_sign_ins() -> None:
    """The addresses and sign-ins of `demo.json`."""
    demo = json.loads((home() / "demo.json").read_text())
    click.echo("")
    click.echo(f"  {demo['web']}/        查快递 look up a parcel")
    for parcel in demo.get("samples", [])[:3]:
        click.echo(f"  {demo['web']}/t/{parcel['waybill_no']}   {parcel.get('milestone', '')}")
    click.echo(f"  {demo['web']}/desk/   客服工作台 the desk")
    click.echo("")
    for person in demo["users"]:
        outlet = person.get("outlet") or ""
        click.echo(f"  {person['role']:<16}{outlet:<14}{person['username']:<20}{person['password']}")
    click.echo("")
