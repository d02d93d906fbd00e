"""How often something may be said in one case by its link, on pages and by programs together."""

from datetime import datetime

from yishi.kit.ratelimit import check_rate

WORDS_AN_HOUR = 60


def check_words(*, case_id: int, at: datetime) -> None:
    """Raises TooMany beyond 60 things an hour said in one case; many people may share one address. Call it
    outside the write's transaction."""
    check_rate(kind="words", key=str(case_id), limit=WORDS_AN_HOUR, window_s=3600, at=at)
