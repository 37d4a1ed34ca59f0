"""Whoever descends from the tests is stopped with them, wherever it has gone, and goes on afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A child; one in a session of its own; and one whose parent has ended. Each says its number.
PROGRAM = """
import json, os, signal, subprocess
from pathlib import Path
from benchmarks.disturbed import adopt_orphans, send, stop_all

def states(pids):
    return [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] for pid in pids]

adopt_orphans()
child = subprocess.Popen(["sleep", "1000"])
apart = subprocess.Popen(["sleep", "1000"], start_new_session=True)
shell = ["sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!"]
orphan = int(subprocess.run(shell, capture_output=True, check=True).stdout)
pids = [child.pid, apart.pid, orphan]
held = stop_all()
while states(pids) != ["T"] * 3:  # a signal takes its time
    pass
for pid in reversed(held):
    send(pid, signal.SIGCONT)
while "T" in states(pids):
    pass
print(json.dumps([pids, held]))
for pid in pids:
    os.kill(pid, signal.SIGKILL)
"""


def test_children_in_sessions_of_their_own_and_orphans_are_stopped_and_go_on() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=600, check=True
    )
    pids, held = json.loads(done.stdout)
    assert set(pids) <= set(held)
