"""`yishi flow` prints the plan; `yishi sweep --at` runs what is due as of a moment (demo installations)."""

import os
import sys
from datetime import datetime

import click

from yishi.cli.installation import home, installed, say


class _Time(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r}: write it like 2026-11-22T18:00:00+08:00", param, ctx)
        if moment.tzinfo is None:
            self.fail("the time needs its offset, like +08:00", param, ctx)
        return moment


@click.command()
@click.option("--at", "at", required=True, type=_Time())
def sweep(at: datetime) -> None:
    """把到期的工作按指定时间做完（仅限演示）。Runs all due work as of that time; demo installations only."""
    if os.environ.get("YISHI_DEMO") != "1" and not (home() / "demo.json").exists():
        say("只有演示安装可以这样做。Only demo installations may do this (YISHI_DEMO=1).")
        sys.exit(1)
    with installed():
        from yishi.config.worker import sweep_all

        for name, count in sweep_all(at=at).items():
            click.echo(f"{name}\t{count}")


@click.command()
def flow() -> None:
    """谁对什么作出反应，什么按时进行。The fact → reaction table and the table of periodic work."""
    os.environ.setdefault("YISHI_HOME", str(home()))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yishi.config.settings")
    import django

    django.setup()
    from yishi.config.worker import LOOPS, PERIODIC
    from yishi.flow import FLOW
    from yishi.kit.outbox import name_of

    for fact, reactions in FLOW.items():
        click.echo(fact.name)
        for when, planned in (("NOW", reactions.now), ("LATER", reactions.later)):
            for reaction in planned:
                click.echo(f"  {when:<6}{name_of(reaction)}")
    click.echo()
    for loop in LOOPS:
        click.echo(f"always        {loop.name:<14}{loop.sweep}")
    for work in PERIODIC:
        click.echo(f"{work.cron:<14}{work.name:<14}{work.run}")
