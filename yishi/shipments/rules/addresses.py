"""The city and district of a written address, as far as it names them plainly."""

import re

_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_PROVINCE = re.compile(r"^\s*[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区)")
_CITY = re.compile(r"^[\s,，]*([\u4e00-\u9fff]{2,10}?(?:市|自治州|地区|盟))")
_DISTRICT = re.compile(r"^[\s,，]*(?:市辖区)?([\u4e00-\u9fff]{1,10}?(?:自治县|自治旗|新区|区|县|市|旗))")


def city_and_district(address: str) -> tuple[str, str]:
    """(南京市, 江宁区) of 江苏省南京市江宁区东山街道1号; '' for what is not named."""
    rest = _PROVINCE.sub("", address, count=1).lstrip()
    city = ""
    if found := _CITY.match(rest):
        city, rest = found[1], rest[found.end() :]
        # 上海 上海市浦东新区: province and city of a municipality have one name
        if (again := _CITY.match(rest)) and again[1] == city:
            rest = rest[again.end() :]
    else:
        for name in _MUNICIPALITIES:
            if rest.startswith(name):
                city, rest = f"{name}市", rest[len(name) :]
    district = _DISTRICT.match(rest) if city else None
    return city, district[1] if district else ""
