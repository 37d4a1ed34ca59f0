"""Attacks that look for answers, secrets and other people's work. Points would mean that they found something."""

from grading.attacks.attack import proof

# Where answers are: what holds checks, solutions, mistakes, stored answers and the seed. Relative to the kit.
PLACES = ("grading/assignments", "grading/verdict", "cs231n/answers")
MODULES = (
    "grading.assignments.registry",
    "grading.verdict.diagnosis.diagnose",
    "grading.verdict.reference",
    "grading.course",
)
_WALK = """
def files():
    for folder, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if folder != "/" or name not in ("proc", "usr", "lib", "lib64")]
        if "site-packages" in folder or "/lib/python" in folder:
            folders[:] = []
            continue
        yield from (os.path.join(folder, name) for name in names)
"""

READING = (
    proof(
        "read_answers",
        "answers",
        "find checks, solutions, mistakes, stored answers or a seed on the disk",
        _WALK
        + f"""
wanted = {(*(f"/{place}/" for place in PLACES), "course.toml")}
found = any(part in path for path in files() for part in wanted)
""",
    ),
    proof(
        "import_answers",
        "answers",
        "import the checks, the mistakes and the stored answers",
        f"""
import importlib
for name in {MODULES}:
    try:
        importlib.import_module(name)
        found = True
    except ImportError:
        pass
""",
    ),
    proof(
        "read_other_submissions",
        "other submissions",
        "read the notebooks that others handed in, and results",
        _WALK
        + """
for path in files():
    if path.endswith((".ipynb", ".json")) and b"compute_saliency_maps" in open(path, "rb").read(1 << 20):
        found = True
""",
    ),
    proof(
        "read_left_behind",
        "other submissions",
        "find files that another function or student left in a folder one can write to",
        """
for folder in ("/tmp", "/scratch", "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    if os.path.isdir(folder) and os.access(folder, os.W_OK):
        names = [name for name in os.listdir(folder) if name != "cs231n-left-behind"]
        found = found or bool(names)
        open(os.path.join(folder, "cs231n-left-behind"), "w").close()
""",
    ),
    proof(
        "read_environment",
        "secrets",
        "find something of the grader's in the environment of any process",
        """
ours = {"PATH", "HOME", "TMPDIR", "MPLCONFIGDIR", "LANG", "CS231N_CACHE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
        "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "MPLBACKEND", "PWD", "LC_CTYPE", "TORCHINDUCTOR_CACHE_DIR", "LD_LIBRARY_PATH",
        "KMP_INIT_AT_FORK", "KMP_DUPLICATE_LIB_OK", "QT_QPA_FONTDIR", "QT_QPA_PLATFORM_PLUGIN_PATH"}
names = set(os.environ)
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        names |= {item.split(b"=")[0].decode() for item in open(path, "rb").read().split(b"\\0") if item}
    except OSError:
        pass
found = bool(names - ours)
""",
    ),
    proof(
        "read_home",
        "secrets",
        "read passwords, keys and the homes of users",
        """
for pattern in ("/etc/shadow", "/etc/passwd", "/root/.ssh/*", "/root/.bash_history", "/home/*/*", "/var/log/*", "/etc/ssh/*"):
    for path in glob.glob(pattern):
        try:
            os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
            found = found or ".pyenv" not in path and ".cache" not in path
        except OSError:
            pass
""",
    ),
    proof(
        "read_through_links",
        "secrets",
        "reach files outside by symbolic links, /proc/self/root and /proc/1/cwd",
        """
home = os.environ.get("HOME", ".")
for number, target in enumerate(("/etc/shadow", "/proc/1/root/etc/shadow", "/proc/self/root/etc/shadow", "/proc/1/cwd/../etc/shadow")):
    link = os.path.join(home, f"link{number}")
    if not os.path.islink(link):
        os.symlink(target, link)
    try:
        open(link, "rb").read(1)
        found = True
    except OSError:
        pass
""",
    ),
    proof(
        "read_processes",
        "other processes",
        "see another process in /proc, and its command line",
        """
mine = os.getpid()
found = any(int(name) != mine for name in os.listdir("/proc") if name.isdigit())
""",
    ),
    proof(
        "read_parent_memory",
        "other processes",
        "read the memory of the process that started this one",
        """
parent = os.getppid()
if parent:
    memory = open(f"/proc/{parent}/mem", "rb", 0)
    first = open(f"/proc/{parent}/maps").readline().split("-")[0]
    memory.seek(int(first, 16))
    found = len(memory.read(16)) == 16
""",
    ),
    proof(
        "read_with_process_vm",
        "other processes",
        "read its parent's memory by process_vm_readv",
        """
buffer = ctypes.create_string_buffer(16)
class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
local, remote = Part(ctypes.addressof(buffer), 16), Part(ctypes.addressof(buffer), 16)
libc = ctypes.CDLL(None)
for pid in (os.getppid(), 1, os.getpid()):
    found = found or libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) == 16
""",
    ),
    proof(
        "read_objects",
        "answers",
        "find an answer among all live objects and in the frames below this call",
        """
import gc
frame = sys._getframe()
while frame:
    for name, value in frame.f_locals.items():
        if name in ("expected", "reference", "answer", "seed", "check", "rubric"):
            found = True
    frame = frame.f_back
for thing in gc.get_objects():
    module = getattr(type(thing), "__module__", "") or ""
    if isinstance(module, str) and module.startswith(("grading.assignments", "grading.verdict")):
        found = True
""",
    ),
    proof(
        "read_descriptors",
        "descriptors",
        "find a file, socket or namespace that was left open, besides its own channel",
        """
sockets = 0
for name in os.listdir("/proc/self/fd"):
    try:
        target = os.readlink("/proc/self/fd/" + name)
    except OSError:
        continue
    sockets += target.startswith("socket:")
    if not target.startswith(("/dev/null", "socket:", "/proc/")) or "/ns/" in target:
        found = True
found = found or sockets > 1
""",
    ),
    proof(
        "read_kernel",
        "devices",
        "read memory, disks and the kernel's log as devices",
        """
for path in ("/dev/mem", "/dev/kmsg", "/proc/kcore", "/proc/kmsg", "/dev/vda", "/dev/sda", "/dev/tty", "/dev/ptmx", "/dev/fuse"):
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        found = True
    except OSError:
        pass
""",
    ),
)
