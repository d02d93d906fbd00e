"""What is in the parcel, as people name it. A short list of what is sent most, and 里面是…. Pure."""

import re

_GOODS = (
    "手机壳 手机 电脑 笔记本 平板 耳机 充电宝 充电器 数据线 显示器 键盘 鼠标 相机 手表 手环 音箱 路由器"
    " 电视 冰箱 洗衣机 空调 微波炉 电饭煲 吹风机 剃须刀"
    " 衣服 裤子 裙子 外套 羽绒服 鞋子 鞋 袜子 帽子 围巾 内衣 包包 书包 行李箱 首饰 项链 戒指 眼镜 护肤品"
    " 化妆品 口红 面膜 香水 洗发水 洗衣液 牙膏 纸巾 尿不湿 奶粉 奶瓶 玩具 积木"
    " 药品 中药 口罩 保健品 眼药水 胰岛素 疫苗 书籍 教材 课本 试卷 文件 合同 证件 身份证 护照 银行卡 发票"
    " 准考证 毕业证 通知书 标书 请柬 照片"
    " 水果 苹果 橙子 桃子 樱桃 草莓 荔枝 芒果 车厘子 蔬菜 牛奶 鸡蛋 海鲜 大闸蟹 螃蟹 虾 牛肉 羊肉 茶叶 白酒"
    " 红酒 蛋糕 月饼 零食 大米 食用油 蜂蜜 特产 生鲜"
    " 家具 沙发 床垫 桌子 椅子 柜子 灯具 窗帘 被子 枕头 四件套 玻璃杯 杯子 碗 锅 花瓶 陶瓷 鱼缸 工具 轮胎"
    " 配件 绿植 鲜花 猫粮 狗粮 猫砂"
)
_LIST = re.compile("|".join(map(re.escape, sorted(_GOODS.split(), key=len, reverse=True))))
# 快递柜子, 手机号, 身份证号, 发票 asked for, 文件柜
_NOT_IT = re.compile(
    r"手机(?:后四位|尾数|号|尾号|上|APP|app|淘宝)|柜子(?=里|上|打不开|满)|身份证(?:号|后)|(?:快递"
    r"|自提|丰巢|的|放|开)柜子|配件站|鞋[柜架]|[甩背]锅|书籍?架"
)
_TOLD = re.compile(
    r"(?:里面|里头|箱子里|包裹里)(?:装的?|放的?)?(?:是|有)(?:一?[个件瓶盒箱包本些]"
    r"|[一二两三四五六七八九十\d]+[个件瓶盒箱包本])?(?P<goods>[\u4e00-\u9fff]{1,8}?)(?=[,.!;?\s]|$|很|易|不|都|请|要)"
)


def goods_in(plain: str) -> list[tuple[str, tuple[int, int], float]]:
    """The goods named in a folded text: word, place, certainty."""
    found = [(told["goods"], told.span("goods"), 0.8) for told in _TOLD.finditer(plain)]
    barred = [each.span() for each in _NOT_IT.finditer(plain)]
    for each in _LIST.finditer(plain):
        spans = [*barred, *(span for _, span, _ in found)]
        if not any(begin < each.end() and each.start() < end for begin, end in spans):
            found.append((each[0], each.span(), 0.7))
    return found
