"""Attacks that reach outside: the network, other processes, the kernel, files of others."""

from grading.attacks.attack import ADA, Attack, proof

ESCAPING = (
    proof(
        "connect_internet",
        "network",
        "open a connection to a name server on the internet",
        """
with socket.socket() as s:
    s.settimeout(2)
    s.connect(("1.1.1.1", 53))
    found = True
""",
    ),
    proof("resolve_name", "network", "resolve a name", 'found = bool(socket.getaddrinfo("example.com", 80))'),
    proof(
        "see_network",
        "network",
        "see an interface other than its own, or a service that listens on this machine",
        """
found = any(name != "lo" for _, name in socket.if_nameindex())
for path in ("/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp"):
    found = found or len(open(path).readlines()) > 1
""",
    ),
    proof(
        "abstract_socket",
        "network",
        "see or reach an abstract Unix socket of another process",
        """
names = [line.split()[-1] for line in open("/proc/net/unix").readlines()[1:]]
found = any(name.startswith(("@", "/")) for name in names)
""",
    ),
    proof(
        "raw_sockets",
        "network",
        "open netlink, packet, Bluetooth, vsock and other sockets that talk to the kernel",
        """
for family in (16, 17, 31, 38, 40, 44):
    for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
        try:
            socket.socket(family, kind).close()
            found = True
        except OSError:
            pass
""",
    ),
    proof(
        "signal_everybody",
        "other processes",
        "kill every process it may",
        """
# Signal 0 asks whether a process may be reached and does nothing to it: only where none may is a shot fired.
def reaches(pid):
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
me = os.getpid()
found = any(reaches(pid) for pid in (os.getppid(), *range(1, 70000)) if pid not in (0, me))
if not found:
    killer = os.fork()
    if not killer:
        for pid in (-1, *range(1, 70000)):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        os._exit(0)
    os.waitpid(killer, 0)
""",
    ),
    proof(
        "kill_process_group",
        "other processes",
        "kill its process group and with it the parent",
        """
if os.getpgrp() != os.getpid() and os.getpid() != 1:
    found = True
else:
    os.kill(0, signal.SIGKILL)
""",
    ),
    proof(
        "trace_processes",
        "system calls",
        "trace a process",
        """
# Seizing does not stop a process, and ends with the one that seized: no harm is done where this goes through.
libc, above = ctypes.CDLL(None), os.getppid() or 1
pid = os.fork()
if not pid:
    os._exit(7 if libc.ptrace(0x4206, above, 0, 0) == 0 or libc.ptrace(0, 0, 0, 0) == 0 else 0)
found = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
""",
    ),
    proof(
        "mount",
        "system calls",
        "mount, bind and unmount",
        """
libc = ctypes.CDLL(None)
os.makedirs(os.path.join(os.environ["HOME"], "m"), exist_ok=True)
m = os.path.join(os.environ["HOME"], "m").encode()
if libc.mount(b"none", m, b"tmpfs", 0, None) == 0:
    libc.umount2(m, 2)
    found = True
found = found or (os.getpid() == 1 and libc.umount2(b"/proc", 2) == 0)
""",
    ),
    proof(
        "new_namespaces",
        "system calls",
        "become root of a new user namespace, or of any other",
        """
for flag in (0x10000000, 0x00020000, 0x40000000, 0x20000000):
    pid = os.fork()
    if not pid:
        os._exit(7 if ctypes.CDLL(None).unshare(flag) == 0 else 0)
    found = found or os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
clone = ctypes.CDLL(None).syscall(56, 0x10000000 | 17, 0, 0, 0, 0)
if clone == 0:
    os._exit(0)
found = found or clone > 0
""",
    ),
    proof(
        "enter_namespaces",
        "system calls",
        "enter the namespaces of another process by setns",
        """
libc = ctypes.CDLL(None)
for path in glob.glob("/proc/[0-9]*/ns/*") + [f"/proc/self/fd/{n}" for n in range(3, 64)]:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        continue
    pid = os.fork()
    if not pid:
        os._exit(7 if libc.setns(descriptor, 0) == 0 else 0)
    os.close(descriptor)
    found = found or os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
""",
    ),
    proof(
        "change_root",
        "system calls",
        "leave by chroot and pivot_root",
        "libc = ctypes.CDLL(None)\nfound = libc.chroot(os.environ['HOME'].encode()) == 0",
    ),
    proof(
        "rare_system_calls",
        "system calls",
        "reach little-used kernel code: bpf, perf, io_uring, userfaultfd, keys, personality",
        """
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(256)
# x86-64 numbers: bpf, perf_event_open, io_uring_setup, userfaultfd, add_key, personality, kcmp, memfd_create
calls = ((321, 0, buffer, 8), (298, buffer, 0, -1, -1, 0), (425, 1, buffer), (323, 1), (250, 0, -3, 1), (135, 0xFFFFFFFF),
         (312, os.getpid(), os.getpid(), 0, 0, 0), (319, b"x", 0))
if os.uname().machine == "x86_64":
    for number, *arguments in calls:
        ctypes.set_errno(0)
        if libc.syscall(number, *arguments) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
            found = True
""",
    ),
    proof(
        "have_capabilities",
        "user",
        "keep a capability, or a way to get one",
        """
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
found = any(int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))
found = found or status["NoNewPrivs"].strip() != "1" or status["Seccomp"].strip() != "2"
""",
    ),
    proof(
        "become_root",
        "user",
        "become root by setuid, or by a set-uid program",
        """
try:
    os.setuid(0)
    found = True
except OSError:
    pass
for program in ("/usr/bin/su", "/usr/bin/mount", "/usr/bin/passwd"):
    if os.path.exists(program):
        said = subprocess.run([program, "--version"], capture_output=True, timeout=5)
found = found or os.geteuid() == 0
""",
    ),
    proof(
        "urgent_scheduling",
        "user",
        "take the processor from others by priority",
        """
for attempt in (lambda: os.nice(-5), lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))):
    try:
        attempt()
        found = True
    except OSError:
        pass
""",
    ),
    proof(
        "make_device",
        "devices",
        "make a device file and read the disk by it",
        """
path = os.path.join(os.environ["HOME"], "disk")
os.mknod(path, 0o600 | 0o060000, os.makedev(254, 0))
os.close(os.open(path, os.O_RDONLY))
found = True
""",
    ),
    proof(
        "kernel_settings",
        "files outside",
        "write kernel settings, such as the program that is run as root after a crash",
        """
for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger", "/proc/sys/kernel/hostname",
             "/proc/sys/vm/overcommit_memory", "/proc/self/oom_score_adj"):
    try:
        os.close(os.open(path, os.O_WRONLY))
        found = True
    except OSError:
        pass
""",
    ),
    proof(
        "write_to_package",
        "files outside",
        "change torch, the course's package, the weights or Python itself",
        """
import cs231n, torch
cache = os.environ.get("CS231N_CACHE", "")
targets = [cs231n.__file__, torch.__file__, os.__file__, sys.executable, *glob.glob(cache + "/*")]
for path in targets:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND))
        found = True
    except OSError:
        pass
""",
    ),
    proof(
        "write_outside",
        "files outside",
        "leave a file anywhere but in its own small folder",
        """
import cs231n
package = os.path.dirname(cs231n.__file__)
for folder in ("/", "/usr", "/etc", "/root", "/var/tmp", "/home", "/dev", "/dev/shm", "/run", "/opt", "/work", package,
               os.path.dirname(package), os.path.dirname(os.path.dirname(package)), os.environ["CS231N_CACHE"]):
    path = os.path.join(folder, "cs231n-left-behind")
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
        os.unlink(path)
        found = True
    except OSError:
        pass
""",
    ),
    proof(
        "hold_a_lease",
        "files outside",
        "make others wait who open the weights, by a lease or a lock on them",
        """
import fcntl
for path in glob.glob(os.environ["CS231N_CACHE"] + "/*"):
    try:
        descriptor = os.open(path, os.O_RDONLY)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        found = True
    except OSError:
        pass
""",
    ),
    proof(
        "leave_a_letter",
        "letters to others",
        "throw a page of a shared file out of memory, ask what is in memory, lock or watch a shared file",
        """
import ctypes, fcntl, mmap
libc = ctypes.CDLL(None, use_errno=True)
path = sorted(glob.glob(os.environ["CS231N_CACHE"] + "/*"))[0]
descriptor = os.open(path, os.O_RDONLY)
page = mmap.mmap(descriptor, 4096, prot=mmap.PROT_READ)
byte = ctypes.create_string_buffer(4096)
pair = (ctypes.c_void_p * 2)(ctypes.addressof(byte), 1)
for ways in (
    lambda: os.posix_fadvise(descriptor, 0, 4096, os.POSIX_FADV_DONTNEED),
    lambda: page.madvise(21),
    lambda: page.madvise(20),
    lambda: fcntl.flock(descriptor, fcntl.LOCK_SH),
    lambda: fcntl.lockf(descriptor, fcntl.LOCK_SH),
):
    try:
        ways()
        found = True
    except OSError:
        pass
found = found or libc.preadv2(descriptor, pair, 1, ctypes.c_long(0), 8) == 1
found = found or libc.readahead(descriptor, ctypes.c_long(0), ctypes.c_size_t(4096)) == 0
found = found or libc.inotify_init1(0) >= 0
found = found or libc.mincore(ctypes.c_void_p(id(byte) & ~4095), ctypes.c_size_t(4096), byte) == 0
found = found or libc.syscall(451, descriptor, pair, byte, 0) == 0
""",
    ),
    Attack(
        "leave_a_daemon",
        "processes left",
        "leave a process that outlives the grading",
        """
import ctypes, os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(15, b"left-behind", 0, 0, 0)
        for descriptor in range(64):
            try:
                os.close(descriptor)
            except OSError:
                pass
        time.sleep(90)
    os._exit(0)
"""
        + ADA["tv_loss"],
        "partial",  # right, but who writes memory is not believed what only the process tells
    ),
)
