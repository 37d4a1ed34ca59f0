"""Attacks that use up shared resources: time, memory, disk, processes, descriptors."""

from grading.attacks.attack import ADA, Attack, proof

RIGHT = ADA["tv_loss"] + "\n"


def _hang(name: str, tries: str, lines: str, status: str = "timeout", wall: str = "time") -> Attack:
    return Attack(name, wall, tries, lines, status)


EXHAUSTING = (
    proof(
        "fork_bomb",
        "processes",
        "start hundreds of processes",
        """
started = []
try:
    for _ in range(400):
        pid = os.fork()
        if not pid:
            time.sleep(2)
            os._exit(0)
        started.append(pid)
finally:
    found = len(started) > 200
    for pid in started:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
""",
    ),
    proof(
        "thread_bomb",
        "processes",
        "start hundreds of threads",
        """
threads = []
try:
    for _ in range(400):
        thread = threading.Thread(target=time.sleep, args=(2,), daemon=True)
        thread.start()
        threads.append(thread)
finally:
    found = len(threads) > 200
""",
    ),
    proof(
        "memory_at_once",
        "memory",
        "take 6 GB",
        "import numpy as np\nmuch = np.ones(6 << 27)\nfound = much.nbytes > 0",
    ),
    proof(
        "memory_piecewise",
        "memory",
        "take 6 GB in pieces of 64 MB",
        """
import mmap
pieces = []
try:
    while len(pieces) < 96:
        pieces.append(mmap.mmap(-1, 64 << 20))
finally:
    found = len(pieces) > 64
    del pieces
""",
    ),
    proof(
        "memory_by_children",
        "memory",
        "take 4 GB by several processes",
        """
children = []
for _ in range(8):
    pid = os.fork()
    if not pid:
        much = b"x" * (500 << 20)
        time.sleep(4)
        os._exit(7)
    children.append(pid)
found = all(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7 for pid in children)
""",
    ),
    proof(
        "memory_of_nobody",
        "memory",
        "hide memory where no process has it mapped: memfd, System V segments, /dev/shm",
        """
kept = 0
piece = bytes(8 << 20)
libc = ctypes.CDLL(None)
def memfd():
    descriptor = os.memfd_create("x")
    return os.write(descriptor, piece)
def segment():
    number = libc.shmget(0, len(piece), 0o1600)
    if number < 0:
        raise OSError
    libc.shmat.restype = ctypes.c_void_p
    at = libc.shmat(number, None, 0)
    ctypes.memset(at, 1, len(piece))
    libc.shmdt(ctypes.c_void_p(at))
    libc.shmctl(number, 0, None)
    return len(piece)
def shared():
    with open(f"/dev/shm/cs231n-left-behind", "wb") as file:
        written = file.write(piece)
    os.unlink("/dev/shm/cs231n-left-behind")
    return written
for way in (memfd, segment, shared):
    for _ in range(3):
        try:
            kept += way()
        except OSError:
            break
found = kept > 0
""",
    ),
    proof(
        "large_kernel_buffers",
        "kernel memory",
        "hide memory in large buffers of sockets and pipes",
        """
import fcntl
def sockets():
    near, far = socket.socketpair()
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
def pipes():
    fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)
for way in (sockets, pipes):
    try:
        way()
        found = True
    except OSError:
        pass
""",
    ),
    proof(
        "fill_the_disk",
        "disk",
        "write 200 MB",
        """
written = 0
for folder in (os.environ["HOME"], "/tmp"):
    for number in range(25):
        try:
            with open(os.path.join(folder, f"much{number}"), "wb", 0) as file:
                written += file.write(bytes(8 << 20))
        except OSError:
            pass
for path in glob.glob(os.path.join(os.environ["HOME"], "much*")) + glob.glob("/tmp/much*"):
    os.unlink(path)
found = written > 100 << 20
""",
    ),
    proof(
        "one_large_file",
        "disk",
        "write one file of 1 GB",
        """
with open(os.path.join(os.environ["HOME"], "large"), "wb") as file:
    file.truncate(1 << 30)
    found = True
os.unlink(os.path.join(os.environ["HOME"], "large"))
""",
    ),
    proof(
        "use_up_inodes",
        "disk",
        "make 20,000 empty files",
        """
made = []
try:
    for number in range(20000):
        path = os.path.join(os.environ["HOME"], f"e{number}")
        os.close(os.open(path, os.O_CREAT))
        made.append(path)
finally:
    found = len(made) > 10000
    for path in made:
        os.unlink(path)
""",
    ),
    proof(
        "use_up_descriptors",
        "descriptors",
        "open thousands of files",
        """
opened = []
try:
    for _ in range(4000):
        opened.append(os.open("/dev/null", os.O_RDONLY))
finally:
    found = len(opened) > 500
    for descriptor in opened:
        os.close(descriptor)
""",
    ),
    _hang("endless_output", "print for ever", "while True:\n    print('all work and no play', flush=True)\n"),
    _hang(
        "endless_line",
        "print one line without an end",
        "import os, sys\nwhile True:\n    os.write(1, b'x' * 65536)\n    sys.stderr.write('x' * 65536)\n",
    ),
    _hang(
        "patient_sleeper",
        "be right after a minute of sleep, in each call",
        "import time\ntime.sleep(60)\n" + RIGHT,
    ),
    _hang(
        "sleep_in_short_naps",
        "sleep in naps, and compute so little between them that it never seems to",
        """
import time
while True:
    time.sleep(0.098)
    end = time.monotonic() + 0.002
    while time.monotonic() < end:
        pass
""",
    ),
    Attack(
        "loops_everywhere",
        "time",
        "use all the time there is, in all functions",
        "while True:\n    loss = 1\n",
        "timeout",
        everywhere=True,
    ),
    Attack(
        "sleep_everywhere",
        "time",
        "keep the grader waiting, in all functions",
        "import time\nwhile True:\n    time.sleep(1)\n",
        "timeout",
        everywhere=True,
    ),
    _hang("sleep", "sleep for ever", "import time\nwhile True:\n    time.sleep(1e6)\n"),
    _hang(
        "loop_in_c",
        "loop where no Python runs, all signals ignored",
        """
import itertools, signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        continue
sum(itertools.repeat(0))
""",
    ),
    _hang(
        "catch_everything",
        "go on after every exception, for ever",
        "while True:\n    try:\n        while True:\n            loss = 1\n    except BaseException:\n        continue\n",
    ),
    _hang("endless_recursion", "call itself for ever", "f = lambda n: f(n + 1)\nf(0)\n", "error"),
    _hang(
        "recursion_without_limit",
        "call itself until the stack breaks",
        "import sys\nsys.setrecursionlimit(10 ** 9)\nf = lambda n: sorted([n], key=f)\nf(0)\n",
        "error",
    ),
    _hang(
        "slow_expression",
        "match an expression that takes for ever",
        "import re\nre.match(r'(a|a)*$', 'a' * 60 + 'b')\n",
    ),
    _hang("large_power", "raise a number to an enormous power", "loss = 7 ** (10 ** 9)\n"),
    _hang(
        "work_in_children",
        "let other processes work for it while it waits",
        """
import os
for _ in range(6):
    if os.fork() == 0:
        while True:
            loss = 1
os.wait()
""",
    ),
    _hang(
        "work_in_forgotten_children",
        "hide CPU time in short-lived processes that nobody waits for",
        """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    for _ in range(3):
        if os.fork() == 0:
            end = time.process_time() + 0.02
            while time.process_time() < end:
                loss = 1
            os._exit(0)
    time.sleep(0.03)
""",
        "error",
    ),
    _hang("kill_itself", "end by a signal", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nos.abort()\n", "error"),
    _hang("crash_in_c", "read where no memory is", "import ctypes\nctypes.string_at(8)\n", "error"),
    _hang(
        "wait_for_itself",
        "stand still in a lock it holds",
        "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n",
    ),
)
