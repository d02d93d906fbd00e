"""What is wrong with a YAML text of types and workflows, in words, with its line."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.rules.type_book import BookError

_WORDS: Mapping[str, object] = {
    "too_large": gettext_lazy("文件太大了"),
    "too_many": gettext_lazy("写得太多了，整份最多这么多项"),
    "too_many_entries": gettext_lazy("一次带进来的类型和流程太多了，分几份带，每份最多"),
    "not_yaml": gettext_lazy("这里不是完整的 YAML，看看缩进、引号和冒号"),
    "alias": gettext_lazy("不能用 & 和 * 的引用，写出来"),
    "not_a_book": gettext_lazy("开头应是 format、types、workflows"),
    "wrong_format": gettext_lazy("要写 format: 1"),
    "unknown_name": gettext_lazy("没有这一项"),
    "name_twice": gettext_lazy("这一项写了两次"),
    "key_twice": gettext_lazy("这个代号用了两次"),
    "missing_name": gettext_lazy("少了这一项"),
    "not_a_mapping": gettext_lazy("这里应是“名称: 值”"),
    "not_a_list": gettext_lazy("这里应是一列"),
    "not_a_word": gettext_lazy("这里应是文字"),
    "not_a_truth": gettext_lazy("这里写 true 或 false"),
    "not_a_number": gettext_lazy("这里写数字"),
    "not_a_date": gettext_lazy("日期写成 2026-05-01"),
}


def say_book_error(error: BookError) -> str:
    said = str(_WORDS[error.code])
    return said_at(error.line, f"{said}（{error.value}）" if error.value else said)


def said_at(line: int, detail: str) -> str:
    """第 7 行：…"""
    return _("第 %(line)d 行：%(detail)s") % {"line": line, "detail": _(detail)} if line else _(detail)
