"""Work orders as 快递100 speaks of them, in answers to our questions and in its callbacks. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from yishi.cases.port import NotFramed, ParsedRows, ParsedWorkOrder, RowRefused
from yishi.plugins.common.pushes import is_json
from yishi.plugins.common.reading import form_fields, load_json, word

# the only number of the list of matters that a public source explains; the operator names the others
SECOND_TYPES = {"4": "重量异常"}
_MOST = 2_000


def read_orders(body: bytes, settings: Mapping[str, str]) -> ParsedRows:
    """The work orders of a body: one or a list, bare or within `data`, as JSON or in a form's `param`."""
    said = load_json(body if is_json(body) else _param_of(body))
    parsed = ParsedRows()
    for line, item in enumerate(_items(said), start=1):
        if line > _MOST:
            parsed.refused.append(RowRefused(line, "too_many_rows"))
            break
        number = word(item.get("consultId")) or word(item.get("id"))
        if not number or len(number) > 64 or not number.isprintable():
            parsed.refused.append(RowRefused(line, "missing_external_no", number[:64]))
            continue
        parsed.rows.append((line, _order(number, item, settings)))
    return parsed


def _param_of(body: bytes) -> bytes:
    param = form_fields(body).get(b"param", b"")
    if not param:
        raise NotFramed("no JSON and no field `param`")
    return param


def _items(said: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(said, dict) and isinstance(said.get("data"), dict | list):
        outer = {name: value for name, value in said.items() if name == "consultId"}
        inner = said["data"]
        yield from ({**outer, **each} for each in _items(inner))
    elif isinstance(said, dict):
        yield said
    elif isinstance(said, list):
        for each in said:
            yield from _items(each)


def _order(number: str, item: Mapping[str, Any], settings: Mapping[str, str]) -> ParsedWorkOrder:
    said = item.get("desc")
    desc = said if isinstance(said, dict) else {}
    kind = word(item.get("secondType"))
    state = word(item.get("status"))
    text = word(desc.get("content")) or word(item.get("content"))
    weight, value = word(item.get("telWeight")), word(item.get("modityValue"))
    extra = [f"反馈重量 {weight} kg"] if weight else []
    extra += [f"商品价值 {value} 元"] if value else []
    return ParsedWorkOrder(
        external_no=number,
        waybill_no=word(item.get("kuaidinum")),
        type_word=SECOND_TYPES.get(kind, kind),
        text="\n".join(filter(None, [text[:20_000], *extra])),
        state_word=state,
        is_open=_is_open(state, settings),
    )


def _is_open(state: str, settings: Mapping[str, str]) -> bool | None:
    """What the numbers of `status` mean is not public: the operator says which ones are the end."""
    closed = {each.strip() for each in settings.get("closed_states", "").replace("，", ",").split(",")}
    return None if not state or closed <= {""} else state not in closed
