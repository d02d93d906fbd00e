"""`yishi risk`: learn from the network's own history which parcels are complained of, measure it, publish."""

import sys
from typing import TYPE_CHECKING, Any

import click

from yishi.cli.installation import installed, say

if TYPE_CHECKING:
    from yishi.insight.queries.trainings import TrainingLine


@click.group()
def risk() -> None:
    """派件风险的模型。The risk score of parcels that are out."""


@risk.command("train")
@click.option("--number", type=int, help="已经登记的那一次 one that was asked for on the page")
def train(number: int | None) -> None:
    """学本网络的历史，验在没学过的上面。Learns from the own history, measures on what was held back."""
    with installed():
        from yishi.insight.actions.train import train as learn
        from yishi.insight.actions.trainings import ask_training
        from yishi.insight.queries.trainings import get_training
        from yishi.kit.clock import now
        from yishi.people.rules import SYSTEM_VIEWER

        asked = number or ask_training(by=SYSTEM_VIEWER, at=now())
        learn(training_id=asked, at=now())
        _tell(get_training(viewer=SYSTEM_VIEWER, training_id=asked))


@risk.command("evaluate")
@click.argument("number", type=int, required=False)
def evaluate(number: int | None) -> None:
    """看一次训练的数字，不写就看最近一次。The figures of one training, the newest where none is said."""
    with installed():
        from yishi.insight.queries.trainings import get_training, list_trainings
        from yishi.people.rules import SYSTEM_VIEWER

        newest = list_trainings(viewer=SYSTEM_VIEWER, most=1)
        if number is None and not newest:
            say("还没有训练过。Nothing has been trained yet.")
            sys.exit(1)
        _tell(get_training(viewer=SYSTEM_VIEWER, training_id=number) if number else newest[0])


@risk.command("publish")
@click.argument("number", type=int)
def publish(number: int) -> None:
    """发布：以后出去派的件用它算。From now on parcels that go out are scored by it."""
    with installed():
        from yishi.insight.actions.trainings import publish_training
        from yishi.kit.clock import now
        from yishi.kit.errors import Refusal
        from yishi.people.rules import SYSTEM_VIEWER

        try:
            version = publish_training(training_id=number, by=SYSTEM_VIEWER, at=now())
        except Refusal as refusal:
            say(str(refusal))
            sys.exit(1)
        click.echo(f"version\t{version}")


def _tell(line: "TrainingLine") -> None:
    """The figures, one a line, each with its interval of 95 %."""
    click.echo(f"training\t{line.id}\noutcome\t{line.outcome}\nparcels\t{line.parcels}\nrows\t{line.rows}")
    click.echo(f"complaints\t{line.complaints}")
    for reason in line.refused_for:
        click.echo(f"refused_for\t{reason}")
    if not (figures := line.figures):
        return
    click.echo(f"held_back\t{figures['count']}\nbase_rate\t{figures['base_rate']:.4f}")
    for who in ("model", "rule", "live"):
        for name, said in figures.get(who, {}).items():
            click.echo(f"{who}_{name}\t{_span(said)}")
    for name in ("auc_gain", "brier_gain", "brier_gain_over_rule"):
        click.echo(f"{name}\t{_span(figures[name])}")
    click.echo(f"calibration_error\t{figures['calibration_error']:.4f}")


def _span(said: dict[str, Any]) -> str:
    return f"{said['value']:.5g} [{said['low']:.5g}, {said['high']:.5g}]"
