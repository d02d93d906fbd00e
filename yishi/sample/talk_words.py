"""What is said in the sample's conversations: all written for it. `{no}` is the parcel's number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Talk:
    """A talk on our page. A line is (who, minutes after the one before, text): P the person, A an agent; the
    assistant answers by itself. `hours` before now it began; `is_over`: somebody ended it."""

    hours: float
    lines: tuple[tuple[str, float, str], ...]
    is_over: bool = True


TALKS = (
    Talk(246.3, (("P", 0, "帮我看看 {no} 到哪了"), ("P", 2, "好的谢谢"))),
    Talk(219.7, (("P", 0, "{no} 今天能送到吗，家里等着用"), ("P", 1.5, "知道了"))),
    Talk(197.2, (("P", 0, "你们周日送不送"),)),
    Talk(
        171.6,
        (
            ("P", 0, "{no} 显示签收了 我没拿到啊"),
            ("P", 1, "转人工"),
            ("A", 6, "您好，我是网点客服，正在联系签收的快递员，半小时内给您回话。"),
            ("P", 3, "好 我等着"),
            ("A", 24, "找到了，快递员放在了物业前台，写的是您的名字，麻烦您去看一下。"),
            ("P", 12, "拿到了 下次打个电话行不"),
            ("A", 2, "一定，给您登记了派件前电话。"),
        ),
    ),
    Talk(148.9, (("P", 0, "寄一箱书到成都，大概十公斤多少钱"), ("P", 2, "嗯，我再想想"))),
    Talk(124.4, (("P", 0, "取件码没收到，单号 {no}"), ("P", 3, "算了我去店里问"))),
    Talk(
        100.8,
        (
            ("P", 0, "快递员电话里那个态度，问一句就挂，你们管不管"),
            ("P", 1, "我要投诉，找个人来说"),
            ("A", 9, "很抱歉让您遇到这样的事。我把通话时间记下了，负责人今天给您回电。"),
            ("P", 4, "行，下午三点以后打"),
        ),
    ),
    Talk(95.5, (("P", 0, "物流两天没动了 {no}"), ("P", 2, "那明天呢"))),
    Talk(75.9, (("P", 0, "👍👍"),)),
    Talk(74.2, (("P", 0, "kuaidi dao le ma"), ("P", 1, "{no}"))),
    Talk(52.7, (("P", 0, "唔該幫我睇下 {no} 幾時到"),)),
    Talk(49.8, (("P", 0, "{no} 送货上门，别放柜子，老人腿脚不好"), ("P", 1, "对"))),
    Talk(
        28.6,
        (
            ("P", 0, "箱子破了个洞，里面的碗碎了两个，怎么赔"),
            ("P", 2, "{no}，转人工吧"),
            ("A", 7, "您好，麻烦拍一下外箱和碎的地方，外包装先别扔，我给您登记理赔。"),
            ("P", 5, "拍好了，一会儿传"),
        ),
    ),
    Talk(26.1, (("P", 0, "营业时间到几点，我下班过去拿"), ("P", 1, "好"))),
    Talk(7, (("P", 0, "{no} 放前台就行，我在开会"),)),
    Talk(
        1.2,
        (
            ("P", 0, "{no} 一直显示派送中，从早上到现在了"),
            ("P", 1, "人工"),
            ("A", 5, "您好，快递员还有三十几件，预计六点前到您那里。"),
        ),
        is_over=False,
    ),
    Talk(0.35, (("P", 0, "有人吗，{no} 能不能改到公司去"), ("P", 1, "找客服")), is_over=False),
    Talk(0.12, (("P", 0, "快递丢了吧？？一个星期了 {no}"), ("P", 1, "叫人来")), is_over=False),
)

# (hours before now, text): what staff note of a call on a mobile, or of somebody at the counter
NOTED = (
    (52, "PHONE", "问 {no} 怎么还没到，告诉她在转运中心，明天到。"),
    (29, "WALK_IN", "来店里取件，取件码忘了，核对电话后四位，已取走。"),
    (5, "PHONE", "要求改送到父母家，地址等他发短信过来。"),
)

# (hours before now, seconds that it rang, seconds that was spoken); no seconds spoken: nobody took it
CALLS: tuple[tuple[float, int, int], ...] = (
    (123, 8, 95),
    (99, 14, 210),
    (76, 26, 64),
    (75.5, 41, 130),
    (51, 6, 48),
    (28, 19, 305),
    (4, 35, 0),
    (3, 11, 77),
    (0.6, 30, 0),
)

# (hours before now, text)
SHORT_MESSAGES = (
    (45, "我的快递到了吗 {no}"),
    (20, "放门口鞋柜上就行"),
    (2.5, "取件码发我一下"),
)
WECHAT = (
    (31, "你好 我的件卡在转运中心了"),
    (6, "{no} 帮催一下"),
    (0.3, "在吗"),
)
LETTERS = (
    (40, "发票抬头开错了", "上周寄的三件，发票抬头少了“有限”两个字，麻烦重开一张。"),
    (27.4, "Parcel {no}", "Hello, could you tell me when this parcel will arrive? Thank you."),
)
