"""The typed form of a case opened by program: read field by field, each fault with its pointer."""

import json

import pytest

from tests.api.conftest import COMPLAINT
from tests.api.test_handovers import refused
from tests.world import START
from yishi.cases.actions.types import save_type
from yishi.cases.models.case import Case
from yishi.cases.rules.types import FormField, TypeTerms

pytestmark = pytest.mark.django_db

CUPS = TypeTerms(
    key="DAMAGED_CUPS",
    name="杯具破损",
    parent="DAMAGED",
    category="DAMAGED",
    fields=(
        FormField(key="worth", name="价值", kind="MONEY", is_required=True),
        FormField(key="call", name="卖家电话", kind="PHONE"),
        FormField(key="bought", name="哪天买的", kind="DATE"),
        FormField(key="box", name="包装", kind="CHOICE", options=("纸箱", "泡沫箱")),
    ),
)


@pytest.fixture
def cups(world):
    save_type(terms=CUPS, by=world.viewer(world.quality), at=START)


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"type_key": "NOTHING"}, "/type_key", "unknown_type"),
        ({"type_key": "LOST"}, "/type_key", "unknown_type"),  # of another category
        ({"form": {"no_such": 1}}, "/form/no_such", "unknown_field"),
        ({"form": []}, "/form", "bad_value"),
        ({"type_key": "DAMAGED_CUPS"}, "/form/worth", "missing_field"),
        ({"type_key": "DAMAGED_CUPS", "form": {"worth": "很贵"}}, "/form/worth", "not_a_number"),
        ({"type_key": "DAMAGED_CUPS", "form": {"worth": -1}}, "/form/worth", "not_money"),
        ({"type_key": "DAMAGED_CUPS", "form": {"worth": 9, "call": "问卖家"}}, "/form/call", "not_a_phone"),
        ({"type_key": "DAMAGED_CUPS", "form": {"worth": 9, "bought": "昨天"}}, "/form/bought", "not_a_date"),
        ({"type_key": "DAMAGED_CUPS", "form": {"worth": 9, "box": "袋"}}, "/form/box", "unknown_choice"),
    ],
)
def test_a_wrong_form_is_named_field_by_field(head_office, cups, said, pointer, code):
    answer = head_office.post("/cases", {**COMPLAINT, **said})
    refused(answer, 422, "invalid")
    assert (pointer, code) in [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]
    assert not Case.objects.exists()


def test_a_form_is_kept_with_its_type_and_its_phone_sealed(head_office, cups):
    form = {"worth": "388.50", "call": "19900000009", "bought": "2026-11-01", "box": "纸箱"}
    answer = head_office.post("/cases", {**COMPLAINT, "type_key": "DAMAGED_CUPS", "form": form})
    assert answer.status_code == 201, answer.content
    case = Case.objects.get()
    assert (case.type_key, case.form["worth"], case.form["box"]) == ("DAMAGED_CUPS", 38_850, "纸箱")
    assert "19900000009" not in json.dumps(case.form)


def test_a_form_that_is_none_is_named_to_the_public_too(public, cups):
    answer = public.post("/public/cases", {**COMPLAINT, "form": []})
    refused(answer, 422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == "/form" and not Case.objects.exists()


def test_a_person_who_complains_himself_is_not_barred_by_what_is_missing(public, cups):
    answer = public.post("/public/cases", {**COMPLAINT, "type_key": "DAMAGED_CUPS"})
    assert (answer.status_code, Case.objects.get().type_key) == (201, "DAMAGED_CUPS")
