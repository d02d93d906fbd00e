"""An outlet without a device of a brand scans on our page."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0002_named_contact'),
    ]

    operations = [
        migrations.AddField(
            model_name='outlet',
            name='is_full_mode',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
