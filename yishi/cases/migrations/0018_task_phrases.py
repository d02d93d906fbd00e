"""What of a task's words Yishi wrote itself, so that each reader reads them in his language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_conversations")]

    operations = [
        migrations.AddField("task", "said", models.JSONField(db_default={}, default=dict)),
    ]
