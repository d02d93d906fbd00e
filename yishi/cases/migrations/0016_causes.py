"""Cases of others with the same cause: by what, the newest, and how many before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0015_interceptions'),
        ('consignees', '0002_notice_choice'),
        ('network', '0001_initial'),
        ('shipments', '0011_stops'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='cause_by',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='case',
            name='cause_of',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.case'),
        ),
        migrations.AddField(
            model_name='case',
            name='causes_in_30_days',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='causes_in_3_days',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('cause_of__isnull', False)), fields=['cause_of'], name='cases_of_cause'),
        ),
    ]
