"""Texts as strangers read them: what must go, what must stay, over tables, real feeds and planted people."""

import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shipments.carrier_texts import TEXTS
from yishi.shipments.rules.redaction import for_strangers

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("YISHI_SHARED", ROOT.parent / "shared")) / "domain" / "feeds"
PAYLOADS = sorted((ROOT / "yishi" / "plugins" / "feeds").glob("*/payloads/*"))
SEVEN_DIGITS = re.compile(r"\d{7,}")
NAMED = re.compile(r"(?:王小明|刘师傅|赵师傅|谢\*平|李雷)")


@pytest.mark.parametrize(("text", "shown"), TEXTS, ids=range(len(TEXTS)))
def test_every_carriers_style(text, shown):
    assert for_strangers(text) == shown
    assert for_strangers(shown) == shown
    assert not SEVEN_DIGITS.search(shown)


def test_the_table_is_long_enough():
    assert len({text for text, _ in TEXTS}) >= 120


@pytest.mark.parametrize(
    "text",
    [
        "",
        "快件到达 南京市 转运中心",
        "【苏州市】苏州园区网点已揽收",
        "快件离开南京江宁网点，已发往苏州转运中心",
        "快递员已出发，请保持电话畅通",
        "向您致歉，快件预计延误2天",
        "已到达韵达快递驿站（东山天元路口店）",
        "预计2026-11-23 18:00前送达",
        "Departed Shipping Partner Facility, USPS Awaiting Item",
    ],
)
def test_what_happened_stays_readable(text):
    assert for_strangers(text) == text


def test_what_is_known_of_the_parcel_goes_wherever_it_stands():
    shown = for_strangers("已送至金陵花园小广场，古丽签收", ["古丽", "金陵花园", "X"])
    assert shown == "已送至***小广场，***签收"


def _words(value):
    if isinstance(value, dict):
        return [word for inner in value.values() for word in _words(inner)]
    if isinstance(value, list):
        return [word for inner in value for word in _words(inner)]
    return [value] if isinstance(value, str) else []


def _texts_of(path):
    """Every text that the file carries, out of JSON, JSON in a form, or XML; else its lines."""
    raw = path.read_text(encoding="utf-8", errors="replace")
    bodies = [raw, *(value for _, value in parse_qsl(raw))]
    for body in bodies:
        try:
            return _words(json.loads(body))
        except ValueError:
            pass
        try:
            return [word for node in ET.fromstring(body).iter() for word in node.attrib.values()]
        except ET.ParseError:
            pass
    return raw.splitlines()


def _check(path):
    for text in _texts_of(path):
        shown = for_strangers(text)
        assert not SEVEN_DIGITS.search(shown), shown
        assert not NAMED.search(shown), shown
        assert for_strangers(shown) == shown


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: f"{path.parts[-3]}-{path.name}")
def test_payloads_of_every_plug_in(path):
    _check(path)


def test_every_shared_feed_file_in_place():
    if not SHARED.is_dir():
        pytest.skip(f"no public material at {SHARED}")
    files = [path for path in sorted(SHARED.iterdir()) if path.suffix in (".json", ".xml", ".txt")]
    assert files
    for path in files:
        _check(path)


# common surnames, and given names of signs that are words elsewhere too
names = st.builds(
    lambda surname, given: surname + given,
    st.sampled_from([*"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗于萧田邓许石金文", "欧阳", "司马"]),
    st.sampled_from(
        [
            "伟", "芳", "明", "刚", "强", "平安", "小明", "大为", "建国", "秀英", "海燕", "志远", "文静",
            "雪",
            "子涵", "俊杰", "来福", "运来", "德华", "家豪", "安", "春生", "国庆", "梦瑶", "玉兰", "一鸣",
        ]
    ),
)  # fmt: skip
phones = st.builds(
    lambda tail, style: style.format(f"199{tail:08d}", f"199 {tail // 10000:04d} {tail % 10000:04d}"),
    st.integers(0, 99_999_999),
    st.sampled_from(["{0}", "{1}", "+86 {0}", "{0}转1234", "{0},8842", "025-{0:.8}"]),
)
doors = st.builds(
    lambda a, b, c, style: style.format(a, b, c),
    st.integers(1, 60),
    st.integers(1, 9),
    st.integers(101, 3299),
    st.sampled_from(["{0}幢{1}单元{2}室", "{0}号楼{2}", "{0}栋{2}", "{0}-{1}-{2}", "{0}座{2}室", "A座{2}室"]),
)
codes = st.builds(
    lambda a, b, c, style: style.format(a, b, c),
    st.integers(1, 30),
    st.integers(1, 9),
    st.integers(1000, 9999),
    st.sampled_from(["{0}-{1}-{2}", "{1}{2}", "A{0}-{2}", "{0}{2}8"]),
)
PLACES = [
    "快递员{name}（{phone}）正在派件",
    "派件员：{name}，电话：{phone}",
    "【东山网点】的派送员【{name}/{phone}】正在为您派送",
    "江宁百家湖公司 {name}({phone}) 正在派件",
    "快件交给{name}，正在派送途中（联系电话：{phone}）",
    "签收人：{name}，如有疑问请电联：{phone}",
    "已由{name}代签收，电话{phone}",
    "收件人{name}要求改派至金陵花园{door}，手机{phone}",
    "{name}先生已取走，凭取件码{code}，电话{phone}",
    "投递员{name}已送达文靖路8号{door}，{phone}未接听",
    "已放{door}门口，联系人：{name} {phone}",
    "取件码：{code}，{door}，收件人 {name} {phone}",
    "请凭{code}到{door}菜鸟驿站领取，站长{name}，{phone}",
    "【{code}】为取件码，收件人姓名：{name}，电话 {phone}",
    "已与{name}确认，{phone}，放在{door}",
    "客户{name}拒收，手机号：{phone}",
    "司机{name}从南京发车，电话{phone}",
    "签收人{name}（{phone}）已签收",
]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLACES), names, phones, doors, codes)
def test_planted_people_never_survive(place, name, phone, door, code):
    said = place.format(name=name, phone=phone, door=door, code=code)
    shown = for_strangers(said)
    left = [word for word in (name, phone, door, code) if word in shown]
    assert left == [], (said, shown)
    assert not SEVEN_DIGITS.search(shown)
    assert for_strangers(shown) == shown


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="快递员王小明先生已签收人：（）【】转电话取件码8号楼-*0123456789 aB/，·由", max_size=40)
)
def test_done_twice_it_is_the_same(text):
    shown = for_strangers(text)
    assert for_strangers(shown) == shown
    assert not SEVEN_DIGITS.search(shown)
