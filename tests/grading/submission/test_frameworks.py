"""A notebook for another framework is told so once, and what of it is right all the same counts."""

import json
from pathlib import Path

import pytest

from grading.assignments.registry import file_patterns, function_named
from grading.classroom.worker import grade_submission
from grading.results.files import result_bytes
from grading.sandbox import Sandbox
from grading.submission.discover import discover
from grading.submission.reader import load
from grading.submission.select import Found, find, notes_on_files

TORCH = "import torch\ndef content_loss(w, a, b):\n    return w * torch.sum((a - b) ** 2)\n"
TF = "import tensorflow as tf\ndef content_loss(w, a, b):\n    return w * tf.reduce_sum((a - b) ** 2)\n"
TF_INSIDE = (
    "def content_loss(w, a, b):\n    import tensorflow as tf\n    return w * tf.reduce_sum((a - b) ** 2)\n"
)
TF_IN_A_CLASS = (
    "import tensorflow as tf\nclass Losses:\n    def content_loss(self, w, a, b):\n"
    "        return w * tf.norm(a - b)\n"
)
NEITHER = "import tensorflow as tf\ndef content_loss(w, a, b):\n    return w * ((a - b) ** 2).sum()\n"
OWN_TF = "def tf(a):\n    return a\ndef content_loss(w, a, b):\n    return w * tf(a - b).pow(2).sum()\n"
BOTH = "import torch\nimport tensorflow as tf\ndef content_loss(w, a, b):\n    return w * torch.sum(tf.abs(a - b))\n"
IN_WORDS = f"# Not the other notebook:\n# import tensorflow as tf\n{TORCH}"
TOTAL_VARIATION = "import tensorflow as tf\ndef tv_loss(img, w):\n    return w * tf.reduce_sum(img)\n"
NOTE = "{} written for TensorFlow, but this assignment is graded in PyTorch: hand in the PyTorch notebook"


def hand_in(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
        notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))
    return folder


def found(folder: Path, **files: str) -> tuple[Found, list[str]]:
    (submission,) = discover([hand_in(folder, **files)], file_patterns())
    sources = load(submission).sources
    one = find(function_named("content_loss"), sources)
    return one, notes_on_files([one], sources)


@pytest.mark.parametrize(
    "text", [TF, TF_INSIDE, TF_IN_A_CLASS, TF.replace("tensorflow as tf", "tensorflow.compat.v1 as tf")]
)
def test_a_function_for_tensorflow_is_told_so_and_not_run(tmp_path: Path, text: str) -> None:
    one, notes = found(tmp_path / "ada", Style=text)
    assert (one.state, one.message) == ("broken", "it is written for TensorFlow")
    assert notes == [NOTE.format("Style.ipynb is")]


# As they stand in rewritten notebooks, in Keras, JAX and PaddlePaddle.
OTHERS = {
    "TensorFlow": "from keras import backend as K\ndef content_loss(w, a, b):\n    return w * K.sum(K.square(a - b))\n",
    "JAX": "import jax.numpy as jnp\ndef content_loss(w, a, b):\n    return w * jnp.sum((a - b) ** 2)\n",
    "PaddlePaddle": "import paddle\ndef content_loss(w, a, b):\n    return w * paddle.sum((a - b) ** 2)\n",
}


@pytest.mark.parametrize("framework", OTHERS)
def test_a_function_for_another_framework_is_told_so(tmp_path: Path, framework: str) -> None:
    one, notes = found(tmp_path / "ada", Style=OTHERS[framework])
    assert (one.state, one.message) == ("broken", f"it is written for {framework}")
    assert notes == [NOTE.format("Style.ipynb is").replace("TensorFlow", framework)]


# The assignment of 2016: arrays come in, and the network has a way back of its own.
SALIENCY_2016 = """import numpy as np
def compute_saliency_maps(X, y, model):
    N, C, H, W = X.shape
    out, cache = model.forward(X, mode='test')
    dout = np.zeros_like(out)
    dout[np.arange(N), y] = 1
    dX, grads = model.backward(dout, cache)
    return np.abs(dX).max(axis=1)
"""
SALIENCY_OF_A_HELPER = """class Net:
    def forward(self, x):
        return x, x
    def backward(self, out, cache):
        return out
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    return X.grad.abs().max(1)[0]
"""


def test_an_assignment_for_numpy_is_told_what_is_asked_today(tmp_path: Path) -> None:
    (submission,) = discover([hand_in(tmp_path / "ada", ImageGradients=SALIENCY_2016)], file_patterns())
    sources = load(submission).sources
    one = find(function_named("compute_saliency_maps"), sources)
    assert (one.state, one.message) == (
        "broken",
        "it is written for NumPy arrays and a network with a `backward` of its own",
    )
    (note,) = notes_on_files([one], sources)
    assert note.startswith("ImageGradients.ipynb is an assignment of 2016 or before")
    assert "PyTorch" in note


def test_a_backward_beside_a_right_function_makes_no_old_assignment(tmp_path: Path) -> None:
    (submission,) = discover([hand_in(tmp_path / "ada", Gradients=SALIENCY_OF_A_HELPER)], file_patterns())
    sources = load(submission).sources
    assert find(function_named("compute_saliency_maps"), sources).state == "filled"


def test_what_is_right_in_a_notebook_for_tensorflow_counts(tmp_path: Path) -> None:
    one, notes = found(tmp_path / "ada", Style=NEITHER)
    assert one.state == "filled"
    assert notes == [NOTE.format("Style.ipynb is")]


@pytest.mark.parametrize("text", [TORCH, OWN_TF, BOTH, IN_WORDS])
def test_a_function_for_pytorch_is_never_told_so(tmp_path: Path, text: str) -> None:
    one, notes = found(tmp_path / "ada", Style=text)
    assert one.state == "filled"
    assert notes == []


def test_a_notebook_for_tensorflow_beside_one_for_pytorch_is_not_mentioned(tmp_path: Path) -> None:
    one, notes = found(tmp_path / "ada", **{"StyleTransfer-TensorFlow": TF, "StyleTransfer": TORCH})
    assert (one.state, one.file) == ("filled", "StyleTransfer.ipynb")
    assert not any("written for TensorFlow" in note for note in notes)


def test_it_is_one_note_for_all_functions_and_files(tmp_path: Path, sandbox: Sandbox) -> None:
    (submission,) = discover(
        [hand_in(tmp_path / "ada", StyleTransfer=TF, Other=TOTAL_VARIATION)], file_patterns()
    )
    result = json.loads(result_bytes(grade_submission(submission, "tests", sandbox).result))
    assert result["notes"] == [NOTE.format("Other.ipynb and StyleTransfer.ipynb are")]
    status = {function["name"]: function["status"] for function in result["functions"]}
    assert (status["content_loss"], status["tv_loss"]) == ("error", "error")
