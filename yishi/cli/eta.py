"""`yishi eta`: learn transit times now, measure them on our own past or on public data, import promises."""

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yishi.cli.installation import installed, say

if TYPE_CHECKING:
    from yishi.shipments.rules.learning import Measured

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def eta() -> None:
    """预计送达与时效承诺。Estimates of arrival, and promises."""


@eta.command("learn")
def learn() -> None:
    """马上学一遍（平时每晚自动）。Learns from the network's own past at once."""
    with installed():
        from yishi.kit.clock import now
        from yishi.shipments.actions.training import train_eta

        learnt = train_eta(at=now())
        click.echo(f"parcels\t{learnt.parcels}\ngroups\t{learnt.groups}")
        _tell(learnt.measured)


@eta.command("evaluate")
@click.argument("file", required=False, type=_FILE)
@click.option("--own", is_flag=True, help="用自己的历史 measure on our own past")
@click.option(
    "--year", default=2022, show_default=True, help="文件里不写年份的时间 year of times without one"
)
@click.option("--most", default=300_000, show_default=True, help="最多取多少行 rows used at most")
def evaluate(file: Path | None, own: bool, year: int, most: int) -> None:
    """测量：学前面的日子，验后面的；文件用 LaDe-D 的列名。Learns on earlier days, measures on later."""
    if (file is None) == (not own):
        raise click.UsageError("给一个文件，或者 --own。Give a file, or --own.")
    with installed():
        if file is None:
            _evaluate_own()
        else:
            _evaluate_file(file, year, most)


def _evaluate_own() -> None:
    from django.db import transaction

    from yishi.kit.clock import now
    from yishi.shipments.actions.training import LEARNT_FROM, own_history
    from yishi.shipments.rules.eta import LATEST
    from yishi.shipments.rules.learning import measure

    until = now() - LATEST
    with transaction.atomic():
        past = own_history(since=until - LEARNT_FROM, until=until)
    click.echo(f"parcels\t{past.parcels}")
    _tell(measure(past.examples))
    share = f"{past.kept / past.promised:.3f}" if past.promised else "-"
    click.echo(f"within_promise\t{share}\npromised\t{past.promised}")


def _evaluate_file(file: Path, year: int, most: int) -> None:
    from yishi.shipments.queries.eta import zone
    from yishi.shipments.rules.learning import measure
    from yishi.shipments.rules.public_data import NEEDED, read_examples, without_marks

    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = csv.DictReader(without_marks(lines))
        missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
        if missing:
            raise click.UsageError(f"缺少的列 missing columns: {', '.join(missing)}")
        unusable, examples = read_examples(rows, zone=zone(), year=year, most=most)
    click.echo(f"rows\t{len(examples)}\nunusable\t{unusable}")
    _tell(measure(examples))


def _tell(measured: "Measured | None") -> None:
    """The figures, one a line; minutes. The baseline is the middle of the past of the same city."""
    if measured is None:
        say("历史太少，说不出好坏。Too little history to measure on.")
        return
    click.echo(f"n\t{measured.count}")
    click.echo(f"coverage_80\t{measured.coverage:.3f}")
    click.echo(f"mae_minutes\t{measured.mean_error:.1f}")
    click.echo(f"baseline_mae_minutes\t{measured.baseline_error:.1f}")
    click.echo(f"median_width_minutes\t{measured.width:.1f}")
    click.echo(f"not_said\t{measured.silent}")


@eta.command("windows")
@click.option("--learn", "keep", is_flag=True, help="学完就用 use what was learned at once")
def windows(keep: bool) -> None:
    """派送时间段准不准：学前面的日子，验后面的。Coverage of arrival windows on later days."""
    with installed():
        from yishi.kit.clock import now
        from yishi.shipments.actions.signing import learn_signing_hours, signing_history
        from yishi.shipments.rules.learning import measure

        if keep:
            learnt = learn_signing_hours(at=now())
            click.echo(f"groups\t{learnt.groups}")
        parcels, examples = signing_history(at=now())
        click.echo(f"parcels\t{parcels}\nsigned_same_day\t{len(examples)}")
        _tell(measure(examples))


@eta.command("promises")
@click.argument("file", type=_FILE)
def promises(file: Path) -> None:
    """从 CSV 导入时效承诺，有一行不对就一行都不进。Adds the promises of a CSV, all of them or none."""
    with installed():
        from yishi.kit.clock import now
        from yishi.people.rules import SYSTEM_VIEWER
        from yishi.shipments.actions.promises import import_promise_rules

        lines = file.read_text(encoding="utf-8-sig").splitlines()
        found = import_promise_rules(lines=lines, by=SYSTEM_VIEWER, at=now())
        for number, reason in found.refused:
            say(f"  #{number}: {reason}")
        click.echo(f"added {found.added}\nknown {found.known}\nrejected {len(found.refused)}")
    sys.exit(1 if found.refused else 0)
