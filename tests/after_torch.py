"""Programs that are asked what they import, each in a process that has imported torch and nothing else of ours.

Torch takes a second and a half, so it is imported once: by a process of its own, which forks for each program.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# A program's text and the folder to start it in -> what it printed.
AfterTorch = Callable[[str, Path], str]
# Takes a line for each program, and answers with its exit status; what it says is in the file "said".
SERVER = """
import json, os, sys, traceback
import torch
for line in sys.stdin:
    request = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.chdir(request["folder"])
        said = os.open(request["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(said, stream)
        status = 0
        try:
            exec(compile(request["program"], "<program>", "exec"), {"__name__": "__main__"})
        except BaseException:
            traceback.print_exc()
            status = 1
        sys.stdout.flush()
        os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@contextmanager
def serving(said: Path) -> Iterator[AfterTorch]:
    """Start the process that forks; `said` is where programs write what they say."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin
        assert server.stdout

        def run(program: str, folder: Path) -> str:
            request = {"program": program, "folder": str(folder), "said": str(said)}
            server.stdin.write(json.dumps(request) + "\n")
            server.stdin.flush()
            status = server.stdout.readline().strip()
            text = said.read_text(encoding="utf-8")
            assert status == "0", text
            return text

        yield run
        server.stdin.close()  # it ends
