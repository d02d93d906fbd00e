"""Counting a person's cases within his outlets reads the index alone."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0018_task_phrases'),
        ('consignees', '0002_notice_choice'),
        ('network', '0001_initial'),
        ('shipments', '0011_stops'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='cases_of_person',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status__in', ['OPEN', 'IN_PROGRESS', 'WAITING_CUSTOMER', 'WAITING_THIRD_PARTY'])), fields=['assignee', 'next_due_at', 'case_no'], include=('outlet',), name='cases_mine'),
        ),
    ]
