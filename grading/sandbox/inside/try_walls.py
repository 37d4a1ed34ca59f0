"""A trial of the walls, without torch and without student code: puts them up around one child, as `main` will.

Run before anything is graded, inside bubblewrap; whatever this machine forbids ends it with a message on stderr.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

LIMITS = {"scratch_mb": 1, "processes": 64}


def neighbour(name: str) -> ModuleType:
    """Load a module of this folder by its file: by its name, the whole package would come along, and torch with it."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Return the exit status of a child behind all walls: 0 if they stand."""
    for folder in sys.argv[1].split(os.pathsep):
        sys.path.append(folder)
    walls, syscalls = neighbour("walls"), neighbour("syscalls")
    refusal = syscalls.refusal()
    with walls.new_pid_namespace():
        pid = os.fork()
    if pid == 0:
        status = 1
        try:
            walls.put_up(0, LIMITS)
            refusal.load()
            status = 0
        except OSError as error:
            sys.stderr.write(f"{error}\n")
            sys.stderr.flush()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
