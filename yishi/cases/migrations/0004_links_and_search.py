"""Who answers for what was found; a case is never merged into itself; the words that search reads."""

import django.db.models.deletion
from django.db import migrations, models

WORDS = """
ALTER TABLE cases_search ADD COLUMN words tsvector NOT NULL DEFAULT '';
CREATE INDEX cases_search_words ON cases_search USING gin (words);
"""
# cases of before are indexed by the worker, the newest first
FILLING = """
INSERT INTO cases_search_filling (before_id, due_at)
SELECT coalesce(max(id), 0) + 1, CASE WHEN max(id) IS NOT NULL THEN now() END FROM cases_case
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_types_steps_links")]

    operations = [
        migrations.AddField("case", "finding_party", models.TextField(db_default="", default="")),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="cases_merged_elsewhere",
            ),
        ),
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("outlet_id", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "cases_search",
                "indexes": [models.Index(fields=["outlet_id", "-case"], name="cases_search_of_outlet")],
            },
        ),
        migrations.CreateModel(
            name="SearchFilling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before_id", models.BigIntegerField()),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "cases_search_filling"},
        ),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
        migrations.RunSQL(FILLING, migrations.RunSQL.noop),
    ]
