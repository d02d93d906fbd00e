"""Encodings, well and badly named, in texts and in headers."""

# ruff: noqa: E501 - a letter a line

from tests.plugins.channels.mail.letters import b64, head, letter, row, word

SAYS = "您好，我的快递还没有到，请帮忙查一下"
OLD = "請問我的包裹到哪裡了，已經等了三天"
JAPANESE = "荷物がまだ届いていません。確認をお願いします"

ROWS = [
    row("utf-8", letter(SAYS), text=SAYS, lost=0),
    row("utf-8 in base64", letter(SAYS, coding="base64"), text=SAYS),
    row("utf-8 in quoted-printable", letter(SAYS, coding="quoted-printable"), text=SAYS),
    row("gb18030", letter(SAYS, charset="gb18030", coding="base64"), text=SAYS),
    row("gb2312 that is gb18030", letter("我住在喆镕苑，查䶮的件", charset="gb18030", label="gb2312"), text="我住在喆镕苑，查䶮的件"),
    row("gbk with a sign beyond it", letter("你好𠮷先生的快递", charset="gb18030", label="GBK"), text="你好𠮷先生的快递"),
    row("gb2312 that is utf-8", letter(SAYS, label="gb2312"), text=SAYS),
    row("utf-8 that is gb18030", letter(SAYS, charset="gb18030", label="utf-8"), text=SAYS),
    row("iso-8859-1 that is gb18030", letter(SAYS, charset="gb18030", label="iso-8859-1"), text=SAYS),
    row("us-ascii that is utf-8", letter(SAYS, label="us-ascii"), text=SAYS),
    row("no charset, utf-8", letter(SAYS, label=""), text=SAYS),
    row("no charset, gb18030", letter(SAYS, charset="gb18030", label=""), text=SAYS),
    row("an unknown charset", letter(SAYS, charset="gb18030", label="x-kuaidi-9"), text=SAYS),
    row("a charset that is no text", letter(SAYS, label="base64"), text=SAYS),
    row("a charset with quotes in quotes", letter(SAYS, charset="gb18030", label="'gb2312'"), text=SAYS),
    row("default as charset", letter(SAYS, charset="gb18030", label="default"), text=SAYS),
    row("big5", letter(OLD, charset="big5"), text=OLD),
    row("big5 that says gb2312", letter(OLD, charset="big5", label="gb2312"), text=OLD),
    row("big5 without a charset", letter(OLD, charset="big5", label=""), text=OLD),
    row("big5 of Hong Kong", letter("喺邊度呀，啲嘢未到", charset="big5hkscs", label="big5"), text="喺邊度呀，啲嘢未到"),
    row("iso-2022-jp", letter(JAPANESE, charset="iso2022_jp", label="iso-2022-jp", coding="7bit"), text=JAPANESE),
    row("iso-2022-jp without a charset", letter(JAPANESE, charset="iso2022_jp", label="", coding="7bit"), text=JAPANESE),
    row("shift_jis", letter(JAPANESE, charset="cp932", label="Shift_JIS"), text=JAPANESE),
    row("hz", letter("我要投诉", charset="hz", label="hz-gb-2312", coding="7bit"), text="我要投诉"),
    row("utf-7", letter("我要投诉", charset="utf-7", label="utf-7", coding="7bit"), text="我要投诉"),
    row("utf-16 with its mark", letter(SAYS, charset="utf-16", coding="base64"), text=SAYS),
    row("utf-16-le with line ends", letter("一行\n二行", charset="utf-16-le", label="utf-16le", coding="base64"), text="一行\n二行"),
    row("utf-16 under the name of utf-8", letter(SAYS, charset="utf-16", label="utf-8", coding="base64"), text=SAYS),
    row("utf-8 with its mark", letter(b"\xef\xbb\xbf" + SAYS.encode()), text=SAYS),
    row("euc-kr", letter("택배가 안 왔어요", charset="cp949", label="euc-kr"), text="택배가 안 왔어요"),
    row("koi8-r", letter("посылка не пришла", charset="koi8-r"), text="посылка не пришла"),
    row("latin-1", letter("Mon colis n'est pas arrivé à Genève", charset="cp1252", label="iso-8859-1"), text="Mon colis n'est pas arrivé à Genève"),
    row("one broken sign is counted", letter("快递到了吗".encode() + b"\xe5\xbf" + " 谢谢".encode()), lost=1, text="快递到了吗\ufffd 谢谢\n［有 1 个字认不出］"),
    row("gb18030 cut within its last sign", letter(SAYS.encode("gb18030") + b"\xc4", label="gbk"), text=SAYS + "\ufffd\n［有 1 个字认不出］"),
    row("bytes that are no text", letter(bytes(range(128, 256)).replace(b"\xff", b"") * 8 + b"\xff" * 2000, label="utf-8"), unreadable="bad_charset"),
    row("NUL and controls", letter("快\x00递\x07没到"), text="快\x00递\x07没到"),
    row("emoji only", letter("😡😡😡"), text="😡😡😡"),
    row("right-to-left marks stay in the text", letter("件\u202e没到"), text="件\u202e没到"),
    # headers
    row("a subject in base64", letter(subject=word("催件")), subject="催件"),
    row("a subject in q", letter(subject="=?utf-8?Q?=E5=82=AC=E4=BB=B6_YT1?="), subject="催件 YT1"),
    row("a subject in gb2312", letter(subject=word("投诉快递员", "gb18030", "gb2312")), subject="投诉快递员"),
    row("two words join without a space", letter(subject=f"{word('快递')} {word('丢了')}"), subject="快递丢了"),
    row("a sign split between two words", letter(subject="=?utf-8?Q?=E5=BF=AB=E9?=\r\n =?utf-8?Q?=80=92?="), subject="快递"),
    row("base64 split anywhere", letter(subject=f"=?utf-8?B?{b64('快递丢了')[:6]}?= =?utf-8?B?{b64('快递丢了')[6:]}?="), subject="快递丢了"),
    row("a word over two lines", letter(subject=f"{word('我的快递')}\r\n {word('没收到')}"), subject="我的快递没收到"),
    row("bare gb18030 in the subject", letter(subject="快递破损".encode("gb18030")), subject="快递破损"),
    row("bare utf-8 in the subject", letter(subject="快递破损".encode()), subject="快递破损"),
    row("base64 without its end", letter(subject=f"=?utf-8?B?{b64('退回').rstrip('=')}?="), subject="退回"),
    row("a lying word", letter(subject=word("改地址", "gb18030", "utf-8")), subject="改地址"),
    row("an unknown charset in a word", letter(subject=word("改地址", "utf-8", "x-none")), subject="改地址"),
    row("a word with a language", letter(subject=f"=?utf-8*zh?B?{b64('改地址')}?="), subject="改地址"),
    row("a word that never ends", letter(subject="=?utf-8?B?5oiR55qE"), subject="=?utf-8?B?5oiR55qE"),
    row("a name in gbk", letter(sender=f"{word('王小明', 'gb18030', 'gbk')} <wang@qq.example>"), name="王小明", address="wang@qq.example"),
    row("a name in bare gbk", letter(sender="王小明".encode("gbk") + b" <wang@qq.example>"), name="王小明"),
    row("a quoted name in a word", letter(sender=f'"{word("王小明")}" <wang@qq.example>'), name="王小明"),
    row("no subject at all", head(**{"From": "a@b.example", "Message-ID": "<x@b.example>"}) + b"\r\nhi", text="hi", subject=""),
]  # fmt: skip
