"""One way of writing for what people type: full width, traditional signs and capitals, sign for sign. Pure.

The folded text is as long as the original, so that a place found in it is the place in the original.
"""

_TRADITIONAL = (
    "寧宁郵邮準准洩泄來来個个們们會会這这過过還还沒没時时間间後后點点鐘钟號号禮礼週周劃划兩两樓楼門门開开關关區区縣县鄉乡鎮镇東东廣广貨货電电話话單单運运費费錢钱賠赔償偿訴诉態态壞坏"
    "濕湿丟丢錯错遲迟員员驛驿櫃柜務务應应該该請请謝谢馬马麼么嗎吗為为從从對对與与並并給给讓让說说誰谁將将實实際际簽签領领隱隐護护資资訊讯報报監监體体記记聞闻師师傷伤"
    "殺杀車车氣气爛烂騙骗罵骂髒脏惡恶極极滿满換换碼码買买賣卖發发轉转遞递達达遠远進进剛刚現现樣样種种無无萬万億亿塊块漲涨歲岁雙双緊紧約约處处繫系絡络聯联經经驗验傳传"
    "國国節节慶庆陽阳龍龙鳳凤華华劉刘張张陳陈楊杨趙赵孫孙許许鄧邓馮冯葉叶鄭郑蘇苏盧卢鍾钟譚谭韋韦賈贾鄒邹閆闫閻阎賀贺顧顾龔龚嚴严湯汤魯鲁習习婦妇產产醫医藥药術术試试"
    "機机鮮鲜聽听晝昼灣湾條条邊边兒儿飯饭蘭兰倉仓庫库紙纸壓压損损責责復复確确認认證证協协議议視视網网頭头臉脸瘋疯殘残貴贵預预備备註注動动寶宝質质讚赞權权檢检測测棄弃"
    "熱热誠诚訂订"
)
_PLAIN: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{code: chr(code + 0x20) for code in range(0x41, 0x5B)},
    **{code: chr(code - 0xFEE0 + 0x20) for code in range(0xFF21, 0xFF3B)},
    **{ord(old): new for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)},
    **dict.fromkeys((0x3000, 0xA0, 0x200B, 0xFEFF), " "),
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), "-"),
    ord("、"): ",",
    ord("。"): ".",
    ord("～"): "~",
    ord("〇"): "零",
    ord("“"): '"',
    ord("”"): '"',
}


def folded(text: str) -> str:
    """The text in plain signs and small letters, as long as it was."""
    return text.translate(_PLAIN)
