"""A conversation that has ended can be rated."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial"), ("feedback", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="TalkRating",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("comment", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rating",
                        to="conversations.conversation",
                    ),
                ),
            ],
            options={
                "db_table": "feedback_talk_rating",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__range", (1, 5))), name="feedback_talk_rating_score"
                    )
                ],
            },
        ),
    ]
