"""The files that pages are made of: pinned, ours without double truth, nothing inline, no address."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "yishi/web/shared/static/yishi"
TEMPLATES = sorted((ROOT / "yishi/web").rglob("*.html"))


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--y-[a-z0-9-]+):([^;}]+)", block))


def test_the_two_dark_blocks_are_equal():
    css = (STATIC / "yishi.css").read_text()
    by_system = re.search(r":root:not\(\[data-bs-theme\]\)\{(.*?)\}\}", css, re.S)
    by_choice = re.search(r"^\[data-bs-theme=dark\]\{(.*?)^\}", css, re.S | re.M)
    assert by_system and by_choice
    assert tokens(by_system[1]) == tokens(by_choice[1])
    assert len(tokens(by_choice[1])) > 30


def test_the_lock_names_no_host():
    assert "://" not in (ROOT / "frontend/package-lock.json").read_text()


def test_every_file_taken_from_npm_is_pinned():
    manifest = json.loads((ROOT / "frontend/manifest.json").read_text())
    assert len(manifest) == 6
    assert all(len(digest) == 128 for digest in manifest.values())


def test_our_stylesheet_asks_for_nothing():
    assert "url(" not in (STATIC / "yishi.css").read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_is_inline(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "://" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_icon_that_is_named_exists(path):
    drawn = set(re.findall(r'id="([a-z]+)"', (STATIC / "icons.svg").read_text()))
    assert set(re.findall(r'{% icon "([a-z]+)"', path.read_text())) <= drawn
