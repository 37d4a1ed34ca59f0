"""Behind Landlock alone a child reaches what it is shown and its own folder, and what it starts ends with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.attacks.loading import LOADING
from grading.attacks.table import ATTACKS
from grading.cli.doctor import AFTERWARDS, examine
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.locations import KIT
from grading.sandbox import Child, Ended, Limits, Sandbox, isolation, program
from grading.sandbox.readable import Readable, Shown
from grading.sandbox.shared.process_tree import processes

pytestmark = pytest.mark.skipif(bool(isolation.why_not("landlock")), reason="this kernel has no Landlock")

ONE = Trial("look", ((Tensor(np.zeros(1, np.float32)),),))
LIMITS = Limits(call_cpu_seconds=30, call_wall_seconds=60, scratch_mb=4, processes=8)
# What Landlock cannot do on any kernel so far: the table in docs/instructors.md says what is reached.
NOT_HELD = frozenset({"fill_the_disk", "use_up_inodes"})
# Each is one expression that fails where the wall stands.
FORBIDDEN = {
    "read a file that is not shown": "open('/etc/hostname').read()",
    "read what the grader starts it with": "open('/proc/self/environ').read()",
    "see processes": "os.listdir('/proc')",
    "see a command line": "open(f'/proc/{os.getppid()}/cmdline').read()",
    "read its descriptors": "os.listdir('/proc/self/fd')",
    "list the folder for temporary files": "os.listdir('/tmp')",
    "list the folders of children": "os.listdir(os.path.dirname(os.environ['HOME']))",
    "write beside its folder": "open(os.environ['HOME'] + '-left', 'w')",
    "write to shared memory": "open('/dev/shm/left-behind', 'w')",
    "write to the kit": "open(os.path.join(sys.path[0], 'left'), 'w')",
    "empty a file by reading it": "os.open(torch.__file__, os.O_RDONLY | os.O_TRUNC)",
    "mark a file": "os.utime(torch.__file__)",
    "open it to others": "os.chmod(os.environ['HOME'], 0o777)",
    "link a file": "os.link(torch.__file__, 'linked.py')",
    "make a folder, in which files are not counted": "os.mkdir('folder')",
    "make a file without a name": "os.open('.', os.O_TMPFILE | os.O_WRONLY)",
    "rename a file over another": "open('a', 'w').close() or os.rename('a', 'b')",
    "open a socket": "socket.socket()",
    "open a datagram socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "open a Unix socket": "socket.socket(socket.AF_UNIX)",
    "have a pair of sockets that can be sent to any": "socket.socketpair(type=socket.SOCK_DGRAM)",
    "reach the warm parent by a signal": "os.kill(os.getppid(), 0)",
    "limit the warm parent": "resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0))",
    "become root": "os.setuid(0)",
    "make a namespace": "check(libc.unshare(0x10000000))",
    "use a device's controls": "fcntl.ioctl(os.open('/dev/urandom', os.O_RDONLY), 0x5201, 0)",
}
ALLOWED = {
    "read what is shown": "open(torch.__file__).read(1)",
    "import what nobody has": "__import__('wsgiref.simple_server')",
    "write to its folder": "open('mine', 'w').write('x')",
    "read what it wrote": "open('mine').read()",
    "use temporary files": "__import__('tempfile').TemporaryFile().write(b'x')",
    "run a program": "subprocess.run(['/usr/bin/true'], check=True)",
    "have random numbers": "open('/dev/urandom', 'rb').read(1)",
    "throw output away": "open('/dev/null', 'w').write('x')",
    "talk to what it starts": "socket.socketpair()",
}
PREPARED = """
import ctypes, fcntl, os, resource, socket, subprocess, sys, time, torch
libc = ctypes.CDLL(None, use_errno=True)
def check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), "")
def tried(expression):
    try:
        eval(expression)
        return "went through"
    except Exception as error:
        return type(error).__name__
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("landlock", LIMITS, hidden=HIDDEN_FROM_CHILDREN) as started:
        yield started


def opened(sandbox: Sandbox, body: str) -> Child:
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    unit = {"source": f"{PREPARED}\ndef look(_):\n{lines}\n", "place": "cell 1", "kind": "definition"}
    names = {
        "holder": "",
        "package": "",
        "names": [],
        "modules": {},
        "provided": {},
        "older_form": None,
        "image_size": None,
        "served": [],
    }
    child = sandbox.open({"function": "look", "defined_as": "look", **names, "units": [unit]})
    assert isinstance(child, Child)
    assert not child.failures
    return child


def said(sandbox: Sandbox, body: str) -> str:
    """Return the message of what a function raises."""
    child = opened(sandbox, body)
    try:
        seen = child.observe(ONE)
    finally:
        child.close()
    assert isinstance(seen, Observation), seen
    return str(seen.calls[0]["raised"]["message"])


def ended(sandbox: Sandbox, body: str) -> Ended:
    """Return how a function ended its process."""
    child = opened(sandbox, body)
    try:
        seen = child.observe(ONE)
    finally:
        child.close()
    assert isinstance(seen, Ended)
    return seen


def answers(sandbox: Sandbox, expressions: dict[str, str]) -> dict[str, str]:
    text = said(sandbox, f"raise ValueError(','.join(tried(one) for one in {list(expressions.values())}))")
    return dict(zip(expressions, text.split(","), strict=True))


def test_nothing_outside_is_within_reach(sandbox: Sandbox) -> None:
    through = {what for what, how in answers(sandbox, FORBIDDEN).items() if how == "went through"}
    assert not through


def test_what_honest_code_does_goes_on(sandbox: Sandbox) -> None:
    assert set(answers(sandbox, ALLOWED).values()) == {"went through"}


def test_the_environment_holds_nothing_of_the_graders(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = said(sandbox, "raise ValueError(' '.join(os.environ))").split()
    assert set(names) <= {
        *program.environment("", ""),
        "LC_CTYPE",
        "KMP_INIT_AT_FORK",
        "KMP_DUPLICATE_LIB_OK",
    } | {name for name in names if name.startswith(("TORCHINDUCTOR", "QT_"))}


def test_a_child_cannot_read_what_another_writes_and_nothing_of_that_is_left(sandbox: Sandbox) -> None:
    writer = opened(sandbox, "open('mine', 'w').write('x')\nraise ValueError(os.environ['HOME'])")
    seen = writer.observe(ONE)
    assert isinstance(seen, Observation)
    folder = Path(seen.calls[0]["raised"]["message"])
    assert (folder / "mine").read_text() == "x"
    looks = {"list": f"os.listdir({str(folder)!r})", "read": f"open({str(folder / 'mine')!r})"}
    assert set(answers(sandbox, looks).values()) == {"PermissionError"}
    writer.close()
    assert not folder.exists()


@pytest.mark.parametrize(
    "leader", ["", "os.setsid()", "libc.prctl(36, 0, 0, 0, 0)"], ids=["plain", "session", "no reaper"]
)
def test_what_a_child_leaves_running_ends_with_it(sandbox: Sandbox, leader: str) -> None:
    body = f"""
{leader or "pass"}
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(write, str(os.getpid()).encode())
        for number in range(64):
            try:
                os.close(number)
            except OSError:
                pass
        while True:
            if os.fork():
                os._exit(0)
    os._exit(0)
raise ValueError(os.read(read, 20).decode())
"""
    before = set(processes())
    said(sandbox, body)
    left = {pid for pid, one in processes().items() if pid not in before and one.parent == sandbox.pid}
    assert len(left) <= 1  # the child that stands ready


def test_more_processes_than_allowed_are_refused_or_end_the_function(sandbox: Sandbox) -> None:
    body = """
for _ in range(200):
    if os.fork() == 0:
        time.sleep(600)
time.sleep(600)
"""
    child = opened(sandbox, body)
    try:
        seen = child.observe(ONE)
    finally:
        child.close()
    refused = isinstance(seen, Observation) and seen.calls[0]["raised"]["type"] == "BlockingIOError"
    assert refused or (isinstance(seen, Ended) and "processes" in seen.message)


def test_a_folder_that_grows_beyond_its_limit_ends_the_function(sandbox: Sandbox) -> None:
    body = """
for number in range(3):
    with open(f"much{number}", "wb") as file:
        file.write(bytes(3 << 20))
    os.unlink(f"much{number}")
time.sleep(600)
"""
    assert "wrote more files" in ended(sandbox, body).message


def test_a_stopped_child_does_not_stop_the_next(sandbox: Sandbox) -> None:
    stopped = opened(sandbox, "os.kill(os.getpid(), 19)")
    os.kill(stopped.pid, signal.SIGSTOP)
    assert set(answers(sandbox, {"next": ALLOWED["read what is shown"]}).values()) == {"went through"}
    stopped.close()


def test_of_a_folder_with_something_private_each_other_entry_is_shown(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    for name in ("numpy", "course/inner", "torch"):
        (packages / name).mkdir(parents=True)
    (packages / "link").symlink_to("/etc")
    shown = Shown(packages, packages)
    covered = Shown(packages / "course" / "inner", packages / "course" / "inner")
    listed = program.rules(Readable((shown,), (), (covered,)), tmp_path / "kit")
    assert [path for path in listed["read"] if path.startswith(str(packages))] == [
        str(packages / "numpy"),
        str(packages / "torch"),
    ]
    assert listed["list"] == [str(packages), str(packages / "course")]


def test_the_strongest_isolation_that_is_possible_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for possible, chosen in {("bubblewrap", "landlock"): "bubblewrap", ("landlock",): "landlock"}.items():
        monkeypatch.setattr(
            isolation, "why_not", lambda name, possible=possible: "" if name in possible else "no"
        )
        assert isolation.strongest() == chosen
    monkeypatch.setattr(isolation, "why_not", lambda name: f"{name} is forbidden")
    with pytest.raises(
        isolation.SandboxError, match=r"bubblewrap is forbidden; landlock is forbidden.*--isolation process"
    ):
        isolation.strongest()


@pytest.mark.long
@pytest.mark.alone
def test_every_attack_but_those_of_the_guide_fails_and_leaves_nothing() -> None:
    names = [attack.name for attack in (*ATTACKS, *LOADING)]
    found = examine("landlock", jobs=2)
    assert len(found.outcomes) == len(names) + len(AFTERWARDS)
    assert {outcome.name or outcome.wall for outcome in found.outcomes if outcome.wrong} <= NOT_HELD
    guide = (KIT / "docs" / "instructors.md").read_text(encoding="utf-8")
    assert all(name in guide for name in NOT_HELD)
