"""Check cells as older years' notebooks have them run, and say what the course's own said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

RIGHT = """
import torch
from cs231n.older_years import answers, content_loss_test, gram_matrix_test, style_loss_test, tv_loss_test

def content_loss(content_weight, content_current, content_original):
    return content_weight * torch.sum((content_current - content_original) ** 2)

def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    rows = features.view(N, C, H * W)
    gram = torch.bmm(rows, rows.transpose(1, 2))
    return gram / (C * H * W) if normalize else gram

def style_loss(feats, style_layers, style_targets, style_weights):
    return sum(w * torch.sum((gram_matrix(feats[i]) - t) ** 2)
               for i, t, w in zip(style_layers, style_targets, style_weights))

def tv_loss(img, tv_weight):
    down, right = img[:, :, 1:] - img[:, :, :-1], img[:, :, :, 1:] - img[:, :, :, :-1]
    return tv_weight * (down.pow(2).sum() + right.pow(2).sum())
"""
CELLS = {
    "content_loss_test(answers['cl_out'])": "content_loss",
    "gram_matrix_test(answers['gm_out'])": "gram_matrix",
    "style_loss_test(answers['sl_out'])": "style_loss",
    "tv_loss_test(answers['tv_out'])": "tv_loss",
}


def test_the_course_s_check_cells_print_an_error_of_zero_for_right_functions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    notebook: dict[str, object] = {}
    exec(RIGHT, notebook)
    for cell in CELLS:
        exec(cell, notebook)
    assert capsys.readouterr().out.splitlines() == ["Error is 0.000"] * 4


def test_a_wrong_function_has_an_error_and_an_older_file_of_answers_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    notebook: dict[str, object] = {}
    exec(
        RIGHT + "\nright = tv_loss\ndef tv_loss(img, tv_weight):\n    return right(img, tv_weight) / 2\n",
        notebook,
    )
    exec("tv_loss_test(answers['tv_out'])", notebook)
    assert capsys.readouterr().out != "Error is 0.000\n"
    notebook["answers"] = {"tv_out": np.zeros(7)}
    with pytest.raises(ValueError, match="call it with answers"):
        exec("tv_loss_test(answers['tv_out'])", notebook)
    del notebook["tv_loss"]
    with pytest.raises(NameError, match="tv_loss is not defined yet"):
        exec("tv_loss_test(answers['tv_out'])", notebook)


def test_five_pictures_are_shown_by_the_course_s_own_cell() -> None:
    from matplotlib import pyplot as plt

    cells = (
        (Path(__file__).parent / "report" / "submissions" / "saliency_and_fooling.py")
        .read_text()
        .split("# %%")
    )
    [cell] = [cell for cell in cells if "plt.subplot(1, 5, i + 1)" in cell and "imshow(X[i])" in cell]
    notebook: dict[str, Any] = {"plt": plt}
    exec(
        "from cs231n.data_utils import load_imagenet_val\nX, y, class_names = load_imagenet_val(num=5)",
        notebook,
    )
    exec(cell.replace("plt.show()", ""), notebook)
    y, class_names = notebook["y"], notebook["class_names"]
    shown = plt.gcf()
    plt.close(shown)
    assert [axis.get_title() for axis in shown.axes] == [class_names[int(label)] for label in y]
    assert all(axis.images for axis in shown.axes)
