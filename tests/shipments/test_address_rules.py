"""City and district of written addresses."""

import pytest

from yishi.shipments.rules.addresses import city_and_district


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("江苏省南京市江宁区东山街道1号", ("南京市", "江宁区")),
        ("南京市江宁区东山街道", ("南京市", "江宁区")),
        ("上海市上海市浦东新区张江路1号", ("上海市", "浦东新区")),
        ("北京朝阳区望京街", ("北京市", "朝阳区")),
        ("新疆维吾尔自治区乌鲁木齐市天山区", ("乌鲁木齐市", "天山区")),
        ("江苏省苏州市昆山市玉山镇", ("苏州市", "昆山市")),
        ("东山街道1号", ("", "")),
        ("", ("", "")),
    ],
)
def test_city_and_district(address, expected):
    assert city_and_district(address) == expected
