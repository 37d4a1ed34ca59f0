"""Reference run: executes the solved notebooks from the first cell to the last."""

import base64
import contextlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from tqdm.auto import tqdm
from traitlets.config import Config

from cs231n.language import plural, said, shown
from grading.assignments.vocabulary.notebook import Notebook
from grading.errors import KitError
from grading.locations import KIT
from grading.notebooks.build import as_text, solved_notebook
from grading.notebooks.release import copy_packages
from grading.verdict.stored_answers import stale_answers, write_answers

CELL_SECONDS = 900
DEMO = "demo"


def run_reference(
    out: Path, wanted: Collection[Notebook], update: bool = False, *, progress: bool = True
) -> bool:
    """Execute the solved notebooks and say whether the stored answers are still those of the solutions.

    Parameters
    ----------
    out : Path
        Folder for the executed notebooks and, in `pictures/`, each of their pictures.
    wanted : collection of Notebook
    update : bool
        Rewrite the stored answers first.
    progress : bool
        Show a bar for each notebook, a step a cell.

    Returns
    -------
    bool
        True if every stored answer matches.

    Raises
    ------
    KitError
        If `out` cannot be written, or a cell fails; the notebook is written all the same, up to that cell.
    """
    with _written_to(out):
        out.mkdir(parents=True, exist_ok=True)
    if update:
        for path in write_answers(wanted):
            print(said("wrote {path}", path=_shown(path)))
    for asked in wanted:
        notebook = solved_notebook(asked.source)
        try:
            with _kernel_folder(asked) as folder:
                execute(notebook, folder, title=asked.name, progress=progress)
        finally:
            path = write_executed(notebook, asked.name, out)
        count = len(pictures(notebook))
        print(
            plural("executed {path}, {count} picture", "executed {path}, {count} pictures", count).format(
                path=_shown(path), count=count
            )
        )
    stale = stale_answers(wanted)
    for sentence in stale:
        print(shown(sentence))
    template = (
        "The stored answers do not match: run `python -m grading reference --update`."
        if stale
        else "Every stored answer matches the reference solution."
    )
    print(said(template))
    return not stale


@contextlib.contextmanager
def _kernel_folder(notebook: Notebook) -> Iterator[Path]:
    """Yield where a solved notebook runs: a course's own needs its stored answers in the package that it imports."""
    if notebook.is_shipped:
        yield KIT
        return
    with tempfile.TemporaryDirectory(prefix="reference-") as name:
        copy_packages(Path(name), [notebook])
        yield Path(name)


def execute(
    notebook: NotebookNode, folder: Path, *, title: str = "", demos: bool = True, progress: bool = True
) -> None:
    """Run a notebook in a Jupyter kernel of its own, in place: its outputs appear in its cells.

    Parameters
    ----------
    notebook : NotebookNode
        Changed: outputs are added, and without `demos` cells are removed.
    folder : Path
        The kernel's working folder.
    title : str
        What the notebook is called in the progress bar and in errors.
    demos : bool
        Whether to keep the cells tagged "demo", which take most of the time.
    progress : bool
        Show a progress bar.

    Raises
    ------
    KitError
        If a cell raises, takes longer than `CELL_SECONDS`, or ends the kernel.
    """
    if not demos:
        notebook.cells = [cell for cell in notebook.cells if DEMO not in cell.metadata.get("tags", [])]
    code_cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    bar = tqdm(total=code_cells, desc=title, unit="cell", disable=not progress)
    with tempfile.TemporaryDirectory(prefix="kernel-") as sockets, bar:
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            config=_private_connection(sockets),
            on_cell_executed=lambda **_: bar.update(),
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise KitError(
                "{title}: a cell raised {name}: {what}", title=title, name=error.ename, what=error.evalue
            ) from error
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:  # the last: it did not start
            raise KitError("{title}: {error}", title=title, error=error) from error


def _private_connection(folder: str) -> Config:
    """Let the kernel be reached through sockets in a folder of ours.

    Over TCP every user of the machine could listen in, of which the kernel warns; Windows has nothing else.
    """
    return Config(
        {} if os.name == "nt" else {"KernelManager": {"transport": "ipc", "ip": f"{folder}/socket"}}
    )


def pictures(notebook: NotebookNode) -> list[bytes]:
    """Return the PNG pictures among a notebook's outputs, in order."""
    outputs: list[Any] = [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.get("outputs", [])
    ]
    encoded = [output["data"]["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    return [base64.b64decode(picture) for picture in encoded]


def write_executed(notebook: NotebookNode, stem: str, out: Path) -> Path:
    """Write a notebook with its outputs, and its pictures as files; pictures of an earlier run go."""
    folder = out / "pictures"
    path = out / f"{stem}.ipynb"
    with _written_to(out):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            if re.fullmatch(rf"{re.escape(stem)}-\d+\.png", old.name):
                old.unlink()
        for number, picture in enumerate(pictures(notebook), start=1):
            (folder / f"{stem}-{number:02d}.png").write_bytes(picture)
        path.write_text(as_text(notebook), encoding="utf-8")
    return path


@contextlib.contextmanager
def _written_to(out: Path) -> Iterator[None]:
    """Say of a folder that cannot be written what to do."""
    try:
        yield
    except OSError as error:
        raise KitError(
            "{out} cannot be written: {why}. Choose another folder.", out=out, why=error.strerror
        ) from error


def _shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
