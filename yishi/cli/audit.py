"""`yishi audit verify`: is the history of every case as it was written? The first broken line is named."""

import sys
from datetime import timedelta

import click

from yishi.cli.installation import installed, say

_FAULTS = {
    "ALTERED": "这一行被改过。This line was altered.",
    "OUT_OF_LINE": "它前面缺了行，或顺序变了。A line before it is missing, or the order was changed.",
    "CUT_OFF": "末尾的行被删掉或重写了。Lines at the end were taken away or written anew.",
    "EMPTY": "整段经过都没有了。The whole history is gone.",
}


@click.group()
def audit() -> None:
    """查验记录是否原样。Proves that records are as they were written."""


@audit.command("verify")
@click.option("--case", "case_no", help="只查这一件 only this case")
def verify(case_no: str | None) -> None:
    """重算每件工单的哈希链，停在第一处断裂，退出码 1。Computes every seal again; exit 1 at a break."""
    with installed():
        from yishi.cases.queries.audit import verify_history
        from yishi.config.retention import CASE_DAYS
        from yishi.kit.clock import now

        since = None if case_no else now() - timedelta(days=CASE_DAYS)
        checked = verify_history(case_no=case_no, ended_since=since)
    click.echo(f"cases\t{checked.cases}\nlines\t{checked.lines}")
    if checked.is_whole:
        click.echo("whole")
        return
    line = "-" if checked.entry_id is None else str(checked.entry_id)
    at = checked.at.isoformat() if checked.at else "-"
    click.echo(f"broken\tcase {checked.case_no}\tline {line}\tat {at}\t{checked.fault}")
    say(_FAULTS[checked.fault])
    sys.exit(1)
