"""What a stub is: the same answer in the packer, in the self-check and in the grader, for every year's forms."""

from __future__ import annotations

import ast
import importlib.util
import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs231n.handin.cells import Cell
from cs231n.handin.states import pieces_of, state_in
from cs231n.handin.stubs import LONGEST, is_stub
from cs231n.self_check.check import not_filled_in
from cs231n.submit import in_words
from grading.assignments.registry import function_named
from grading.nbgrader.in_kernel import _is_untouched
from grading.submission.handed_in import Submission
from grading.submission.reader import load
from grading.submission.select import find

from .stub_texts import END, FILLED, PREPARED, START, STUBS, Text, fooling, function, marked, tv

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
# The name that the grader asks for, where a form has another.
CANONICAL = {
    "make_adversarial_attack": "make_fooling_image",
    "class_visualization_step": "class_visualization_update_step",
    "create_class_visualization": "class_visualization_update_step",
}
STYLE = ("content_loss", "gram_matrix", "style_loss", "tv_loss")
EVERY = [(text, True, name) for name, text in STUBS.items()] + [
    (text, False, name) for name, text in FILLED.items()
]
each_form = pytest.mark.parametrize(("text", "stub"), [e[:2] for e in EVERY], ids=[e[2] for e in EVERY])


def state_of(function: str, source: str) -> str:
    return in_words(state_in(function, pieces_of([Cell("cell 1", source)])))


@each_form
def test_the_packer_says_it(text: Text, stub: bool) -> None:
    assert state_of(text.function, text.source) == ("still a stub" if stub else "filled in")
    cell = f"import torch\nK = 3\n\n{text.source}\n\nprint(K)"
    assert state_of(text.function, cell) == ("still a stub" if stub else "filled in")


@each_form
@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_the_grader_says_it(text: Text, stub: bool, suffix: str, tmp_path: Path) -> None:
    name = CANONICAL.get(text.function, text.function)
    notebook = "StyleTransfer" if name in STYLE else "NetworkVisualization"
    cell = f"import torch\n{text.source}"
    cells = {"cells": [{"cell_type": "code", "source": cell}]}
    (tmp_path / f"{notebook}{suffix}").write_text(json.dumps(cells) if suffix == ".ipynb" else cell)
    found = find(function_named(name), load(Submission("ada", tmp_path)).sources)
    assert (found.state == "stub", found.defined_as) == (
        stub,
        text.function,
    )  # what is in TensorFlow is no stub


def live(text: Text, folder: Path) -> Callable[..., Any]:
    """Run the text as a module of its own, as a cell does, and return the function that it defines."""
    path = folder / "cell.py"
    path.write_text(f"from __future__ import annotations\nimport torch\n{text.source}")
    spec = importlib.util.spec_from_file_location("cell", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    defined: Callable[..., Any] = getattr(module, text.function)
    return defined


# Python does not take the first two; the others define no function of that name with a text of its own.
NOT_LIVE = {
    "pass deleted, nothing left but comments",
    "commented-out code alone",
    "given as None",
    "another name for it",
    "a method",
}


@pytest.mark.parametrize(
    ("text", "stub"),
    [e[:2] for e in EVERY if e[2] not in NOT_LIVE],
    ids=[e[2] for e in EVERY if e[2] not in NOT_LIVE],
)
def test_the_self_check_and_the_autograder_cells_say_it(text: Text, stub: bool, tmp_path: Path) -> None:
    defined = live(text, tmp_path)
    assert not_filled_in(defined, []) == ("is not filled in yet" if stub else "")
    assert _is_untouched(defined) == stub


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_kits_own_functions_are_stubs_as_they_are_handed_out(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    asked = ["".join(c["source"]) for c in cells if c["metadata"].get("nbgrader", {}).get("solution")]
    texts = [text for text in asked if text.startswith("def ")]
    assert len(texts) >= 3
    for text in texts:
        assert is_stub(text)
        assert is_stub(ast.unparse(ast.parse(text)))  # without its comments


RIGHT = {
    "compute_saliency_maps": """
def compute_saliency_maps(X, y, model):
    X.requires_grad_()
    X.grad = None
    model(X).gather(1, y.view(-1, 1)).sum().backward()
    saliency = X.grad.abs().max(1)[0]
{leftover}
    return saliency
""",
    "make_fooling_image": """
def make_fooling_image(X, target_y, model):
    X_fooling = X.clone().requires_grad_()
    ascend(X_fooling, target_y, model)
{leftover}
    return X_fooling
""",
    "content_loss": """
def content_loss(content_weight, content_current, content_original):
    loss = content_weight * (content_current - content_original).pow(2).sum()
{leftover}
    return loss
""",
    "gram_matrix": """
def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    rows = features.view(N, C, -1)
    gram = rows @ rows.transpose(1, 2) / (C * H * W if normalize else 1)
{leftover}
    return gram
""",
    "style_loss": """
def style_loss(feats, style_layers, style_targets, style_weights):
    loss = 0
    for i, layer in enumerate(style_layers):
        loss += style_weights[i] * (gram_matrix(feats[layer]) - style_targets[i]).pow(2).sum()
        pass
{leftover}
    return loss
""",
    "tv_loss": """
def tv_loss(img, tv_weight):
    loss = tv_weight * ((img[:, :, 1:] - img[:, :, :-1]) ** 2).sum()
    loss = loss + tv_weight * ((img[..., 1:] - img[..., :-1]) ** 2).sum()
{leftover}
    return loss
""",
}
LEFTOVERS = {
    "a loop": "for _ in range(3):\n    pass",
    "a loop beside work": "for _ in range(3):\n    print(_)\n    pass",
    "an if": "if True:\n    pass",
    "an if in a loop": "for _ in range(3):\n    if _:\n        pass",
    "an except": "try:\n    print('done')\nexcept Exception:\n    pass",
    "an except in a loop": "for _ in range(3):\n    try:\n        print('done')\n    except Exception:\n        pass",
    "empty markers": f"{START}\npass\n{END}",
}


@pytest.mark.parametrize("leftover", LEFTOVERS.values(), ids=LEFTOVERS.keys())
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_function_with_a_pass_left_in_it_is_none(name: str, leftover: str) -> None:
    assert not is_stub(RIGHT[name].format(leftover=textwrap.indent(leftover, "    ")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tv_loss",
        "def tv_loss(img, w)\n    pass",
        "def tv_loss(img, w):\n    return (",
        "def tv_loss(img, w):\n    pass\0\n",
        "def tv_loss(img, w):\n    return " + "-" * 50_000 + "1",
        "def tv_loss(img, w):\n    return " + "(" * 50_000,
        "def tv_loss(img, w):\n    return " + "+".join(["img"] * 20_000),
        "def tv_loss(img, w):\n" + "".join(f"{' ' * n} if f(img):\n" for n in range(95)),
        "if img:\n pass\n" + "elif img:\n pass\n" * 5_000,
        "def tv_loss(img, w):\n    #" + "#" * LONGEST + "\n    pass\n",
        "class tv_loss:\n    pass",
        "\ud800",
    ],
    ids=range(13),
)
def test_any_text_has_an_answer(text: str) -> None:
    assert not is_stub(text)
    assert state_of("tv_loss", text) != "still a stub"


def test_an_invalid_escape_is_no_matter_of_the_reader() -> None:
    """The tests turn each warning into an error."""
    assert is_stub("def tv_loss(img, w):\n    '\\d'\n    pass\n")
    assert state_of("tv_loss", "def tv_loss(img, w):\n    '\\d'\n    return w * img\n") == "filled in"


def test_the_last_definition_of_a_cell_counts() -> None:
    empty, full = tv("pass").source, tv("return tv_weight * img.sum()").source
    assert state_of("tv_loss", f"{empty}\n{full}") == "filled in"
    assert state_of("tv_loss", f"{full}\n{empty}") == "still a stub"
    assert state_of("tv_loss", f"if True:\n{textwrap.indent(full, '    ')}") == "filled in"


NOTES = st.sampled_from(
    [
        "",
        "   ",
        "# a note",
        "#x = model(X)",
        "'a note'",
        "pass",
        "print('here')",
        "# TODO: tomorrow",
        "import torch",
    ]
)
OWN_STATEMENTS = [
    "scores = model(X)",
    "loss = X.sum()",
    "X_fooling = X + 1",
    "X_fooling += 1",
    "other = 3",
    "N = X.shape[0]",
    "return helper(X)",
    "helper()",
    "del X",
    "assert X.ndim == 4",
    "for row in rows(X):\n    pass",
    "with torch.no_grad():\n    X -= 1",
    "def helper(x):\n    return x",
    "if True:\n    X_fooling = 2 * X",
    "X[0] = 0",
]
# Of these, what computes nothing.
PREPARES = ("other = 3", "N = X.shape[0]")
OWN = st.sampled_from(OWN_STATEMENTS)


def unmarked(lines: list[str]) -> Text:
    return function("make_fooling_image", "X, y, model", "'''Text.'''", *lines)


FORMS = st.sampled_from(
    [
        lambda lines: fooling(PREPARED, marked(*lines), "return X_fooling"),
        lambda lines: fooling("X_fooling = X.copy()\nlearning_rate = 1", marked(*lines), "return X_fooling"),
        unmarked,
        lambda lines: fooling(PREPARED, START, *lines, END, "return X_fooling"),
    ]
)


@settings(max_examples=60)
@given(FORMS, st.lists(NOTES, max_size=6))
def test_notes_make_no_work(form: Callable[[list[str]], Text], notes: list[str]) -> None:
    assert is_stub(form(notes).source)


@settings(max_examples=100)
@given(FORMS, st.lists(NOTES, max_size=4), OWN, st.lists(NOTES, max_size=4))
def test_one_statement_of_the_students_own_is_work(
    form: Callable[[list[str]], Text], before: list[str], own: str, behind: list[str]
) -> None:
    """Where there is no other marker, a TODO behind it begins a place that is empty: see the next test."""
    if form is unmarked:
        behind = [note for note in behind if "TODO" not in note]
    assert not is_stub(form([*before, own, *behind]).source)


@pytest.mark.parametrize("own", PREPARES)
def test_what_only_prepares_before_an_empty_place_is_a_stub(own: str) -> None:
    assert is_stub(unmarked([own, "# TODO: the rest"]).source)
    assert not is_stub(unmarked(["# TODO: all of it", own]).source)


@pytest.mark.parametrize("own", sorted(set(OWN_STATEMENTS) - set(PREPARES)))
def test_what_computes_before_an_empty_place_is_work(own: str) -> None:
    assert not is_stub(unmarked([own, "# TODO: the rest"]).source)
