"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path, typer.Option("--out", help="Folder for results, grades.csv and the report.")]
Seed = Annotated[
    str | None,
    typer.Option("--seed", help="Private seed; else that of course.toml, else the public one of the demo."),
]
SeedFile = Annotated[
    Path | None,
    typer.Option("--seed-file", help="File with the private seed: unlike --seed, other users do not see it."),
]
Isolation = Annotated[
    str | None,
    typer.Option(
        "--isolation",
        help="bubblewrap or landlock (walls; else the stronger that this machine allows), or process (limits only, "
        "for work you trust).",
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language", help="Of pages and messages: en, zh; else that of course.toml or of CS231N_LANGUAGE."
    ),
]
Assignment = Annotated[
    str | None,
    typer.Option(
        "--assignment",
        metavar="NAME|PATH",
        help="assignment3 (the default), network-visualization, style-transfer, lecture; one that course.toml "
        "composes; or the folder of an assignment of your own.",
    ),
]
OtherAssignment = Annotated[
    str | None,
    typer.Option("--assignment", metavar="NAME|PATH", help="If it is neither the kit's nor in course.toml."),
]
Results = Annotated[
    Path, typer.Argument(metavar="DIR", help="What `python -m grading grade` wrote (its --out).")
]
Anonymous = Annotated[
    bool,
    typer.Option(
        "--anonymous",
        help="Also write report-anonymous/, pages under pseudonyms for graders and lectures; pseudonyms.json says who "
        "is who. What students wrote in their code, such as a name in a comment, stays.",
    ),
]
