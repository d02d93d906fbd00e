"""`yishi outlet add` and `yishi station add`: the places of an operator, put up from nothing."""

import click

from yishi.cli.installation import installed, say


@click.group()
def outlet() -> None:
    """网点。Outlets."""


@outlet.command("add")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--phone", default="")
@click.option("--city", default="")
@click.option("--address", default="")
@click.option(
    "--carrier",
    "carriers",
    multiple=True,
    metavar="BRAND=CODE",
    help="快递公司怎么叫这个网点，可多次 what a brand calls it, repeatable: yto=210001",
)
def add_outlet(code: str, name: str, phone: str, city: str, address: str, carriers: tuple[str, ...]) -> None:
    """新建或改一个网点。Adds an outlet, or says it anew."""
    pairs = [each.partition("=") for each in carriers]
    if not all(brand and their for brand, _is, their in pairs):
        raise click.BadParameter("BRAND=CODE", param_hint="--carrier")
    with installed():
        from yishi.kit.clock import now
        from yishi.network import actions
        from yishi.network.queries import carrier_names
        from yishi.network.rules import carrier_of
        from yishi.people.rules import SYSTEM_VIEWER

        known = carrier_names()
        for brand, _is, _their in pairs:
            if carrier_of(brand) not in known:
                actions.add_carrier(code=brand, name=brand, by=SYSTEM_VIEWER)
        actions.add_outlet(
            code=code,
            name=name,
            phone=phone,
            city=city,
            address=address,
            carrier_codes={brand: their for brand, _is, their in pairs},
            by=SYSTEM_VIEWER,
            at=now(),
        )
        say(f"{code} {name}")


@click.group()
def station() -> None:
    """驿站。Stations."""


@station.command("add")
@click.argument("code")
@click.option("--outlet", required=True, help="网点编号 outlet code")
@click.option("--name", required=True)
@click.option("--address", default="")
@click.option("--phone", default="")
@click.option("--hours", default="", metavar="08:00-21:00", help="营业时间 opening hours")
@click.option("--agent", is_flag=True, help="代收点，不是自营驿站 an agent's shop")
@click.option("--shelf", "shelves", multiple=True, metavar="CODE:LAYERSxEACH", help="货架，可多次：12:4x25")
def add_station(
    code: str,
    outlet: str,
    name: str,
    address: str,
    phone: str,
    hours: str,
    agent: bool,
    shelves: tuple[str, ...],
) -> None:
    """新建或改一个驿站；取件码、保管和费用在“管理 · 驿站”里定。

    Adds a station, or says it anew; codes, keeping and fees are set at /manage/stations.
    """
    from datetime import time

    try:
        opens, closes = [time.fromisoformat(one) for one in hours.split("-")] if hours else (None, None)
        wanted = [_shelf(one) for one in shelves]
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    with installed():
        from yishi.kit.clock import now
        from yishi.network import actions
        from yishi.people.rules import SYSTEM_VIEWER
        from yishi.stations.actions.floor import keep_shelf

        actions.add_station(
            code=code,
            outlet_code=outlet,
            name=name,
            kind="AGENT" if agent else "STATION",
            address=address,
            phone=phone,
            opens=opens,
            closes=closes,
            by=SYSTEM_VIEWER,
        )
        for shelf, layers, each in wanted:
            keep_shelf(station=code, code=shelf, layers=layers, capacity=each, by=SYSTEM_VIEWER, at=now())
        say(f"{code} {name}")


def _shelf(said: str) -> tuple[str, int, int]:
    """12:4x25 = shelf 12, four layers, 25 parcels on each. Raises ValueError."""
    code, _is, size = said.partition(":")
    layers, _by, each = size.partition("x")
    return code, int(layers), int(each)
