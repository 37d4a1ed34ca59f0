"""An nbgrader course, opened as nbgrader itself opens it: its configuration decides on folders and database."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError

from grading.errors import KitError
from grading.nbgrader.autograder_cells import KnownCell
from grading.nbgrader.notebooks import released_notebooks
from grading.nbgrader.submitted import Given

# How long SQLite waits for another writer: autograde and formgrader write little, but may be many.
BUSY_SECONDS = 60


def open_course(folder: Path) -> CourseDirectory:
    """Return nbgrader's view of a course folder.

    Raises
    ------
    KitError
        If it is no course folder.
    """
    if not (folder / "nbgrader_config.py").is_file():
        raise KitError("{folder} holds no nbgrader_config.py: name the folder of the course", folder=folder)
    app = NbGrader()
    app.load_cwd_config = False
    app.log_level = logging.ERROR
    try:
        app.initialize([], root=str(folder.resolve()))
    except SystemExit as error:  # traitlets has told why
        raise KitError("{path} cannot be used: correct it", path=folder / "nbgrader_config.py") from error
    return app.coursedir


def given_by(
    coursedir: CourseDirectory, assignment: str, known: Mapping[str, Mapping[str, KnownCell]]
) -> Given:
    """Return what students were given of an assignment; where its release is gone, its source tells nearly as much."""
    steps = (coursedir.release_directory, coursedir.source_directory)
    folders = [Path(coursedir.format_path(step, ".", assignment)) for step in steps]
    names = {path.name for folder in folders for path in folder.glob("*") if path.is_file()}
    return Given(known, released_notebooks(*folders), frozenset(names))


@contextmanager
def open_gradebook(coursedir: CourseDirectory) -> Iterator[Gradebook]:
    """Open the course's database, SQLite or another, for as long as the block runs.

    Raises
    ------
    KitError
        If it does not exist or cannot be reached.
    """
    shown = coursedir.db_url
    try:
        url = make_url(coursedir.db_url)
        shown = url.render_as_string(hide_password=True)
        if url.get_backend_name() == "sqlite":
            if not Path(url.database or "").is_file():
                raise KitError(
                    "there is no gradebook {database} yet: run nbgrader generate_assignment",
                    database=url.database,
                )
            url = url.update_query_dict({"timeout": str(BUSY_SECONDS)})
        # nbgrader logs a traceback whenever two processes add the same row; the second tries again
        logging.getLogger("tornado.application").setLevel(logging.CRITICAL)
        gradebook = Gradebook(url.render_as_string(hide_password=False), coursedir.course_id)
    except (SQLAlchemyError, ArgumentError, ModuleNotFoundError) as error:
        reason = str(error).splitlines()[0]
        raise KitError(
            "the gradebook {shown} cannot be opened ({reason}): is its server running?",
            shown=shown,
            reason=reason,
        ) from error
    try:
        with warnings.catch_warnings():
            # nbgrader adds a submission in an order that SQLAlchemy finds odd
            warnings.simplefilter("ignore", SAWarning)
            yield gradebook
    finally:
        gradebook.close()
