"""A trial of the walls, without torch and without student code: puts them up around one child, as `main` will.

Run before anything is graded, behind what `sandbox.program` builds; whatever this machine forbids ends it with a
message on stderr.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

LIMITS = {"scratch_mb": 1, "processes": 64}
KIT = Path(__file__).resolve().parents[3]


def stand_in_for_packages() -> None:
    """Put empty packages in the place of those around this folder: they would be imported, and torch with them."""
    for name in ("grading", "grading.sandbox", "grading.sandbox.inside"):
        package = ModuleType(name)
        package.__path__ = [str(KIT.joinpath(*name.split(".")))]
        sys.modules[name] = package


def main(isolation: str, arguments: Sequence[str]) -> int:
    """Return the exit status of a child behind all walls: 0 if they stand, and it can read what it must."""
    around = importlib.import_module("grading.sandbox.inside.around").around(isolation, arguments)
    pid = 0
    with around.fork():
        pid = os.fork()
    if pid == 0:
        status = 1
        try:
            needed = json.loads(Path(arguments[0]).read_text())["read"] if arguments else []
            around.put_up(0, LIMITS)
            for path in needed:
                os.close(os.open(path, os.O_RDONLY))
            status = 0
        except OSError as error:
            sys.stderr.write(f"{error}\n")
            sys.stderr.flush()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.path.extend(sys.argv[3].split(os.pathsep))
    stand_in_for_packages()
    try:
        sys.exit(main(sys.argv[2], sys.argv[4:]))
    except OSError as error:
        sys.exit(str(error))
