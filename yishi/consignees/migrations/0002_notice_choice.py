"""How a person wants to be told of his case, and in which hours not."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consignees", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.TextField(default="")),
                (
                    "channel",
                    models.TextField(choices=[("SMS", "短信"), ("EMAIL", "邮件"), ("NONE", "不用通知")]),
                ),
                ("email", models.BinaryField(default="", editable=True)),
                ("quiet_from", models.TimeField()),
                ("quiet_until", models.TimeField()),
                ("chosen_at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_choices",
                        to="consignees.contact",
                    ),
                ),
            ],
            options={
                "db_table": "consignees_notice_choice",
                "constraints": [
                    models.UniqueConstraint(fields=("contact", "about"), name="consignees_choice_once")
                ],
            },
        ),
    ]
