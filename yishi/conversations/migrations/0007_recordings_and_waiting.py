import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0006_silence'),
        ('kit', '0002_scans_and_originals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.BinaryField(editable=True)),
                ('reference_hash', models.BinaryField(max_length=16)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('failed_for', models.TextField(default='')),
                ('named_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('call', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='recordings', to='conversations.call')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kit.storedfile')),
            ],
            options={
                'db_table': 'conversations_recording',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='conversations_recording_due')],
                'constraints': [models.UniqueConstraint(fields=('call', 'reference_hash'), name='conversations_recording_once')],
            },
        ),
        migrations.AddField(
            model_name='rawmessage',
            name='settled_by',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='rawmessage',
            name='settled_for',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='rawmessage',
            name='settled_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='rawmessage',
            name='state',
            field=models.TextField(choices=[('TAKEN', '已处理'), ('QUARANTINED', '读不懂，待处理'), ('REPLAYED', '已重新处理'), ('WAITING', '渠道停用，等着'), ('DISCARDED', '不要了')]),
        ),
        migrations.AddIndex(
            model_name='rawmessage',
            index=models.Index(condition=models.Q(('state', 'WAITING')), fields=['account', 'id'], name='conversations_raw_waiting'),
        ),
    ]
