"""A warning, a progress bar, a logger or C code that writes to stderr does not fail nbgrader's cell."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
NOISE = """
import logging, os, sys, warnings
handler = logging.StreamHandler()       # keeps today's stderr
logger = logging.getLogger("mine"); logger.addHandler(handler)
from cs231n.trials.streams import stderr_as_output
with stderr_as_output():
    warnings.warn("a warning")
    print("printed", file=sys.stderr)
    logger.warning("logged")
    sys.stdout.flush()
    os.write(2, b"from C\\n")
print("before the end")
print("an error of the kit's", file=sys.stderr)
"""


def test_what_is_written_to_stderr_is_shown_on_stdout_and_only_meanwhile() -> None:
    done = subprocess.run([sys.executable, "-c", NOISE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "an error of the kit's\n"
    for words in ("a warning", "printed", "logged", "from C"):
        assert words in done.stdout
