"""A damaged parcel at Dongshan with a claim on it, as far as a test needs it."""

from tests.cases.making import opened, parcel
from tests.world import START
from yishi.claims.actions.approve import approve_claim, offer_claim
from yishi.claims.actions.propose import Said, propose_claim
from yishi.claims.models.claim import Claim, Proposal
from yishi.shipments.models.parcels import ShipmentDetails

BROKEN = Said(goods_value_fen=38_800, has_proof=True)


def damaged(world, **details):
    """A case about a broken parcel; its id."""
    ref = parcel(outlet_id=world.dongshan_id)
    ShipmentDetails.objects.create(shipment_id=ref.id, updated_at=START, **details)
    return opened(world, ref=ref, category="DAMAGED", text="杯子碎了").case_id


def proposed(world, said=BROKEN, by=None, **details):
    """The claim as the agent proposed it."""
    claim_id = propose_claim(
        case_id=damaged(world, **details), said=said, by=by or world.viewer(world.lin), at=START
    )
    return Claim.objects.get(pk=claim_id)


def offered(world, said=BROKEN, **details):
    """Proposed by the agent, approved by the manager, offered to the person; the proposal."""
    claim = proposed(world, said, **details)
    approve_claim(claim_id=claim.pk, by=world.viewer(world.zhou), at=START)
    offer_claim(claim_id=claim.pk, by=world.viewer(world.lin), at=START)
    return Proposal.objects.get(claim=claim, number=claim.number)
