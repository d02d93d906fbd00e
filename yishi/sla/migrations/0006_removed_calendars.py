"""An outlet's own calendar can be taken away; what still runs in it keeps its row."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sla', '0005_shipped_limits'),
    ]

    operations = [
        migrations.AddField(
            model_name='servicecalendar',
            name='removed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
