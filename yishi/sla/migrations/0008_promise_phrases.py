"""The title of a promise as a phrase, where Yishi wrote it itself, so that each reader reads it in his language;
and from which clock a merge carried it on, so that undoing the merge takes it back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0007_talks")]

    operations = [
        migrations.AddField("slaclock", "said", models.JSONField(db_default={}, default=dict)),
        migrations.AddField("slaclock", "carried_from_id", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "slaclock",
            models.Index(
                fields=["carried_from_id"],
                condition=models.Q(carried_from_id__isnull=False),
                name="sla_clock_carried",
            ),
        ),
    ]
