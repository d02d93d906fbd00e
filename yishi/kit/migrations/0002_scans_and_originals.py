"""Files: the hash at intake, the original kept for proof, and what the virus scanner said."""

from django.db import migrations, models

STATES = [
    ("NOT_SCANNED", "没有查毒"),
    ("PENDING", "等待查毒"),
    ("CLEAN", "查毒通过"),
    ("INFECTED", "有病毒，已隔离"),
]


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]

    operations = [
        migrations.AddField(
            "storedfile", "intake_sha256", models.BinaryField(db_default=b"", default=b"", max_length=32)
        ),
        migrations.AddField("storedfile", "has_original", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "storedfile",
            "scan_state",
            models.TextField(choices=STATES, db_default="NOT_SCANNED", default="NOT_SCANNED"),
        ),
        migrations.AddField("storedfile", "scan_due_at", models.DateTimeField(null=True)),
        migrations.AddField("storedfile", "scan_said", models.TextField(db_default="", default="")),
        migrations.AddIndex(
            "storedfile",
            models.Index(
                condition=models.Q(("scan_due_at__isnull", False)),
                fields=["scan_due_at"],
                name="kit_stored_file_scan",
            ),
        ),
    ]
