"""What happens to what the house knows."""

from dataclasses import dataclass

from yishi.kit.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ReviewsDue(Fact):
    """The day has come on which these articles of one keeper were to be looked at again; None: nobody's."""

    article_ids: tuple[int, ...]
    owner_id: int | None = None
