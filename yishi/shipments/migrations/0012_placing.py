"""A courier who is about to leave a parcel somewhere answers first; his answer stands beside the question."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shipments', '0011_stops'),
    ]

    operations = [
        migrations.AddField(
            model_name='scancheck',
            name='wish',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='scancheck',
            name='answer',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='scancheck',
            name='file_id',
            field=models.UUIDField(null=True),
        ),
    ]
