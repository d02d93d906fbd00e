"""A person answers the amount that he was offered: yes once, no with a reason, never another amount."""

import pytest

from tests.claims.making import offered
from yishi.cases.models.case import Case
from yishi.claims.actions.propose import Said, change_proposal
from yishi.claims.models.claim import Claim
from yishi.claims.models.ledger import Entry
from yishi.kit.ids import token_hash

pytestmark = pytest.mark.django_db
TOKEN = "his-private-link"


@pytest.fixture
def proposal(world):
    """What the person of the link was offered."""
    made = offered(world)
    Case.objects.filter(pk=made.claim.case_id).update(token_hash=token_hash(TOKEN))
    return made


def say(public, what, body, **headers):
    return public.post(f"/public/cases/{TOKEN}/proposal/{what}", body, **headers)


def stands(before):
    assert (Claim.objects.get().state, Entry.objects.count()) == before


def test_he_sees_the_amount_with_its_reasons_and_takes_it_once(public, proposal):
    shown = public.get(f"/public/cases/{TOKEN}").json()["proposal"]
    assert (shown["id"], shown["state"], shown["amount_fen"]) == (proposal.pk, "OFFERED", 38_800)
    assert sum(line["amount_fen"] for line in shown["lines"]) == 38_800 and shown["lines"][0]["text"]
    said = {"proposal": shown["id"]}
    answers = [say(public, "accept", said, **{"Idempotency-Key": "yes"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[1]["Idempotency-Replayed"] == "true" and answers[0].json() == answers[1].json()
    assert say(public, "accept", said).status_code == 200  # without a key too: said twice, said once
    assert (Claim.objects.get().state, Entry.objects.filter(kind="CLAIM_ACCEPTED").count()) == ("ACCEPTED", 1)
    late = say(public, "dispute", {**said, "reason": "太少"})
    assert (late.status_code, late.json()["type"]) == (409, "urn:yishi:error:not_offered")
    stands(("ACCEPTED", 1))


def test_no_needs_a_reason_and_is_kept(public, proposal):
    bare = say(public, "dispute", {"proposal": proposal.pk, "reason": " "})
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/reason")
    stands(("OFFERED", 0))
    assert say(public, "dispute", {"proposal": proposal.pk, "reason": "杯子值 500"}).status_code == 200
    assert (Claim.objects.get().state, public.get(f"/public/cases/{TOKEN}").json()["proposal"]["state"]) == (
        "DISPUTED",
        "DISPUTED",
    )


def test_another_amount_than_he_saw_is_not_taken(world, public, proposal):
    change_proposal(
        claim_id=proposal.claim_id, amount_fen=100, said=Said(), reason="算错了", by=world.viewer(world.lin),
        at=proposal.offered_at,
    )  # fmt: skip
    answer = say(public, "accept", {"proposal": proposal.pk})
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (409, "application/problem+json")
    assert public.get(f"/public/cases/{TOKEN}").json()["proposal"] is None
    stands(("PROPOSED", 0))


@pytest.mark.parametrize("body", [{}, {"proposal": "x"}, {"proposal": 1, "amount": 5}, {"proposal": -1}])
def test_what_does_not_name_it_is_422(public, proposal, body):
    assert say(public, "accept", body).status_code == 422
    stands(("OFFERED", 0))


def test_an_unknown_link_is_404(public, proposal):
    assert public.post("/public/cases/nobody/proposal/accept", {"proposal": proposal.pk}).status_code == 404
    stands(("OFFERED", 0))


def test_both_answers_stand_in_the_openapi(public, db):
    paths = public.get("/openapi.json").json()["paths"]
    for verb in ("accept", "dispute"):
        assert paths[f"/api/v1/public/cases/{{token}}/proposal/{verb}"]["post"]["responses"].keys() >= {
            "200", "404", "409", "422",
        }  # fmt: skip
        refusing = {"accept": "accept", "dispute": "refuse"}[verb]
        assert f"/api/v1/cases/{{case_no}}/handover/{refusing}" in paths
