"""An attempt to reach the consignee names the recording or picture that proves it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shipments", "0005_promises")]

    operations = [
        migrations.AddField("contactattempt", "reference", models.BinaryField(editable=True, null=True)),
    ]
