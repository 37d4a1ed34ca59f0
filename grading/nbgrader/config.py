"""nbgrader's configuration for this assignment; the nbgrader_config.py of a course folder calls it.

Given to nbgrader itself (`nbgrader --config grading/nbgrader/config.py`), this file makes the repository a course: its
folder is then `build/course`, which `python -m grading course build/course` makes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from grading.locations import KIT
from grading.notebooks.clear_solutions import SETTINGS

COURSE_OF_THE_REPOSITORY = KIT / "build" / "course"
# Tells kernels, which nbgrader starts anywhere, where the seed of the course is.
COURSE_VARIABLE = "GRADING_COURSE"


def settings() -> dict[str, Any]:
    """Return the settings that the notebooks need, by nbgrader's own names."""
    from nbconvert.preprocessors import ClearMetadataPreprocessor
    from nbgrader import preprocessors as steps

    from grading.nbgrader.autograder_cells import FitPoints, RestoreCells, SaveComments

    return {
        **SETTINGS,
        # nbgrader's own steps, in its order, with one of ours in each
        "Autograde": {
            "sanitize_preprocessors": [
                steps.ClearOutput,
                steps.DeduplicateIds,
                steps.OverwriteKernelspec,
                RestoreCells,
                steps.OverwriteCells,
                steps.CheckCellMetadata,
            ],
            "autograde_preprocessors": [
                steps.Execute,
                steps.IgnorePattern,
                ClearMetadataPreprocessor,
                steps.LimitOutput,
                FitPoints,
                steps.SaveAutoGrades,
                SaveComments,
                steps.AssignLatePenalties,
                steps.CheckCellMetadata,
            ],
        },
        # The cells that make pictures take most of the time and earn no points. A cell that checks may wait for
        # several calls that hang, each ended after ten seconds.
        "Execute": {"timeout": 180, "skip_cells_with_tag": "demo"},
    }


def configure(config: Any, course: Path) -> None:
    """Set nbgrader up for a course folder, and let the kernels it starts import the grader and find the seed.

    Parameters
    ----------
    config : traitlets.config.Config
        What `get_config()` returns in an nbgrader_config.py.
    course : Path
        The course folder, with `course.toml` and `source/`.
    """
    from grading.nbgrader.autograde import repair_before_autograde

    repair_before_autograde()
    course = course.resolve()
    config.CourseDirectory.root = str(course)
    for name, values in settings().items():
        config[name].update(values)
    _put_first("PYTHONPATH", KIT)
    # nbgrader calls `alembic`, which is beside its Python even where that environment is not activated
    _put_first("PATH", Path(sys.executable).parent)
    os.environ[COURSE_VARIABLE] = str(course)


def _put_first(variable: str, folder: Path) -> None:
    before = os.environ.get(variable, "").split(os.pathsep)
    path = [str(folder), *(other for other in before if other not in ("", str(folder)))]
    os.environ[variable] = os.pathsep.join(path)


if "get_config" in globals():  # nbgrader runs this file as its configuration
    configure(globals()["get_config"](), COURSE_OF_THE_REPOSITORY)
