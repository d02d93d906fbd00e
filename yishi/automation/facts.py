"""What becomes of the operator's rules."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class RuleWentLive(Fact):
    rule_id: int
    by: str


@dataclass(frozen=True, kw_only=True)
class RuleBroke(Fact):
    """A live rule asked for what is not there, or failed; told once until it is mended."""

    rule_id: int
    rule_name: str
    says: str
