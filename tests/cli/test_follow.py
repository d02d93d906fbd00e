"""`yishi feed follow`: one number is wanted of a source; what cannot be says why."""

import pytest
from click.testing import CliRunner

from tests.feeds.following import AT, add_asked
from yishi.cli.feed import feed
from yishi.feeds.actions.sources import ensure_source
from yishi.feeds.models import Subscription

pytestmark = pytest.mark.django_db(transaction=True)


class Nowhere:
    kuaidi100 = {"key": "fake-key-1"}


def follow(*arguments):
    return CliRunner().invoke(feed, ["follow", *arguments])


def test_help_lists_it():
    assert "\n  follow " in CliRunner().invoke(feed, ["--help"]).output


def test_a_number_is_wanted_as_we_write_it():
    add_asked(Nowhere)
    done = follow(" yt-9900000000017", "--source", "kuaidi100", "--carrier", "圆通")
    assert (done.exit_code, done.stdout) == (0, "YT9900000000017\n")
    row = Subscription.objects.get()
    assert (row.waybill_no, row.carrier, row.state) == ("YT9900000000017", "yuantong", "WANTED")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("YT1", "--source", "kuaidi100"), 2), (("YT9900000000017", "--source", "api"), 1)],
)
def test_refused_it_changes_nothing(arguments, code):
    add_asked(Nowhere)
    ensure_source(code="api", plugin="generic", at=AT)
    assert follow(*arguments).exit_code == code
    assert not Subscription.objects.exists()
