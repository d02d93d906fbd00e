"""Bounces, receipts, automatic answers, letters of our own, threads."""

# ruff: noqa: E501 - a letter a line

from tests.plugins.channels.mail.letters import NO, OTHER, OURS, bounce, letter, multipart, part, row, word

FAILED = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n"


def qq(text, **more):
    return letter(
        text,
        **{"sender": "PostMaster@qq.example", "subject": word("系统退信"), "id": "<q@qq.example>", **more},
    )


def machine(name, **more):
    return row(name, letter(**more), is_automatic=True)


ROWS = [
    row("a bounce", bounce(FAILED), receipts=[(OURS, "FAILED", "550 5.1.1 no such user")]),
    row("a bounce with headers only", bounce(FAILED).replace(b"message/rfc822", b"text/rfc822-headers"), receipts=[(OURS, "FAILED", "550 5.1.1 no such user")]),
    row("a bounce that returns nothing", bounce(FAILED, returned="Subject: x\r\n", in_reply_to=f"<{OURS}@yishi.example>"), receipts=[(OURS, "FAILED", "550 5.1.1 no such user")]),
    row("a bounce without an action", bounce("Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b\nStatus: 5.2.2\n"), receipts=[(OURS, "FAILED", "5.2.2")]),
    row("put off", bounce(FAILED.replace("failed", "delayed").replace("5.1.1", "4.4.7")), receipts=[]),
    row("delivered", bounce(FAILED.replace("failed", "delivered").replace("5.1.1", "2.0.0")), receipts=[(OURS, "DELIVERED", "")]),
    row("relayed beyond sight", bounce(FAILED.replace("failed", "relayed").replace("5.1.1", "2.0.0")), receipts=[]),
    row("a bounce of a forged letter", bounce(FAILED, domain="spam.example"), receipts=[]),
    row("a bounce of a letter that never had our number", bounce(FAILED, original="abc"), receipts=[]),
    row("a bounce that names no letter", bounce(FAILED, returned="Subject: x\r\n"), unreadable="bounce_unmatched"),
    row("our number in capitals", bounce(FAILED, original=OURS.upper()), receipts=[(OURS, "FAILED", "550 5.1.1 no such user")]),
    row("QQ's bounce", qq(f"抱歉，您的邮件被退回来了……\n原因：收件人邮箱不存在\nMessage-ID: <{OURS}@yishi.example>"), receipts=[(OURS, "FAILED", "收件人邮箱不存在")]),
    row("163's bounce", qq(f"550 User not found: b@163.example\n<{OURS}@yishi.example>", sender="Postmaster@163.example"), receipts=[(OURS, "FAILED", "550 User not found: b@163.example")]),
    row("a bounce with the letter in it", multipart("mixed", part("无法送达 552 5.2.2 邮箱已满"), part(f"Message-ID: <{OURS}@yishi.example>\r\nSubject: y\r\n\r\nold", "message/rfc822"), sender="postmaster@x.example", subject=word("邮件未送达")), receipts=[(OURS, "FAILED", "552 5.2.2 邮箱已满")]),
    row("QQ puts off", qq(f"您的邮件暂时无法投递，系统将继续尝试\n<{OURS}@yishi.example>", subject=word("系统退信：投递延迟")), receipts=[]),
    row("qmail", letter(f"Hi. This is the qmail-send program.\n<a@b.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n--- Below this line\n\nMessage-ID: <{OURS}@yishi.example>", sender="MAILER-DAEMON@q.example", subject="failure notice"), receipts=[(OURS, "FAILED", "5.1.1)")]),
    row("a receipt of reading", multipart('report; report-type=disposition-notification', part("read"), part(f"Final-Recipient: rfc822; a@b\r\nOriginal-Message-ID: <{OURS}@yishi.example>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n", "message/disposition-notification")), receipts=[(OURS, "READ", "")]),
    row("a receipt of deleting", multipart('report; report-type=disposition-notification', part("x"), part(f"Original-Message-ID: <{OURS}@yishi.example>\r\nDisposition: automatic-action/MDN-sent-automatically; deleted\r\n", "message/disposition-notification")), receipts=[]),
    row("a person who writes 退信", letter("你们的退信是什么意思", subject=word("系统退信")), text="你们的退信是什么意思", is_automatic=False),
    # machines that answer
    machine("auto-replied", auto_submitted="auto-replied"),
    machine("auto-generated with a comment", auto_submitted="auto-generated; type=x"),
    row("auto-submitted no", letter(auto_submitted="no"), is_automatic=False),
    machine("precedence bulk", precedence="bulk"),
    machine("precedence list", precedence="list"),
    machine("precedence auto_reply", precedence="auto_reply"),
    machine("x-autoreply", x_autoreply="yes"),
    machine("x-autorespond", x_autorespond="x"),
    machine("Exchange suppresses", x_auto_response_suppress="All"),
    machine("a newsletter", list_unsubscribe="<mailto:x@y.example>"),
    machine("nobody's return path", return_path="<>"),
    machine("自动回复", subject=word("自动回复: 快递")),
    machine("自動回覆", subject=word("自動回覆：包裹")),
    machine("回复: 自动回复", subject=word("回复：自动回复：快递")),
    machine("out of office", subject="Out of Office: parcel"),
    machine("automatic reply", subject="Automatic reply: parcel"),
    machine("no-reply", sender="no-reply@shop.example"),
    machine("noreply with a mark", sender="noreply+abc@shop.example"),
    row("a person writes of automatic answers", letter("你们的自动回复没有用", subject=word("投诉自动回复没用")), is_automatic=False),
    row("an automatic answer keeps its thread", letter(auto_submitted="auto-replied", in_reply_to=f"<{OURS}@yishi.example>"), is_automatic=True, answers=(OURS,)),
    # ourselves
    row("a letter of our own", letter(sender="Care <CARE@yishi.example>"), ignored=True),
    row("our own in copy", letter(sender="care@yishi.example", auto_submitted="auto-replied"), ignored=True),
    # threads
    row("in reply to us", letter(in_reply_to=f"<{OURS}@yishi.example>"), answers=(OURS,)),
    row("newest first", letter(in_reply_to=f"<{OTHER}@yishi.example>", references=f"<m0@qq.example> <{OURS}@yishi.example>\r\n <{OTHER}@yishi.example>"), answers=(OTHER, OURS, "m0@qq.example")),
    row("our number at another house", letter(in_reply_to=f"<{OURS}@evil.example>"), answers=(f"{OURS}@evil.example",)),
    row("references without angles", letter(references=f"{OURS}@yishi.example m0@qq.example"), answers=("m0@qq.example", OURS)),
    row("references as rubbish", letter(references="<<<>>> < > <a b> \x00"), answers=()),
    row("an id with a line end in it", letter(in_reply_to="<a\r\n Bcc:x@y>"), answers=()),
    row("no id", letter(id=""), id_begins="none-"),
    row("an id without angles", letter(id="abc@qq.example"), id_begins="abc@qq.example"),
    # who writes
    row("reply-to is who is answered", letter(sender="victim@x.example", reply_to="Li <li@y.example>"), address="li@y.example", name="Li"),
    row("reply-to ourselves", letter(reply_to="care@yishi.example"), address="wang@qq.example"),
    row("a name that looks like an address", letter(sender='"boss@yishi.example" <li@y.example>'), address="li@y.example"),
    row("two writers", letter(sender="a@x.example, b@x.example"), address="a@x.example"),
    row("a sender where from is empty", letter(sender="undisclosed:;", **{"Sender": "li@y.example"}), address="li@y.example"),
    row("nobody", letter(sender="Nobody <>"), unreadable="no_sender"),
    row("an address with a line end", letter(sender="a@x.example\r\n Bcc: b@x.example"), address="a@x.example"),
    row("a direction mark in a name", letter(sender=word("王\u202e明") + " <a@x.example>"), name="王 明"),
    # numbers
    row("a number in the subject", letter("到哪了", subject=word(f"查件 {NO}")), waybill_no=NO),
    row("a number in the text", letter(f"单号{NO}到哪了"), waybill_no=NO),
    row("a telephone is no number", letter("电话 19900000001"), waybill_no=None),
    row("a number in the quote only", letter(f"好\n> 单号 {NO}", in_reply_to="<x@y>"), waybill_no=None),
]  # fmt: skip
