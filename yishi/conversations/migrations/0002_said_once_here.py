"""A message of our own page is the same when the page sends it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("account__isnull", True), models.Q(("external_id", ""), _negated=True)),
                fields=("conversation", "external_id"),
                name="conversations_message_once_here",
            ),
        ),
    ]
