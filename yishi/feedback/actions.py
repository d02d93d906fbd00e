"""Taking a rating: once, for a settled case or a talk that has ended, by the person whose it is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.cases.models.case import Case
from yishi.conversations.queries.threads import get_conversation
from yishi.feedback.facts import PickupRated, RatingGiven, TalkRated
from yishi.feedback.models import PickupRating, Rating, TalkRating
from yishi.feedback.rules import HIGHEST, LOWEST, MAX_COMMENT, PICKUP_RATED_WITHIN, SETTLED
from yishi.kit.errors import Invalid, NotFound, Refusal
from yishi.kit.facts import announce
from yishi.kit.texts import clean_text
from yishi.notifications.actions.cases import withdraw_deliveries
from yishi.notifications.actions.queue import Kind
from yishi.stations.models.handouts import HandOut


class AlreadyRated(Refusal):
    """这个工单已经评价过了，谢谢"""

    code = "already_rated"


class NotSettledYet(Refusal):
    """处理完以后才能评价"""

    code = "not_settled_yet"


class TalkAlreadyRated(Refusal):
    """这次会话已经评价过了，谢谢"""

    code = "already_rated"


class PickupAlreadyRated(Refusal):
    """这次取件已经评价过了，谢谢"""

    code = "already_rated"


class NoFetchToRate(Refusal):
    """取走以后一周内可以评价"""

    code = "not_fetched_lately"


class NotEndedYet(Refusal):
    """会话结束以后才能评价"""

    code = "not_ended_yet"


@transaction.atomic
def rate_case(*, case_id: int, score: int, comment: str, at: datetime) -> int:
    """Keeps the rating of a settled case and returns its id; announces RatingGiven.

    Raises Invalid, NotFound, NotSettledYet, or AlreadyRated the second time.
    """
    text, _removed = clean_text(comment)
    _check(score, text)
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise NotFound
    if Rating.objects.filter(case_id=case_id).exists():
        raise AlreadyRated
    if case.status not in SETTLED or case.merged_into_id is not None:
        raise NotSettledYet
    rating = Rating.objects.create(case=case, score=score, comment=text, at=at)
    withdraw_deliveries(kind=Kind.RATING_REQUEST, case_id=case_id)
    announce(RatingGiven(case_id=case_id, case_no=case.case_no, rating_id=rating.pk, score=score, at=at))
    return rating.pk


@transaction.atomic
def rate_talk(*, conversation_id: int, score: int, comment: str = "", at: datetime) -> None:
    """Keeps what the person thinks of a conversation that has ended.

    Raises Invalid, NotFound, NotEndedYet, or TalkAlreadyRated the second time.
    """
    text, _removed = clean_text(comment)
    _check(score, text)
    if get_conversation(conversation_id).is_open:
        raise NotEndedYet
    _row, is_new = TalkRating.objects.get_or_create(
        conversation_id=conversation_id, defaults={"score": score, "comment": text, "at": at}
    )
    if not is_new:
        raise TalkAlreadyRated
    announce(TalkRated(conversation_id=conversation_id, score=score, at=at))


@transaction.atomic
def rate_pickup(*, hand_out_id: int, score: int, way: str, at: datetime) -> None:
    """One touch after fetching; the same again is nothing. Announces PickupRated.

    Raises Invalid, NotFound for a hand-out longer ago than a week, PickupAlreadyRated for another word.
    """
    _check(score, "")
    given = HandOut.objects.filter(pk=hand_out_id, at__gt=at - PICKUP_RATED_WITHIN).first()
    if given is None:
        raise NotFound
    row, is_new = PickupRating.objects.get_or_create(
        hand_out=given, defaults={"score": score, "way": way, "at": at}
    )
    if is_new:
        announce(PickupRated(hand_out_id=hand_out_id, score=score, at=at))
    elif row.score != score:
        raise PickupAlreadyRated


def _check(score: int, comment: str) -> None:
    errors = []
    if not LOWEST <= score <= HIGHEST:
        errors.append(("/score", "out_of_range", _("请给 1 到 5 分")))
    if len(comment) > MAX_COMMENT:
        errors.append(("/comment", "too_long", _("最多 2000 字")))
    if errors:
        raise Invalid(errors)
