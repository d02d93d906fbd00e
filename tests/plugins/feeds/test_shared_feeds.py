"""Every file of the domain's feeds goes through its plug-in, in place; a new one fails until it is listed."""

import pytest

from tests.plugins.feeds.reading import SHARED, needs_domain, read

FEEDS = SHARED / "feeds"

# file → plug-in, kinds of its events in order, text of the first, refusals
PUSHES = {
    "kuaidi100-4-callback-push.json": (
        "kuaidi100",
        ["stored_at_pickup_point", "out_for_delivery"],
        "快件已投递至驿站",
        0,
    ),
    "kdniao-1-track.json": (
        "kdniao",
        [
            "accepted",
            "arrived_hub",
            "in_transit",
            "arrived_hub",
            "in_transit",
            "arrived_hub",
            "in_transit",
            "in_transit",
            "out_for_delivery",
            "unknown",
            "delivered",
        ],
        "【MKT-山东恒伊项目】已揽收",
        0,
    ),
    "kdniao-3-push-102.json": ("kdniao", ["stored_at_pickup_point"], "快件已被丰巢代收", 0),
    "sf-1-routepush-form.txt": ("sf", ["accepted", "accepted"], "顺丰速运 已收取快件", 0),
    "sf-1-routepush.xml": ("sf", ["accepted", "accepted"], "顺丰速运 已收取快件", 0),
    "sf-2-routepush-json.json": ("sf", ["delivered"], "您的快件已签收", 0),
    "yunda-1-push-or-query.json": ("yunda", ["accepted"], "华中东西湖区公司 已揽收", 0),
    "wechat-1-ewaybill_push_path.json": ("wechat", ["delivered"], "您的快件已签收", 0),
    "aliyun-1-smartlogisticsreport.json": ("cainiao", ["delivered"], "Package has been signed for.", 0),
    "17track-1-tracking_updated.json": (
        "track17",
        ["delivered", "out_for_delivery", "unknown", "unknown", "created"],
        "DELIVERED",
        0,
    ),
    "aftership-1-tracking_update.json": (
        "aftership",
        ["in_transit"],
        "Departed Shipping Partner Facility, USPS Awaiting Item",
        0,
    ),
}

NO_PUSH = {
    "kuaidi100-1-subscribe-request.json": "what we send",
    "kuaidi100-2-subscribe-response.json": "an answer to a subscription",
    "kuaidi100-3-callback-ack.json": "what we answer",
    "kuaidi100-6-pickupcode-query-data.json": "an answer of the interface for pickup codes",
    "kdniao-4-push-ack.json": "what we answer",
    "sf-3-ack-json.json": "what we answer",
    "sf-3-ack-ok.xml": "what we answer",
    "sf-3-ack-err.xml": "what we answer",
    "yunda-2-query-response.json": "a schema: the word string in the place of every value",
    "wechat-2-ewaybill_push_path-ack.json": "what we answer",
    "sto-hq-export-columns.json": "columns of files, read by the plug-in for head office's files",
    "README.md": "the index",
}


@needs_domain
def test_every_file_has_its_place():
    assert {path.name for path in FEEDS.iterdir()} == PUSHES.keys() | NO_PUSH.keys()


@needs_domain
@pytest.mark.parametrize("name", PUSHES)
def test_a_file_is_read(name):
    plugin, kinds, text, refused = PUSHES[name]
    parsed = read(plugin, (FEEDS / name).read_bytes())
    assert [event.kind for event in parsed.events] == kinds
    assert parsed.events[0].text == text
    assert len(parsed.rejected) == refused
