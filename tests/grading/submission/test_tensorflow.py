"""A notebook for TensorFlow is told so once, and what of it is right all the same counts."""

from pathlib import Path
from typing import Any

import pytest

from grading.submission.discover import discover
from grading.submission.load import load
from grading.submission.select import Found, find, notes_on_files

TORCH = "import torch\ndef content_loss(w, a, b):\n    return w * torch.sum((a - b) ** 2)\n"
TF = "import tensorflow as tf\ndef content_loss(w, a, b):\n    return w * tf.reduce_sum((a - b) ** 2)\n"
TF_INSIDE = (
    "def content_loss(w, a, b):\n    import tensorflow as tf\n    return w * tf.reduce_sum((a - b) ** 2)\n"
)
NEITHER = "import tensorflow as tf\ndef content_loss(w, a, b):\n    return w * ((a - b) ** 2).sum()\n"
OWN_TF = "def tf(a):\n    return a\ndef content_loss(w, a, b):\n    return w * tf(a - b).pow(2).sum()\n"
BOTH = "import tensorflow as tf\nimport torch\ndef content_loss(w, a, b):\n    return w * tf.reduce_sum(torch.abs(a - b))\n"
NOTE = "{} written for TensorFlow, but this assignment is graded in PyTorch: hand in the PyTorch notebook"


def found(folder: Path, **files: str) -> tuple[Found, list[str]]:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    (submission,) = discover([folder])
    sources = load(submission).sources
    one = find("content_loss", "StyleTransfer", sources)
    return one, notes_on_files([one], sources)


@pytest.mark.parametrize(
    "text", [TF, TF_INSIDE, TF.replace("tensorflow as tf", "tensorflow.compat.v1 as tf")]
)
def test_a_function_for_tensorflow_is_told_so_and_not_run(tmp_path: Path, text: str) -> None:
    one, notes = found(tmp_path / "ada", style=text)
    assert (one.state, one.message) == ("broken", "it is written for TensorFlow")
    assert notes == [NOTE.format("style.py is")]


def test_what_is_right_in_a_notebook_for_tensorflow_counts(tmp_path: Path) -> None:
    one, notes = found(tmp_path / "ada", style=NEITHER)
    assert one.state == "filled"
    assert notes == [NOTE.format("style.py is")]


@pytest.mark.parametrize("text", [TORCH, OWN_TF, BOTH, f"# not in TensorFlow: no import tensorflow\n{TORCH}"])
def test_a_function_for_pytorch_is_never_told_so(tmp_path: Path, text: str) -> None:
    one, notes = found(tmp_path / "ada", style=text)
    assert one.state == "filled"
    assert notes == []


def test_a_notebook_for_tensorflow_beside_one_for_pytorch_is_not_mentioned(tmp_path: Path) -> None:
    one, notes = found(tmp_path / "ada", style_tensorflow=TF, style_pytorch=TORCH)
    assert (one.state, one.file) == ("filled", "style_pytorch.py")
    assert not any("written for TensorFlow" in note for note in notes)


def test_it_is_one_note_for_all_functions_and_files(tmp_path: Path, sandbox: Any) -> None:
    from grading.work import grade_submission

    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "a.py").write_text(TF)
    (folder / "b.py").write_text(
        "import tensorflow as tf\ndef tv_loss(img, w):\n    return w * tf.reduce_sum(img)\n"
    )
    (submission,) = discover([folder])
    result = grade_submission(submission, "seed", sandbox).result
    assert result["notes"] == [NOTE.format("a.py and b.py are")]
    status = {function["name"]: function["status"] for function in result["functions"]}
    assert (status["content_loss"], status["tv_loss"]) == ("error", "error")
