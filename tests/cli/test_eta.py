"""`yishi eta evaluate` on a small file in LaDe-D's columns, and `promises` from a table."""

import csv
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from click.testing import CliRunner

from yishi.cli import eta
from yishi.shipments.models.promises import PromiseRule

COLUMNS = (
    "order_id", "region_id", "city", "courier_id", "lng", "lat", "aoi_id", "aoi_type", "accept_time",
    "accept_gps_time", "accept_gps_lng", "accept_gps_lat", "delivery_time", "delivery_gps_time",
    "delivery_gps_lng", "delivery_gps_lat", "ds",
)  # fmt: skip


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """The command finds the installation that the tests run in."""
    from contextlib import nullcontext

    monkeypatch.setattr(eta, "installed", nullcontext)


def run(*arguments):
    result = CliRunner().invoke(eta.eta, arguments, catch_exceptions=False)
    figures = dict(line.split("\t") for line in result.output.splitlines() if "\t" in line)
    return result, figures


@pytest.fixture
def file(tmp_path):
    """Sixty days of invented deliveries in two regions, one twice as slow as the other."""
    dice, path = Random(3), tmp_path / "delivery.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictWriter(lines, COLUMNS)
        rows.writeheader()
        for number in range(2_000):
            accepted = datetime(2022, 5, 1, 8, tzinfo=UTC) + timedelta(days=number * 60 / 2_000)
            region = dice.randrange(2)
            delivered = accepted + timedelta(minutes=60 * (1 + region) * dice.lognormvariate(0, 0.4))
            said = {
                "accept_time": f"{accepted:%m-%d %H:%M:%S}",
                "delivery_time": f"{delivered:%m-%d %H:%M:%S}",
            }
            rows.writerow(
                {"order_id": number, "region_id": region, "city": "Hangzhou", "aoi_type": region} | said
            )
    return path


@pytest.mark.django_db
def test_a_file_in_the_columns_of_lade(file):
    result, figures = run("evaluate", str(file))
    assert result.exit_code == 0 and (figures["rows"], figures["unusable"]) == ("2000", "0")
    assert 0.74 <= float(figures["coverage_80"]) <= 0.87
    assert float(figures["mae_minutes"]) < float(figures["baseline_mae_minutes"])


@pytest.mark.django_db
def test_our_own_past_may_be_too_short():
    result, figures = run("evaluate", "--own")
    assert result.exit_code == 0
    assert figures == {"parcels": "0", "within_promise": "-", "promised": "0"}


def test_a_file_without_the_columns_is_refused(tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    result = CliRunner().invoke(eta.eta, ["evaluate", str(tmp_path / "other.csv")])
    assert result.exit_code == 2 and "accept_time" in result.output


@pytest.mark.parametrize("arguments", [["evaluate"], ["evaluate", "--own", __file__]])
def test_one_of_the_two_is_asked_for(arguments):
    assert CliRunner().invoke(eta.eta, arguments).exit_code == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "code", "rules"), [("48", 0, 1), ("soon", 1, 0)])
def test_promises_from_a_table(tmp_path, hours, code, rules):
    table = tmp_path / "promises.csv"
    table.write_text(f"destination,within_hours,valid_from,source\n江苏省,{hours},2026-01-01,公约\n")
    result, _ = run("promises", str(table))
    assert (result.exit_code, PromiseRule.objects.count()) == (code, rules)
