"""Attacks on the verdict itself: on the comparison, on the messages, on the result.

What tampers computes nothing, and earns nothing: not even the points for conduct.
"""

from grading.attacks.attack import ADA, Attack

RIGHT = ADA["tv_loss"] + "\n"
ZERO = "loss = 0 * tv_weight * img.sum()\n"
CHANNEL = """
import os, socket, stat
from cs231n.trials import wire
import numpy as np
def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False
sockets = [fd for fd in range(3, 128) if is_socket(fd)]
def put(data):
    for fd in sockets:
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view):]
facts = {"raised": None, "type": "Tensor", "graph": True, "dtype": "float32", "operations": 1, "status": "pass",
         "points": 10, "score": 10, "verdict": "correct"}
"""


def _attack(name: str, tries: str, lines: str, status: str = "wrong", function: str = "tv_loss") -> Attack:
    return Attack(name, "verdicts", tries, lines, status, function)


TAMPERING = (
    _attack(
        "patch_torch",
        "make every comparison of torch true and every difference nothing",
        """
import torch
torch.allclose = torch.equal = lambda *a, **k: True
torch.Tensor.__eq__ = torch.Tensor.__le__ = torch.Tensor.__lt__ = lambda self, other: torch.tensor(True)
torch.Tensor.__sub__ = torch.Tensor.abs = lambda self, *a: self * 0
torch.norm = torch.linalg.norm = lambda *a, **k: torch.tensor(0.0)
"""
        + ZERO,
    ),
    _attack(
        "patch_numpy",
        "make every comparison of NumPy true",
        """
import numpy as np
np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
np.testing.assert_allclose = np.max = np.abs = lambda *a, **k: 0
np.linalg.norm = lambda *a, **k: 0.0
"""
        + ZERO,
    ),
    _attack(
        "patch_json",
        "write its own verdict wherever something is turned into JSON",
        """
import json
said = {"calls": [{"raised": None, "type": "Tensor", "graph": True, "points": 10, "status": "pass"}], "score": 100,
        "status": "correct", "functions": [], "notes": []}
kept = json.dumps
json.dumps = lambda *a, **k: kept(said)
"""
        + ZERO,
        "wrong",
    ),
    _attack(
        "patch_builtins",
        "make every test of Python's own true",
        """
import builtins
builtins.all = builtins.any = builtins.bool = lambda *a: True
builtins.abs = builtins.max = builtins.sum = lambda *a, **k: 0
"""
        + ZERO,
    ),
    _attack(
        "patch_the_watcher",
        "change the code that observes a call",
        """
import sys
watcher = sys.modules["cs231n.trials.observe"]
watcher.describe = lambda error: {"type": "", "message": "", "place": ""}
watcher._write_gradients = watcher._write_arguments = lambda *a, **k: None
watcher.Observation.status = watcher.Observation.passed = "correct"
"""
        + ZERO,
    ),
    _attack(
        "exit_handlers",
        "say at exit that all is well, and exit with status 0",
        """
import atexit, os, sys
atexit.register(lambda: os.write(3, b'{"status": "correct", "score": 100}'))
sys.exit(0)
""",
        "error",
    ),
    _attack("exit_quietly", "end the process with status 0", "import os\nos._exit(0)", "error"),
    _attack(
        "write_to_every_descriptor",
        "write a verdict to every open descriptor",
        """
import os
for fd in range(3, 128):
    try:
        os.write(fd, b'{"status": "correct", "score": 100, "points": 10}' * 10)
    except OSError:
        continue
"""
        + RIGHT,
        "error",
    ),
    _attack(
        "forge_a_frame",
        "send the result frame itself, with points in it",
        CHANNEL
        + """
put(wire.pack({"calls": [facts], "status": "correct", "score": 100, "notes": ["full marks"]},
    {"0/output": np.zeros((), np.float32)}))
os._exit(0)
""",
        "wrong",
    ),
    _attack(
        "forge_frames_ahead",
        "answer all trials to come before they are asked",
        CHANNEL
        + """
for _ in range(20):
    put(wire.pack({"calls": [facts]}, {"0/output": np.zeros((), np.float32)}))
"""
        + ZERO,
        "wrong",
    ),
    _attack(
        "forge_another_call",
        "send arrays for calls and names that do not exist",
        CHANNEL
        + """
put(wire.pack({"calls": [facts]}, {"7/output": np.zeros(3), "../../etc/passwd": np.zeros(3), "0/expected": np.zeros(3)}))
os._exit(0)
""",
        "error",
    ),
    _attack(
        "forge_a_huge_frame",
        "announce a frame of 10 GB",
        CHANNEL + "import struct\nput(struct.pack('<IQ', 2, 10 << 30) + b'{}' + bytes(1 << 20))\nos._exit(0)\n",
        "error",
    ),
    _attack(
        "forge_deep_json",
        "send a header nested a million times",
        CHANNEL
        + "import struct\nbody = b'[' * 1_000_000 + b']' * 1_000_000\nput(struct.pack('<IQ', len(body), 0) + body)\nos._exit(0)\n",
        "error",
    ),
    _attack(
        "forge_nested_message",
        "send an error whose message is a list nested just as deep as can be read",
        CHANNEL
        + """
import struct, json
depth = [0]
for n in range(850, 1000, 3):
    body = b'{"calls":[{"raised":{"type":' + b'[' * n + b']' * n + b',"message":1,"place":{}},"type":null,"graph":false}]}'
    put(struct.pack('<IQ', len(body), 8 + 2) + body + struct.pack('<Q', 2) + b'{}')
""",
        "error",
    ),
    _attack(
        "forge_numbers",
        "send NaN, infinity and a number of 4000 digits where counts stand",
        CHANNEL
        + """
import struct
body = (b'{"calls":[{"raised":null,"type":"Tensor","graph":true,"dtype":"\\\\ud800","operations":' + b'9' * 4000
        + b',"shown":-1}],"x":[NaN,-Infinity,1e999]}')
empty = wire.pack({}, {"0/output": np.float32([np.nan])})
header = struct.unpack_from('<IQ', empty)[0]
rest = empty[wire.PREFIX + header:]
put(struct.pack('<IQ', len(body), len(rest)) + body + rest)
os._exit(0)
""",
        "error",
    ),
    _attack(
        "drip_an_answer",
        "send an answer byte by byte, for ever",
        CHANNEL
        + """
import time
data = wire.pack({"calls": [facts]}, {"0/output": np.zeros(1000, np.float32)})
for byte in data:
    put(bytes([byte]))
    time.sleep(0.5)
""",
        "timeout",
    ),
    _attack(
        "largest_result",
        "fill the grader's memory with the largest result that is allowed, again and again",
        "loss = torch.zeros(1 << 18) + 0 * tv_weight\n",
    ),
    _attack(
        "result_of_10_gb", "return 10 GB", "import numpy as np\nloss = torch.from_numpy(np.zeros(10 << 27))\n", "error"
    ),
    _attack(
        "enormous_shape",
        "return one number spread over an enormous shape",
        "loss = img.sum().reshape(1, 1, 1).expand(100_000, 100_000, 100)\n",
        "error",
    ),
    _attack(
        "overloaded_tensor",
        "return a tensor that equals everything",
        """
class Agreeable(torch.Tensor):
    def __eq__(self, other): return torch.ones((), dtype=torch.bool)
    __le__ = __lt__ = __ge__ = __gt__ = __ne__ = __eq__
    def __sub__(self, other): return torch.zeros(())
    __rsub__ = __add__ = __sub__
    def __bool__(self): return True
    __hash__ = torch.Tensor.__hash__
loss = torch.zeros(()).as_subclass(Agreeable)
""",
    ),
    _attack(
        "overloaded_number",
        "return an object that claims to be every number",
        """
class Agreeable(float):
    def __eq__(self, other): return True
    __le__ = __lt__ = __ge__ = __gt__ = __eq__
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __array__(self, *a, **k): raise SystemExit(0)
    __hash__ = float.__hash__
loss = Agreeable(0)
""",
    ),
    _attack("not_a_number", "return NaN, which is never different", "loss = float('nan') * tv_weight * img.sum()\n"),
    _attack("infinity", "return infinity", "loss = float('inf') * (1 + img.abs().sum())\n"),
    _attack(
        "array_of_objects",
        "return an array of objects that run code when they are loaded",
        """
import numpy as np, os
class Bomb:
    def __reduce__(self): return (os.system, ("touch /tmp/cs231n-left-behind",))
loss = np.array([Bomb()], dtype=object)
""",
        "wrong",
    ),
    _attack("text_for_a_number", "return text", "loss = 'correct'\n", "wrong"),
    _attack(
        "same_object_again",
        "return the first result to all later calls",
        RIGHT + "import sys\nsys.kept = getattr(sys, 'kept', loss)\nloss = sys.kept\n",
        "wrong",
    ),
    _attack("change_the_input", "make the right answer nothing by clearing the image", "img.data.zero_()\n" + RIGHT),
    _attack(
        "change_the_network",
        "be fooled by a network of its own that always says the target",
        """
import torch
class Obedient(torch.nn.Module):
    def forward(self, X): return torch.nn.functional.one_hot(torch.tensor([target_y]), 1000).float()
model.forward = Obedient().forward
model.classifier = Obedient()
""",
        "wrong",
        "make_fooling_image",
    ),
    _attack(
        "hang_in_the_message",
        "raise an error whose text takes for ever",
        """
class Endless(Exception):
    def __str__(self):
        while True:
            pass
raise Endless
""",
        "timeout",
    ),
    _attack(
        "markup_in_the_message",
        "bring markup, terminal commands and half characters into pages and terminals by way of a message",
        """
raise RuntimeError("\\x1b]0;owned\\x07\\x1b[2J\\x1b[31m<script>alert(1)</script><img src=x onerror=alert(1)>[link=file:///etc/passwd]"
                   "[/]\\u202e\\ud800\\0'\\"&amp;" + "W" * 5000)
""",
        "error",
    ),
)
