"""The gallery's page: whole and self-contained, or not written at all."""

import ast
import inspect
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cs231n import language
from cs231n.classifiers.small import small_squeezenet, smooth_pictures
from cs231n.lecture.gallery import __main__ as command
from cs231n.lecture.gallery import chapters
from cs231n.lecture.gallery.chapters import CHAPTERS, Subject, covering
from cs231n.lecture.gallery.page import Chapter, Plate, page

GRAY = Image.new("RGB", (120, 120), "gray")


def test_the_page_needs_nothing_else_and_escapes_what_it_is_given() -> None:
    plate = Plate(GRAY, "a <b> caption")
    text = page("<title>", "lead & more", GRAY, [Chapter("<i>", "text", "source", (plate, plate))])
    assert set(re.findall(r'(?:src|href)="(\w+:|#)', text)) == {"data:", "#"}
    assert "url(" not in text
    assert "&lt;title&gt;" in text
    assert "a &lt;b&gt; caption" in text
    assert "<b>" not in text
    assert text.count("<figure") == 2


@pytest.mark.parametrize("content", [None, b"no picture", b"\x89PNG\r\n\x1a\n and then nothing"])
def test_what_is_no_picture_is_said_in_one_line(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "photo.png"
    if content is not None:
        path.write_bytes(content)
    assert command.main(["--out", str(tmp_path / "out"), "--image", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("gallery: ")
    assert "photo.png" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").write_text("a file")
    monkeypatch.setattr(command, "make", lambda image, name: "page")
    assert command.main(["--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith("gallery: ")
    assert (tmp_path / "out").read_text() == "a file"


def test_a_page_replaces_the_one_before_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    command.write("before", path)
    with pytest.raises(UnicodeEncodeError):
        command.write("half \ud800", path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
    command.write("after", path)
    assert path.read_text() == "after"


@pytest.mark.parametrize("size", [(900, 100), (100, 900), (300, 200)])
def test_a_panorama_is_cut_to_what_can_be_computed(size: tuple[int, int]) -> None:
    width, height = command._cut(Image.new("RGB", size)).size
    assert max(width, height) <= 1.5 * min(width, height)
    assert min(width, height) == min(size)


def test_chapters_tell_of_the_class_that_the_network_sees() -> None:
    network = small_squeezenet()
    x = torch.from_numpy(smooth_pictures(np.random.Generator(np.random.PCG64(0)), 1, 48, 64))
    subject = Subject(network, "", x, {label: f"number {label}" for label in range(10)})
    assert subject.name == f"number {int(network(x).argmax())}"
    heat, cells = covering(subject).plates
    assert heat.image.size == (64, 48)
    assert cells.image.size == (3, 1)


@pytest.mark.long
def test_all_chapters_are_made_of_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "small.png"
    Image.effect_noise((90, 60), 80).save(picture)
    assert command.main(["--out", str(tmp_path / "out"), "--image", str(picture)]) == 0
    text = (tmp_path / "out" / "index.html").read_text()
    assert text.count("<section") == len(CHAPTERS)


def test_the_page_is_in_the_language_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    x = torch.from_numpy(smooth_pictures(np.random.Generator(np.random.PCG64(0)), 1, 48, 64))
    told = covering(Subject(small_squeezenet(), "", x, dict.fromkeys(range(10), "cat")))
    for text in (told.title, told.text, *(plate.caption for plate in told.plates)):
        assert re.search("[\u4e00-\u9fff]", text)
    assert 'lang="zh"' in page(told.title, told.text, GRAY, [told])


def words_in(node: ast.expr) -> str:
    """What stands in a string itself, not in its fields; names of layers apart."""
    parts = [
        one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    return re.sub(r"features\.", "", " ".join(parts))


def test_no_chapter_has_words_that_are_not_translated() -> None:
    found = []
    for call in ast.walk(ast.parse(inspect.getsource(chapters))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Chapter", "Plate"):
            place = slice(0, 2) if ast.unparse(call.func) == "Chapter" else slice(1, 2)
            strings = [one for one in call.args[place] if isinstance(one, ast.Constant | ast.JoinedStr)]
            found += [ast.unparse(one) for one in strings if re.search("[A-Za-z]{2}", words_in(one))]
    assert found == []
