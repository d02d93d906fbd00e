"""Paper: each document carries its own letters, also the second one of a process."""

import subprocess
from shutil import which

import pytest

from yishi.kit.paper import Paper


def text_of(words, tmp_path):
    paper = Paper(title="举证", foot="驿使")
    paper.note(words)
    return read(paper.pdf(), tmp_path)


def read(pdf: bytes, tmp_path) -> str:
    """What a reader's search finds in it."""
    if which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout


def test_a_later_document_has_the_letters_that_the_first_had_not(tmp_path):
    assert "第一份里的字" in text_of("第一份里的字", tmp_path)
    assert "完全不同之后写下" in text_of("完全不同之后写下", tmp_path)
