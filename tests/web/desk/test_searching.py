"""The search for a parcel over HTTP: begun on the case, looked at, given up, with the way to a claim."""

import re

from django.test import Client

from yishi.cases.queries.cards import CaseCard


def test_a_search_from_its_beginning_to_its_end(case: CaseCard, lin: Client, he: Client) -> None:
    page, at = f"/desk/cases/{case.case_no}", f"/desk/cases/{case.case_no}/looking"
    assert "派人去找这个包裹" in lin.get(page).content.decode()
    assert he.post(f"{at}/start", {"place": ["OUTLET_FLOOR"]}).status_code == 404
    assert lin.post(f"{at}/start", {}).status_code == 422
    begun = {"place": ["OUTLET_FLOOR"], "more_place": "LODGE", "more_name": "2 号门", "within": "4"}
    assert lin.post(f"{at}/start", begun).url.endswith("?done=search_start#looking")
    shown = lin.get(page).content.decode()
    assert "网点场地、格口" in shown and "门卫、物业（2 号门）" in shown
    (first, _second) = re.findall(r'name="place_id" value="(\d+)"', shown)
    lin.post(f"{at}/look", {"place_id": first, "is_there": "0", "said": "翻过了"})
    asked = {"kind": "ASKED", "what": "门卫老张", "said": "昨天有人拿走"}
    assert lin.post(f"{at}/note", asked).status_code == 302
    assert lin.post(f"{at}/end", {"is_found": "0", "said": "都找过"}).status_code == 302
    ended = lin.get(page).content.decode()
    assert "没找到" in ended and 'href="#claims"' in ended and "门卫老张" in ended
    assert lin.post(f"{at}/recovered", {"where": "车里"}).status_code == 302
    assert "后来在车里找到" in lin.get(page).content.decode()
    assert lin.post(f"{at}/fly", {}).status_code == 404
