"""The command line, one module for each command; nothing imports it."""

import sys


def main() -> None:
    """Run the command line: what `cs231n-grading` and `python -m grading` call."""
    # nbformat needs jsonschema, which compiles a grammar of addresses for a second, for a format that no notebook has.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

    from grading.cli.run import main as run  # not before it is called: every module in here imports this one

    run()
