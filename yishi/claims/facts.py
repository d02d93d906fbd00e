"""What happens to claims, arbitrations and penalties received."""

from dataclasses import dataclass

from yishi.cases.facts import CaseFact
from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ClaimFact(CaseFact):
    """Whose claim, and the amount it stands at."""

    claim_id: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class ClaimProposed(ClaimFact):
    """`role` is the lowest that may approve it; empty when nobody's limit is enough."""

    proposal_id: int
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimApproved(ClaimFact):
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class ClaimOffered(ClaimFact):
    """The person is asked whether he accepts."""

    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class ClaimAccepted(ClaimFact):
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class ClaimDisputed(ClaimFact):
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class ClaimPaid(ClaimFact):
    pass


@dataclass(frozen=True, kw_only=True)
class ClaimPaymentFailed(ClaimFact):
    pass


@dataclass(frozen=True, kw_only=True)
class ClaimDropped(ClaimFact):
    pass


@dataclass(frozen=True, kw_only=True)
class RecoveryAsked(ClaimFact):
    recovery_id: int


@dataclass(frozen=True, kw_only=True)
class RecoveryEnded(ClaimFact):
    """`amount_fen` came back; nothing where it was given up."""

    recovery_id: int


@dataclass(frozen=True, kw_only=True)
class ArbitrationFiled(CaseFact):
    arbitration_id: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class ArbitrationAnswered(CaseFact):
    arbitration_id: int


@dataclass(frozen=True, kw_only=True)
class ArbitrationDecided(CaseFact):
    """`is_final` after the second instance, or when nobody goes on."""

    arbitration_id: int
    outcome: str
    amount_fen: int
    is_final: bool


@dataclass(frozen=True, kw_only=True)
class SecondInstanceAsked(CaseFact):
    arbitration_id: int


@dataclass(frozen=True, kw_only=True)
class PenaltyReceived(Fact):
    penalty_id: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PenaltyAppealed(Fact):
    penalty_id: int


@dataclass(frozen=True, kw_only=True)
class PenaltyAppealDecided(Fact):
    penalty_id: int
    result: str
    saved_fen: int
