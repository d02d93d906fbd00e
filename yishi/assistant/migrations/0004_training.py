from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("assistant", "0003_language_and_errands")]

    operations = [
        migrations.AddField("trainedmodel", "asked_at", models.DateTimeField(default=timezone.now), preserve_default=False),
        migrations.AddField("trainedmodel", "due_at", models.DateTimeField(null=True)),
        migrations.AlterField("trainedmodel", "trained_at", models.DateTimeField(null=True)),
        migrations.AlterField("trainedmodel", "content_hash", models.TextField(blank=True, default="")),
        migrations.AddIndex(
            "trainedmodel",
            models.Index(
                fields=["due_at"], condition=models.Q(("due_at__isnull", False)), name="assistant_model_due"
            ),
        ),
    ]
