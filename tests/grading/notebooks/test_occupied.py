"""What holds something already is filled by no command that writes a folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grading.cli.examples import examples_command
from grading.errors import KitError
from grading.notebooks.new_assignment import write_assignment
from grading.notebooks.release import write_release


@pytest.mark.parametrize(
    "fill",
    [examples_command, write_release, lambda folder: write_assignment("Softmax", folder)],
    ids=["examples", "release", "new"],
)
def test_a_folder_that_holds_something_is_left_alone(fill: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    for folder in (tmp_path, tmp_path / "README.md"):
        with pytest.raises(KitError, match="not an empty folder"):
            fill(folder)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("README.md", "mine")]
