"""The sample operator: an invented company that runs outlets of two brands in Nanjing and Suzhou."""

from dataclasses import dataclass

OPERATOR_NAME = "金陵驿达快运（示例）"


@dataclass(frozen=True)
class SampleOutlet:
    """`number` is what both brands call it, each with its own first digits."""

    code: str
    name: str
    city: str
    district: str
    address: str
    phone: str
    number: str


@dataclass(frozen=True)
class SampleStation:
    code: str
    outlet: str
    kind: str
    name: str
    address: str
    phone: str


CARRIERS = {"yuantong": "圆通速递", "zhongtong": "中通快递"}
_PREFIX = {"yuantong": "025", "zhongtong": "258"}

OUTLETS = (
    SampleOutlet("NJ-DS", "南京江宁东山网点", "南京市", "江宁区", "上元示例路 18 号", "025-00000101", "101"),
    SampleOutlet(
        "NJ-BJH", "南京江宁百家湖网点", "南京市", "江宁区", "双龙示例道 66 号", "025-00000102", "102"
    ),
    SampleOutlet("NJ-XL", "南京栖霞仙林网点", "南京市", "栖霞区", "文苑示例路 9 号", "025-00000103", "103"),
    SampleOutlet("NJ-HX", "南京建邺河西网点", "南京市", "建邺区", "江东示例路 210 号", "025-00000104", "104"),
    SampleOutlet("NJ-PK", "南京浦口江浦网点", "南京市", "浦口区", "文德示例路 35 号", "025-00000105", "105"),
    SampleOutlet("NJ-GL", "南京鼓楼龙江网点", "南京市", "鼓楼区", "清凉门示例街 7 号", "025-00000106", "106"),
    SampleOutlet(
        "SZ-YQ", "苏州园区湖东网点", "苏州市", "工业园区", "星湖示例街 88 号", "0512-0000107", "107"
    ),
    SampleOutlet("SZ-WZ", "苏州吴中越溪网点", "苏州市", "吴中区", "吴中示例路 52 号", "0512-0000108", "108"),
)

STATIONS = (
    SampleStation("ST-DS01", "NJ-DS", "STATION", "东山翠屏示例驿站", "翠屏示例苑 3 幢", "025-00000201"),
    SampleStation("ST-XL01", "NJ-XL", "STATION", "仙林大学城示例驿站", "文澜示例路 5 号", "025-00000202"),
    SampleStation("ST-HX01", "NJ-HX", "AGENT", "河西便民超市代收点", "奥体示例街 12 号", "025-00000203"),
    SampleStation("ST-YQ01", "SZ-YQ", "STATION", "湖东邻里示例驿站", "邻瑞示例广场 1 楼", "0512-0000204"),
)

MERCHANTS = (
    ("M-CHA", "云雾示例茶庄", "NJ-HX", "茶叶"),
    ("M-SHU", "拾光示例书店", "NJ-GL", "图书"),
    ("M-YI", "江南示例服饰", "SZ-YQ", "服装"),
)

GOODS = ("衣服", "书", "茶叶", "小家电", "食品", "日用品", "化妆品", "玩具", "手机壳", "鞋子")
ORIGINS = (
    ("广州市", "广州转运中心"),
    ("杭州市", "杭州转运中心"),
    ("义乌市", "义乌转运中心"),
    ("上海市", "上海转运中心"),
    ("成都市", "成都转运中心"),
    ("武汉市", "武汉转运中心"),
    ("北京市", "北京转运中心"),
    ("泉州市", "泉州转运中心"),
)
HUBS = {"南京市": "南京转运中心", "苏州市": "苏州转运中心"}
COURIERS = 60


def brand_code(carrier: str, outlet: SampleOutlet) -> str:
    """What a brand calls the outlet in its scans."""
    return f"{_PREFIX[carrier]}{outlet.number}"


def outlet_of_courier(courier: int) -> SampleOutlet:
    """Couriers 0 to 59 are dealt round the outlets."""
    return OUTLETS[courier % len(OUTLETS)]


def courier_number(carrier: str, courier: int) -> str:
    """What a brand calls the courier."""
    return f"{_PREFIX[carrier]}{courier:04}"
