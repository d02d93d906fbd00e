"""What the language model has cost."""

from datetime import date

from django.db.models import Sum

from yishi.assistant.models import ModelUse


def spent_tokens(*, day: date) -> int:
    """The tokens of this day, all purposes together."""
    return int(ModelUse.objects.filter(day=day).aggregate(sum=Sum("tokens"))["sum"] or 0)
