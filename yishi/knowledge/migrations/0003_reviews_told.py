"""Whoever keeps an article is told when its day of review has come; those that have a day get their moment."""

from typing import ClassVar

from django.db import migrations, models

# nine in the morning in Shanghai; from the next change on in the installation's own zone
_BEGIN = """
UPDATE knowledge_article SET review_due_at = (review_date + time '01:00') AT TIME ZONE 'UTC'
 WHERE review_date IS NOT NULL AND withdrawn_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("knowledge", "0002_articles")]

    operations: ClassVar = [
        migrations.AddField("article", "review_due_at", models.DateTimeField(null=True)),
        migrations.RunSQL(_BEGIN, migrations.RunSQL.noop),
        migrations.AddIndex(
            "article",
            models.Index(
                fields=["review_due_at"],
                condition=models.Q(review_due_at__isnull=False),
                name="knowledge_article_due",
            ),
        ),
    ]
