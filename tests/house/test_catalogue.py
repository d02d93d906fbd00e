"""What a person reads is found wherever it stands, and has its English."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import catalogue  # noqa: E402
import strings  # noqa: E402

CODE = '''
from yishi.kit.errors import Refusal

class Late(Refusal):
    """来晚了 %(minutes)s 分钟"""

class TooLate(Late):
    """太晚了"""

class Helper:
    """不是给人看的"""

class State:
    OPEN = "OPEN", "待受理"

WORDS = _("你好")
ERROR = ("/text", "missing_field", "说说发生了什么")
'''
PAGE = """{% load i18n %}{% translate "查快递" %} {% blocktranslate trimmed with n=count %}
  还有 {{ n }} 件
{% endblocktranslate %}{% blocktranslate count n=n %}{{ n }} 处{% plural %}{{ n }} 几处{% endblocktranslate %}
{{ word|default:_("没有") }}"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "yishi/web/templates"
    folder.mkdir(parents=True)
    (tmp_path / "yishi/errors.py").write_text("class Refusal(Exception): ...\n" + CODE)
    (folder / "page.html").write_text(PAGE)
    return tmp_path


def test_every_place_of_words_is_found(tree):
    found = {text.msgid for text in strings.find_texts(tree)}
    in_code = {"来晚了 %(minutes)s 分钟", "太晚了", "待受理", "你好", "说说发生了什么"}
    assert found == in_code | {"查快递", "还有 %(n)s 件", "%(n)s 处", "没有"}


def test_a_plural_keeps_both_forms(tree):
    assert ("%(n)s 处", "%(n)s 几处") in {(text.msgid, text.plural) for text in strings.find_texts(tree)}


def test_faults_of_a_translation_are_told(tree, tmp_path, monkeypatch):
    path = tmp_path / "en.po"
    monkeypatch.setattr(catalogue, "wanted", lambda need=catalogue.wanted: need(tree))
    catalogue.update(path)
    assert len(catalogue.findings(path)) == 9
    text = path.read_text().replace(
        'msgid "来晚了 %(minutes)s 分钟"\nmsgstr ""', 'msgid "来晚了 %(minutes)s 分钟"\nmsgstr "late"'
    )
    path.write_text(text + '\nmsgid "没人用了"\nmsgstr "unused"\n')
    found = "\n".join(catalogue.findings(path))
    assert "placeholders differ in 'late'" in found and "'没人用了' is used no longer" in found


def test_the_compiled_catalogue_speaks(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "你好"\nmsgstr "Hello"\n'
    )
    catalogue.compile_catalogue(path)
    import gettext

    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("你好") == "Hello"
