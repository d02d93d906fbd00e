"""A signing is erased with its person: the column and its index stay as they are, the model knows whose it is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("detection", "0005_risk"),
        ("consignees", "0003_wishes_and_consents"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="sign", name="detection_sign_home"),
                migrations.RemoveField(model_name="sign", name="consignee_id"),
                migrations.AddField(
                    model_name="sign",
                    name="consignee",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="consignees.contact",
                    ),
                ),
                migrations.AddIndex(
                    model_name="sign",
                    index=models.Index(
                        condition=models.Q(("latitude__isnull", False)),
                        fields=["consignee"],
                        name="detection_sign_home",
                    ),
                ),
            ]
        )
    ]
