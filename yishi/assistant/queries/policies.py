"""The assistant's policies: readable data, one intent a file, checked when they are read."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yishi.assistant.rules.moves import GROUPS, Policy, Turning
from yishi.cases.rules.categories import CATEGORIES, CaseClass

FOLDER = Path(__file__).parent.parent / "policies"
LANGUAGES = ("zh", "en")
_NO_POLICY = frozenset({"texts", "voice"})
SLOTS = frozenset({"parcel", "phone", "time", "address", "text", "goods", "amount", "place", "wish", *GROUPS})


class BadPolicy(Exception):
    """A policy that nobody can follow; its file and fault are named."""


@cache
def policies() -> Mapping[str, Policy]:
    """Every policy by its intent. BadPolicy where a file holds a fault."""
    found = {path.stem: _read(path) for path in sorted(FOLDER.glob("*.yaml")) if path.stem not in _NO_POLICY}
    for policy in found.values():
        leads_to = [each[7:] for each in policy.offers if each.startswith("intent:")]
        leads_to += [turning.to for turning in policy.turns]
        if unknown := set(leads_to) - found.keys():
            raise BadPolicy(f"{policy.intent}: leads to what no policy settles: {sorted(unknown)}")
    return found


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Sentences that belong to no single intent."""
    said: dict[str, Mapping[str, str]] = yaml.safe_load((FOLDER / "texts.yaml").read_text(encoding="utf-8"))
    return said


@cache
def voice_texts() -> Mapping[str, Mapping[str, str]]:
    """What the spoken menu of the telephone says."""
    said: dict[str, Mapping[str, str]] = yaml.safe_load((FOLDER / "voice.yaml").read_text(encoding="utf-8"))
    return said


def _read(path: Path) -> Policy:
    given: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    unknown = given.keys() - Policy.__dataclass_fields__.keys() - {"intent"}
    wrong = set(given.get("needs", ())) - SLOTS
    asked = {*given.get("categories", ()), *filter(None, [given.get("skill", "")])}
    wrong |= asked - {*CATEGORIES, *CaseClass}
    if unknown or wrong:
        raise BadPolicy(f"{path.name}: {sorted(unknown | wrong)}")
    for name, words in {
        "title": given["title"],
        **given.get("says", {}),
        **given.get("asks", {}),
    }.items():
        if set(words) != set(LANGUAGES):
            raise BadPolicy(f"{path.name}: {name} is not said in {LANGUAGES}")
    return Policy(
        **{
            **given,
            "intent": path.stem,
            "needs": tuple(given.get("needs", ())),
            "offers": tuple(given.get("offers", ())),
            "categories": tuple(given.get("categories", ())),
            "turns": tuple(Turning(**each) for each in given.get("turns", ())),
        }
    )


def language_of(code: str) -> str:
    """Which of the languages of policies a conversation's is."""
    return "en" if code.startswith("en") else "zh"
