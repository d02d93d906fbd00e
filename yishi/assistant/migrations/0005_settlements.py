"""Whether the assistant settled a conversation, as the record shows it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistant", "0004_training"),
        ("conversations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("intent", models.TextField(default="")),
                ("last_turn_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("judged_at", models.DateTimeField(null=True)),
                ("is_naive", models.BooleanField(default=False)),
                ("is_verified", models.BooleanField(default=False)),
                ("why", models.TextField(default="")),
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversations.conversation",
                    ),
                ),
            ],
            options={
                "db_table": "assistant_settlement",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="assistant_settlement_due",
                    ),
                    models.Index(fields=["last_turn_at"], name="assistant_settlement_period"),
                ],
            },
        ),
    ]
