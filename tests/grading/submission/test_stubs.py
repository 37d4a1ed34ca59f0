"""Claims about telling an untouched stub from work, in the released forms of all years."""

from __future__ import annotations

import ast
import json
import textwrap
from pathlib import Path

import pytest

from grading.submission.stubs import _scaffold_of_the_kit, is_stub

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
ASKED = (
    "compute_saliency_maps",
    "make_fooling_image",
    "class_visualization_update_step",
    "content_loss",
    "gram_matrix",
    "style_loss",
    "tv_loss",
)

STUBS = {
    "pass": "def f(x):\n    '''doc'''\n    pass\n",
    "dots": "def f(x):\n    ...\n",
    "nbgrader": "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n",
    "bare": "def f(x):\n    raise NotImplementedError\n",
    "with a message": "def f(x):\n    raise NotImplementedError('todo')\n",
    "nothing but a docstring": "def f(x):\n    'doc'\n",
    "a result that is None": "def f(x):\n    gram = None\n    # TODO\n    pass\n    return gram\n",
    "code that is commented out": "def f(x):\n    # return 3 * x\n    pass\n",
    "commented out as a string": 'def f(x):\n    """doc"""\n    """\n    return 3 * x\n    """\n    pass\n',
    "saliency 2020": (
        "def f(X, y, model):\n    model.eval()\n    X.requires_grad_()\n    saliency = None\n"
        "    pass\n    return saliency"
    ),
    "saliency with Variables": (
        "def f(X, y, model):\n    model.eval()\n    X_var = Variable(X, requires_grad=True)\n"
        "    y_var = Variable(y, requires_grad=False)\n    saliency = None\n    pass\n    return saliency"
    ),
    "fooling 2018": "def f(X, t, model):\n    X_fooling = X.clone()\n    X_fooling = X_fooling.requires_grad_()\n"
    "    learning_rate = 1\n    pass\n    return X_fooling",
    "attack with other spaces": (
        "def f(X, t, model):\n  X_adv=X.clone( )\n  X_adv=X_adv.requires_grad_()\n  learning_rate=1\n"
        "  return X_adv"
    ),
    "step of UMich": "def f(img, t, model, **kwargs):\n    l2_reg = kwargs.pop('l2_reg', 1e-3)\n"
    "    learning_rate = kwargs.pop('learning_rate', 25)\n    pass\n    return img",
}

LOOP = """def create_class_visualization(target_y, model, dtype, **kwargs):
    img = torch.randn(1, 3, 224, 224)
    for t in range(100):
        ox = 3
        ####
        # TODO: make a gradient step on the image
        ####
{body}
        ####
        #       END OF YOUR CODE
        ####
        img.clamp_(0, 1)
    return img
"""

WORK = {
    "a leftover pass": "def f(x):\n    pass\n    return 3 * x\n",
    "one line": "def f(w, a, b):\n    return w * ((a - b) ** 2).sum()\n",
    "work that returns nothing": "def f(x):\n    y = 3 * x\n",
    "work that is wrong": "def f(x):\n    return x.sum()\n",
    "another scaffold": "def f(X, y, model):\n    X.requires_grad_()\n    scores = model(X)\n    return None\n",
    "an exception of the student's": "def f(x):\n    raise ValueError('no')\n",
    "not indented by four": "  def f(x):\n    return x + 1\n",
    "after the marker": (
        "def f(x):\n    # *****START OF YOUR CODE*****\n\n    pass\n\n    # *****END OF YOUR CODE*****\n"
        "    return x + 1\n"
    ),
}


@pytest.mark.parametrize("source", STUBS.values(), ids=STUBS.keys())
def test_an_untouched_function_is_a_stub(source):
    assert is_stub(source)


@pytest.mark.parametrize("source", WORK.values(), ids=WORK.keys())
def test_a_function_with_work_in_it_is_no_stub(source):
    assert not is_stub(source)


@pytest.mark.parametrize(
    "body", ["        pass", "", "        # img += 1", "        #loss.backward()\n        pass"]
)
def test_a_loop_with_nothing_between_its_markers_is_a_stub(body):
    assert is_stub(LOOP.format(body=body))


def test_a_loop_without_its_comments_is_a_stub_by_its_pass():
    body = "    for t in range(9):\n        img.copy_(jitter(img))\n        {}\n        plt.show()\n    return img"
    assert is_stub("def create_class_visualization(img, model):\n" + body.format("pass"))
    assert not is_stub(
        "def create_class_visualization(img, model):\n" + body.format("model(img).sum().backward()")
    )


@pytest.mark.parametrize(
    "body",
    [
        "        img += 1",
        "        pass\n        loss = model(img)",
        "        img += 1\n        # TODO: faster",
    ],
)
def test_a_loop_with_work_between_its_markers_is_none(body):
    assert not is_stub(LOOP.format(body=body))


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
    "empty markers": "# *****START OF YOUR CODE*****\npass\n# *****END OF YOUR CODE*****",
}


@pytest.mark.parametrize("leftover", LEFTOVERS.values(), ids=LEFTOVERS.keys())
@pytest.mark.parametrize("function", RIGHT)
def test_a_right_function_with_a_pass_left_in_it_is_none(function, leftover):
    assert not is_stub(RIGHT[function].format(leftover=textwrap.indent(leftover, "    ")))


def test_a_step_that_a_helper_takes_is_work_though_a_pass_was_left():
    body = "    for t in range(9):\n        pass\n        step(img, model)\n    return img"
    assert not is_stub("def create_class_visualization(img, model):\n" + body)


@pytest.mark.parametrize("function", ASKED)
def test_the_kits_own_functions_are_stubs_as_they_are_handed_out(function):
    texts = [
        "".join(cell["source"])
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code" and f"def {function}(" in "".join(cell["source"])
    ]
    assert len(texts) == 1
    assert is_stub(texts[0])
    assert is_stub(ast.unparse(ast.parse(texts[0])))  # without its comments


def test_a_solution_is_no_scaffold():
    scaffold = "\n".join(_scaffold_of_the_kit())
    assert "X.detach().clone()" in scaffold
    assert "backward" not in scaffold
    assert "pow(2)" not in scaffold


def test_the_scaffold_follows_an_edit_of_the_source(tmp_path, monkeypatch):
    source = (
        "def f(x):\n    y = prepared(x)\n    for _ in y:\n        ### BEGIN SOLUTION\n        y += work(x)\n"
        "        ### END SOLUTION\n    return y\n\n\ndef g(x):\n    return other(x)\n"
    )
    (tmp_path / "New.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr("grading.submission.stubs._SOURCE", tmp_path)
    _scaffold_of_the_kit.cache_clear()
    try:
        assert is_stub(
            "def f(x):\n    y = prepared(x)\n    for _ in y:\n        # here\n        pass\n    return y\n"
        )
        assert not is_stub(source)
        assert not is_stub("def g(x):\n    return other(x)\n")
    finally:
        _scaffold_of_the_kit.cache_clear()
