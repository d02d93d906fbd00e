"""Money in the sample: a claim in every state that a desk meets, and penalties received, all in the books."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from yishi.claims.actions.answer import accept_proposal, dispute_proposal
from yishi.claims.actions.approve import approve_claim, offer_claim
from yishi.claims.actions.arbitrate import file_arbitration, note_answer, note_decision
from yishi.claims.actions.pay import note_payment, note_payment_failed
from yishi.claims.actions.penalties import (
    NewPenalty,
    PenaltyKnown,
    appeal_penalty,
    note_appeal_result,
    note_penalty,
)
from yishi.claims.actions.propose import Said, propose_claim
from yishi.claims.actions.recover import ask_recovery, end_recovery
from yishi.claims.queries.proposals import proposal_of_case
from yishi.people.queries import get_user_id
from yishi.people.rules import SYSTEM_VIEWER, Role, Viewer
from yishi.sample.history import live_story, settle
from yishi.sample.routes import Parcel
from yishi.sample.stories import Story

# how far each claim has come, the youngest case first: what waits for somebody is young
PLANS = (
    ("PROPOSE",),
    ("PROPOSE", "APPROVE"),
    ("PROPOSE", "APPROVE", "OFFER"),
    ("PROPOSE", "APPROVE", "OFFER", "ACCEPT"),
    ("PROPOSE", "APPROVE", "OFFER", "DISPUTE"),
    ("PROPOSE", "APPROVE", "OFFER", "ACCEPT", "FAIL"),
    ("PROPOSE", "ARBITRATE"),
    ("PROPOSE", "APPROVE", "OFFER", "ACCEPT", "PAY"),
    ("PROPOSE", "APPROVE", "OFFER", "ACCEPT", "PAY", "RECOVER"),
    ("PROPOSE", "APPROVE", "OFFER", "ACCEPT", "PAY", "RECOVER", "GOT_BACK"),
    ("PROPOSE", "APPROVE", "OFFER", "ACCEPT", "PAY", "ARBITRATE", "ANSWERED", "RULED"),
)
_STEP = timedelta(minutes=100)
_LOSSES = frozenset({"DAMAGED", "LOST"})
_WORTH_FEN = (8_800, 12_900, 23_600, 38_800, 6_500, 15_000, 52_000, 19_900, 9_900, 31_200, 26_000)
_BRANDS = {"yuantong": "圆通速递", "zhongtong": "中通快递"}


def plans_of(stories: Sequence[Story], *, at: datetime) -> dict[str, int]:
    """Which plan the claim of a case takes, by waybill number. Only cases old enough for every step of it."""
    long_ago = at - _STEP * (max(map(len, PLANS)) + 1)
    fit = [
        story
        for story in stories
        if story.matter.category in _LOSSES
        and story.source == "SELF"
        and begun_at(story) < long_ago
        and all(step.kind != "WITHDRAW" for step in story.steps)
    ]
    youngest = sorted(fit, key=lambda story: story.opened_at, reverse=True)
    return {story.parcel.waybill_no: place for place, story in enumerate(youngest[: len(PLANS)])}


def _talk(story: Story) -> Story:
    """What was said before the money: the case is settled by it, not beside it."""
    kinds = [step.kind for step in story.steps]
    until = kinds.index("RESOLVE") if "RESOLVE" in kinds else len(kinds)
    return replace(story, steps=story.steps[:until])


def begun_at(story: Story) -> datetime:
    """When the money is first spoken of."""
    return max((step.at for step in _talk(story).steps), default=story.opened_at) + _STEP


@transaction.atomic
def live_claim(story: Story, place: int, agent: Viewer) -> int:
    """The case of this story with its claim as far as plan `place` goes; the case's id."""
    case_id, moment = live_story(_talk(story), agent), begun_at(story)
    boss = _viewer_of_owner()
    told = Said(
        goods_value_fen=_WORTH_FEN[place], has_proof=True, freight_fen=story.parcel.freight_fen,
        is_insured=False,
    )  # fmt: skip
    doing = _Doing(story, case_id, place, agent, boss, told)
    for step in PLANS[place]:
        getattr(doing, step.lower())(moment)
        moment += _STEP
    if "PAY" in PLANS[place]:
        settle(case_id, story, agent, moment)
    return case_id


class _Doing:
    """The steps of one claim, each by whom it falls to."""

    def __init__(
        self, story: Story, case_id: int, place: int, agent: Viewer, boss: Viewer, told: Said
    ) -> None:
        self.story, self.case_id, self.place = story, case_id, place
        self.agent, self.boss, self.told = agent, boss, told
        self.claim_id = self.recovery_id = self.arbitration_id = 0

    def propose(self, at: datetime) -> None:
        self.claim_id = propose_claim(case_id=self.case_id, said=self.told, by=self.agent, at=at)

    def approve(self, at: datetime) -> None:
        approve_claim(claim_id=self.claim_id, by=self.boss, at=at)

    def offer(self, at: datetime) -> None:
        offer_claim(claim_id=self.claim_id, by=self.agent, at=at)

    def _offered(self) -> tuple[int, int]:
        card = proposal_of_case(self.case_id)
        assert card is not None
        return card.proposal_id, card.amount_fen

    def accept(self, at: datetime) -> None:
        accept_proposal(proposal_id=self._offered()[0], at=at)

    def dispute(self, at: datetime) -> None:
        dispute_proposal(
            proposal_id=self._offered()[0], reason="东西买来不止这个价，截图已经发给你们了", at=at
        )

    def fail(self, at: datetime) -> None:
        note_payment_failed(claim_id=self.claim_id, reason="收款账号户名不符，退回", by=self.boss, at=at)

    def pay(self, at: datetime) -> None:
        reference = f"WX{at:%Y%m%d}{self.place:04}"
        note_payment(claim_id=self.claim_id, reference=reference, by=self.boss, at=at)

    def recover(self, at: datetime) -> None:
        self.recovery_id = ask_recovery(
            claim_id=self.claim_id, debtor="CARRIER", who=self._brand(), amount_fen=self._offered()[1],
            reason="中转途中受损，网点到件时已拍照", by=self.agent, at=at,
        )  # fmt: skip

    def got_back(self, at: datetime) -> None:
        end_recovery(
            recovery_id=self.recovery_id, received_fen=self._offered()[1] // 2, reference="总部月结抵扣",
            by=self.boss, at=at,
        )  # fmt: skip

    def arbitrate(self, at: datetime) -> None:
        self.arbitration_id = file_arbitration(
            case_id=self.case_id, against=self._brand(), asked_fen=_WORTH_FEN[self.place],
            reason="到件时外箱已压坏，有到件照片", external_no=f"ZC{at:%y%m%d}{self.place:03}",
            by=self.boss, at=at,
        )  # fmt: skip

    def answered(self, at: datetime) -> None:
        note_answer(arbitration_id=self.arbitration_id, text="称收寄时包装不足", by=self.boss, at=at)

    def ruled(self, at: datetime) -> None:
        note_decision(
            arbitration_id=self.arbitration_id, outcome="PARTLY", awarded_fen=_WORTH_FEN[self.place] // 2,
            reason="双方各担一半", by=self.boss, at=at,
        )  # fmt: skip

    def _brand(self) -> str:
        return _BRANDS.get(self.story.parcel.carrier, self.story.parcel.carrier)


def _viewer_of_owner() -> Viewer:
    user_id = get_user_id(viewer=SYSTEM_VIEWER, username="owner")
    return Viewer(kind="USER", role=Role.OWNER, user_id=user_id, outlet_codes=None)


# origin, what for, fen, days ago, what became of it
_PENALTIES = (
    ("HQ", "虚假签收", 20_000, 20, "REVOKED"),
    ("HQ", "派件延误", 5_000, 16, "REDUCED"),
    ("PLATFORM", "虚假签收", 10_000, 12, "UPHELD"),
    ("PLATFORM", "服务态度", 5_000, 6, "APPEALED"),
    ("REGULATOR", "有效申诉", 50_000, 4, ""),
    ("HQ", "遗失未上报", 10_000, 2, ""),
    ("OTHER", "退回超时", 3_000, 1, ""),
)
_APPEAL_WITHIN = timedelta(days=7)


def build_penalties(parcels: Sequence[Parcel], *, at: datetime) -> None:
    """Penalties of the month, some appealed with what that saved; what is there already is left alone."""
    for number, (parcel, row) in enumerate(zip(parcels, _PENALTIES, strict=False), start=1):
        with suppress(PenaltyKnown), transaction.atomic():
            _penalty(parcel, number, *row, at=at)


def _penalty(
    parcel: Parcel, number: int, origin: str, label: str, fen: int, days: int, end: str, *, at: datetime
) -> None:
    noted = at - timedelta(days=days)
    until = noted + _APPEAL_WITHIN
    penalty = NewPenalty(
        origin=origin, amount_fen=fen, happened_at=noted - timedelta(hours=9), label=label,
        carrier=parcel.carrier, external_no=f"KH{number:06}", waybill_no=parcel.waybill_no,
        outlet_code=parcel.outlet.code, appeal_until=until,
    )  # fmt: skip
    penalty_id = note_penalty(penalty=penalty, by=SYSTEM_VIEWER, at=noted)
    if end:
        said = "监控和通话录音都能证明，附件已交"
        appealed = noted + timedelta(days=1)
        appeal_penalty(penalty_id=penalty_id, reason=said, by=SYSTEM_VIEWER, at=appealed)
    if end and end != "APPEALED":
        left = fen // 2 if end == "REDUCED" else None
        decided = noted + timedelta(days=3)
        note_appeal_result(penalty_id=penalty_id, result=end, left_fen=left, by=SYSTEM_VIEWER, at=decided)
