"""Redirection of stderr to stdout, since nbgrader takes any text on stderr for a failed cell."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def stderr_as_output() -> Iterator[None]:
    """Show on stdout what is meant for stderr, whoever writes it: warnings, progress bars, loggers, C code.

    A logger or a progress bar may have kept the stream since before: so the stream itself is redirected, and not
    only its name `sys.stderr`.
    """
    stream = sys.stderr
    stream.flush()
    kept = os.dup(2)
    os.dup2(1, 2)
    stream.write = lambda text: sys.stdout.write(text)  # type: ignore[method-assign]
    try:
        yield
    finally:
        del stream.write
        os.dup2(kept, 2)
        os.close(kept)
