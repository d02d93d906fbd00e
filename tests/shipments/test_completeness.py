"""What a written line lacks: marks for what is missing, none for places that have no such thing."""

import pytest

from yishi.shipments.rules.completeness import door_parts, doubts_about, doubts_of_address, doubts_of_phone

N = "江苏省南京市江宁区东山街道"


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        (f"{N}翠屏山花园 12 栋 2 单元 1203", []),
        (f"{N}翠屏山花园12-2-1203", []),
        (f"{N}翠屏山花园12栋1203室", ["unit_missing"]),
        (f"{N}翠屏山花园12-1203", ["unit_missing"]),
        (f"{N}翠屏山花园 12 栋 2 单元", ["room_missing"]),
        (f"{N}翠屏山花园12栋", ["unit_missing", "room_missing"]),
        (f"{N}翠屏山花园", ["building_missing"]),
        (f"{N}翠屏山花园2栋1单元5室", ["floor_missing"]),
        (f"{N}外港河路", ["house_no_missing"]),
        (f"{N}外港河路1号", []),
        (f"{N}外港河路 12", []),
        (f"{N}万达广场", ["floor_missing"]),
        (f"{N}万达广场3楼", []),
        (f"{N}同曦大厦1203室", []),
        # false alarms that must not be: villages, schools, shops, lanes, towers, villas
        ("安徽省阜阳市临泉县杨桥镇李庄村", []),
        ("湖南省邵阳市隆回县六都寨镇丁山村3组", []),
        (f"{N}江宁高级中学", []),
        (f"{N}外港河路苏果超市", []),
        ("上海市浦东新区张杨路500弄12号501室", []),
        ("上海市浦东新区张杨路500弄12号", ["room_missing"]),
        ("北京市朝阳区望京街10号院3号楼2单元501", []),
        ("广东省深圳市南山区科技园A座1203", []),
        ("江苏省南京市江宁区玛斯兰德别墅33栋", []),
        ("广东省东莞市长安镇振安路88号", []),
        # the place itself
        ("翠屏山花园12栋2单元1203", ["city_missing"]),
        ("南京市外港河路1号", ["district_missing"]),
        ("", ["address_missing"]),
    ],
)
def test_an_address(address, codes):
    assert [doubt.code for doubt in doubts_of_address(address)] == codes


@pytest.mark.parametrize(
    ("phone", "codes"),
    [
        ("19900000001", []),
        ("+86 199 0000 0001", []),
        ("025-00000101", []),
        ("19900000001转1234", []),
        ("1990000000", ["phone_short"]),
        ("199000000012", ["phone_long"]),
        ("1990000O0l1", ["phone_letters"]),
        ("12900000001", ["phone_doubtful"]),
        ("00000101", ["phone_no_area"]),
        ("", ["phone_missing"]),
    ],
)
def test_a_telephone(phone, codes):
    assert [doubt.code for doubt in doubts_of_phone(phone)] == codes


def test_a_whole_line_is_marked_field_by_field():
    found = doubts_about(name="", phone="1990000000", address=f"{N}翠屏山花园12栋1203室")
    assert [(doubt.where, doubt.code, doubt.is_sure) for doubt in found] == [
        ("name", "name_missing", True),
        ("phone", "phone_short", True),
        ("address", "unit_missing", False),
    ]


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        (f"{N}翠屏山花园 12 栋 2 单元 1203", ("12栋", "2单元", "12楼", "1203")),
        (f"{N}翠屏山花园12-2-1203", ("12栋", "2单元", "12楼", "1203")),
        (f"{N}翠屏山花园12栋1203室", ("12栋", "", "12楼", "1203")),
        (f"{N}翠屏山花园12-1203", ("12栋", "", "12楼", "1203")),
        (f"{N}翠屏山花园2栋1单元5室", ("2栋", "1单元", "", "5")),
        (f"{N}外港河路1号", ("", "", "", "")),
        (f"{N}万达广场3楼", ("", "", "3楼", "")),
    ],
)
def test_the_end_of_an_address_in_its_parts(address, parts):
    assert tuple(vars(door_parts(address)).values()) == parts
