"""What a language model may see: personal data and numbers are placeholders, and come back afterwards. Pure.

What comes back is used only if it says what was given: no new number, no new promise, nothing left out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from yishi.assistant.rules.slots import Kind, slots_in

_NAMES = {
    Kind.PHONE: "电话",
    Kind.PHONE_TAIL: "尾号",
    Kind.PICKUP_CODE: "取件码",
    Kind.ADDRESS: "地址",
    Kind.PERSON: "姓名",
    Kind.WAYBILL: "单号",
    Kind.ORDER: "订单号",
}
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.A)
_CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")
_LONG_NUMBER = re.compile(r"(?<![\dA-Za-z⟦])[A-Za-z]{0,4}\d[\d -]{5,}\d(?!\d)")
_PLACEHOLDER = re.compile(r"⟦[^⟦⟧]{1,12}⟧")
_NUMBER = re.compile(r"\d+(?:[.:]\d+)*")
_PROMISE = re.compile(
    r"保证|一定(?:会|能)|肯定(?:会|能)|承诺|绝对|马上赔|全额|双倍|免费|必达|guarantee|promise|certainly", re.I
)
_FOREIGN = re.compile(r"https?://|www\.|<[a-z/!]|\]\(|```|[\x00-\x08\x0b-\x1f\x7f]", re.I)


@dataclass(frozen=True)
class Hidden:
    """`text` for the model; `back` is what each placeholder stands for and never leaves this process."""

    text: str
    back: Mapping[str, str]


def hide(text: str, *, also: Iterable[str] = ()) -> Hidden:
    """Every person, phone, address, code, number and mail as ⟦电话1⟧. `also`: names known from the record."""
    text = text.replace("⟦", "[").replace("⟧", "]")
    spans = [*_personal(text, 0)]
    for clause in _CLAUSE.finditer(text):
        # an address in the middle of a story is seen where its clause stands alone
        spans += _personal(clause[0], clause.start())
    for name in also:
        spans += [(found.span(), "姓名") for found in re.finditer(re.escape(name), text) if len(name) > 1]
    for pattern, word in ((_MAIL, "邮箱"), (_LONG_NUMBER, "号码")):
        spans += [(found.span(), word) for found in pattern.finditer(text)]
    return _replace(text, spans)


def _personal(text: str, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for slot in slots_in(text):
        if slot.kind in _NAMES:
            yield (slot.span[0] + start, slot.span[1] + start), _NAMES[slot.kind]


def _replace(text: str, spans: list[tuple[tuple[int, int], str]]) -> Hidden:
    back: dict[str, str] = {}
    known: dict[str, str] = {}
    counts: Counter[str] = Counter()
    pieces, end = [], 0
    # the longest at a place, and of equals the one that says more
    for (start, stop), word in sorted(spans, key=lambda one: (one[0][0], -one[0][1], one[1] == "号码")):
        if start < end:
            continue
        value = text[start:stop]
        if value not in known:
            counts[word] += 1
            known[value] = f"⟦{word}{counts[word]}⟧"
            back[known[value]] = value
        pieces += [text[end:start], known[value]]
        end = stop
    return Hidden("".join([*pieces, text[end:]]), back)


def restore(text: str, hidden: Hidden) -> str:
    """The placeholders as what they stand for; one that was never given disappears."""
    return _PLACEHOLDER.sub(lambda found: hidden.back.get(found[0], ""), text)


def is_faithful(before: str, after: str) -> bool:
    """Whether a rewording says the same: every placeholder and number still there, none new, no promise that
    was not given, no link, no markup, not much longer."""
    if not after.strip() or len(after) > 2 * len(before) + 80 or _FOREIGN.search(after):
        return False
    if Counter(_PLACEHOLDER.findall(before)) != Counter(_PLACEHOLDER.findall(after)):
        return False
    if sorted(_NUMBER.findall(before)) != sorted(_NUMBER.findall(after)):
        return False
    given = {found.lower() for found in _PROMISE.findall(before)}
    return {found.lower() for found in _PROMISE.findall(after)} <= given


def is_supported(answer: str, sources: Iterable[str]) -> bool:
    """Whether an answer may rest on these texts: no number, placeholder or promise that none of them has."""
    whole = "\n".join(sources)
    if not answer.strip() or len(answer) > 600 or _FOREIGN.search(answer) or _PLACEHOLDER.search(answer):
        return False
    if not set(_NUMBER.findall(answer)) <= set(_NUMBER.findall(whole)):
        return False
    given = {found.lower() for found in _PROMISE.findall(whole)}
    return {found.lower() for found in _PROMISE.findall(answer)} <= given
