"""Slips as a reader of photos gives them: labelled or not, in either order, badly read telephones kept."""

import pytest

from yishi.assistant.rules.slips import Slip, SlipParty, read_slip

HOME = "江苏省南京市江宁区东山街道翠屏山花园12栋1203室"
SHOP = "浙江省杭州市余杭区仓前街道文一西路969号"


@pytest.mark.parametrize(
    "text",
    [
        f"快递寄件单\n寄件人：赵云\n电话：19900000099\n地址：{SHOP}\n"
        f"收件人：王女士\n电话：1990000000\n地址：{HOME}\n物品：大闸蟹\n声明价值：300",
        f"收件人:王女士 电话:1990000000\n地址:{HOME}\n寄件人:赵云 电话:19900000099\n地址:{SHOP}\n"
        "物品名称:大闸蟹 \n保价金额 300",
        f"寄件信息\n姓名：赵云\n手机：199 0000 0099\n详细地址：{SHOP}\n收件信息\n"
        "姓名：王女士\n手机：1990000000\n"
        "详细地址：江苏省南京市江宁区东山街道\n翠屏山花园12栋1203室\n内件：大闸蟹\n价值 300元",
    ],
)
def test_both_people_are_read(text):
    assert read_slip(text) == Slip(
        SlipParty("赵云", "19900000099", SHOP), SlipParty("王女士", "1990000000", HOME), "大闸蟹", "300"
    )


def test_one_block_without_labels_is_the_receivers():
    found = read_slip(f"王小明\n19900000001\n{HOME}")
    assert found.receiver == SlipParty("王小明", "19900000001", HOME) and found.sender == SlipParty()


@pytest.mark.parametrize("phone", ["199000000012", "1990000O001", "025-00000101"])
def test_a_telephone_is_kept_as_it_was_read(phone):
    assert read_slip(f"收件人：王女士\n电话：{phone}\n地址：{HOME}").receiver.phone == phone


@pytest.mark.parametrize("text", ["", "\n\n", "····", "欢迎光临", "1\n2\n3"])
def test_nothing_is_read_out_of_nothing(text):
    found = read_slip(text)
    assert (found.sender, found.receiver.phone, found.receiver.address) == (SlipParty(), "", "")
