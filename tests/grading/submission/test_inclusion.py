"""Claims about solutions in another file: one that a notebook runs, loads or writes counts where it says so."""

from __future__ import annotations

import json

import pytest

from grading.assignments.registry import asked_names, function_named
from grading.submission.inclusion import DEEPEST, NOTES
from grading.submission.load import Contents, Loaded, cut, modules_for_child
from grading.submission.select import Found, find, notes_on_files

WORK = "def tv_loss(img, tv_weight):\n    return tv_weight * variation(img)"
STUB = "def tv_loss(img, tv_weight):\n    pass"
HELPERS = f"import torch\ndef variation(img):\n    return torch.sum(img)\n{WORK}\n"


def notebook(*cells: str) -> bytes:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()


def loaded(*cells: str, **files: str | bytes) -> Loaded:
    beside = [
        (name.replace("__", "."), text.encode() if isinstance(text, str) else text)
        for name, text in files.items()
    ]
    return cut(Contents("ada", (("StyleTransfer.ipynb", notebook(*cells)), *beside)))


def found(submission: Loaded) -> Found:
    return find(function_named("tv_loss"), submission.sources)


RUNS = [
    "%run helpers.py",
    "%run helpers",
    "%run -i helpers.py",
    "%run './helpers.py'",
    "%run -m helpers",
    "%load helpers.py",
    "exec(open('helpers.py').read())",
    "exec(compile(open('helpers.py').read(), 'helpers.py', 'exec'))",
    "execfile('helpers.py')",
    "get_ipython().run_line_magic('run', 'helpers.py')",
    "get_ipython().magic('run helpers.py')",
]


@pytest.mark.parametrize("line", RUNS)
def test_what_a_file_defines_counts_where_it_is_run(line: str) -> None:
    submission = loaded(STUB, f"x = 1\n{line}\ny = 2", helpers__py=HELPERS)
    one = found(submission)
    assert (one.state, one.file) == ("filled", "StyleTransfer.ipynb")
    assert [name for unit in one.units for name in sorted(unit.binds)] == ["torch", "variation", "tv_loss"]
    does = "loads" if "load" in line else "runs"
    assert submission.notes == (
        f"StyleTransfer.ipynb {does} helpers.py: what that defines counts as if it stood there",
    )
    assert notes_on_files([one], submission.sources) == []


def test_a_function_uses_what_a_file_defines_that_is_run() -> None:
    one = found(loaded("%run tools.py", WORK, tools__py="def variation(img):\n    return img.sum()"))
    assert [sorted(unit.binds) for unit in one.units] == [["variation"], ["tv_loss"]]


def test_a_stub_behind_the_run_leaves_the_file_to_answer() -> None:
    """As without the run: of two files the filled one is graded."""
    one = found(loaded("%run helpers.py", STUB, helpers__py=HELPERS))
    assert (one.state, one.file) == ("filled", "helpers.py")


def test_a_notebook_can_be_run_and_run_another() -> None:
    files = {"a__ipynb": notebook("%run b"), "b__ipynb": notebook(WORK)}
    assert found(loaded("%run a.ipynb", **files)).file == "StyleTransfer.ipynb"


def test_a_file_that_was_not_handed_in_is_named() -> None:
    submission = loaded(WORK, "%run helpers.py")
    assert submission.notes == ("StyleTransfer.ipynb refers to helpers.py, which was not handed in",)
    assert found(submission).state == "filled"


def test_notebooks_that_run_each_other_end() -> None:
    files = {"a__ipynb": notebook("%run b.ipynb", "k = 1"), "b__ipynb": notebook("%run a.ipynb", WORK)}
    assert found(loaded("%run a.ipynb", "%run StyleTransfer.ipynb", **files)).state == "filled"


def test_files_that_run_others_without_end_are_followed_so_far() -> None:
    chain = {f"n{n}__py": f"exec(open('n{n + 1}.py').read())\n" * 50 for n in range(2 * DEEPEST)}
    submission = loaded(WORK, "%run n0.py", **chain)
    assert found(submission).state == "filled"
    assert "StyleTransfer.ipynb runs more of other files than is followed" in submission.notes
    assert len(submission.notes) <= NOTES


@pytest.mark.parametrize(
    "magic", ["%%writefile helpers.py", "%%file helpers.py", "%%writefile ../x/helpers.py"]
)
def test_a_cell_that_writes_a_module_hands_it_in(magic: str) -> None:
    submission = loaded(f"{magic}\n{HELPERS}", "from helpers import variation", "from helpers import tv_loss")
    one = found(submission)
    assert (one.state, one.file) == ("filled", "helpers.py")
    assert list(modules_for_child(submission, asked_names())) == ["helpers"]
    assert submission.notes == (
        "StyleTransfer.ipynb writes helpers.py: it counts as if it had been handed in",
    )


def test_a_line_of_a_written_module_is_that_of_its_cell() -> None:
    one = found(loaded(f"\n%%writefile helpers.py\n\n{STUB.replace('pass', 'return (')}"))
    assert one.state == "broken"
    assert one.message.endswith("(line 5), in StyleTransfer.ipynb, cell 1")


def test_a_cell_writes_over_a_file_or_appends_to_what_cells_wrote() -> None:
    over = loaded(f"%%writefile helpers.py\n{HELPERS}", helpers__py=STUB)
    assert [source.label for source in over.sources] == ["StyleTransfer.ipynb", "helpers.py"]
    assert found(over).state == "filled"
    appended = loaded("%%writefile helpers.py\nk = 1", f"%%writefile -a helpers.py\n{HELPERS}")
    assert [sorted(unit.binds) for unit in appended.sources[-1].units][:2] == [["k"], ["torch"]]


def test_a_written_module_can_be_run() -> None:
    one = found(loaded(f"%%writefile helpers.py\n{HELPERS}", STUB, "%run helpers.py"))
    assert (one.state, one.file) == ("filled", "StyleTransfer.ipynb")


def test_a_text_that_a_cell_writes_is_no_code() -> None:
    submission = loaded(f"%%writefile notes.txt\n{HELPERS}", STUB)
    assert found(submission).state == "stub"
    assert submission.notes == ()
