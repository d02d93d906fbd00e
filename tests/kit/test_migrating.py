"""Quick states: what a step of a history adds is there, and what was there is not made anew."""

from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from yishi.kit.migrating import quick_states

_PERSON = ModelState("people", "Person", [("id", models.AutoField(primary_key=True))])


def _order() -> ModelState:
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="orders")
    return ModelState("shop", "Order", [("id", models.AutoField(primary_key=True)), ("person", person)])


def test_a_new_table_is_seen_from_the_old_and_leaves_it_as_it_is():
    with quick_states():
        state = ProjectState()
        state.add_model(_PERSON.clone())
        person = state.apps.get_model("people", "Person")
        state.add_model(_order())
        order = state.apps.get_model("shop", "Order")
    assert state.apps.get_model("people", "Person") is person
    assert order._meta.get_field("person").remote_field.model is person
    assert [found.name for found in person._meta.related_objects] == ["orders"]


def test_an_index_is_kept_for_the_models_that_come_after():
    with quick_states():
        state = ProjectState()
        state.add_model(_PERSON.clone())
        index = models.Index(fields=["id"], name="person_by_id")
        state.add_index("people", "person", index)
    assert state.models["people", "person"].options["indexes"] == [index]
    assert state.apps.get_model("people", "Person")._meta.indexes == [index]


def test_after_the_block_django_is_its_own_again():
    before = ProjectState.add_model
    with quick_states():
        assert ProjectState.add_model is not before
    assert ProjectState.add_model is before
