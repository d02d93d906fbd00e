"""Stops hold a parcel back at the scanners; what scanners were answered is kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shipments', '0010_outlets_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='ParcelStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('asked', models.TextField(default='')),
                ('case_no', models.TextField(default='')),
                ('since', models.DateTimeField()),
                ('stopped_by', models.TextField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.TextField(default='')),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stops', to='shipments.shipment')),
            ],
            options={
                'db_table': 'shipments_stop',
            },
        ),
        migrations.CreateModel(
            name='ScanCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('courier', models.TextField(default='')),
                ('station', models.TextField(default='')),
                ('asked_by', models.TextField()),
                ('at', models.DateTimeField()),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scan_checks', to='shipments.shipment')),
                ('stop', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='held', to='shipments.parcelstop')),
            ],
            options={
                'db_table': 'shipments_scan_check',
            },
        ),
        migrations.AddConstraint(
            model_name='parcelstop',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('shipment', 'reason'), name='shipments_stop_one'),
        ),
    ]
