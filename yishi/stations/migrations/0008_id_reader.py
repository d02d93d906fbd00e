"""Where an ID-card reader answers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0003_full_mode'),
        ('stations', '0007_ladder'),
    ]

    operations = [
        migrations.CreateModel(
            name='StationIdReader',
            fields=[
                ('station', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='id_reader', serialize=False, to='network.station')),
                ('address', models.TextField()),
                ('key', models.BinaryField(default='', editable=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.TextField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'stations_id_reader',
            },
        ),
    ]
