"""What full-text search reads: a row of words for each case, and how far the filling has come."""

from typing import ClassVar

from django.db import models

from yishi.cases.models.case import Case


class SearchRow(models.Model):
    """The words of one case, newest cases last; only `actions.search` writes it.

    Beside these columns the table has `words`, a `tsvector` with a GIN index, which Django does not know:
    it is written and read by SQL alone. `outlet_id` is where the case stood when the row was written: it
    narrows a search, and the case's own outlet decides what is seen.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="+")
    outlet_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "cases_search"
        indexes: ClassVar = [models.Index(fields=["outlet_id", "-case"], name="cases_search_of_outlet")]


class SearchFilling(models.Model):
    """One row: cases before `before_id` are still to be indexed, the newest first; no `due_at` = done."""

    before_id = models.BigIntegerField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_search_filling"
