"""What a row of a bulk says is put into words when it is read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("automation", "0003_bulk_of_parcels")]

    operations = [
        migrations.AddField("bulkrow", "said", models.JSONField(db_default={}, default=dict)),
    ]
