"""What stands behind the question mark of every page of staff: no crash, no markup, whatever it is.

The names are read from the pages' own source, so that a new one is tried without anybody writing it down.
"""

import re
from pathlib import Path

import pytest

import yishi.web
from tests.security.conftest import addresses
from tests.security.estate import build
from tests.security.probing import faults, staff
from tests.security.test_foreign_things import address_of
from tests.security.words import WORDS, wire

ASKS = re.compile(r"""(?:GET|said)\.get(?:list)?\("(\w+)\"""")
# one word at a time would be many thousand looks: numbers and moments trouble programs, the rest readers
ROUNDS = {
    "number": WORDS["number"],
    "full width": WORDS["full width"],
    "moment": WORDS["late moment"],
    "words": " ".join(word for name, word in WORDS.items() if name not in {"number", "long"}),
}


def names():
    """Everything that a page of staff may read from its query."""
    folder = Path(*yishi.web.__path__)
    files = [*folder.glob("desk/*.py"), *folder.glob("manage/*.py")]
    return sorted({name for file in files for name in ASKS.findall(file.read_text())})


@pytest.mark.parametrize("name", ROUNDS)
def test_no_query_breaks_a_page_of_staff(place, world, name):
    known, estate, client = names(), build(world, place.file_id), staff(world.owner)
    assert {"view", "q", "saved", "fill", "change", "source"} <= set(known)
    query = "&".join(f"{one}={wire(ROUNDS[name])}" for one in known)
    pages = [a for a in addresses() if a.startswith(("desk/", "manage/")) and "<path:" not in a]
    seen = [re.sub(r"<\w+:what>", "pause", address_of(pattern, estate, place)) for pattern in pages]
    answers = [(address, client.get(f"{address}?{query}")) for address in seen]
    assert faults(answers) == []
    assert sum(answer.status_code == 200 for _address, answer in answers) > 60
