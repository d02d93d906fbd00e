"""`yishi feed add` makes a push address, `formats` lists what it can be for; `import` takes a file in, and
`follow` has a source asked about a parcel."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yishi.cli.installation import installed, say
from yishi.cli.pieces import Piece, pieces

if TYPE_CHECKING:
    from yishi.feeds.queries.sources import SourceCard
    from yishi.shipments.rules.counts import Counts

_SHOWN = 20


@click.group()
def feed() -> None:
    """轨迹来源。Sources of tracking."""


@feed.command("add")
@click.option("--source", required=True, help="来源编号 its code, such as kuaidi100")
@click.option("--plugin", default="", help="格式 the format; default: the code")
@click.option(
    "--set", "said", multiple=True, metavar="NAME=VALUE", help="来源的设置；值为 - 时另行输入 - asks for it"
)
@click.option("--salt", default="", help="签名密钥 the same as --set salt=…")
@click.option("--carrier", default="")
@click.option("--label", default="")
@click.option("--time-zone", default="", help="不带时区的时间按此 zone of times without one")
def add(
    source: str, plugin: str, said: tuple[str, ...], salt: str, carrier: str, label: str, time_zone: str
) -> None:
    """新建推送地址，只显示这一次。Its path alone is the last line of standard output."""
    with installed():
        from yishi.feeds.actions.sources import add_source
        from yishi.kit.clock import now
        from yishi.people.rules import SYSTEM_VIEWER

        path = add_source(
            code=source,
            plugin=plugin or source,
            settings=_settings(plugin or source, (*said, f"salt={salt}") if salt else said),
            carrier=carrier,
            label=label,
            time_zone=time_zone,
            by=SYSTEM_VIEWER,
            at=now(),
        )
        click.echo(path)


def _settings(plugin: str, said: tuple[str, ...]) -> dict[str, str]:
    """The settings as the plug-in names them: a misspelt secret would leave its pushes unsigned."""
    from yishi.feeds.queries.sources import plugins

    if plugin not in plugins():
        return {}  # the action says so
    known = [field.name for field in plugins()[plugin][0].settings]
    settings: dict[str, str] = {}
    for one in said:
        name, equals, value = one.partition("=")
        if not equals or name not in known:
            raise click.UsageError(f"--set {name}: {plugin} 的设置有 has {', '.join(known) or '—'}")
        settings[name] = click.prompt(name, hide_input=True, err=True) if value == "-" else value
    return settings


@feed.command("formats")
def formats() -> None:
    """列出能接的来源和它们的设置。One a line: name, label, settings (secrets with a star)."""
    with installed():
        from yishi.feeds.queries.sources import plugins

        for name, (card, _reader) in sorted(plugins().items()):
            fields = " ".join(f"{f.name}{'*' if f.is_secret else ''}" for f in card.settings)
            click.echo(f"{name}\t{card.label}\t{fields}")


@feed.command("follow")
@click.argument("number")
@click.option("--source", required=True, help="来源编号 code of the source")
@click.option("--carrier", default="", help="快递公司；空则由来源识别 empty: the source finds it out")
@click.option("--phone-tail", default="", help="收件人手机号后四位 where the carrier asks for it")
def follow_number(number: str, source: str, carrier: str, phone_tail: str) -> None:
    """向来源订阅或查询一个单号，由后台完成。Has the source asked about a parcel; the worker does it."""
    with installed():
        from yishi.feeds.actions.follow import follow
        from yishi.kit.clock import now
        from yishi.network.rules import carrier_of
        from yishi.people.rules import SYSTEM_VIEWER
        from yishi.shipments.rules.waybills import normalise_waybill_no

        waybill_no = normalise_waybill_no(number)
        if waybill_no is None:
            raise click.UsageError(f"{number} 不是运单号 is no waybill number")
        follow(
            waybill_no=waybill_no,
            carrier=carrier_of(carrier),
            source_code=source,
            phone_tail=phone_tail,
            by=SYSTEM_VIEWER,
            at=now(),
        )
        click.echo(waybill_no)


@feed.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="来源编号 code of the source")
def import_file(file: Path, source: str) -> None:
    """导入总部报表、CSV、XLSX、JSON、NDJSON 或一次推送的原文。Prints accepted, duplicate, rejected."""
    with installed():
        from yishi.cli.office import import_office_file, is_office_file

        if is_office_file(file, source):
            sys.exit(import_office_file(file, source))
        found = _source(source)
        accepted = duplicate = rejected = 0
        is_unreadable = False
        for piece in pieces(file, is_list=found.plugin == "generic"):
            counts = _take(found, piece)
            _tell_refusals(piece, counts, already=rejected)
            accepted += counts.accepted
            duplicate += counts.duplicate
            rejected += len(counts.rejected)
            is_unreadable = is_unreadable or bool(counts.quarantined)
            say(f"… {accepted + duplicate + rejected}")
        click.echo(f"accepted {accepted}\nduplicate {duplicate}\nrejected {rejected}")
    sys.exit(1 if is_unreadable else 0)


def _source(code: str) -> "SourceCard":
    """The source of that code; a new one reads the format of its name, else our own."""
    from yishi.feeds.actions.sources import ensure_source
    from yishi.feeds.queries.sources import plugins
    from yishi.kit.clock import now

    return ensure_source(code=code, plugin=code if code in plugins() else "generic", at=now())


def _take(source: "SourceCard", piece: Piece) -> "Counts":
    from django.db import transaction

    from yishi.kit.clock import now
    from yishi.shipments.actions.take_in import take_in

    with transaction.atomic():
        return take_in(source=source, body=piece.body, content_type=piece.content_type, at=now())


def _tell_refusals(piece: Piece, counts: "Counts", *, already: int) -> None:
    """The first refusals by their place in the file; a body that could not be read by its reason."""
    if counts.quarantined:
        say(f"无法读取，已存入待处理：{counts.quarantined}  (kept in quarantine)")
    for refusal in counts.rejected[: max(_SHOWN - already, 0)]:
        say(f"  #{piece.first + refusal.index}: {refusal.reason}")
