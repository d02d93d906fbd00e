"""What was on the way when a station opened."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0003_full_mode'),
        ('stations', '0005_lost_stays'),
    ]

    operations = [
        migrations.CreateModel(
            name='StationMorning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('on_way', models.PositiveIntegerField()),
                ('at', models.DateTimeField(db_index=True)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mornings', to='network.station')),
            ],
            options={
                'db_table': 'stations_morning',
                'constraints': [models.UniqueConstraint(fields=('station', 'day'), name='stations_morning_once')],
            },
        ),
    ]
