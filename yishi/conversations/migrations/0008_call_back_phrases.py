"""What Yishi itself wrote of a call-back is put into words when it is read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0007_recordings_and_waiting")]

    operations = [
        migrations.AddField("callback", "said", models.JSONField(db_default={}, default=dict)),
    ]
