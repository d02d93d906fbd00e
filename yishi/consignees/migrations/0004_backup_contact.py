"""Whom a person named to be told when he cannot be reached."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consignees', '0003_wishes_and_consents'),
    ]

    operations = [
        migrations.CreateModel(
            name='BackupContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone', models.BinaryField(editable=True)),
                ('named_at', models.DateTimeField()),
                ('named_by', models.TextField()),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='backup', to='consignees.contact')),
            ],
            options={
                'db_table': 'consignees_backup_contact',
            },
        ),
    ]
