"""What a new installation starts with: the laws that may be cited, a first table, limits, accounts, fee codes.

No figure here is a claim of law: amounts and days are the operator's, and say so where they stand.
"""

from datetime import UTC, date, datetime

from django.db import migrations

AT = datetime(2026, 1, 1, tzinfo=UTC)
FROM = date(2026, 1, 1)
OURS = "出厂默认，请按与寄件方的合同和品牌规定改"
LAWS = (
    ("postal-45-59", "EXPRESS", "邮政法", "第四十五条第二款、第五十九条", 2015,
     "邮政普遍服务以外的损失赔偿适用有关民事法律；快件的损失赔偿按这一款办",
     "LawRefBook/Laws 邮政法（2015-04-24）", date(2015, 4, 24), None, True),
    ("express-27", "EXPRESS", "快递暂行条例", "第二十七条", 2019,
     "快件延误、丢失、损毁或内件短少：保价的按保价规则，没有保价的按民事法律赔偿",
     "LawRefBook/Laws 快递暂行条例（2019-03-02）", date(2019, 3, 2), date(2025, 5, 31), True),
    ("express-28-2025", "EXPRESS", "快递暂行条例", "第二十八条", 2025,
     "快件的损失赔偿（2025 年修改后的条号）",
     "公开资料，国务院令第 806 号；修改后的原文还没有核对", date(2025, 6, 1), None, False),
    ("postal-46-49", "MAIL", "邮政法", "第四十六条至第四十九条", 2015,
     "平常邮件、给据邮件的赔偿：只管邮政邮件，不管快递",
     "LawRefBook/Laws 邮政法（2015-04-24）", date(2015, 4, 24), None, True),
)  # fmt: skip
# part, pays, loss, cover, percent, unproven cap, basis, law
RULES = (
    *(("GOODS", "DECLARED", loss, "INSURED", 100, None, "保价的按保价金额，部分损失按比例", "express-28-2025")
      for loss in ("LOST", "SHORT", "MISMATCH", "DAMAGED", "MISDELIVERED")),
    *(("GOODS", "GOODS", loss, "UNINSURED", 100, 0, "没保价的按有凭证的实际损失", "postal-45-59")
      for loss in ("LOST", "SHORT", "MISMATCH", "DAMAGED", "MISDELIVERED")),
    ("FREIGHT", "FREIGHT", "LOST", "ANY", 100, None, "整件丢失退运费", None),
)  # fmt: skip
LIMITS = (("AGENT", 5_000, 5_000), ("OUTLET_MANAGER", 50_000, 20_000), ("QUALITY", 500_000, 0), ("OWNER", None, 100_000))
ACCOUNTS = (
    ("1001", "银行与备付金", "ASSET"),
    ("1201", "应收追偿款", "ASSET"),
    ("1202", "应收仲裁赔款", "ASSET"),
    ("2001", "应付顾客赔款", "LIABILITY"),
    ("2101", "应付考核罚款", "LIABILITY"),
    ("5101", "追偿与仲裁收入", "INCOME"),
    ("6001", "对客赔付", "EXPENSE"),
    ("6101", "考核罚款支出", "EXPENSE"),
)
SEEN = "公开的网点账单样例；品牌自己的说明为准"
FEES = (
    ("100101", "延误仲裁赔款"), ("100301", "遗失仲裁赔款"), ("100401", "破损仲裁赔款"), ("100302", "遗失仲裁返款"),
    ("100402", "破损仲裁返款"), ("100201", "工单自动考核"), ("100601", "工单服务质量考核"),
    ("030253", "进港服务投诉考核"), ("044309", "拦截退回不及时"), ("110492", "虚假问题件"),
    ("110489", "揽收超48h滞留"), ("110496", "交货滞留"), ("101503", "签收率未达标"), ("100901", "先行理赔仲裁"),
    ("101101", "超派件赔款"), ("110413", "客服综合考核"), ("301007", "三件仲裁申诉服务费"), ("051703", "催揽"),
    ("051707", "转单"), ("051709", "爽约"), ("051711", "工单兜底"), ("602024", "对客理赔"),
)  # fmt: skip


def ship(apps, schema_editor):
    Citation = apps.get_model("claims", "Citation")
    Rule = apps.get_model("claims", "CompensationRule")
    for key, service, law, article, year, says, source, start, end, is_read in LAWS:
        Citation.objects.create(
            key=key, service=service, law=law, article=article, year=year, says=says, source=source,
            valid_from=start, valid_until=end, is_text_read=is_read,
        )  # fmt: skip
    laws = dict(Citation.objects.values_list("key", "pk"))
    for part, pays, loss, cover, percent, unproven, basis, law in RULES:
        Rule.objects.create(
            part=part, pays=pays, loss_type=loss, cover=cover, percent=percent, unproven_cap_fen=unproven,
            basis=basis, citation_id=laws[law] if law else None, valid_from=FROM, added_at=AT, added_by="system",
            reason=OURS,
        )  # fmt: skip
    for role, up_to, own in LIMITS:
        apps.get_model("claims", "ApprovalLimit").objects.create(
            role=role, up_to_fen=up_to, own_up_to_fen=own, added_at=AT, added_by="system"
        )
    apps.get_model("claims", "ArbitrationTerm").objects.create(
        carrier="", respond_within_hours=72, second_within_hours=72, added_at=AT, added_by="system",
        source="出厂默认，没有核实过的行业说法，请按品牌规定改",
    )  # fmt: skip
    for code, name, kind in ACCOUNTS:
        apps.get_model("claims", "Account").objects.create(code=code, name=name, kind=kind)
    for code, name in FEES:
        apps.get_model("claims", "FeeCode").objects.create(code=code, name=name, source=SEEN)


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_books_balance")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
