"""Claims, arbitration, penalties received, and the books in which they balance."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0003_types_steps_links'),
        ('kit', '0001_initial'),
        ('network', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('kind', models.TextField(choices=[('ASSET', '资产'), ('LIABILITY', '负债'), ('EXPENSE', '费用'), ('INCOME', '收入')])),
            ],
            options={
                'db_table': 'claims_account',
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(unique=True)),
                ('service', models.TextField(choices=[('EXPRESS', '快递'), ('MAIL', '邮政邮件')], default='EXPRESS')),
                ('law', models.TextField()),
                ('article', models.TextField()),
                ('year', models.PositiveSmallIntegerField()),
                ('says', models.TextField()),
                ('source', models.TextField()),
                ('province', models.TextField(default='')),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(null=True)),
                ('is_text_read', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'claims_citation',
            },
        ),
        migrations.CreateModel(
            name='FeeCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('carrier', models.TextField(default='')),
                ('appeal_days', models.PositiveSmallIntegerField(null=True)),
                ('source', models.TextField()),
            ],
            options={
                'db_table': 'claims_fee_code',
            },
        ),
        migrations.CreateModel(
            name='ApprovalLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.TextField()),
                ('up_to_fen', models.BigIntegerField(null=True)),
                ('own_up_to_fen', models.BigIntegerField(null=True)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'claims_approval_limit',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('role',), name='claims_limit_of_role')],
            },
        ),
        migrations.CreateModel(
            name='ArbitrationTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.TextField(default='')),
                ('respond_within_hours', models.PositiveIntegerField()),
                ('second_within_hours', models.PositiveIntegerField()),
                ('source', models.TextField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'claims_arbitration_term',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('carrier',), name='claims_term_of_brand')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('loss_type', models.TextField(choices=[('LOST', '丢失'), ('SHORT', '内件短少'), ('MISMATCH', '内件不符'), ('DAMAGED', '破损'), ('DELAY', '延误'), ('MISDELIVERED', '送错、错拿'), ('OVERCHARGE', '多收费用'), ('OTHER', '其他损失')])),
                ('state', models.TextField(choices=[('PROPOSED', '待审批'), ('APPROVED', '已批准，待告诉顾客'), ('OFFERED', '等顾客答复'), ('ACCEPTED', '顾客接受，待付款'), ('DISPUTED', '顾客不接受'), ('PAY_FAILED', '付款没成功'), ('PAID', '已赔付'), ('DROPPED', '不再理赔')], default='PROPOSED')),
                ('amount_fen', models.BigIntegerField()),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('paid_at', models.DateTimeField(null=True)),
                ('paid_by', models.BigIntegerField(null=True)),
                ('payment_reference', models.TextField(default='')),
                ('payment_error', models.TextField(default='')),
                ('version', models.PositiveIntegerField(default=1)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('payment_proof', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kit.storedfile')),
            ],
            options={
                'db_table': 'claims_claim',
            },
        ),
        migrations.CreateModel(
            name='CompensationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.TextField(choices=[('GOODS', '货值'), ('FREIGHT', '运费'), ('EXTRA', '另外补偿')])),
                ('pays', models.TextField(choices=[('DECLARED', '按保价金额'), ('GOODS', '按货物实际价值'), ('FREIGHT', '按运费'), ('FIXED', '固定金额')])),
                ('loss_type', models.TextField(blank=True, default='')),
                ('cover', models.TextField(choices=[('ANY', '保不保价都算'), ('INSURED', '保价的'), ('UNINSURED', '没保价的')], default='ANY')),
                ('carrier', models.TextField(default='')),
                ('product', models.TextField(default='')),
                ('province', models.TextField(default='')),
                ('percent', models.PositiveSmallIntegerField(default=100)),
                ('fixed_fen', models.BigIntegerField(default=0)),
                ('cap_fen', models.BigIntegerField(null=True)),
                ('unproven_cap_fen', models.BigIntegerField(null=True)),
                ('late_over_hours', models.PositiveIntegerField(null=True)),
                ('basis', models.TextField()),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(null=True)),
                ('reason', models.TextField(default='')),
                ('added_at', models.DateTimeField()),
                ('added_by', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.TextField(default='')),
                ('citation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.citation')),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.compensationrule')),
            ],
            options={
                'db_table': 'claims_rule',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(unique=True)),
                ('kind', models.TextField()),
                ('subject_kind', models.TextField()),
                ('subject_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.TextField()),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='claims.entry')),
            ],
            options={
                'db_table': 'claims_entry',
            },
        ),
        migrations.CreateModel(
            name='EvidencePack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.TextField()),
                ('state', models.TextField(choices=[('WAITING', '正在生成'), ('READY', '做好了'), ('FAILED', '没做成')], default='WAITING')),
                ('due_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('asked_by', models.BigIntegerField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='kit.storedfile')),
            ],
            options={
                'db_table': 'claims_evidence_pack',
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_fen', models.BigIntegerField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='claims.account')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='postings', to='claims.entry')),
            ],
            options={
                'db_table': 'claims_posting',
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('computed_fen', models.BigIntegerField()),
                ('facts', models.JSONField()),
                ('lines', models.JSONField()),
                ('reason', models.TextField(default='')),
                ('proposed_by', models.BigIntegerField(null=True)),
                ('proposed_at', models.DateTimeField()),
                ('approved_by', models.BigIntegerField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('offered_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('is_accepted', models.BooleanField(null=True)),
                ('answer_reason', models.TextField(default='')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='claims.claim')),
            ],
            options={
                'db_table': 'claims_proposal',
            },
        ),
        migrations.CreateModel(
            name='ReceivedPenalty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.TextField(choices=[('HQ', '总部'), ('PLATFORM', '平台'), ('REGULATOR', '邮政管理部门'), ('OTHER', '其他')])),
                ('carrier', models.TextField(default='')),
                ('fee_code', models.TextField(default='')),
                ('label', models.TextField(default='')),
                ('external_no', models.TextField(default='')),
                ('waybill_no', models.TextField(db_index=True, default='')),
                ('amount_fen', models.BigIntegerField()),
                ('happened_at', models.DateTimeField()),
                ('noted_at', models.DateTimeField()),
                ('noted_by', models.TextField()),
                ('record_mark', models.BinaryField(max_length=16, null=True, unique=True)),
                ('appeal_until', models.DateTimeField(null=True)),
                ('appealed_at', models.DateTimeField(null=True)),
                ('appeal_reason', models.TextField(default='')),
                ('appeal_result', models.TextField(choices=[('REVOKED', '撤销'), ('REDUCED', '减免'), ('UPHELD', '维持')], default='')),
                ('result_at', models.DateTimeField(null=True)),
                ('saved_fen', models.BigIntegerField(default=0)),
                ('voided_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.case')),
                ('courier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='network.courier')),
                ('outlet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.outlet')),
            ],
            options={
                'db_table': 'claims_received_penalty',
            },
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('debtor', models.TextField(choices=[('CARRIER', '快递公司'), ('OUTLET', '网点'), ('COURIER', '快递员')])),
                ('who', models.TextField()),
                ('amount_fen', models.BigIntegerField()),
                ('state', models.TextField(choices=[('ASKED', '在追'), ('RECEIVED', '追回了'), ('GIVEN_UP', '不再追')], default='ASKED')),
                ('reason', models.TextField()),
                ('received_fen', models.BigIntegerField(default=0)),
                ('reference', models.TextField(default='')),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.BigIntegerField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recoveries', to='claims.claim')),
            ],
            options={
                'db_table': 'claims_recovery',
            },
        ),
        migrations.CreateModel(
            name='Arbitration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.TextField()),
                ('against', models.TextField()),
                ('external_no', models.TextField(default='')),
                ('state', models.TextField(choices=[('FILED', '已提起，等对方举证'), ('ANSWERED', '对方已举证，等裁决'), ('DECIDED', '一审已裁决'), ('SECOND', '二审中'), ('FINAL', '终局')], default='FILED')),
                ('asked_fen', models.BigIntegerField()),
                ('reason', models.TextField()),
                ('answer', models.TextField(default='')),
                ('outcome', models.TextField(choices=[('WON', '支持'), ('PARTLY', '部分支持'), ('LOST', '不支持')], default='')),
                ('awarded_fen', models.BigIntegerField(default=0)),
                ('filed_at', models.DateTimeField()),
                ('filed_by', models.BigIntegerField(null=True)),
                ('respond_by', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('second_by', models.DateTimeField(null=True)),
                ('final_at', models.DateTimeField(null=True)),
                ('second_within_hours', models.PositiveIntegerField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
            options={
                'db_table': 'claims_arbitration',
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'FINAL'), _negated=True), fields=('case',), name='claims_arbitration_once'), models.CheckConstraint(condition=models.Q(('asked_fen__gt', 0), ('awarded_fen__gte', 0)), name='claims_arbitration_amount')],
            },
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(fields=['state', 'opened_at'], name='claims_by_state'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='claims_amount'),
        ),
        migrations.AddConstraint(
            model_name='compensationrule',
            constraint=models.CheckConstraint(condition=models.Q(('fixed_fen__gte', 0), ('percent__lte', 1000), models.Q(('cap_fen__isnull', True), ('cap_fen__gte', 0), _connector='OR'), models.Q(('unproven_cap_fen__isnull', True), ('unproven_cap_fen__gte', 0), _connector='OR')), name='claims_rule_sane'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['subject_kind', 'subject_id'], name='claims_entry_subject'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['at'], name='claims_entry_at'),
        ),
        migrations.AddIndex(
            model_name='evidencepack',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='claims_packs_due'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen', 0), _negated=True), name='claims_posting_not_zero'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('claim', 'number'), name='claims_proposal_number'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='claims_proposal_amount'),
        ),
        migrations.AddIndex(
            model_name='receivedpenalty',
            index=models.Index(fields=['outlet', 'noted_at'], name='claims_penalty_outlet'),
        ),
        migrations.AddIndex(
            model_name='receivedpenalty',
            index=models.Index(condition=models.Q(('appealed_at__isnull', True), ('voided_at__isnull', True)), fields=['appeal_until'], name='claims_penalty_appealable'),
        ),
        migrations.AddConstraint(
            model_name='receivedpenalty',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('saved_fen__gte', 0), ('saved_fen__lte', models.F('amount_fen'))), name='claims_penalty_amounts'),
        ),
        migrations.AddConstraint(
            model_name='receivedpenalty',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('external_no', ''), _negated=True), ('voided_at__isnull', True)), fields=('origin', 'external_no'), name='claims_penalty_once'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'ASKED')), fields=('claim', 'debtor', 'who'), name='claims_recovery_once'),
        ),
        migrations.AddConstraint(
            model_name='recovery',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('received_fen__gte', 0)), name='claims_recovery_amount'),
        ),
    ]
