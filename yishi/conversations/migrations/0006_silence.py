"""Conversations in which our word was the last end by themselves; those that run now begin to wait here."""

from typing import ClassVar

from django.db import migrations, models

# so few are open at once that one statement will do; an end by itself comes a day after the last word
_BEGIN = """
UPDATE conversations_conversation SET silent_at = last_message_at + interval '24 hours'
 WHERE state = 'WITH_AGENT' AND awaiting_since IS NULL
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("conversations", "0005_calls")]

    operations: ClassVar = [
        migrations.AddField("conversation", "ended_for", models.TextField(default="", db_default="")),
        migrations.AddField("conversation", "silent_at", models.DateTimeField(null=True)),
        migrations.RunSQL(_BEGIN, migrations.RunSQL.noop),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["silent_at"],
                condition=models.Q(silent_at__isnull=False),
                name="conversations_silent",
            ),
        ),
    ]
