"""Control groups: found where the kernel says, removed whatever happens, and not shared with a grader that lives."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from grading.sandbox import cgroup
from grading.sandbox.cgroup import PREFIX, Group, Groups


def write_proc(folder: Path, groups: str, mounts: str) -> Path:
    folder.mkdir()
    (folder / "cgroup").write_text(groups)
    (folder / "mountinfo").write_text(mounts)
    return folder


def test_groups_of_version_1_lie_below_the_graders_own(tmp_path: Path) -> None:
    """The two files as proc(5) and cgroups(7) describe them, in a container that sees a part of the tree."""
    proc = write_proc(
        tmp_path / "self",
        "5:memory:/docker/ab/one\n4:pids:/docker/ab\n1:name=systemd:/\n",
        "40 31 0:33 /docker/ab /cg/memory rw - cgroup cgroup rw,memory\n"
        "41 31 0:34 /docker/ab /cg/pids rw shared:9 - cgroup cgroup rw,pids\n",
    )
    assert [*cgroup._homes(proc)] == [(1, [Path("/cg/memory/one"), Path("/cg/pids")])]


def test_groups_of_version_2_lie_beside_the_graders_own(tmp_path: Path) -> None:
    (tmp_path / "app" / "one").mkdir(parents=True)
    (tmp_path / "app" / "cgroup.subtree_control").write_text("cpu memory pids\n")
    (tmp_path / "app" / "one" / "cgroup.subtree_control").write_text("\n")
    proc = write_proc(
        tmp_path / "self", "0::/app/one\n", f"40 31 0:33 / {tmp_path} rw - cgroup2 cgroup2 rw,nsdelegate\n"
    )
    assert [*cgroup._homes(proc)] == [(2, [tmp_path / "app"])]


@pytest.mark.parametrize("events", ["memory.oom_control", "memory.events"])
def test_that_memory_ran_out_is_known_after_the_group_is_gone(tmp_path: Path, events: str) -> None:
    group = Group([tmp_path / "1"])
    file = tmp_path / "1" / events
    file.write_text("under_oom 0\noom_kill 0\n")
    assert not group.ran_out
    file.write_text("under_oom 0\noom_kill 2\n")
    assert not group.remove()  # an ordinary file keeps this folder, as a process keeps a group
    file.unlink()
    assert group.remove()
    assert group.ran_out


def test_what_a_killed_grader_left_is_removed_and_what_a_living_one_holds_is_not(tmp_path: Path) -> None:
    for name in ("left", "held"):
        (tmp_path / "home" / f"{PREFIX}{name}" / "1").mkdir(parents=True)
    (tmp_path / "home" / "another").mkdir()
    lock = os.open(tmp_path / "home" / f"{PREFIX}held", os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cgroup._sweep(tmp_path / "home")
    finally:
        os.close(lock)
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["another", f"{PREFIX}held"]


def test_where_no_group_can_be_made_children_are_in_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cgroup, "_homes", lambda: iter([(1, [Path("/nowhere")])]))
    groups = Groups()
    with groups.next(1 << 30, 8) as (group, new, doors):
        assert (groups.version, group.folders, new, doors) == (0, [], 2, [])
    groups.close()


def test_closing_removes_all_groups_of_this_machine() -> None:
    groups = Groups()
    if not groups.version:
        groups.close()
        pytest.skip("this machine lets nobody make control groups here")
    with groups.next(1 << 30, 8) as (group, _, doors):
        assert len(doors) == 2 * len(group.folders)
        assert all(folder.is_dir() for folder in group.folders)
    tops = [folder.parent for folder in group.folders]
    groups.close()
    assert not any(top.exists() for top in tops)
