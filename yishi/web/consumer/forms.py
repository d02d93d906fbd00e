"""The consumer's forms: they keep what was typed, and say what to change in words beside the field."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yishi.kit.personal import normalise_phone
from yishi.shipments.rules.waybills import fit_text
from yishi.web.consumer.words import SAYINGS

MAX_TEXT = 20_000
MAX_COMMENT = 2_000
MAX_PHOTOS = 6
MAX_PHOTO_BYTES = 20 * 1024 * 1024
MAX_BYTES = 60 * 1024 * 1024
MOBILE_DIGITS = 11


class SaidField(forms.CharField):
    """Text as a person wrote it; signs that no table can hold are left out instead of refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> str:
        return super().to_python(fit_text(value) if isinstance(value, str) else value) or ""


def phone_error(phone: str) -> str:
    """What is wrong with a number, in words; '' when it can be called."""
    digits = normalise_phone(phone)
    if digits.startswith("1") and len(digits) != MOBILE_DIGITS:
        difference = MOBILE_DIGITS - len(digits)
        few = ngettext("少了 %s 位，手机号是 11 位", "少了 %s 位，手机号是 11 位", difference)
        many = ngettext("多了 %s 位，手机号是 11 位", "多了 %s 位，手机号是 11 位", -difference)
        return few % difference if difference > 0 else many % -difference
    if not 7 <= len(digits) <= 20:
        return _("这个号码打不通：手机号是 11 位，座机要带区号")
    return ""


def photos_error(photos: list["UploadedFile[Any]"]) -> str:
    """What is wrong with the files as a whole; what each really is, the action judges."""
    sizes = [photo.size or 0 for photo in photos]
    if len(photos) > MAX_PHOTOS:
        return _("选了 %(n)s 张，一次最多 6 张") % {"n": len(photos)}
    if any(size > MAX_PHOTO_BYTES for size in sizes) or sum(sizes) > MAX_BYTES:
        return _("照片太大了：每张 20 MB 以内，一共 60 MB 以内")
    return ""


class ComplaintForm(forms.Form):
    """What happened, in whose words, and how to answer."""

    waybill_no = SaidField(max_length=200)
    carrier = SaidField(max_length=40)
    entry_point = SaidField(max_length=60)
    once = SaidField(max_length=60)
    category = forms.ChoiceField(
        choices=list(SAYINGS.items()),
        error_messages={
            "required": gettext_lazy("选一下发生了什么"),
            "invalid_choice": gettext_lazy("选一下发生了什么"),
        },
    )
    text = SaidField(
        max_length=MAX_TEXT,
        error_messages={"max_length": gettext_lazy("写了 %(show_value)s 字，最多 20,000 字；可以分两次说")},
    )
    phone = SaidField(max_length=60)
    email = forms.EmailField(
        required=False,
        max_length=254,
        error_messages={"invalid": gettext_lazy("邮箱写法不对，应像 name@example.cn")},
    )
    name = SaidField(max_length=80)
    photos = forms.Field(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_photos: list[UploadedFile[Any]] = self.files.getlist("photos") if self.files else []

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and (error := phone_error(phone)):
            raise forms.ValidationError(error)
        return phone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if error := photos_error(self.chosen_photos):
            self.add_error("photos", error)
        if not data.get("phone") and not data.get("email") and not {"phone", "email"} & set(self.errors):
            self.add_error("phone", _("留一个手机号或邮箱，好回复你"))
        return data


class SayForm(forms.Form):
    """A reply of the consumer, with photos if any; `must_say`: one of the two must be there."""

    text = SaidField(max_length=MAX_TEXT)

    def __init__(self, *args: Any, must_say: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.must_say = must_say
        self.chosen_photos: list[UploadedFile[Any]] = self.files.getlist("photos") if self.files else []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if error := photos_error(self.chosen_photos):
            self.add_error(None, error)
        if self.must_say and not data.get("text") and not self.chosen_photos and not self.errors:
            self.add_error("text", _("写一句，或加一张照片"))
        return data


class RatingForm(forms.Form):
    """One tap, and a word if one likes."""

    score = forms.TypedChoiceField(
        choices=[(n, n) for n in range(1, 6)],
        coerce=int,
        error_messages={
            "required": gettext_lazy("点一个分数就好"),
            "invalid_choice": gettext_lazy("点一个分数就好"),
        },
    )
    comment = SaidField(
        max_length=MAX_COMMENT, error_messages={"max_length": gettext_lazy("最多 2000 字，可以短一点")}
    )
