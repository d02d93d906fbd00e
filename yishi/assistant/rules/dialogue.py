"""What the assistant does next: policy, state of the dialogue and what was understood give one move. Pure.

Order of what counts: danger, a person asked for, anger; then the answer that we wait for; then what is asked
anew; then honest choices, and after two misses a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

MOST_MISSES = 2
"""After so many turns without understanding a person takes over."""

# what short answers mean
YES = frozenset(
    {
        *("是", "是的", "对", "对的", "好", "好的", "可以", "可以的", "行", "行的", "嗯", "嗯嗯", "确认"),
        *("没错", "要", "ok", "yes", "y"),
    }
)
NO = frozenset(
    {
        *("不", "不是", "不对", "不要", "不用", "不用了", "不行", "算了", "取消", "否", "没有", "还没"),
        *("还没有", "先不", "先不办", "先不办了", "不办了", "没解决", "no", "n"),
    }
)
SETTLED = frozenset(
    {
        *("解决了", "好了", "没事了", "没有了", "没了", "不用了", "谢谢", "谢谢你", "可以了", "知道了"),
        *("明白了", "行了"),
    }
)
_NOT_LATER = frozenset({"other", "greeting_chitchat", "praise_thanks"})


class Kind(StrEnum):
    """What a move does."""

    HAND_OVER = "HAND_OVER"
    DO = "DO"
    ASK = "ASK"
    CONFIRM = "CONFIRM"
    CHOICES = "CHOICES"
    SAY = "SAY"
    CHECK_CODE = "CHECK_CODE"
    SEND_CODE = "SEND_CODE"
    SETTLED = "SETTLED"


@dataclass(frozen=True)
class Policy:
    """How one intent is settled; readable data of `assistant/policies`.

    `needs` are slots in the order in which they are asked for; `proof`: the parcel must be his, shown by a
    code; `confirm`: he says yes before `tool` runs; `category` is that of a case which it opens.
    """

    intent: str
    title: Mapping[str, str]
    tool: str = ""
    needs: tuple[str, ...] = ()
    proof: bool = False
    confirm: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    category: str = ""
    hand_over: str = ""
    checks: bool = True


@dataclass(frozen=True)
class Waiting:
    """What we asked last: a SLOT, yes or no (CONFIRM), a CODE, whether it was settled (CHECK)."""

    kind: str
    name: str = ""


@dataclass(frozen=True)
class State:
    """Where a dialogue stands. `options` are labels offered last with what they mean."""

    intent: str = ""
    waiting: Waiting | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    later: tuple[str, ...] = ()
    misses: int = 0
    is_proven: bool = False
    tried: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """What one message says: intents sure first, slots, and how it is said."""

    text: str
    intents: tuple[str, ...] = ()
    is_sure: bool = False
    choices: tuple[str, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    risk: str = ""
    is_angry: bool = False
    is_automatic: bool = False


@dataclass(frozen=True)
class Move:
    """One thing to do; `name` is a slot, a tool, a text or a reason. `state` is how it stands afterwards."""

    kind: Kind
    state: State
    name: str = ""
    intents: tuple[str, ...] = ()


def plain(text: str) -> str:
    """A short answer without what people put around it."""
    return text.strip().rstrip("。.!！~～，, 吧哈呀啊哦呢").lower() or text.strip().lower()


def says_yes(text: str) -> bool:
    return plain(text) in YES


def says_no(text: str) -> bool:
    return plain(text) in NO


def says_settled(text: str) -> bool:
    return plain(text) in SETTLED or says_yes(text)


def next_move(policies: Mapping[str, Policy], state: State, read: Read) -> Move:
    """The move that answers this message."""
    state = replace(state, slots={**state.slots, **{k: v for k, v in read.slots.items() if v}})
    if read.risk:
        return Move(Kind.HAND_OVER, state, f"RISK_{read.risk}")
    option = state.options.get(read.text.strip(), "")
    if option == "human" or (read.is_sure and read.intents[:1] == ("human_agent",) and not option):
        return Move(Kind.HAND_OVER, state, "ASKED")
    if read.is_angry:
        return Move(Kind.HAND_OVER, _aimed(state, read), "ANGRY")
    if option.startswith("intent:"):
        return begin(policies, state, option.removeprefix("intent:"))
    if option.startswith("parcel:"):
        return go_on(policies, _slot(state, "parcel", option.removeprefix("parcel:")))
    if state.waiting is not None and (answer := _answer(policies, state, read, option)) is not None:
        return answer
    return _anew(policies, state, read)


def _aimed(state: State, read: Read) -> State:
    return replace(state, intent=read.intents[0]) if read.intents and read.is_sure else state


def _slot(state: State, name: str, value: str) -> State:
    return replace(state, slots={**state.slots, name: value}, waiting=None, misses=0, options={})


def _answer(policies: Mapping[str, Policy], state: State, read: Read, option: str) -> Move | None:
    """The move where the message answers what we asked; None where it says something else."""
    assert state.waiting is not None
    kind, name = state.waiting.kind, state.waiting.name
    if kind == "CONFIRM":
        if option == "yes" or says_yes(read.text):
            return Move(
                Kind.DO, replace(state, waiting=None, misses=0, options={}), policies[state.intent].tool
            )
        if option == "no" or says_no(read.text):
            return Move(Kind.SAY, _over(state), "cancelled_wish")
        return None
    if kind == "CHECK":
        if option == "settled" or says_settled(read.text) or read.intents[:1] == ("praise_thanks",):
            return Move(Kind.SETTLED, _over(state))
        if option == "not_settled" or says_no(read.text):
            return Move(Kind.HAND_OVER, state, "NOT_SETTLED")
        return None
    if kind == "CODE":
        code = read.slots.get("code", "")
        return Move(Kind.CHECK_CODE, state, code) if code else None
    if read.slots.get(name):
        return go_on(policies, _slot(state, name, read.slots[name]))
    # what is free text is whatever he says
    if name in ("text", "address") and read.text.strip() and not _is_new(state, read):
        return go_on(policies, _slot(state, name, read.text.strip()))
    return None


def _is_new(state: State, read: Read) -> bool:
    return read.is_sure and bool(read.intents) and read.intents[0] not in (state.intent, "other")


def _anew(policies: Mapping[str, Policy], state: State, read: Read) -> Move:
    known = tuple(intent for intent in read.intents if intent in policies)
    if read.is_sure and known:
        later = tuple(each for each in known[1:] if each != known[0] and each not in _NOT_LATER)
        return begin(policies, replace(state, later=later, misses=0), known[0])
    if read.slots.get("parcel") and not (read.is_sure and known):
        # a number alone asks where it is
        return begin(policies, replace(state, misses=0), state.intent or "track_parcel")
    if state.misses + 1 >= MOST_MISSES:
        return Move(Kind.HAND_OVER, state, "NOT_UNDERSTOOD")
    return Move(Kind.CHOICES, replace(state, misses=state.misses + 1), "not_sure", read.choices)


def begin(policies: Mapping[str, Policy], state: State, intent: str) -> Move:
    """A new matter begins; what is known of the parcel and the person stays known."""
    policy = policies.get(intent)
    if policy is None:
        return Move(Kind.CHOICES, replace(state, misses=state.misses + 1), "not_sure")
    kept = {name: value for name, value in state.slots.items() if name not in ("text",) or not state.intent}
    state = replace(state, intent=intent, waiting=None, slots=kept, options={})
    if policy.hand_over:
        return Move(Kind.HAND_OVER, state, policy.hand_over)
    return go_on(policies, state)


def go_on(policies: Mapping[str, Policy], state: State) -> Move:
    """The next step of the present matter: ask for what is missing, prove, confirm, do."""
    policy = policies.get(state.intent)
    if policy is None:
        return Move(Kind.CHOICES, state, "not_sure")
    for name in policy.needs:
        if not state.slots.get(name):
            return Move(Kind.ASK, replace(state, waiting=Waiting("SLOT", name)), name)
    if policy.proof and not state.is_proven:
        if state.slots.get("phone"):
            return Move(Kind.SEND_CODE, state)
        return Move(Kind.ASK, replace(state, waiting=Waiting("SLOT", "phone")), "phone")
    if policy.confirm and policy.tool not in state.tried:
        return Move(Kind.CONFIRM, replace(state, waiting=Waiting("CONFIRM")), policy.intent)
    return Move(Kind.DO, replace(state, waiting=None), policy.tool)


def _over(state: State) -> State:
    return replace(state, waiting=None, intent="", misses=0, options={})


def after_tool(policies: Mapping[str, Policy], state: State, *, outcome: str, is_done: bool) -> State:
    """How it stands after a tool ran: what was tried, and whether we ask if it is settled."""
    policy = policies[state.intent]
    tried = (*state.tried, f"{policy.tool}:{outcome}")[-20:]
    waiting = Waiting("CHECK") if is_done and policy.checks else None
    return replace(state, tried=tried, waiting=waiting, misses=0)


def next_of_later(state: State) -> tuple[str, State]:
    """The next of several matters in one message; '' when there is none."""
    if not state.later:
        return "", state
    return state.later[0], replace(state, later=state.later[1:])


def is_silent(tried: Sequence[str], *, is_automatic: bool, state_of_conversation: str) -> bool:
    """The assistant never answers a machine, and never speaks beside a person."""
    return is_automatic or state_of_conversation != "ASSISTANT"
