"""Claims about telling an untouched stub from work, in the released forms of all years."""

from __future__ import annotations

import pytest

from grading.submission.stubs import is_stub

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

LOOP = """def f(target_y, model, dtype, **kwargs):
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
    assert is_stub("def f(img, model):\n" + body.format("pass"))
    assert not is_stub("def f(img, model):\n" + body.format("model(img).sum().backward()"))


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
