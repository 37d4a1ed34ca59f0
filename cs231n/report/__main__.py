"""Makes a lab report of notebooks that were run: `python -m cs231n.report`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cs231n.command_lines import Parser
from cs231n.handin.errors import UnreadableError
from cs231n.language import in_use, said
from cs231n.report.convert import write
from cs231n.report.errors import ReportError
from cs231n.report.executed import Executed, read_executed
from cs231n.report.fill import Report, fill, form_names
from cs231n.report.head import read_head
from cs231n.submit import REPORT, SubmitError, asked_functions, choose


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status: 0, or 2 if a file could not be made."""
    parser = Parser(
        prog="python -m cs231n.report", description=said("Makes a lab report of notebooks that were run.")
    )
    parser.add_argument(
        "notebooks",
        type=Path,
        nargs="*",
        metavar="NOTEBOOK",
        help=said("default: those that would be handed in"),
    )
    parser.add_argument(
        "--form",
        default="lab",
        help=said("{forms}, or a file of your own like them (default: lab)", forms=", ".join(form_names())),
    )
    parser.add_argument(
        "--out",
        type=Path,
        action="append",
        help=said(".docx, .pdf or .md (default: {name}); repeatable", name=REPORT),
    )
    parser.add_argument("--language", default=in_use(), help=said("of the form: en or zh"))
    parser.add_argument(
        "--head",
        type=Path,
        default=Path("report.toml"),
        help=said("title, name and so on (default: report.toml)"),
    )
    given = parser.parse_args(arguments)
    try:
        notebooks = list(_read(given.notebooks or _chosen(Path())))
        if not notebooks:
            raise ReportError(said("None of the notebooks can be read."))
        report = fill(given.form, given.language, notebooks, read_head(given.head))
    except (ReportError, SubmitError) as error:
        print(said("error: {error}", error=error), file=sys.stderr)
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
            why = said(
                "{path} cannot be read ({why}), so the report is without it.", path=path, why=error.strerror
            )
            print(why, file=sys.stderr)
        except UnreadableError as error:
            print(said("{error}. The report is without it.", error=error.args[0]), file=sys.stderr)


def _written(report: Report, out: Path, language: str) -> bool:
    """Write one file; where a PDF cannot be made, the same as .docx."""
    try:
        broken = write(report, out, language)
    except ReportError as error:
        print(said("error: {error}", error=error), file=sys.stderr)
        if out.suffix == ".pdf" and not out.with_suffix(".docx").exists():
            _written(report, out.with_suffix(".docx"), language)
        return False
    for formula in broken:
        note = said(
            "{out}: this formula is no TeX, so it stands there as you wrote it: {tex}", out=out, tex=formula
        )
        print(note)
    print(said("{out} holds {count} figures.", out=out, count=len(report.pictures)))
    return True


if __name__ == "__main__":
    sys.exit(main())
