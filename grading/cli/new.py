"""`python -m grading new assignment NAME DIR`: a folder to start from, with one example function in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grading.cli.terminal import say

new = typer.Typer(help="Start something of your own.", no_args_is_help=True)


@new.callback()
def about() -> None:
    """Start something of your own."""


@new.command()
def assignment(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the notebook, such as SoftmaxClassifier.")
    ],
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder to write; it must be new or empty.")
    ],
) -> None:
    """Write the folder of an assignment of your own: a notebook with one function, its checks, mistakes and tests."""
    from grading.notebooks.new_assignment import write_assignment

    for path in write_assignment(name, directory):
        say(path)
    say("next: python -m grading reference --update --assignment {directory}", directory=directory)
