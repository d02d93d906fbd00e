"""Who may read a line of a case's history. Pure."""

from yishi.people.rules import Role, Viewer

PUBLIC = "PUBLIC"
INTERNAL = "INTERNAL"
HEAD_OFFICE = "HEAD_OFFICE"

# what each reader reads: the consumer, an outlet of the case, head office
_READS = {
    PUBLIC: frozenset({PUBLIC}),
    INTERNAL: frozenset({PUBLIC, INTERNAL}),
    HEAD_OFFICE: frozenset({PUBLIC, INTERNAL, HEAD_OFFICE}),
}


def audience_of(viewer: Viewer) -> str:
    """As whom staff read: head office is who sees the whole operator; a program of others never is."""
    is_head_office = viewer.outlet_codes is None and viewer.role != Role.INTEGRATOR
    return HEAD_OFFICE if is_head_office else INTERNAL


def audiences_read_by(audience: str) -> frozenset[str]:
    """The audiences whose lines this reader reads. KeyError for no such audience."""
    return _READS[audience]


def may_read(viewer: Viewer, audience: str) -> bool:
    """Whether this member of staff may read lines of that audience."""
    return audience in _READS[audience_of(viewer)]
