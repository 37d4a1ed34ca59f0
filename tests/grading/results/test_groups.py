"""Groups of a class in a graded folder."""

import os

import pytest

from grading.errors import KitError
from grading.results.groups import FILE, Group, read_groups, write_groups

GROUPS = (
    Group("tv_loss-1", "tv_loss", ("ada", "grace")),
    Group("tv_loss-3", "tv_loss", ("alan",), "tv-not-squared"),
    Group("style_loss-1", "style_loss", ("ada", "alan\udcff"), ""),
)


def test_what_is_written_is_read_again_and_nobody_else_reads_it(tmp_path):
    assert read_groups(tmp_path) == ()
    write_groups(tmp_path, GROUPS)
    assert read_groups(tmp_path) == GROUPS
    if os.name == "posix":
        assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff\xfe",
        b'[{"id": "tv_loss-1", "function": "tv_loss", "students": []}]',
        b'[{"id": "../x", "function": "tv_loss", "students": ["ada"]}]',
        b'[{"id": "tv_loss-1", "function": "tv_loss", "students": ["ada"], "more": 1}]',
        b'[{"id": "tv_loss-1", "function": "tv_loss", "students": ["ada", "ada"]}]',
        b'[{"id": "f-1", "function": "f", "students": ["a"]}, {"id": "f-1", "function": "g", "students": ["a"]}]',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_refused_by_name_with_the_remedy(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(KitError, match=rf"{FILE} cannot be read .*: remove it"):
        read_groups(tmp_path)


def test_a_file_larger_than_any_class_is_not_read_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("grading.results.groups.LARGEST", 100)
    (tmp_path / FILE).write_bytes(b" " * 101 + b"[]")
    with pytest.raises(KitError, match="expected at most 100 bytes"):
        read_groups(tmp_path)


def test_groups_that_nobody_could_read_are_not_written(tmp_path):
    write_groups(tmp_path, GROUPS[:1])
    with pytest.raises(KitError, match="grace is in two groups of tv_loss"):
        write_groups(tmp_path, [*GROUPS[:1], Group("tv_loss-2", "tv_loss", ("grace",))])
    assert read_groups(tmp_path) == GROUPS[:1]
