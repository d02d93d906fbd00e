"""What is said of parcels that wait, by each way: the code to the person, never to whom he named."""

from collections.abc import Callable, Sequence

from django.conf import settings

from yishi.kit.personal import mask_name
from yishi.notifications.queries.letters import Letter, short_moment, write_letter
from yishi.notifications.rules import BACKUP, EMAIL, SMS, VOICE, shortest_fit, spoken_code
from yishi.stations.queries.stations import StationCard, local
from yishi.stations.queries.waiting import Waiting, pickup_token

_CODES_NAMED = 3


def pickup_letters(
    waiting: Sequence[Waiting], card: StationCard, *, person: str, operator: str, language: str
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """The letters by `Way.letter`, and what a gateway's template is filled with. `person` is his name."""
    first = min(waiting, key=lambda one: one.keep_until)
    codes = sorted(one.pickup_code for one in waiting if one.pickup_code)
    zone = local(first.keep_until).tzinfo
    assert zone is not None
    values = {
        "operator": operator,
        "place": card.name,
        "count": str(len(waiting)),
        "codes": _few(codes, "/"),
        "until": short_moment(first.keep_until, language, zone),
        "link": f"{settings.ENVIRONMENT.web_origin}/p/{pickup_token(min(one.parcel_id for one in waiting))}",
        "person": mask_name(person) or "…",
    }

    def said(kind: str, channel: str = SMS, **more: str) -> Letter:
        return write_letter(kind=kind, channel=channel, language=language, values={**values, **more})

    letters = {
        SMS: _short(said, len(codes)),
        EMAIL: said("PICKUP", EMAIL, codes=", ".join(codes)),
        "WECHAT": said("PICKUP_WECHAT"),
        VOICE: said("PICKUP", VOICE, codes="；".join(map(spoken_code, codes[:_CODES_NAMED]))),
        BACKUP: said("PICKUP_BACKUP"),
    }
    private = {name: values[name] for name in ("place", "count", "codes", "until", "link")}
    return {name: (one.heading, one.body) for name, one in letters.items()}, private


def _short(said: Callable[..., Letter], codes: int) -> Letter:
    """One short message where it can be; the link is worth a second part, never a third: the page says
    everything else."""
    with_link = [said(kind).body for kind in ("PICKUP", "PICKUP_SHORT")]
    if codes > 1:
        return Letter("", shortest_fit(with_link))
    bare = [said(kind, link="").body.strip() for kind in ("PICKUP", "PICKUP_SHORT")]
    return Letter("", shortest_fit([*with_link, *bare]))


def _few(codes: Sequence[str], between: str) -> str:
    return between.join(codes if len(codes) <= _CODES_NAMED else [*codes[:_CODES_NAMED], "…"])
