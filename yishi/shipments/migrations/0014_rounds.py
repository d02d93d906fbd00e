"""A courier's deeds, each once; what proves a delivery; the order of his day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shipments', '0013_bookings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CourierDeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deed_id', models.UUIDField()),
                ('kind', models.TextField()),
                ('waybill_no', models.TextField(default='')),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('happened_at', models.DateTimeField()),
                ('offset_s', models.BigIntegerField(default=0)),
                ('is_doubtful', models.BooleanField(default=False)),
                ('content_hash', models.BinaryField(max_length=32)),
                ('is_refused', models.BooleanField(default=False)),
                ('answer', models.JSONField(default=dict)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'shipments_courier_deed',
                'indexes': [models.Index(fields=['received_at'], name='shipments_deed_by_time')],
                'constraints': [models.UniqueConstraint(fields=('user', 'deed_id'), name='shipments_deed_once')],
            },
        ),
        migrations.CreateModel(
            name='DeliveryProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receiver', models.TextField()),
                ('photo_id', models.UUIDField(null=True)),
                ('signature_id', models.UUIDField(null=True)),
                ('position', models.TextField(default='')),
                ('accuracy_m', models.PositiveIntegerField(null=True)),
                ('courier', models.TextField(default='')),
                ('recorded_by', models.TextField()),
                ('at', models.DateTimeField()),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proofs', to='shipments.shipment')),
            ],
            options={
                'db_table': 'shipments_delivery_proof',
                'indexes': [models.Index(fields=['shipment', 'at'], name='shipments_proof_by_time')],
            },
        ),
        migrations.CreateModel(
            name='RoundOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('waybill_nos', models.JSONField(default=list)),
                ('said_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'shipments_round_order',
                'constraints': [models.UniqueConstraint(fields=('user', 'day'), name='shipments_order_once')],
            },
        ),
    ]
