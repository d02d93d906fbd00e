"""The kinds of goods as we know them: our advice as data, which the operator changes on the page of goods."""

from dataclasses import dataclass

OK, CHECK, RESTRICTED, FORBIDDEN = "OK", "CHECK", "RESTRICTED", "FORBIDDEN"
VERDICTS = (OK, CHECK, RESTRICTED, FORBIDDEN)
"""Takes it; opens and looks first; only as the reason says; refuses it."""


@dataclass(frozen=True)
class GoodsKind:
    """One kind of goods; `words` tell it, `but` are words that contain one of them and mean something else.

    `own_steps` and `own_reason` are the operator's own text, instead of ours. `source` is where his rule
    stands; '' means that it is our advice.
    """

    key: str
    words: tuple[str, ...]
    verdict: str = OK
    steps: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    needs_ice: bool = False
    is_fragile: bool = False
    best_before_hours: int | None = None
    reason: str = ""
    own_steps: tuple[str, ...] = ()
    own_reason: str = ""
    source: str = ""


def _words(said: str) -> tuple[str, ...]:
    return tuple(said.split())


DEFAULTS: tuple[GoodsKind, ...] = (
    GoodsKind(
        "EXPLOSIVE", _words("烟花 鞭炮 爆竹 火药 雷管 炸药 礼花弹 仙女棒 摔炮"), FORBIDDEN, reason="explodes"
    ),
    GoodsKind(
        "FLAMMABLE",
        _words("打火机 汽油 柴油 煤油 酒精 油漆 香蕉水 天那水 松香水 固体酒精 火柴 丁烷 煤气罐 液化气"),
        FORBIDDEN,
        but=_words("酒精检测 酒精测试 无酒精 不含酒精 酒精度 打火机壳"),
        reason="burns",
    ),
    GoodsKind(
        "AEROSOL",
        _words("喷雾 发胶 摩丝 杀虫剂 自喷漆 香水 指甲油 气雾 卸甲水"),
        FORBIDDEN,
        but=_words("喷雾器 喷雾瓶 空香水瓶 香水座 喷雾机"),
        reason="under_pressure",
    ),
    GoodsKind(
        "WEAPON",
        _words("枪支 手枪 子弹 弹药 管制刀具 匕首 弩 电击器 催泪 仿真枪 气枪"),
        FORBIDDEN,
        reason="weapon",
    ),
    GoodsKind(
        "POISON",
        _words("毒品 大麻 剧毒 农药 老鼠药 灭鼠药 硫酸 盐酸 氰化 水银"),
        FORBIDDEN,
        but=_words("农药残留 无农药"),
        reason="poison",
    ),
    GoodsKind(
        "LIVE_ANIMAL",
        _words("活体 活鸡 活鸭 活兔 小狗 小猫 宠物狗 宠物猫 仓鼠 乌龟 鹦鹉 活鸟 活蛇"),
        FORBIDDEN,
        but=_words("小狗玩具 小猫玩具 玩偶 毛绒 猫粮 狗粮 贴纸"),
        reason="alive",
    ),
    GoodsKind("CASH", _words("现金 人民币 钞票 外币 有价证券"), FORBIDDEN, reason="cash"),
    GoodsKind(
        "BATTERY",
        _words("充电宝 锂电池 移动电源 蓄电池 电瓶 平衡车 电动车电池 电池"),
        RESTRICTED,
        ("BATTERY_OFF", "BATTERY_APART", "BOX_HARD"),
        but=_words("电池盒 电池扣 电池盖 干电池"),
        reason="battery",
    ),
    GoodsKind(
        "TOBACCO", _words("香烟 卷烟 烟草 电子烟 烟弹 烟丝"), RESTRICTED, ("BOX_HARD",), reason="tobacco"
    ),
    GoodsKind(
        "MEDICINE",
        _words("药品 处方药 中药 西药 胶囊 药片 口服液 疫苗 感冒药 降压药"),
        CHECK,
        ("SEAL_BAG", "BOX_HARD"),
        but=_words("胶囊咖啡 咖啡胶囊"),
        reason="medicine",
    ),
    GoodsKind(
        "POWDER",
        _words("粉末 面粉 奶粉 蛋白粉 染料 石膏粉 滑石粉 洗衣粉 藕粉"),
        CHECK,
        ("SEAL_BAG", "BOX_HARD"),
        but=_words("粉末冶金"),
        reason="powder",
    ),
    GoodsKind(
        "LIQUID",
        _words("液体 白酒 红酒 黄酒 啤酒 葡萄酒 饮料 食用油 菜油 酱油 蜂蜜 洗衣液 洗发水 沐浴露 墨水 酒"),
        CHECK,
        ("SEAL_BAG", "ABSORB", "WRAP_EACH", "UPRIGHT"),
        but=_words("酒精 酒杯 酒柜 酒架 开酒器 酒店 空酒瓶 酒吧"),
        is_fragile=True,
        reason="liquid",
    ),
    GoodsKind(
        "COSMETICS",
        _words("化妆品 护肤 面霜 口红 精华 乳液 面膜 粉底 防晒霜"),
        CHECK,
        ("SEAL_BAG", "WRAP_EACH"),
        reason="cosmetics",
    ),
    GoodsKind(
        "FRESH",
        _words(
            "海鲜 生鲜 大闸蟹 螃蟹 小龙虾 虾 带鱼 黄鱼 三文鱼 鲜鱼 鱼肉 贝 牡蛎 生蚝 鲍鱼 冻品 冷冻 冷藏"
            " 牛排 鲜肉 牛肉 羊肉 猪肉 鸡肉 粽子 水饺 鲜奶"
        ),
        OK,
        ("FOAM_BOX", "ICE", "LEAK_BAG", "BEFORE_WEEKEND"),
        but=_words("宝贝 贝壳 牛肉干 猪肉脯 虾片 贝雷帽 鲍鱼罐头 虾皮 虾米"),
        needs_ice=True,
        best_before_hours=48,
    ),
    GoodsKind(
        "FRUIT",
        _words(
            "水果 苹果 梨 桃 杨梅 草莓 葡萄 樱桃 车厘子 荔枝 芒果 橙 橘 柚 西瓜 榴莲 枇杷 猕猴桃 蓝莓 石榴"
        ),
        OK,
        ("NET_EACH", "AIR_HOLES", "FILL", "NOT_OVER_RIPE"),
        but=_words("苹果手机 苹果电脑 苹果笔记本 苹果平板 苹果耳机 葡萄酒 桃木 梨木 黑莓 水果刀 橙色"),
        best_before_hours=72,
    ),
    GoodsKind(
        "CAKE",
        _words("蛋糕 甜品 慕斯 奶油 面包 泡芙"),
        OK,
        ("FOAM_BOX", "ICE", "FIX_BASE", "UPRIGHT"),
        but=_words("蛋糕模具 蛋糕盒 奶油色 面包机 蛋糕裙"),
        needs_ice=True,
        is_fragile=True,
        best_before_hours=24,
    ),
    GoodsKind(
        "FLOWERS",
        _words("鲜花 花束 鲜切花 玫瑰 百合 康乃馨"),
        OK,
        ("WET_STEMS", "BOX_LONG", "AIR_HOLES"),
        but=_words("玫瑰金 玫瑰茶 玫瑰精油 永生花 百合干 仿真"),
        best_before_hours=48,
    ),
    GoodsKind(
        "PLANT",
        _words("绿植 盆栽 苗木 树苗 多肉 花苗 绿萝 种子"),
        CHECK,
        ("WRAP_ROOTS", "BOX_LONG", "AIR_HOLES"),
        but=_words("仿真绿植 假绿植"),
        reason="plant",
        best_before_hours=96,
    ),
    GoodsKind(
        "GLASS",
        _words("玻璃 陶瓷 瓷器 花瓶 茶具 酒杯 水杯 碗 盘子 镜子 灯具 台灯 紫砂"),
        OK,
        ("WRAP_EACH", "DOUBLE_BOX", "FILL", "FRAGILE_MARK"),
        but=_words("玻璃胶 玻璃水 钢化膜 玻璃膜 不锈钢碗 保温杯 塑料碗 纸碗"),
        is_fragile=True,
    ),
    GoodsKind(
        "ELECTRONICS",
        _words("手机 电脑 笔记本 平板 耳机 相机 音箱 手表 键盘 显示器 电器 无人机 游戏机"),
        RESTRICTED,
        ("BATTERY_OFF", "WRAP_EACH", "DOUBLE_BOX", "FILL"),
        but=_words("手机壳 手机膜 手机支架 电脑包 电脑桌 笔记本子 纸质笔记本 平板支架 机械手表 耳机套"),
        is_fragile=True,
        reason="battery_inside",
    ),
    GoodsKind(
        "VALUABLE",
        _words("黄金 首饰 珠宝 钻石 翡翠 玉器 项链 名表 古董 字画"),
        CHECK,
        ("WRAP_EACH", "DOUBLE_BOX", "NO_OUTSIDE_WORD"),
        but=_words("黄金叶 首饰盒 黄金糕"),
        is_fragile=True,
        reason="valuable",
    ),
    GoodsKind(
        "IDENTITY",
        _words("身份证 护照 驾驶证 户口本 银行卡 公章 印章"),
        CHECK,
        ("CARD_BOARD", "NO_OUTSIDE_WORD"),
        but=_words("身份证套 护照夹"),
        reason="identity",
    ),
    GoodsKind("DOCUMENTS", _words("文件 合同 资料 发票 标书 证书 图纸 信件"), OK, ("CARD_BOARD",)),
    GoodsKind(
        "BOOKS",
        _words("图书 书籍 书本 教材 课本 绘本 字帖 书"),
        OK,
        ("WATERPROOF", "FILL"),
        but=_words("证书 标书 书包 书柜 书架 书桌 秘书"),
    ),
    GoodsKind(
        "CLOTHING",
        _words("衣服 服装 毛衣 羽绒服 外套 裤子 裙 鞋 袜 帽 被子 床单 围巾 T恤 蚕丝被"),
        OK,
        ("WATERPROOF",),
        but=_words("蛋糕裙"),
    ),
    GoodsKind(
        "FOOD",
        _words("零食 饼干 坚果 茶叶 特产 干货 牛肉干 月饼 糖果 罐头 腊肉 咖啡"),
        OK,
        ("SEAL_BAG", "BOX_HARD"),
    ),
    GoodsKind("TOYS", _words("玩具 玩偶 积木 手办 毛绒"), OK, ("BOX_HARD", "FILL"), but=_words("电动玩具")),
    GoodsKind(
        "HOUSEHOLD", _words("日用品 毛巾 纸巾 收纳 厨具 工具 五金 配件 家居"), OK, ("BOX_HARD", "FILL")
    ),
)
