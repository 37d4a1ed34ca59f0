"""In a container as Gradescope makes it (podman, its default capabilities and system calls) each upload ends well."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from grading.attacks.attack import proof
from grading.attacks.table import ATTACKS, write_attack
from grading.exports.gradescope_autograder import write_autograder
from grading.sandbox.isolation import why_not

# crun refuses cgroups of both versions at once: it is shown those of the first.
HYBRID = Path("/sys/fs/cgroup/unified")
ONE_VERSION = ("unshare", "--mount", "sh", "-c", f'umount {HYBRID}; exec "$0" "$@"')
GRADESCOPE = proof(
    "gradescope",
    "files",
    "read or write what Gradescope has in its container",
    """
    for path in ("source/kit/course.toml", "submission/StyleTransfer.ipynb", "results/results.json"):
        for mode in ("r", "w", "a"):
            try:
                open(f"/autograder/{path}", mode).close()
                found = True
            except OSError:
                pass
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            found = found or bool(open(path, "rb").read(1))
        except OSError:
            pass
    try:
        os.listdir("/autograder")
        found = True
    except OSError:
        pass
    """,
)
HOSTILE = (
    GRADESCOPE,
    *(attack for attack in ATTACKS if attack.name in ("signal_everybody", "leave_a_daemon")),
)


pytestmark = [
    pytest.mark.long,
    pytest.mark.alone,
    pytest.mark.skipif(
        bool(why_not("landlock")), reason="this kernel has no Landlock: no wall stands in a container"
    ),
]


def podman() -> list[str]:
    """Return the command that runs a program in a new container, up to what is shown there."""
    most = {
        name: resource.getrlimit(getattr(resource, f"RLIMIT_{name.upper()}"))[1]
        for name in ("nofile", "nproc")
    }
    limits = [f"--ulimit={name}={min(4096, one % (1 << 63))}" for name, one in most.items()]
    start = ONE_VERSION if os.getuid() == 0 and HYBRID.is_dir() else ()
    return [*start, "podman", "run", "--rm", "--cgroups=disabled", "--network=none", *limits]


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command in a new container that holds this machine's programs and Python, read-only, and nothing else."""
    if shutil.which("podman") is None:
        pytest.skip("podman is not installed (Debian, Ubuntu: apt-get install podman)")
    root = tmp_path_factory.mktemp("root")
    for folder in ("usr", "etc", "proc", "sys", "dev", "run", "root", "var/tmp", "autograder", "tmp"):
        (root / folder).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    (root / "root").chmod(0o700)  # as in every image
    for top in ("bin", "sbin", "lib", "lib64"):
        if Path("/", top).is_symlink():
            (root / top).symlink_to(f"usr/{top}")
    same = ("/usr", "/etc/ld.so.cache", "/etc/alternatives", sys.base_prefix)
    shown = {**{path: path for path in same}, sys.prefix: "/autograder/venv"}
    binds = [f"--volume={source}:{place}:ro" for source, place in shown.items()]
    command = [*podman(), *binds, "--workdir=/autograder"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        *options, program = arguments
        whole = [*command, *options, "--rootfs", str(root), program]
        return subprocess.run(whole, capture_output=True, text=True, check=False)

    tried = run("/usr/bin/true")
    if tried.returncode != 0:
        pytest.skip(f"podman cannot run here: {(tried.stderr.strip().splitlines() or ['no message'])[-1]}")
    return run


def test_each_upload_ends_with_a_result_and_hostile_ones_reach_nothing(
    container: Callable[..., subprocess.CompletedProcess[str]], examples: Path, tmp_path: Path
) -> None:
    course = tmp_path / "course.toml"
    course.write_text('seed = "a private seed"\n')
    write_autograder(tmp_path / "autograder.zip", course)
    shutil.unpack_archive(tmp_path / "autograder.zip", tmp_path / "source")
    (tmp_path / "source" / "run_autograder").chmod(0o755)
    uploads = tmp_path / "uploads"
    (uploads / "empty").mkdir(parents=True)
    shutil.copytree(examples / "all_right", uploads / "honest")
    for attack in HOSTILE:
        write_attack(attack, uploads)

    def graded(name: str) -> dict[str, Any]:
        folder = tmp_path / "results" / name
        folder.mkdir(parents=True)
        shown = {
            tmp_path / "source": "/autograder/source",
            tmp_path / "source" / "run_autograder": "/autograder/run_autograder",
            uploads / name: "/autograder/submission",
            folder: "/autograder/results",
        }
        done = container(*(f"--volume={here}:{there}" for here, there in shown.items()), "./run_autograder")
        assert done.returncode == 0, done.stdout + done.stderr
        written: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        assert written["extra_data"]["grader"]["isolation"] == "landlock"
        return written

    names = ("honest", "empty", *(attack.name for attack in HOSTILE))
    with ThreadPoolExecutor(2) as pool:
        results = dict(zip(names, pool.map(graded, names), strict=True))
    assert results["honest"]["score"] == 100
    assert sum("data:image/png;base64," in test["output"] for test in results["honest"]["tests"]) >= 3
    assert results["empty"]["score"] == 0
    assert "The upload holds no file." in results["empty"]["output"]
    # Of the 45 points of a notebook, tv_loss has 10, of which 4 rest on what its own process tells.
    points = {"error": 35, "partial": 41, "correct": 45}
    for attack in HOSTILE:
        assert results[attack.name]["score"] == points[attack.status], attack.name
