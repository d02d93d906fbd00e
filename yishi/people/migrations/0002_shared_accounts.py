"""An account that several people of one outlet use: it looks, and a named person acts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField("user", "is_shared", models.BooleanField(db_default=False, default=False)),
    ]
