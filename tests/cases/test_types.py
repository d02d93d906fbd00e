"""Case types: versions stay, what is in use is not ended, a case gets another type, YAML comes in once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cases.making import at_dongshan, opened, row
from tests.world import START
from yishi.cases.actions.type_book import UnreadableBook, bring_in
from yishi.cases.actions.types import (
    TypeHasTypesBelow,
    TypeInUse,
    TypeMustStay,
    end_type,
    save_type,
    set_type,
)
from yishi.cases.models.case import Case
from yishi.cases.models.types import CaseType
from yishi.cases.queries.cards import get_case
from yishi.cases.queries.history import list_timeline
from yishi.cases.queries.type_history import list_type_versions
from yishi.cases.queries.types import get_type, shelf, type_of_case
from yishi.cases.queries.workflows import stand_of
from yishi.cases.rules.categories import CATEGORIES
from yishi.cases.rules.type_book import write_book
from yishi.cases.rules.types import FormField, TypeTerms, terms_faults
from yishi.kit.errors import Invalid, NotAllowed, Stale
from yishi.kit.models import FactRow

LATER = START + timedelta(hours=1)
OWN = TypeTerms(
    key="LOST_FRESH",
    name="生鲜丢失",
    parent="LOST",
    category="LOST",
    fields=(
        FormField(key="worth", name="价值", kind="MONEY", is_required=True),
        FormField(key="call", name="卖家电话", kind="PHONE"),
    ),
)


@pytest.fixture
def quality(world):
    return world.viewer(world.quality)


def implied(case):
    kept = row(case)
    return type_of_case(
        category=kept.category,
        type_key=kept.type_key,
        type_version=kept.type_version,
        opened_at=kept.opened_at,
        outlet_id=kept.outlet_id,
    ).key


@pytest.mark.django_db
def test_what_is_shipped_is_whole_and_sound():
    terms = shelf().terms
    claimable = {category for category, rule in CATEGORIES.items() if rule.case_class}
    assert claimable <= set(terms)
    flows = shelf().active_workflows
    assert not [f for t in terms.values() for f in terms_faults(t, others=terms, workflows=flows, regions=[])]
    # what is law is what was seen in the regulator's own table, nothing else
    assert {t.regulator_item for t in terms.values() if t.is_official} == {
        "虚假签收", "未按名址投递", "中转或运输延误", "企业未按照规定赔偿",
    }  # fmt: skip


def test_a_case_that_names_no_type_has_that_of_its_category(world):
    assert implied(opened(world)) == "SIGNED_NOT_RECEIVED"


def test_a_type_of_the_region_counts_where_the_case_stands(world, quality):
    here = replace(get_type("SIGNED_NOT_RECEIVED").terms, key="SNR_NJ", parent="", regions=("NJ",))
    save_type(terms=here, by=quality, at=START)
    assert implied(at_dongshan(world)) == "SNR_NJ"
    assert implied(opened(world, waybill_no="YT8800000000009")) == "SIGNED_NOT_RECEIVED"


def test_a_new_version_leaves_the_old_one_and_cases_keep_theirs(world, quality):
    save_type(terms=OWN, why="生鲜多", by=quality, at=START)
    case = opened(world, category="LOST", type_key="LOST_FRESH", form={"worth": "30"}, by=quality)
    assert save_type(terms=replace(OWN, name="生鲜类丢失", fields=()), version=1, by=quality, at=LATER) == 2
    assert [(made.version, made.by, terms.name) for made, terms in list_type_versions("LOST_FRESH")] == [
        (2, "总部质控", "生鲜类丢失"),
        (1, "总部质控", "生鲜丢失"),
    ]
    assert [(line.name, line.said) for line in stand_of(get_case(case.case_id)).form] == [
        ("价值", "30.00 元")
    ]


def test_a_faulty_or_stale_type_changes_nothing(world, quality):
    with pytest.raises(Invalid) as refused:
        save_type(terms=replace(OWN, workflow="NONE", parent="NONE"), by=quality, at=START)
    assert [error[0] for error in refused.value.errors] == ["/parent", "/workflow"]
    with pytest.raises(Stale):
        save_type(terms=OWN, version=3, by=quality, at=START)
    with pytest.raises(NotAllowed):
        save_type(terms=OWN, by=world.viewer(world.lin), at=START)
    with pytest.raises(Invalid):
        save_type(terms=replace(get_type("DELAY").terms, category="LOST"), by=quality, at=START)
    assert not CaseType.objects.filter(version__gt=1).exists() and "LOST_FRESH" not in shelf().types


def test_the_same_terms_make_no_version(quality):
    assert save_type(terms=get_type("DELAY").terms, by=quality, at=START) == 1
    assert CaseType.objects.filter(key="DELAY").count() == 1


def test_a_type_in_use_is_not_ended(world, quality):
    save_type(terms=OWN, by=quality, at=START)
    opened(world, category="LOST", type_key="LOST_FRESH", form={"worth": "30"}, by=quality)
    with pytest.raises(TypeInUse, match="1 件"):
        end_type(key="LOST_FRESH", by=quality, at=LATER)
    with pytest.raises(TypeMustStay):
        end_type(key="LOST", by=quality, at=LATER)
    with pytest.raises(TypeHasTypesBelow):
        end_type(key="LOSS_GROUP", by=quality, at=LATER)
    assert get_type("LOST_FRESH").is_active and get_type("LOST").version == 1


def test_an_ended_type_opens_nothing_more(world, quality):
    save_type(terms=OWN, by=quality, at=START)
    end_type(key="LOST_FRESH", why="不用了", by=quality, at=LATER)
    with pytest.raises(Invalid):
        opened(world, category="LOST", type_key="LOST_FRESH", form={"worth": "1"}, by=quality)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("named", "pointer"),
    [
        ({"type_key": "NONE"}, "/type_key"),
        ({"type_key": "DELAY_TRANSPORT"}, "/type_key"),
        ({"type_key": "LOSS_GROUP"}, "/type_key"),
        ({"type_key": "LOST_FRESH"}, "/form/worth"),
        ({"type_key": "LOST_FRESH", "form": {"worth": "many"}}, "/form/worth"),
        ({"form": {"nothing": 1}}, "/form/nothing"),
    ],
)
def test_a_case_of_a_wrong_type_or_form_is_not_opened(world, quality, named, pointer):
    save_type(terms=OWN, by=quality, at=START)
    with pytest.raises(Invalid) as refused:
        opened(world, category="LOST", by=quality, **named)
    assert [error[0] for error in refused.value.errors] == [pointer] and not Case.objects.exists()


def test_who_complains_himself_is_not_barred_by_required_fields(world, quality):
    save_type(terms=OWN, by=quality, at=START)
    case = opened(world, category="LOST", type_key="LOST_FRESH", form={"call": "19900000002"})
    assert list(row(case).form) == ["call"] and "19900000002" not in str(row(case).form)
    (line,) = stand_of(get_case(case.case_id)).form
    assert (line.said, line.plain) == ("199****0002", "19900000002")


def test_another_type_is_given_with_its_reason_class_and_fact(world, quality):
    case = at_dongshan(world)
    set_type(case_id=case.case_id, type_key="DELAY", reason="其实是晚到", by=quality, at=LATER)
    kept = row(case)
    assert (kept.type_key, kept.type_version, kept.category, kept.case_class) == (
        "DELAY", 1, "SIGNED_NOT_RECEIVED", "C",
    )  # fmt: skip
    fact = FactRow.objects.get(fact="cases.CaseTypeChanged").body
    assert (fact["old_type_key"], fact["old_class"], fact["case_class"]) == ("SIGNED_NOT_RECEIVED", "E", "C")
    (line,) = [line for line in list_timeline(case.case_id) if line.kind == "TYPE"]
    assert (line.text, line.is_internal) == ("其实是晚到", True)
    assert stand_of(get_case(case.case_id)).workflow.key == "COMPLAINT"


@pytest.mark.parametrize(
    "wrong",
    [{"type_key": "NONE"}, {"type_key": "LOSS_GROUP"}, {"reason": " "}, {"form": {"x": 1}}, {"version": 9}],
)
def test_a_refused_type_changes_nothing(world, quality, wrong):
    case = at_dongshan(world)
    values = {"type_key": "DELAY", "reason": "其实是晚到", **wrong}
    with pytest.raises((Invalid, Stale)):
        set_type(case_id=case.case_id, by=quality, at=LATER, **values)
    assert (row(case).type_key, row(case).case_class, row(case).version) == ("", "E", 1)
    assert not FactRow.objects.filter(fact="cases.CaseTypeChanged").exists()


def test_yaml_brings_everything_in_once(world, quality):
    known = shelf()
    flow = replace(known.workflows["EXCEPTION"], key="FRESH", name="生鲜")
    text = write_book([replace(OWN, workflow="FRESH"), *known.terms.values()], [flow])
    tried = bring_in(text=text, is_trial=True, by=quality, at=START)
    assert [each.key for each in tried if each.effect == "NEW"] == ["FRESH", "LOST_FRESH"]
    assert "LOST_FRESH" not in shelf().types
    assert bring_in(text=text, is_trial=False, by=quality, at=START) == tried
    again = bring_in(text=text, is_trial=False, by=quality, at=LATER)
    assert {each.effect for each in again} == {"SAME"} and not CaseType.objects.filter(version__gt=1).exists()


def test_a_faulty_yaml_brings_nothing_in(world, quality):
    good, bad = replace(OWN, key="GOOD"), replace(OWN, parent="NONE")
    with pytest.raises(UnreadableBook) as refused:
        bring_in(text=write_book([good, bad], []), is_trial=False, by=quality, at=START)
    assert refused.value.errors == [("/types/1/parent", "unknown_type", "第 15 行：没有这个上级类型")]
    assert "GOOD" not in shelf().types
    with pytest.raises(NotAllowed):
        bring_in(text="format: 1", is_trial=False, by=world.viewer(world.lin), at=START)
