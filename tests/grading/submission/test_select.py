"""Claims about finding a function: which of several definitions is graded, and what comes along with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grading.assignments.registry import asked_names, function_named
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.older_form import OlderForm
from grading.submission.handed_in import Submission
from grading.submission.load import Loaded, modules_for_child
from grading.submission.reader import load
from grading.submission.select import Found, find, notes_on_files

FILLED = "def tv_loss(img, tv_weight):\n    return tv_weight * (img ** 2).sum()"
STUB = "def tv_loss(img, tv_weight):\n    pass"
BROKEN = "def tv_loss(img, tv_weight):\n    return ("


def submission(folder: Path, **files: str) -> Loaded:
    """`Style__ipynb="code"`: cells are separated by lines of dashes."""
    for name, text in files.items():
        path = folder / name.replace("__", ".").replace("_SLASH_", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = [{"cell_type": "code", "source": cell} for cell in text.split("\n---\n")]
        path.write_text(json.dumps({"cells": cells}) if path.suffix == ".ipynb" else text)
    return load(Submission("ada", folder))


def found(loaded: Loaded, function: str = "tv_loss") -> Found:
    return find(function_named(function), loaded.sources)


def bound(one: Found) -> list[str]:
    return [name for unit in one.units for name in sorted(unit.binds)]


def test_a_filled_copy_wins_over_a_stub_and_the_note_says_which_file_was_graded(tmp_path):
    loaded = submission(tmp_path, StyleTransfer__ipynb=STUB, Style_Copy1__ipynb=FILLED)
    one = found(loaded)
    assert (one.state, one.file) == ("filled", "Style_Copy1.ipynb")
    assert notes_on_files([one], []) == ["graded Style_Copy1.ipynb; StyleTransfer.ipynb holds only stubs"]


def test_of_two_filled_files_the_original_wins_over_the_copy(tmp_path):
    files = {"StyleTransfer-Copy1__ipynb": FILLED, "StyleTransfer__ipynb": FILLED, "a__py": FILLED}
    one = found(submission(tmp_path, **files))
    assert one.file == "StyleTransfer.ipynb"
    assert notes_on_files([one], []) == [
        "graded StyleTransfer.ipynb; StyleTransfer-Copy1.ipynb defines tv_loss as well; a.py defines tv_loss as well"
    ]


@pytest.mark.parametrize(
    ("other", "function"),
    [
        ("gram", "gram_matrix"),
        ("gram_matrx", "gram_matrix"),
        ("compute_saliency", "compute_saliency_maps"),
        ("fooling_image", "make_fooling_image"),
        ("class_visualisation_update_step", "class_visualization_update_step"),
    ],
)
def test_a_function_that_is_missing_may_stand_under_another_name(tmp_path, other, function):
    one = found(submission(tmp_path, A__ipynb=f"def {other}(features):\n    return features * 2"), function)
    assert (one.state, one.notes) == (
        "missing",
        (
            f"{function} was not found: is {other} in A.ipynb meant? Functions are found by the names that were handed "
            "out",
        ),
    )


@pytest.mark.parametrize(
    ("other", "function"),
    [
        ("gram_matrix_test", "gram_matrix"),
        ("guided_gram_matrix", "gram_matrix"),
        ("show_saliency_maps", "compute_saliency_maps"),
        ("content_loss", "style_loss"),
        ("loss", "tv_loss"),
        ("matrix", "gram_matrix"),
        ("style_transfer", "style_loss"),
    ],
)
def test_a_function_of_the_course_is_taken_for_no_other(tmp_path, other, function):
    code = f"def {other}(features):\n    return features * 2"
    assert found(submission(tmp_path, A__ipynb=code), function).notes == ()


def test_of_a_function_that_stands_inside_another_a_note_says_where(tmp_path):
    inside = (
        "def style_loss(feats):\n    return 0\n\n    def tv_loss(img, tv_weight):\n        return img.sum()"
    )
    one = found(submission(tmp_path, StyleTransfer__ipynb="x = 1\n---\n" + inside))
    assert (one.state, one.notes) == (
        "missing",
        (
            "tv_loss is defined inside style_loss (StyleTransfer.ipynb, cell 2), where nothing else can call it: move "
            "its lines to the left, to the margin",
        ),
    )


FOR_TENSORFLOW = "def tv_loss(img, w):\n    return w * tf.sum(img)"


@pytest.mark.parametrize(
    ("file", "text"), [("StyleTransfer-TensorFlow__ipynb", FILLED), ("AStyleTransfer__ipynb", FOR_TENSORFLOW)]
)
def test_pytorch_wins_over_tensorflow(tmp_path, file, text):
    assert (
        found(submission(tmp_path, **{file: text, "StyleTransfer__ipynb": FILLED})).file
        == "StyleTransfer.ipynb"
    )


def test_a_broken_definition_wins_over_a_stub_and_says_where_it_breaks(tmp_path):
    one = found(submission(tmp_path, StyleTransfer__ipynb=f"a = 1\n---\n{BROKEN}", b__ipynb=STUB))
    assert (one.state, one.file) == ("broken", "StyleTransfer.ipynb")
    assert one.message == "SyntaxError: '(' was never closed (line 2), in StyleTransfer.ipynb, cell 2"
    (unit,) = one.units
    assert (unit.text, unit.place, unit.line) == (BROKEN, "StyleTransfer.ipynb, cell 2", 1)


FOOLING = (
    "def make_fooling_image(X, target_y, model):\n"
    "    X_fooling = X.{}()\n    learning_rate = 1\n    pass\n    return X_fooling"
)
IN_TENSORFLOW = FOOLING.format("copy").replace("pass", "X_fooling += tf.sign(X)")
IN_PYTORCH = FOOLING.format("clone").replace("pass", "X_fooling += X.sign()")
RANKED = [
    ("filled", "NetworkVisualization-PyTorch__ipynb", IN_PYTORCH),
    ("broken", "NetworkVisualization-TensorFlow__ipynb", IN_TENSORFLOW),  # said to be in TensorFlow
    ("broken", "net_visualization_pytorch__py", FOOLING.format("clone").replace("pass", "X = (")),
    ("stub", "NetworkVisualization__ipynb", FOOLING.format("clone")),
    ("stub", "net_visualization_tensorflow__py", "import tensorflow as tf\n\n\n" + FOOLING.format("copy")),
]


@pytest.mark.parametrize("best", range(len(RANKED)))
def test_pytorch_filled_in_wins_then_tensorflow_then_a_broken_one_then_a_stub(tmp_path, best):
    loaded = submission(tmp_path, **{file: text for _, file, text in RANKED[best:]})
    one = found(loaded, "make_fooling_image")
    assert (one.state, one.file) == (RANKED[best][0], RANKED[best][1].replace("__", "."))


def test_a_stub_whose_pass_is_deleted_is_a_stub_and_costs_its_neighbours_nothing(tmp_path):
    deleted = "def content_loss(w, a, b):\n    # TODO\n"
    loaded = submission(
        tmp_path, StyleTransfer__ipynb=f"{FILLED}\n{deleted}\ndef gram_matrix(f):\n    return f @ f.mT"
    )
    assert found(loaded, "content_loss").state == "stub"
    assert found(loaded, "tv_loss").state == found(loaded, "gram_matrix").state == "filled"


def test_a_function_in_a_branch_is_asked_like_any_other(tmp_path):
    branch = "if torch.cuda.is_available():\n    {}\nelse:\n    {}"
    stubs, work = "def tv_loss(img, w): pass", "def tv_loss(img, w): return w * img.sum()"
    for file, text, state in (("a", (stubs, stubs), "stub"), ("b", (stubs, work), "filled")):
        loaded = submission(tmp_path / file, StyleTransfer__py=branch.format(*text))
        assert found(loaded).state == state


def test_the_last_definition_of_a_name_counts(tmp_path):
    one = found(submission(tmp_path, Style__ipynb=f"{STUB}\n---\n{FILLED}\n---\nprint(tv_loss)"))
    assert one.state == "filled"
    assert len(one.units) == 1


def test_what_a_function_refers_to_comes_along_in_order_and_demos_stay_behind(tmp_path):
    one = found(
        submission(
            tmp_path,
            Style__ipynb="import torch\nimport pandas\nk = 2\nunused = big_demo()\n---\n"
            "def tv_loss(img, w):\n    return helper(img) * K\n---\n"
            "def helper(x): return torch.sum(x) * k\n---\nK = k + 1",
        )
    )
    assert bound(one) == ["torch", "k", "tv_loss", "helper", "K"]


def test_globals_of_the_course_are_not_taken_from_the_student(tmp_path):
    one = found(
        submission(
            tmp_path,
            Style__ipynb="dtype = torch.cuda.FloatTensor\ndef tv_loss(img, w):\n    return img.type(dtype)",
        )
    )
    assert bound(one) == ["tv_loss"]


def test_a_function_is_found_under_the_name_of_another_course(tmp_path):
    text = "def make_adversarial_attack(X, t, model, max_iter=100):\n    return X + 1"
    one = found(submission(tmp_path, network_visualization__py=text), "make_fooling_image")
    assert (one.state, one.defined_as) == ("filled", "make_adversarial_attack")


LOOP = (
    "def create_class_visualization(t, model, dtype, **k):\n    for i in range(9):\n        {}\n    return 1"
)


def test_the_courses_loop_around_the_step_is_not_the_step(tmp_path):
    step = "class_visualization_update_step"
    given = LOOP.format(f"{step}(img, model, t, 0, 1)")
    loaded = submission(
        tmp_path, NetworkVisualization__ipynb=f"def {step}(a, b, c, d, e):\n    pass\n---\n{given}"
    )
    assert found(loaded, step).state == "stub"
    loaded = submission(tmp_path / "other", NetworkVisualization__ipynb=given)
    assert found(loaded, step).state == "missing"


def test_a_loop_with_the_step_inside_is_the_step(tmp_path):
    loaded = submission(tmp_path, NetworkVisualization__ipynb=LOOP.format("img += 1"))
    one = found(loaded, "class_visualization_update_step")
    assert (one.state, one.defined_as) == ("filled", "create_class_visualization")


def test_a_function_imported_under_another_name_is_followed_to_its_module(tmp_path):
    loaded = submission(
        tmp_path,
        Style__ipynb="from my_losses import total as tv_loss",
        my_losses__py=FILLED.replace("tv_loss", "total"),
    )
    one = found(loaded)
    assert (one.state, one.file, one.defined_as) == ("filled", "my_losses.py", "total")


def test_a_method_of_a_class_is_found(tmp_path):
    loaded = submission(
        tmp_path, Style__ipynb="class Losses:\n    def tv_loss(self, img, w):\n        return w * img"
    )
    assert (found(loaded).state, found(loaded).holder) == ("filled", "Losses")


def test_a_module_that_is_made_of_a_target_is_another_one(tmp_path):
    forward = "    def forward(self, img, w):\n        return w * img"
    made = "    def __init__(self, target):\n        self.target = target\n"
    states = [
        found(submission(tmp_path / name, Style__ipynb=f"class TotalVariationLoss:\n{text}{forward}")).state
        for name, text in (("ada", ""), ("grace", made))
    ]
    assert states == ["filled", "missing"]


def test_nothing_of_that_name_is_missing(tmp_path):
    assert found(submission(tmp_path, Style__ipynb="a = 1")).state == "missing"


def test_modules_beside_the_notebook_go_along_and_copies_of_the_kits_do_not(tmp_path):
    loaded = submission(
        tmp_path,
        cs231n_SLASH_image_utils__py="def jitter(X, a, b): return X",
        cs231n_SLASH_style_transfer_pytorch__py=FILLED,
        my_losses__py="k = 1",
    )
    assert sorted(modules_for_child(loaded, asked_names())) == ["cs231n.style_transfer_pytorch", "my_losses"]


def test_a_file_that_cannot_be_read_is_a_note_and_the_others_count(tmp_path):
    loaded = submission(tmp_path, Style__ipynb=FILLED)
    (tmp_path / "Broken.ipynb").write_text("{")
    loaded = load(Submission("ada", tmp_path))
    assert found(loaded).state == "filled"
    assert loaded.notes[0].startswith("Broken.ipynb is not a valid notebook")


def test_what_the_notebook_makes_is_not_taken_from_what_was_handed_in(tmp_path):
    text = "table = open('scores')\n---\nsize = 3\n---\ndef softmax(row):\n    return table[row] / size"
    sources = submission(tmp_path, Softmax__ipynb=text).sources
    plain = find(Function("softmax"), sources)
    assert (bound(plain), plain.notes) == (["table", "size", "softmax"], ())
    given = find(Function("softmax", provided={"table": "builtins:dict()"}, inputs=("table",)), sources)
    assert bound(given) == ["size", "softmax"]
    assert given.notes == ("it uses table of the notebook instead of its arguments",)


@pytest.mark.parametrize(("loop", "state"), [(False, "filled"), (True, "missing")])
def test_a_loop_that_calls_the_function_by_another_name_is_not_the_answer(tmp_path, loop, state):
    text = "from course import step\ndef train(x):\n    while x > 1:\n        x = step(x)\n    return x"
    form = OlderForm("step_in_train", Path("older_forms.py"), loop=loop)
    record = Function("step", aliases=("train",), older_forms={"train": form})
    assert find(record, submission(tmp_path, Training__ipynb=text).sources).state == state
