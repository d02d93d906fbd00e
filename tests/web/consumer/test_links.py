"""Scanned links lead to our own pages and never anywhere else."""

import pytest

from yishi.web.consumer.links import own_path

HOSTS = {"care.example.cn"}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("https://care.example.cn/?o=DS01", "/?o=DS01"),
        (" HTTPS://CARE.example.cn?o=DS01 ", "/?o=DS01"),
        ("https://care.example.cn/t/YT1234567890123", "/t/YT1234567890123"),
        ("https://care.example.cn/c/abc-DEF_123", "/c/abc-DEF_123"),
        ("https://care.example.cn/t/YT1234567890123?carrier=x", "/t/YT1234567890123"),
        ("https://care.example.cn/desk/", ""),
        ("https://care.example.cn/mine/leave", ""),
        ("https://care.example.cn/?o=DS01&next=//evil.example", ""),
        ("https://care.example.cn@evil.example/t/YT1234567890123", ""),
        ("https://evil.example/?o=DS01", ""),
        ("https://care.example.cn/t/../../desk", ""),
        ("//care.example.cn/t/YT1234567890123", ""),
        ("javascript:alert(1)//care.example.cn/t/1", ""),
        ("https://[care.example.cn/t/1", ""),
        ("https://care.example.cn/t/YT1234567890123 and more", ""),
        ("YT1234567890123", ""),
    ],
)
def test_only_our_own_pages(text, path):
    assert own_path(text, HOSTS) == path
