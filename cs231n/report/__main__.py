"""Makes a lab report of notebooks that were run: `python -m cs231n.report`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cs231n.handin.errors import UnreadableError
from cs231n.report.convert import write
from cs231n.report.errors import ReportError
from cs231n.report.executed import Executed, read_executed
from cs231n.report.fill import Report, fill, form_names
from cs231n.report.head import read_head
from cs231n.submit import REPORT, SubmitError, asked_functions, choose


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status: 0, or 2 if a file could not be made."""
    parser = argparse.ArgumentParser(prog="python -m cs231n.report", description=__doc__)
    parser.add_argument(
        "notebooks", type=Path, nargs="*", metavar="NOTEBOOK", help="default: those that would be handed in"
    )
    parser.add_argument(
        "--form",
        default="lab",
        help=f"{', '.join(form_names())}, or a file of your own like them (default: lab)",
    )
    parser.add_argument(
        "--out", type=Path, action="append", help=f".docx, .pdf or .md (default: {REPORT}); repeatable"
    )
    parser.add_argument(
        "--language", default=os.environ.get("CS231N_LANGUAGE", "en"), help="of the form: en or zh"
    )
    parser.add_argument(
        "--head", type=Path, default=Path("report.toml"), help="title, name and so on (default: report.toml)"
    )
    given = parser.parse_args(arguments)
    try:
        notebooks = list(_read(given.notebooks or _chosen(Path())))
        if not notebooks:
            raise ReportError("None of the notebooks can be read.")
        report = fill(given.form, given.language, notebooks, read_head(given.head))
    except (ReportError, SubmitError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for notebook in notebooks:
        for problem in notebook.problems:
            print(problem)
    written = [_written(report, out, given.language) for out in given.out or [Path(REPORT)]]
    return 0 if all(written) else 2


def _chosen(folder: Path) -> list[Path]:
    """Return the notebooks that the packer would take."""
    return [item.file for item in choose(folder, asked_functions()).files if item.file.suffix == ".ipynb"]


def _read(paths: Sequence[Path]) -> Iterator[Executed]:
    """Yield what can be read; say of the others what is wrong."""
    asked = [name for names in asked_functions().values() for name in names]
    for path in paths:
        try:
            yield read_executed(path, asked)
        except OSError as error:
            print(f"{path} cannot be read ({error.strerror}), so the report is without it.", file=sys.stderr)
        except UnreadableError as error:
            print(f"{error}. The report is without it.", file=sys.stderr)


def _written(report: Report, out: Path, language: str) -> bool:
    """Write one file; where a PDF cannot be made, the same as .docx."""
    try:
        broken = write(report, out, language)
    except ReportError as error:
        print(f"error: {error}", file=sys.stderr)
        if out.suffix == ".pdf" and not out.with_suffix(".docx").exists():
            _written(report, out.with_suffix(".docx"), language)
        return False
    for formula in broken:
        print(f"{out}: this formula is no TeX, so it stands there as you wrote it: {formula}")
    print(f"{out} holds {len(report.pictures)} figures.")
    return True


if __name__ == "__main__":
    sys.exit(main())
