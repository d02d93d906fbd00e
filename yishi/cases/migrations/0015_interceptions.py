"""A case may have its parcel stopped: who must act, until when, how it came out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_lost_searches'),
        ('network', '0001_initial'),
        ('shipments', '0011_stops'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Interception',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.TextField(choices=[('RETURN', '退回寄件人'), ('NEW_ADDRESS', '改送别处'), ('HOLD', '先留住')])),
                ('address', models.BinaryField(default='', editable=True)),
                ('state', models.TextField(choices=[('RUNNING', '正在拦'), ('STOPPED', '拦住了'), ('TOO_LATE', '来不及了'), ('REFUSED', '不能拦'), ('MISSED', '没拦住'), ('WITHDRAWN', '不用拦了')], default='RUNNING')),
                ('why', models.TextField(default='')),
                ('holder', models.TextField()),
                ('courier', models.TextField(default='')),
                ('until', models.DateTimeField(null=True)),
                ('asked_at', models.DateTimeField(db_index=True)),
                ('carried_on_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('freed_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interceptions', to='cases.case')),
                ('ended_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outlet', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.outlet')),
                ('shipment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shipments.shipment')),
                ('stop', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='shipments.parcelstop')),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.task')),
            ],
            options={
                'db_table': 'cases_interception',
                'indexes': [models.Index(condition=models.Q(('freed_at__isnull', True)), fields=['shipment'], name='cases_interception_of_parcel')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'RUNNING')), fields=('case',), name='cases_interception_once')],
            },
        ),
    ]
