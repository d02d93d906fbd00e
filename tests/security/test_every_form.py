"""Injections and impossible signs in every form of the staff's pages, found by reading the pages themselves.

A new form is tried without anybody writing it down: each page is opened as the owner, each of its forms is
sent with each word in its fields, and afterwards the pages are read again for markup that got through.
"""

import re
from html.parser import HTMLParser

import pytest

from tests.security.conftest import undone
from tests.security.probing import FORM, faults, staff
from tests.security.words import WORDS, form

PAGES = [
    "/desk/cases/{case_no}",
    "/desk/replies/new",
    "/desk/macros/new",
    "/desk/?view=all",
    "/desk/day",
    "/manage/rules/new",
    "/manage/webhooks",
    "/manage/rates",
    "/manage/new-case-type",
    "/manage/case-types/book",
    "/manage/new-workflow",
    "/manage/sla",
    "/manage/sla/hours/0",
    "/manage/sla/chain",
    "/manage/roster?outlet=DS01",
    "/manage/penalties",
    "/manage/claim-rules",
]
# leaves the page, or signs out
_NOT_OURS = ("/desk/sign-out", "/desk/switch", "/desk/pin", "/i18n", "/language")
_ALONE = ("number", "fraction", "moment", "late moment", "long", "nul", "surrogate")
# what no program counts or dates goes in one piece: the pages are many
BUNDLES = {name: WORDS[name] for name in _ALONE} | {
    "markup": " ".join(word for name, word in WORDS.items() if name not in _ALONE)
}
_KEPT = {"csrfmiddlewaretoken", "version", "what", "way", "key"}


class Forms(HTMLParser):
    """The forms of a page: (address, {field: value}) of those that are sent by POST."""

    def __init__(self, page, address):
        super().__init__()
        self.found, self._address, self._open, self._area = [], address, None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "form":
            self._open = {} if said.get("method", "").lower() == "post" else None
            if self._open is not None:
                self.found.append((said.get("action") or self._address, self._open))
        name = said.get("name")
        if self._open is None or not name or said.get("type") == "file":
            return
        if tag == "option" or tag not in {"input", "select", "textarea", "button"}:
            return
        is_off = said.get("type") in {"checkbox", "radio"} and "checked" not in said
        if not is_off or name not in self._open:
            self._open[name] = said.get("value") or self._open.get(name, "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None


def forms_of(client, address):
    page = client.get(address)
    assert page.status_code == 200, address
    found = Forms(page.content.decode(), address.partition("?")[0]).found
    once = {(re.sub(r"\d+", "0", to), tuple(fields)): (to, fields) for to, fields in found}
    return [one for one in once.values() if not one[0].startswith(_NOT_OURS)]


@pytest.mark.parametrize("address", PAGES)
def test_every_form(place, world, address):
    """All words at once in all its fields; afterwards what was kept is read."""
    client, answers = staff(world.owner), []
    forms = forms_of(client, address.format(case_no=place.case.case_no))
    assert forms, "a page with nothing to write needs no row here"
    for to, fields in forms:
        for name, word in BUNDLES.items():
            said = {field: value if field in _KEPT else word for field, value in fields.items()}
            with undone():
                answers.append(((to, name), client.post(to, form(said), FORM)))
                if name == "markup":
                    answers += [((to, name, seen), a) for seen, a in _read_again(client, address, place)]
    assert faults(answers) == []


def _read_again(client, address, place):
    seen = address.format(case_no=place.case.case_no)
    yield seen, client.get(seen)
