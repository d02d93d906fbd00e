"""How words of the field get written: pinyin, dialect, homophones, slips. Rows of `meant=written|written;`"""

# pinyin and English, whole and by initials, as a keyboard leaves them standing
PINYIN = """
快递=kuaidi|kd; 快递员=kuaidiyuan; 包裹=baoguo; 物流=wuliu; 发货=fahuo; 到哪=daona; 到了=daole;
到哪了=daonale; 在哪=zaina; 在哪里=zainali; 什么时候=shenmeshihou; 什么=sheme|shenme; 几点=jidian;
几天=jitian; 明天=mingtian; 今天=jintian; 昨天=zuotian; 后天=houtian; 取件码=qujianma|qjm; 取件=qujian;
退款=tuikuan|refund; 退货=tuihuo; 退回=tuihui; 换货=huanhuo; 发票=fapiao|invoice; 地址=dizhi;
改地址=gaidizhi; 电话=dianhua; 投诉=tousu; 人工=rengong|rg|agent|human; 客服=kefu;
转人工=zhuanrengong|zrg; 谢谢=xiexie|xx|3q|thx|thanks|thank you; 你好=nihao|hello|hi|hey; 在吗=zaima;
在不在=zaibuzai; 赔偿=peichang; 赔=pei; 丢了=diule; 丢件=diujian; 没收到=meishoudao; 还没到=haimeidao;
收到=shoudao; 没到=meidao; 签收=qianshou; 驿站=yizhan; 菜鸟=caoniao|cainiao; 丰巢=fengchao; 拒收=jushou;
拦截=lanjie; 寄件=jijian; 运费=yunfei; 单号=danhao; 查单号=chadanhao; 订单=dingdan; 送货=songhuo;
送货上门=songhuoshangmen; 派送=paisong; 催一下=cuiyixia; 快点=kuaidian; 好了=haole; 可以=keyi;
为什么=weishenme; 怎么=zenme; 怎么办=zenmeban; 好的=ok|haode; 好=hao; 嗯=en; 再见=bye; 拜拜=baibai;
顺丰=sf; 圆通=yt|yto; 韵达=yd; 中通=zt|zto; 申通=sto; 京东=jd; ems=ems;
我的包裹在哪=where is my parcel|where is my package;
"""

# syllables that words of the field are joined with
SYLLABLES = """
我=wo; 你=ni; 的=de; 了=le; 吗=ma; 吧=ba; 呢=ne; 到=dao; 哪=na; 没=mei; 还=hai; 有=you; 不=bu; 要=yao;
送=song; 去=qu; 收=shou; 查=cha; 催=cui; 快=kuai; 递=di; 回=hui; 个=ge; 这=zhe; 是=shi; 在=zai; 和=he;
为=wei; 发=fa; 货=huo; 来=lai; 几=ji; 时间=shijian; 时候=shihou; 件=jian; 包=bao; 裹=guo; 转=zhuan;
人=ren; 工=gong; 叫=jiao; 给=gei; 打=da; 下=xia;
"""

# Cantonese and other dialect; homophones and slips
SPELLINGS = """
在哪=喺边度|系边度|喺边; 哪里=边度|哪儿; 谁=边个; 什么时候=几时|咩时候|啥时候|啥时|嘛时候;
为什么=点解|为森么; 怎么=点样|咋个|咋|肿么|怎莫; 做什么=做咩; 什么=咩|啥子|啥|么子|神马|什莫|什吗|甚么;
还没=仲未|仲冇; 没到=未到; 没收到=收唔到; 没收到货=收不到货; 找不到=搵唔到|揾唔到|搵不到;
没有=冇|莫得|木有|米有; 谢谢=唔该; 不=唔; 的=嘅|哒; 了=咗; 在=喺; 现在=而家|依家; 明天=听日;
昨天=寻日|琴日; 他=佢; 给=俾|畀; 来=嚟; 是不是=系咪; 东西=嘢; 些=啲; 找=搵; 拿=攞; 这么=咁; 我=俺;
你=恁|侬|祢|妳|您; 这个=介个; 我们=阿拉; 知道=晓得; 这样=酱紫; 快递=块递|快第|快弟|快地|筷递;
快递员=快递圆|快递原|快递园; 包裹=包果|包过|包锅; 邮件=邮见; 发货=发或|法货; 发货了吗=发火了吗;
怎么不发货=怎么不发火; 货物=货雾; 物流=物溜|务流|物留; 签收=签售|千收|签手; 取件码=取件马|去件码;
驿站=驿战|译站|役站|义站|易站|蚁站; 丰巢=丰朝|蜂巢|风巢|丰潮; 菜鸟驿站=菜鸟译站;
拦截=拦接|栏截|兰截|拦节; 拒收=拒首|巨收|拒受|句收; 退款=退宽|腿款|退快|推款; 赔偿=陪偿|培偿|赔尝|赔常;
赔付=陪付; 理赔=理陪; 破损=破孙|波损; 投诉=投素|头诉|投述|投拆; 人工=仁工|人功; 转人工=转人共|转人公;
客服=客福; 客服人员=克服人员; 发票=发漂|发飘|法票|发标; 运单=运蛋; 单号=单浩|丹号;
地址=地只|地止|地纸|低址; 派送=派宋|派松; 配送=配宋; 催一下=催以下|催一哈; 查一下=查以下;
上门=上们|商门; 电话=电华; 揽收=揽手|缆收; 寄件=寄建|寄见; 邮寄=邮计; 丢了=丢拉; 少发=少法; 漏发=漏法;
错发=错法; 优惠券=优惠卷; 领券=领卷; 用券=用卷; 券=劵; 账=帐; 哪里了=那里了; 到哪了=到那了;
到哪里=到那儿; 在哪里=在那里; 没的=木的; 没=沒; 么=麽; 亲=亲亲; 啊=吖;
"""


def read(table: str) -> dict[str, str]:
    """What is written → what is meant."""
    entries = (entry.strip().partition("=") for entry in table.replace("\n", " ").split(";") if entry.strip())
    return {written: meant for meant, _, ways in entries for written in ways.split("|")}
