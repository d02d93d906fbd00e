"""Documents point at files that are there, and name commands and settings that exist."""

import re
from pathlib import Path

import pytest

from yishi.cli.main import group

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
# set by the processes themselves for each other, not by an operator
INNER = {"YISHI_PROCESS"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]+)", document.read_text())
    broken = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_checks_that_are_named_exist(document: Path) -> None:
    named = re.findall(r"`((?:tools|tests|yishi|docs)/[\w./-]+)`", document.read_text())
    planned = [path for path in named if not (ROOT / path).exists() and "example" not in path]
    assert not planned


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_that_are_named_exist(document: Path) -> None:
    commands = set(re.findall(r"(?:^|[`/ ])bin/yishi ([a-z]+)|`yishi ([a-z]+)", document.read_text(), re.M))
    known = set(group.list_commands(None))  # type: ignore[arg-type]
    assert {first or second for first, second in commands} <= known


def test_every_setting_is_listed() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "yishi").rglob("*.py"))
    used = set(re.findall(r"\bYISHI_[A-Z_]+\b", sources)) - INNER
    listed = set(re.findall(r"\bYISHI_[A-Z_]+\b", (ROOT / ".env.example").read_text()))
    assert used - listed == set(), "tell of these in .env.example"
    assert listed - used == set(), "nobody reads these"
