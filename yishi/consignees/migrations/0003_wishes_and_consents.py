"""Wishes keep their history, guesses are asked about, and consents have a ledger."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consignees', '0002_notice_choice'),
    ]

    operations = [
        migrations.AddField(
            model_name='deliverypreference',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='deliverypreference',
            name='ended_by',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='deliverypreference',
            name='ended_why',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='deliverypreference',
            name='noted_by',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='deliverypreference',
            name='ref',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='deliverypreference',
            name='valid_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='deliverypreference',
            name='yields_to',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='consignees.deliverypreference'),
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('placement', models.TextField(choices=[('LOCKER', '快递柜'), ('STATION', '驿站'), ('GUARD', '门卫'), ('NEIGHBOUR', '邻居')])),
                ('waybill_no', models.TextField(default='')),
                ('address', models.BinaryField(default='', editable=True)),
                ('channel', models.TextField()),
                ('wording', models.TextField()),
                ('given_at', models.DateTimeField()),
                ('given_by', models.TextField()),
                ('valid_until', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_by', models.TextField(default='')),
                ('withdrawn_how', models.TextField(default='')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='consignees.contact')),
            ],
            options={
                'db_table': 'consignees_consent',
                'constraints': [models.CheckConstraint(condition=models.Q(('placement__in', ('LOCKER', 'STATION', 'GUARD', 'NEIGHBOUR'))), name='consignees_consent_placement')],
            },
        ),
        migrations.CreateModel(
            name='WishProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('ref', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('is_wanted', models.BooleanField(null=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wish_proposals', to='consignees.contact')),
            ],
            options={
                'db_table': 'consignees_wish_proposal',
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('contact', 'kind'), name='consignees_proposal_once')],
            },
        ),
    ]
