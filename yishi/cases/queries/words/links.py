"""What cases say of each other: merged, parted again, split."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.cases.queries.words.kinds import Say, Titles
from yishi.kit.phrases import joined

TITLES: Titles = {
    "REPEAT_CAUSE": gettext_lazy("同一原因又来"),
    "MERGED": gettext_lazy("合并办理"),
    "MERGED_WHY": gettext_lazy("合并的缘由"),
    "MERGED_IN": gettext_lazy("并入一件"),
    "UNMERGED": gettext_lazy("撤销合并"),
    "PARTED": gettext_lazy("撤销合并"),
    "MERGED_WROTE": gettext_lazy("并入的那件有新留言"),
    "MERGED_RESULT": gettext_lazy("处理结果"),
    "MERGED_OVER": gettext_lazy("一起办的那件结束"),
    "MERGED_LEFT": gettext_lazy("单独接着办"),
    "MERGED_OUT": gettext_lazy("并入的一件单独接着办"),
    "SPLIT": gettext_lazy("拆成几件"),
    "SPLIT_FROM": gettext_lazy("拆分而来"),
}


def _merged(data: Mapping[str, Any]) -> str:
    return _("并入工单 %(into)s，一起办") % {"into": data["into"]}


def _split(data: Mapping[str, Any]) -> str:
    return _("另立工单 %(numbers)s，分开办") % {"numbers": joined(data["case_nos"])}


def cause_words(by: str, soon: int, month: int) -> str:
    """By what cases of others belong together, and how often that was before."""
    said = {
        "ROOT_CAUSE": _("同一网点、同一根因：之前 3 天 %(soon)d 件，30 天 %(month)d 件"),
        "COURIER": _("同一快递员、同类诉求：之前 3 天 %(soon)d 件，30 天 %(month)d 件"),
        "OUTLET": _("同一网点、同类诉求：之前 3 天 %(soon)d 件，30 天 %(month)d 件"),
    }
    return said[by] % {"soon": soon, "month": month}


def _cause(data: Mapping[str, Any]) -> str:
    return joined(
        [
            cause_words(data["by"], data["soon"], data["month"]),
            _("最近一件是 %(case_no)s") % data,
            _("紧急程度加一级") if data["is_raised"] else None,
        ],
        "，",
    )


SENTENCES: Say = {
    "REPEAT_CAUSE": _cause,
    "MERGED": _merged,
    "MERGED_WHY": _merged,
    "MERGED_IN": lambda data: _("工单 %(case_no)s 并进来，一起办") % {"case_no": data["case_no"]},
    "UNMERGED": lambda data: _("不再和工单 %(into)s 合并，单独办") % {"into": data["into"]},
    "PARTED": lambda data: _("工单 %(case_no)s 不再并在这件里，单独办") % {"case_no": data["case_no"]},
    "MERGED_WROTE": lambda data: _("工单 %(case_no)s 的人又留言了") % {"case_no": data["case_no"]},
    "MERGED_OVER": lambda data: _("一起办的那件已经结束"),
    "MERGED_LEFT": lambda data: _("一起办的那件由对方撤回，这件重新打开，时限重新算"),
    "MERGED_OUT": lambda data: _("工单 %(case_no)s 是别人的，没有撤回，单独接着办") % data,
    "SPLIT": _split,
    "SPLIT_FROM": lambda data: _("从工单 %(case_no)s 拆出来") % {"case_no": data["case_no"]},
}


def _told_merged(data: Mapping[str, Any]) -> str:
    """Another person's case number is none of his business."""
    if data.get("is_same_person"):
        return _("和你的另一件诉求（%(into)s）是同一件事，并到那件一起办") % {"into": data["into"]}
    return _("同一个包裹还有人反映，我们一起办，有结果会告诉你")


TOLD: Say = {
    "MERGED": _told_merged,
    "UNMERGED": lambda data: _("重新单独办理"),
    "MERGED_OVER": lambda data: _("你反映的事已经办结；还没办好，可以再提交一件"),
    "MERGED_LEFT": lambda data: _("一起办的那件撤回了，你的这件没有撤，我们单独接着办"),
    "SPLIT": lambda data: (
        _("你说的不止一件事，分开办，各有各的单号：%(numbers)s") % {"numbers": joined(data["case_nos"])}
    ),
}
