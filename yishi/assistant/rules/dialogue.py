"""What the assistant does next: policy, state of the dialogue and what was understood give one move. Pure.

Order of what counts: danger, a person asked for, anger; then the answer that we wait for; then what is asked
anew; then the question once more, and after two misses a person.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from yishi.assistant.rules.answers import says_no, says_no_number, says_settled, says_yes
from yishi.assistant.rules.moves import GROUPS, Kind, Move, Policy, Read, State, Waiting

MOST_MISSES = 2
"""After so many turns without understanding a person takes over."""

# what stays known when another matter begins
_STAYS = frozenset(
    {"parcel", "parcels", "phone", "proof", "code_id", "listed", "by_phone", "case_no", "english"}
)
_SMALL_TALK = frozenset({"greeting_chitchat", "praise_thanks", "other"})
_OTHER_PHONE = re.compile(
    r"换(?:一?个|成)?(?:手机|电话|号)|(?:另一?个|别的)(?:手机|电话|号)|我(?:的)?(?:手机|电话|号码?)|收件(?:人)?(?:的)?(?:手机|电话|号)|\bmy\b"
)
_CORRECTS = re.compile(r"不是|不对|错了|[打写搞弄]错|换成|改成|应该是|另一?个|\b(?:wrong|instead|sorry)\b")
_WANTS = re.compile(
    r"[?？]|[吗么呢]\s*[。.!！~]*$|哪[里儿家个]|在哪|几[点时号天]|什么时候|多少|多久|帮我|给我(?!打)|我[要想]|请问?|麻烦"
    r"|能不能|可不可以|可以.{0,8}[吗么]|先(?:不|别|等)|算了|不用了|转人工"
)
_NOT_WORDS = re.compile(r"[A-Za-z]*\d[A-Za-z0-9 -]*|[\s，。,.!！?？~～、：:]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LONG_ENOUGH = 10


def next_move(policies: Mapping[str, Policy], state: State, read: Read) -> Move:
    """The move that answers this message."""
    before, state = state, heard(state, read)
    if read.risk:
        return Move(Kind.HAND_OVER, _aimed(state, read), f"RISK_{read.risk}")
    option = state.options.get(read.text.strip(), "")
    if option == "human" or (read.is_sure and read.intents[:1] == ("human_agent",) and not option):
        return Move(Kind.HAND_OVER, state, "ASKED")
    if read.is_angry:
        return Move(Kind.HAND_OVER, _aimed(state, read), "ANGRY")
    if read.media:
        return Move(Kind.SHOWN, state, read.media)
    if option.startswith("intent:"):
        return begin(policies, state, option.removeprefix("intent:"))
    if option.startswith("slot:"):
        name, value = option.removeprefix("slot:").split(":", 1)
        return go_on(policies, _slot(state, name, value))
    if state.waiting is not None:
        answer = _answer(policies, before, state, read, option)
        if answer is not None:
            return answer
    return _anew(policies, state, read)


def heard(state: State, read: Read) -> State:
    """What the message names is known from now on.

    Several waybill numbers leave open which one is meant. A phone named beside a proven one changes nothing
    unless he says that it is his: then the proof counts no more, for it was another's.
    """
    slots = {**state.slots, **{name: value for name, value in read.slots.items() if value}}
    is_proven = state.is_proven
    if is_proven and slots.get("phone") != state.slots.get("phone"):
        asked = state.waiting is not None and state.waiting.name == "phone"
        if asked or _OTHER_PHONE.search(read.text):
            is_proven = False
            slots = {name: value for name, value in slots.items() if name not in ("proof", "listed")}
        else:
            slots["phone"] = state.slots.get("phone", "")
    if len(read.numbers) == 1:
        slots = {**slots, "parcel": read.numbers[0], "parcels": ""}
    elif read.numbers:
        slots = {**slots, "parcel": "", "parcels": " ".join(read.numbers[:5])}
    if read.is_english or _CHINESE.search(read.text):
        slots["english"] = "1" if read.is_english else ""
    return replace(state, slots=slots, is_proven=is_proven)


def _aimed(state: State, read: Read) -> State:
    return replace(state, intent=read.intents[0]) if read.intents and read.is_sure else state


def _slot(state: State, name: str, value: str) -> State:
    return replace(state, slots={**state.slots, name: value}, waiting=None, misses=0, options={})


def _answer(
    policies: Mapping[str, Policy], before: State, state: State, read: Read, option: str
) -> Move | None:
    """The move where the message answers what we asked; None where it says something else."""
    assert state.waiting is not None
    kind, name = state.waiting.kind, state.waiting.name
    if kind == "CONFIRM":
        return _confirmed(policies, before, state, read, option)
    if kind == "CHECK":
        return _checked(state, read, option)
    if kind == "CODE":
        if read.slots.get("code"):
            return Move(Kind.CHECK_CODE, state, read.slots["code"])
        if state.slots.get("phone") != before.slots.get("phone"):
            return Move(Kind.SEND_CODE, replace(state, misses=0))
        return None
    if any(state.slots.get(each) != before.slots.get(each) for each in GROUPS.get(name, (name,))):
        return go_on(policies, replace(state, waiting=None, misses=0, options={}))
    if name == "parcel":
        if state.slots.get("parcels") and read.numbers:
            return Move(Kind.ASK, state, "parcel")
        if not state.slots.get("by_phone") and (read.slots.get("phone") or says_no_number(read.text)):
            return go_on(policies, _slot(state, "by_phone", "1"))
        return None
    # what is free text is whatever he says
    is_free = name == "address" or "text" in GROUPS.get(name, (name,))
    is_story = not _is_new(state, read) or (name == "text" and _is_told(read.text))
    if is_free and read.text.strip() and is_story:
        if name == "address":
            return go_on(policies, _slot(state, "address", read.text.strip()))
        told = _slot(state, "text", read.text.strip())
        return go_on(policies, _with_categories(policies, told, read))
    return None


def _is_told(text: str) -> bool:
    """Whether it tells what happened, as we asked: long enough, and neither a question nor a wish."""
    return len(bare(text)) >= _LONG_ENOUGH and not _WANTS.search(text)


def _with_categories(policies: Mapping[str, Policy], state: State, read: Read) -> State:
    """What he tells says better what it is than the word by which he began; what its policy expects stays."""
    policy, before = policies.get(state.intent), state.slots.get("categories", "").split()
    known = [each for each in before if policy is not None and each in policy.categories]
    merged = dict.fromkeys([*known[:1], *read.categories, *before])
    return replace(state, slots={**state.slots, "categories": " ".join(merged)})


def _confirmed(
    policies: Mapping[str, Policy], before: State, state: State, read: Read, option: str
) -> Move | None:
    names = ("parcel", "parcels", "phone", "time", "address", "wish")
    is_changed = any(state.slots.get(name, "") != before.slots.get(name, "") for name in names)
    if is_changed and (_CORRECTS.search(read.text) or not (read.is_sure and _is_new(state, read))):
        # what he corrects is confirmed again: nothing is done that he has not seen
        return go_on(policies, replace(state, waiting=None, misses=0))
    if is_changed:
        return None
    if option == "yes" or says_yes(read.text):
        later = read.intents[:1] if read.is_sure and _is_new(state, read) else ()
        later = tuple(each for each in later if each in policies and each not in _SMALL_TALK)
        done = replace(state, waiting=None, misses=0, options={}, later=(*later, *state.later))
        return Move(Kind.DO, done, policies[state.intent].tool)
    if option == "no" or says_no(read.text):
        return Move(Kind.SAY, _over(state), "cancelled_wish")
    return None


def _checked(state: State, read: Read, option: str) -> Move | None:
    if option == "settled" or says_settled(read.text):
        return Move(Kind.SETTLED, _over(state))
    if read.intents[:1] == ("praise_thanks",) and not read.is_upset:
        return Move(Kind.SETTLED, _over(state))
    if option == "not_settled" or says_no(read.text):
        return Move(Kind.HAND_OVER, state, "NOT_SETTLED")
    return None


def _is_new(state: State, read: Read) -> bool:
    return read.is_sure and bool(read.intents) and read.intents[0] not in (state.intent, *_SMALL_TALK)


def _anew(policies: Mapping[str, Policy], state: State, read: Read) -> Move:
    known = tuple(intent for intent in read.intents if intent in policies) if read.is_sure else ()
    if known and not (known[0] in _SMALL_TALK and (read.numbers or _is_in_the_middle(state))):
        later = tuple(each for each in known[1:] if each != known[0] and each not in _SMALL_TALK)
        return begin(policies, replace(state, later=later, misses=0), known[0], read)
    if read.numbers:
        # a number alone asks where it is, or is the right one of what is spoken of
        intent = state.intent if state.intent not in ("", *_SMALL_TALK) else "track_parcel"
        return begin(policies, replace(state, misses=0), intent, read)
    if state.slots.get("case_no") and len(bare(read.text)) >= _LONG_ENOUGH:
        # more about what was just filed belongs there
        return Move(Kind.DO, replace(_with_text(state, read.text), misses=0), "add_to_case")
    if state.misses + 1 >= MOST_MISSES:
        return Move(Kind.HAND_OVER, state, "NOT_UNDERSTOOD")
    missed = replace(state, misses=state.misses + 1)
    if _is_in_the_middle(state):
        return _again(missed)
    return Move(Kind.CHOICES, missed, "not_sure", read.choices)


def _is_in_the_middle(state: State) -> bool:
    return state.waiting is not None and state.waiting.kind in ("SLOT", "CONFIRM", "CODE")


def _again(state: State) -> Move:
    """The same question once more."""
    assert state.waiting is not None
    if state.waiting.kind == "CONFIRM":
        return Move(Kind.CONFIRM, state, state.intent)
    if state.waiting.kind == "CODE":
        return Move(Kind.SAY, state, "ask_code")
    return Move(Kind.ASK, state, state.waiting.name)


def bare(text: str) -> str:
    """A message without numbers and signs: what is left of it are words."""
    return _NOT_WORDS.sub("", text)


def _with_text(state: State, text: str) -> State:
    return replace(state, slots={**state.slots, "text": text.strip()})


def begin(policies: Mapping[str, Policy], state: State, intent: str, read: Read | None = None) -> Move:
    """A new matter begins, with this message or with what was said before; what is known stays known."""
    policy = policies.get(intent)
    if policy is None:
        return Move(Kind.CHOICES, replace(state, misses=state.misses + 1), "not_sure")
    if read is not None and (turned := _turned(policy, read)):
        return begin(policies, state, turned, read)
    if read is None:
        slots = {name: value for name, value in state.slots.items() if name != "text"}
    else:
        fresh = {name: value for name, value in read.slots.items() if value and name not in _STAYS}
        slots = {name: value for name, value in state.slots.items() if name in _STAYS}
        slots = {
            **slots,
            **fresh,
            "said": _said_of(state, read, intent),
            "categories": " ".join(read.categories),
        }
        slots["priority"] = str(read.priority)
    if len(bare(slots.get("said", ""))) >= _LONG_ENOUGH:
        slots["text"] = slots["said"]
    state = replace(state, intent=intent, waiting=None, slots=slots, options={})
    if policy.hand_over:
        return Move(Kind.HAND_OVER, state, policy.hand_over)
    return go_on(policies, state)


def _turned(policy: Policy, read: Read) -> str:
    for turning in policy.turns:
        is_so_said = bool(turning.words) and re.search(turning.words, read.text, re.IGNORECASE) is not None
        if is_so_said or (read.is_upset and turning.category in read.categories[:1]):
            return turning.to
    return ""


def category_of_case(policy: Policy, slots: Mapping[str, str]) -> str:
    """Of the categories that this matter may have the likeliest by his words."""
    likely = slots.get("categories", "").split()
    if not policy.categories:
        return likely[0] if likely else "OTHER"
    return next((each for each in likely if each in policy.categories), policy.categories[0])


def skill_of(policy: Policy, slots: Mapping[str, str]) -> str:
    """What whoever takes this matter over should be able to do; '' where anybody can."""
    return policy.skill or (category_of_case(policy, slots) if policy.categories else "")


def _said_of(state: State, read: Read, intent: str) -> str:
    """His own words of the matter: a bare number does not take the place of what he wrote before."""
    before = state.slots.get("said", "")
    return before if before and intent == state.intent and not bare(read.text) else read.text


def go_on(policies: Mapping[str, Policy], state: State) -> Move:
    """The next step of the present matter: ask for what is missing, prove, confirm, do."""
    policy = policies.get(state.intent)
    if policy is None:
        return Move(Kind.CHOICES, state, "not_sure")
    for name in policy.needs:
        if any(state.slots.get(each) for each in GROUPS.get(name, (name,))):
            continue
        if name == "parcel" and state.slots.get("by_phone") and not state.is_proven:
            return _prove(state)
        return Move(Kind.ASK, replace(state, waiting=Waiting("SLOT", name)), name)
    if policy.proof and not state.is_proven:
        return _prove(state)
    if policy.confirm:
        return Move(Kind.CONFIRM, replace(state, waiting=Waiting("CONFIRM")), policy.intent)
    return Move(Kind.DO, replace(state, waiting=None), policy.tool)


def _prove(state: State) -> Move:
    if state.slots.get("phone"):
        return Move(Kind.SEND_CODE, state)
    return Move(Kind.ASK, replace(state, waiting=Waiting("SLOT", "phone")), "phone")


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


def is_silent(*, is_automatic: bool, state_of_conversation: str) -> bool:
    """The assistant never answers a machine, and never speaks beside a person."""
    return is_automatic or state_of_conversation != "ASSISTANT"
