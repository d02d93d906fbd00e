"""How the sample's cases went: who complained of which parcel, what was answered when, how it ended. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from yishi.sample.routes import Parcel, parcel_random
from yishi.sample.traces import BEIJING, trace
from yishi.sample.words import BY_FATE, COMMENTS, MORE, NOTES, ORDINARY, WAITING, Matter

_CLOSES = timedelta(hours=72)
_ON_THE_WAY = {"URGE", "REDIRECT", "ENQUIRY"}


@dataclass(frozen=True)
class Step:
    """One thing that happened to a case. `kind` is the verb; `text` and `value` are its words."""

    kind: str
    at: datetime
    text: str = ""
    value: str = ""


@dataclass(frozen=True)
class Story:
    """One case from being opened up to a moment."""

    parcel: Parcel
    matter: Matter
    opened_at: datetime
    text: str
    is_verified: bool
    source: str
    steps: tuple[Step, ...]


def make_story(parcel: Parcel, *, seed: int, at: datetime) -> Story | None:
    """The case about this parcel as it stands at `at`; None when its person has nothing to say yet."""
    dice = parcel_random(seed, 5_000_000 + parcel.number)
    scans = trace(parcel, seed=seed, until=at)
    matter = BY_FATE.get(parcel.fate) or dice.choice(ORDINARY)
    if len(scans) < (
        3 if matter.category in _ON_THE_WAY else 5 if parcel.fate not in ("STALLED", "LOST") else 4
    ):
        return None
    waits = 40 if parcel.fate in ("STALLED", "LOST") else 8
    opened_at = in_waking_hours(scans[-1].happened_at + timedelta(hours=0.5 + waits * dice.random()))
    if opened_at > at - timedelta(minutes=3):
        return None
    source = dice.choices(("SELF", "PHONE", "CAINIAO", "WECHAT"), (80, 12, 4, 4))[0]
    return Story(
        parcel=parcel,
        matter=matter,
        opened_at=opened_at,
        text=dice.choice(matter.said),
        is_verified=dice.random() < 0.6,
        source=source,
        steps=tuple(step for step in _steps(matter, dice, opened_at) if step.at <= at),
    )


def in_waking_hours(moment: datetime) -> datetime:
    """The same moment, or the next morning when people sleep."""
    local = moment.astimezone(BEIJING)
    if 8 <= local.hour < 22:
        return moment
    day = local + timedelta(days=1) if local.hour >= 22 else local
    return day.replace(hour=8, minute=local.minute)


def _later(moment: datetime, dice: Random, least: float, most: float) -> datetime:
    """So many hours on, in waking hours and never before."""
    return in_waking_hours(moment + timedelta(hours=least + (most - least) * dice.random()))


def _steps(matter: Matter, dice: Random, opened_at: datetime) -> list[Step]:
    """The whole way of the case; what lies in the future is cut off by the caller."""
    if dice.random() < 0.05:
        return [Step("WITHDRAW", _later(opened_at, dice, 0.5, 6), "已经收到了")]
    # most are answered in time, some late, a few not at all
    patience = dice.choices(((0.2, 1.6), (2.5, 9.0), (30.0, 60.0)), (84, 12, 4))[0]
    now = _later(opened_at, dice, *patience)
    steps = [Step("REPLY", now, matter.replies[0])]
    if dice.random() < 0.3:
        now += timedelta(minutes=dice.randrange(4, 50))
        steps.append(Step("NOTE", now, dice.choice(NOTES)))
    if dice.random() < 0.2:
        now += timedelta(minutes=dice.randrange(5, 90))
        steps.append(Step("CONSUMER", now, dice.choice(MORE)))
    if dice.random() < 0.15:
        now += timedelta(minutes=dice.randrange(5, 40))
        status = dice.choice(("WAITING_CUSTOMER", "WAITING_THIRD_PARTY"))
        steps.append(Step("STATUS", now, dice.choice(WAITING[status]), status))
    if len(matter.replies) > 1:
        now = _later(now, dice, 1, 8)
        steps.append(Step("REPLY", now, matter.replies[1]))
    return steps + _ending(matter, dice, now)


def _ending(matter: Matter, dice: Random, now: datetime) -> list[Step]:
    settled = _later(now, dice, 0.8, 5 if dice.random() < 0.75 else 60)
    steps = [Step("RESOLVE", settled)]
    confirmed = settled + timedelta(hours=1 + 30 * dice.random())
    if dice.random() < 0.5:
        score = dice.choices((5, 4, 3, 2, 1), (48, 25, 11, 9, 7))[0]
        steps.append(Step("RATE", confirmed, dice.choice(COMMENTS[score]), str(score)))
        if score == 1 and dice.random() < 0.6:
            return [*steps, *_once_more(dice, confirmed + timedelta(minutes=3))]
    return [*steps, Step("CLOSE", settled + _CLOSES)]


def _once_more(dice: Random, again: datetime) -> list[Step]:
    """A case that was settled badly, taken up again and settled."""
    heard = _later(again, dice, 0.3, 2)
    settled = _later(heard, dice, 2, 10)
    return [
        Step("REOPEN", again, "问题没有真正解决"),
        Step("REPLY", heard, "抱歉没有办好，网点负责人马上重新核实。"),
        Step("RESOLVE", settled),
        Step("CLOSE", settled + _CLOSES),
    ]
