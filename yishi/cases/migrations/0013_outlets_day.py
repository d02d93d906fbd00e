"""What an outlet got and settled on a day."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_evidence_kinds'),
        ('consignees', '0002_notice_choice'),
        ('network', '0001_initial'),
        ('shipments', '0010_outlets_day'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['outlet', 'opened_at'], name='cases_of_outlet_opened'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('resolved_at__isnull', False)), fields=['outlet', 'resolved_at'], name='cases_of_outlet_settled'),
        ),
    ]
