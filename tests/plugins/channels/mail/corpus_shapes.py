"""Trees, files, broken and hostile shapes."""

# ruff: noqa: E501 - a letter a line

from tests.plugins.channels.mail.letters import (
    b64,
    encoded,
    head,
    letter,
    multipart,
    nested,
    part,
    row,
    tree,
    word,
)

PHOTO = b"\xff\xd8\xff\xe0" + b"p" * 5_000
DOT = b"GIF89a" + b"d" * 40
DEEP = part("够深了")
for _number in range(60):
    TREE = tree("mixed", DEEP, boundary=f"d{_number}")
    DEEP = part(TREE, f"multipart/mixed; boundary=d{_number}")
FILE_2231 = "attachment; filename*=utf-8''%E7%A0%B4%E6%8D%9F.jpg"
FILE_PIECES = "attachment; filename*0*=gb18030''%C6%C6; filename*1*=%CB%F0; filename*2=.jpg"


def photo(**fields):
    return encoded(PHOTO, "image/jpeg", **fields)


ROWS = [
    row("a photo", multipart("mixed", part("破了"), photo(name="a.jpg")), text="破了", files=[("a.jpg", "image/jpeg", 5004)]),
    row("a name in words", multipart("mixed", part("破了"), photo(name=word("破损.jpg", "gb18030", "gb2312"))), files=[("破损.jpg", "image/jpeg", 5004)]),
    row("a name by RFC 2231", multipart("mixed", photo(Content_Disposition=FILE_2231)), files=[("破损.jpg", "image/jpeg", 5004)]),
    row("a name in pieces", multipart("mixed", photo(Content_Disposition=FILE_PIECES)), files=[("破损.jpg", "image/jpeg", 5004)]),
    row("a name of the type only", multipart("mixed", encoded(PHOTO, f'image/jpeg; name="{word("门口.jpg")}"')), files=[("门口.jpg", "image/jpeg", 5004)]),
    row("a name that climbs", multipart("mixed", photo(name="..\\..\\etc/passwd")), files=[("passwd", "image/jpeg", 5004)]),
    row("a name with a line end", multipart("mixed", photo(name="a\r\n b.jpg")), files=[("a b.jpg", "image/jpeg", 5004)]),
    row("a name of dots", multipart("mixed", photo(name="...")), files=[("附件", "image/jpeg", 5004)]),
    row("only a photo", multipart("mixed", photo(name="a.jpg"), subject=word("回复: 照片")), text="", files=[("a.jpg", "image/jpeg", 5004)]),
    row("a photo within the page", multipart("related", part("<p>看图<img src='cid:1'></p>", "text/html; charset=utf-8"), photo(**{"Content-ID": "<1>"})), text="看图", files=[("附件", "image/jpeg", 5004)]),
    row("a dot within the page", multipart("related", part("<p>看</p>", "text/html; charset=utf-8"), encoded(DOT, "image/gif", **{"Content-ID": "<1>"})), text="看", files=[]),
    row("a spreadsheet has its name", multipart("mixed", part("表"), encoded(b"PK\x03\x04" + b"x" * 9, "application/zip", name="单号.xlsx")), files=[("单号.xlsx", "application/zip", 13)]),
    row("a text file is a file", multipart("mixed", part("看附件"), part("单号", "text/plain; charset=utf-8", content_disposition='attachment; filename="a.txt"')), text="看附件", files=[("a.txt", "text/plain", 6)]),
    row("thirty files", multipart("mixed", part("多"), *[encoded(PHOTO, "image/jpeg", name=f"{n}.jpg") for n in range(30)]), text="多\n［还有 10 个附件没有收下］", file_count=20),
    row("text, photo, text", multipart("mixed", part("上"), photo(name="a.jpg"), part("下")), text="上\n\n下"),
    row("alternatives in mixed", multipart("mixed", nested("alternative", part("纯"), part("<p>页</p>", "text/html"), boundary="i1"), photo(name="a.jpg")), text="纯", file_count=1),
    row("related in alternatives", multipart("alternative", part(" "), nested("related", part("<p>页</p>", "text/html"), photo(**{"Content-ID": "<1>"}), boundary="i1")), text="页", file_count=1),
    row("an invitation", multipart("alternative", part("开会"), part("BEGIN:VCALENDAR", "text/calendar")), text="开会", files=[]),
    row("handed on as a file", multipart("mixed", part("请看"), part(letter("箱子烂了", subject=word("破损")), "message/rfc822")), text="请看\n\n［转发的邮件］wang@qq.example：破损\n\n箱子烂了"),
    row("signed", multipart("signed", part("退回"), part("xx", "application/pgp-signature")), text="退回", files=[]),
    row("sealed", multipart("encrypted", part("Version: 1", "application/pgp-encrypted"), part("xx", "application/octet-stream")), text="［这封邮件是加密的，读不了内容］"),
    row("sealed by S/MIME", letter(b"MIAGCSqG", kind="application/pkcs7-mime; smime-type=enveloped-data", label="", coding="base64"), text="［这封邮件是加密的，读不了内容］"),
    # broken
    row("no end of the boundary", multipart("mixed", part("没有结尾"), end=False), text="没有结尾"),
    row("no boundary at all", letter("没有分界", kind="multipart/mixed", label=""), text="没有分界"),
    row("a boundary that never comes", letter("没有部分", kind='multipart/mixed; boundary="zz"', label=""), text="没有部分"),
    row("a boundary with odd signs", multipart("mixed", part("怪"), boundary="=_(a+b)?[c]*.'"), text="怪"),
    row("a boundary that begins another", multipart("mixed", part("一"), nested("mixed", part("二"), boundary="=_b12")), text="一\n\n二"),
    row("blanks after the boundary", multipart("mixed", part("空白")).replace(b"--=_b1\r\n", b"--=_b1  \t\r\n"), text="空白"),
    row("a part without a header", multipart("mixed", b"\r\n" + "没有头".encode()), text="没有头"),
    row("an unknown transfer encoding", letter("照样读", coding="x-none"), text="照样读"),
    row("broken base64", letter((b64("快递没到，请查")[:-3] + "!").encode(), coding="").replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1), begins="快递没到"),
    row("base64 with blanks and rubbish", letter("-\r\n".join(b64("快递没到，请查").partition("b")[::1]).encode(), coding="").replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1), text="快递没到，请查"),
    row("broken quoted-printable", letter(b"a=ZZ=E5=BF=AB=", coding="").replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", 1), text="a=ZZ快"),
    row("bare line feeds", letter("一\n二").replace(b"\r\n", b"\n"), text="一\n二"),
    row("bare carriage returns", letter("一").replace(b"\r\n", b"\r"), text="一"),
    row("an mbox line first", b"From wang@qq.example Sun Nov 22 2026\r\n" + letter("到哪了"), text="到哪了", address="wang@qq.example"),
    row("blank lines first", b"\r\n\r\n" + letter("到哪了"), text="到哪了"),
    row("a header line without a colon", letter("到哪了").replace(b"To:", b"To "), address="wang@qq.example"),
    row("only headers", head(**{"From": "a@b.example", "Subject": word("催件"), "Message-ID": "<a@b.example>"}), text="催件"),
    row("nothing", b"", unreadable="not_a_letter"),
    row("no letter", b"%PDF-1.7 \x00\x01 not mail at all", unreadable="not_a_letter"),
    row("JSON", b'{"from": "a@b.example"}', unreadable="not_a_letter"),
    row("a date of nobody", letter(date="Thu, 99 Foo 20266 25:61:00 +9999"), said_at=None),
    row("a date to come", letter(date="Sun, 22 Nov 2099 11:30:00 +0800"), said_at=None),
    row("a date before mail", letter(date="Thu, 01 Jan 1970 00:00:00 +0000"), said_at=None),
    row("a date without a zone", letter(date="Sun, 22 Nov 2026 11:30:00 -0000"), text="我的快递到哪了"),
    row("a header of 100,000 signs", letter(subject="x" * 100_000), subject="x" * 300),
    row("5,000 headers", b"X-A: b\r\n" * 5_000 + letter("深"), unreadable="not_a_letter"),
    row("500 headers first", b"X-A: b\r\n" * 500 + letter("深"), text="深"),
    row("sixty trees deep", letter(TREE, kind="multipart/mixed; boundary=d59", label="", coding=""), cut=True),
    row("a page of ten thousand tags", letter("<div>" * 10_000 + "到哪了" + "</div>" * 9_000, kind="text/html"), text="到哪了"),
    row("an oversize letter's beginning", b"x-yishi-size: 31457280\r\n" + letter("看附件"), text="看附件\n［邮件有 30 MB，太大，只收了开头，全文在邮箱里］"),
    row("template words stay words", letter("{{ settings.SECRET_KEY }} ${jndi:x} %s =cmd()"), text="{{ settings.SECRET_KEY }} ${jndi:x} %s =cmd()"),
]  # fmt: skip
