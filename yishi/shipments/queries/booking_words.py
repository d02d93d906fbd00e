"""What marks, kinds of goods, steps of packing and reasons are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

Text = str | Promise

FAULTS: Mapping[str, Text] = {
    "name_missing": _("没有姓名：问一下叫什么"),
    "name_doubtful": _("姓名像是没写全：对一下是不是这个名字"),
    "phone_missing": _("没有电话：问一个打得通的"),
    "phone_short": _("手机号不够 11 位：少了哪一位"),
    "phone_long": _("手机号多于 11 位：哪一位是多的"),
    "phone_letters": _("电话里有字母：是 0 还是 O、是 1 还是 l，对一下"),
    "phone_doubtful": _("不像电话号码：念一遍对一下"),
    "phone_no_area": _("座机少了区号：是哪个城市的"),
    "address_missing": _("没有地址：寄到哪里"),
    "city_missing": _("没写哪个市：省和市是什么"),
    "district_missing": _("没写区或县：是哪个区"),
    "house_no_missing": _("没有门牌号：几号"),
    "building_missing": _("没有楼栋：哪一栋"),
    "unit_missing": _("没有单元：几单元？这栋不分单元就不用填"),
    "floor_missing": _("没有楼层：几楼"),
    "room_missing": _("没有房号：几室"),
    "goods_missing": _("没写寄什么：里面是什么"),
    "goods_unknown": _("看不出是什么：打开看一眼"),
    "forbidden": _("%s，不收"),
    "not_served": _("%s现在不到"),
    "bad_waybill_no": _("运单号不对"),
    "bad_amount": _("金额不对"),
    "too_long": _("太长了"),
    "twice_in_file": _("和第 %s 行重复"),
    "booked_already": _("这个订单号已经登记过"),
    "waybill_taken": _("这个运单号已经是别的件"),
}
KINDS: Mapping[str, Text] = {
    "EXPLOSIVE": _("烟花爆竹"),
    "FLAMMABLE": _("易燃品"),
    "AEROSOL": _("压力罐、喷雾、香水"),
    "WEAPON": _("枪支、管制器具"),
    "POISON": _("毒品、有毒品"),
    "LIVE_ANIMAL": _("活的动物"),
    "CASH": _("现金、有价证券"),
    "BATTERY": _("电池、充电宝"),
    "TOBACCO": _("烟"),
    "MEDICINE": _("药品"),
    "POWDER": _("粉末"),
    "LIQUID": _("液体、酒"),
    "COSMETICS": _("化妆品"),
    "FRESH": _("生鲜、海鲜"),
    "FRUIT": _("水果"),
    "CAKE": _("蛋糕甜品"),
    "FLOWERS": _("鲜花"),
    "PLANT": _("绿植、种子"),
    "GLASS": _("玻璃、陶瓷"),
    "ELECTRONICS": _("电子产品（内有电池）"),
    "VALUABLE": _("贵重物品"),
    "IDENTITY": _("证件、印章"),
    "DOCUMENTS": _("文件"),
    "BOOKS": _("图书"),
    "CLOTHING": _("衣物"),
    "FOOD": _("食品"),
    "TOYS": _("玩具"),
    "HOUSEHOLD": _("日用品"),
}
STEPS: Mapping[str, Text] = {
    "FOAM_BOX": _("泡沫箱，盖缝用胶带封住"),
    "ICE": _("冰袋放上下两层，先用塑料袋套好"),
    "LEAK_BAG": _("里面再套一层防漏袋"),
    "BEFORE_WEEKEND": _("尽量周一到周四寄，不赶周末"),
    "NET_EACH": _("每个套网套，别让它们碰在一起"),
    "AIR_HOLES": _("箱子留透气孔"),
    "FILL": _("空的地方填满，摇一摇不响"),
    "NOT_OVER_RIPE": _("挑七八成熟的，坏的拿出来"),
    "FIX_BASE": _("底托固定在箱底"),
    "UPRIGHT": _("箱外写“向上”"),
    "WET_STEMS": _("花枝包湿棉，外面套袋"),
    "BOX_LONG": _("用够长的箱子，枝叶不折"),
    "WRAP_ROOTS": _("根带土包好，不漏土"),
    "WRAP_EACH": _("每一件单独裹气泡膜"),
    "DOUBLE_BOX": _("套两层箱，两层之间填满"),
    "FRAGILE_MARK": _("箱外贴“易碎”"),
    "BATTERY_OFF": _("关机，电量留一半以下"),
    "BATTERY_APART": _("电极用胶带贴住，每块分开装"),
    "BOX_HARD": _("用硬纸箱，不用袋子"),
    "SEAL_BAG": _("瓶口拧紧贴住，套密封袋"),
    "ABSORB": _("袋里垫吸水纸"),
    "NO_OUTSIDE_WORD": _("箱外不写里面是什么"),
    "CARD_BOARD": _("夹硬纸板，不折"),
    "WATERPROOF": _("里面套一层防水袋"),
}
REASONS: Mapping[str, Text] = {
    "explodes": _("会爆炸"),
    "burns": _("会着火"),
    "under_pressure": _("里面有压力，受热会爆，也易燃"),
    "weapon": _("伤人的器具"),
    "poison": _("有毒"),
    "alive": _("路上活不了，也没有检疫"),
    "cash": _("丢了没法证明数目"),
    "battery": _("电池短路会着火：只收包好、没坏的，走哪种运输问网点"),
    "battery_inside": _("里面有电池：打开看电池没有鼓、没有坏"),
    "tobacco": _("有限量：问清楚多少，按网点的规定"),
    "medicine": _("看是不是正规药、有没有包装和说明"),
    "powder": _("看清楚是什么粉，包装有没有字"),
    "liquid": _("看清楚是什么、会不会漏、会不会燃"),
    "cosmetics": _("看有没有喷雾和易燃的"),
    "plant": _("看有没有土和虫，有的地方要检疫证"),
    "valuable": _("当面点清、拍照，建议保价"),
    "identity": _("当面看清是谁的，建议用文件封"),
}
LAWS: Mapping[str, Text] = {
    "insured_or_civil_law": _("丢失、损毁、内件短少：保了价按保价规则赔，没保价按民法赔"),
    "zhejiang_out_of_area": _("浙江：超出服务范围的不得收；要加收费用的，收的时候就说"),
}


def fault_words(code: str) -> str:
    """A mark in words; behind a colon stands what it is about."""
    name, _sign, about = code.partition(":")
    words = str(FAULTS.get(name, name))
    return words % _now(str(KINDS.get(about, about))) if "%s" in words else words


def kind_words(key: str, own: Mapping[str, str]) -> str:
    """What a kind of goods is called; the operator's own name first."""
    return own.get(key) or str(KINDS.get(key, key))
