"""Results of an earlier run are those of the same students, whatever the case of a name then."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.classroom.previous_results import kept_results
from grading.classroom.worker import Settings
from grading.errors import KitError
from grading.submission.handed_in import Submission


def test_a_result_of_a_name_that_differs_in_case_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "ada.json").touch()
    with pytest.raises(KitError, match=r"ada\.json is of an earlier run, in which 'Ada' was called 'ada'"):
        kept_results(tmp_path, [Submission("Ada", tmp_path)], Settings("tests"))
