"""What PyTorch, NumPy and Python say is explained: each sentence by a function that somebody could have written.

The exceptions are real, so that a version which words one differently is noticed here.
"""

import io
import linecache
import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch

from cs231n.self_check.answers import load_answers
from cs231n.trials.exceptions import explain, told
from cs231n.trials.exceptions.explain import RULES
from cs231n.trials.observe import observe
from grading.assignments.registry import all_functions, function_named

CELL = "Notebook.ipynb, cell 7"
HEADS = {
    "compute_saliency_maps": "X, y, model",
    "make_fooling_image": "X, target_y, model",
    "class_visualization_update_step": "img, model, target_y, l2_reg, learning_rate",
    "content_loss": "content_weight, content_current, content_original",
    "gram_matrix": "features, normalize=True",
    "style_loss": "feats, style_layers, style_targets, style_weights",
    "tv_loss": "img, tv_weight",
}
# The kind, the function, and its body: the line marked with # ! is the one that raises.
CASES = [
    (
        "scalar-output",
        "compute_saliency_maps",
        """
        X.requires_grad_()
        scores = model(X).gather(1, y.view(-1, 1)).squeeze()
        scores.backward()  # !
        """,
    ),
    ("scalar-output", "make_fooling_image", "torch.autograd.grad(model(X.requires_grad_()), X)  # !"),
    ("gradient-shape", "compute_saliency_maps", "model(X.requires_grad_()).backward(y)  # !"),
    (
        "leaf-in-place",
        "make_fooling_image",
        """
        X_fooling = X.clone().requires_grad_()
        model(X_fooling)[0, target_y].backward()
        X_fooling += X_fooling.grad  # !
        """,
    ),
    ("leaf-in-place", "class_visualization_update_step", "img[0, 0] = 0  # !"),
    ("no-graph", "compute_saliency_maps", "model(X.detach()).gather(1, y.view(-1, 1)).sum().backward()  # !"),
    (
        "no-graph",
        "make_fooling_image",
        "torch.autograd.grad(model(X.requires_grad_())[0, target_y], torch.zeros(1))  # !",
    ),
    (
        "second-backward",
        "make_fooling_image",
        """
        X_fooling = X.clone().requires_grad_()
        score = model(X_fooling)[0, target_y]
        for _ in range(100):
            score.backward()  # !
        """,
    ),
    (
        "changed-before-backward",
        "make_fooling_image",
        """
        X = X.requires_grad_()
        scores = model(X).exp()
        total = scores[0, target_y]
        scores /= scores.sum()
        total.backward()  # !
        """,
    ),
    (
        "not-in-graph",
        "make_fooling_image",
        "torch.autograd.grad(model(X.requires_grad_() * 1)[0, 0], X.clone())  # !",
    ),
    ("requires-grad-flag", "make_fooling_image", "(X.requires_grad_() * 1).requires_grad = False  # !"),
    ("requires-grad-flag", "make_fooling_image", "import copy; copy.deepcopy(X.requires_grad_() * 1)  # !"),
    ("whole-number-gradient", "compute_saliency_maps", "y.requires_grad_()  # !"),
    ("numpy-cuts-graph", "tv_loss", "return np.abs(img.requires_grad_())  # !"),
    ("numpy-cuts-graph", "content_loss", "return content_current.requires_grad_().numpy()  # !"),
    ("numpy-cuts-graph", "tv_loss", "return np.ones(3) + img.requires_grad_()  # !"),
    ("one-element", "compute_saliency_maps", "return int(y)  # !"),
    ("one-element", "tv_loss", "return img.pow(2).item()  # !"),
    ("one-element", "gram_matrix", "return torch.tensor([f @ f.T for f in features.flatten(2)])  # !"),
    ("one-element", "tv_loss", "return float(img.detach().numpy())  # !"),
    ("ambiguous-truth", "compute_saliency_maps", "return y if model(X).argmax(1) == y else None  # !"),
    ("ambiguous-truth", "tv_loss", "return 0 if img.detach().numpy() > 0 else 1  # !"),
    (
        "broadcast",
        "tv_loss",
        """
        down = img[:, :, 1:] - img[:, :, :-1]
        right = img[..., 1:] - img[..., :-1]
        return tv_weight * (down + right).pow(2).sum()  # !
        """,
    ),
    ("broadcast", "tv_loss", "img = img.detach().numpy(); return img[:, :, 1:] - img  # !"),
    ("broadcast", "tv_loss", "return torch.stack([img[:, :, 1:], img])  # !"),
    ("broadcast", "tv_loss", "return torch.cat([img[:, :, 1:], img[..., 1:]])  # !"),
    ("broadcast", "tv_loss", "out = torch.zeros(3, 5); out[0] = torch.ones(4)  # !"),
    ("broadcast", "tv_loss", "out = torch.zeros(3); out += img  # !"),
    ("broadcast", "tv_loss", "out = np.zeros(3); out[:] = np.ones(4)  # !"),
    (
        "broadcast",
        "compute_saliency_maps",
        "return torch.nn.functional.cross_entropy(model(X), torch.cat([y, y]))  # !",
    ),
    ("matrix-product", "gram_matrix", "f = features[0].flatten(1); return f @ f  # !"),
    ("matrix-product", "gram_matrix", "f = features.flatten(2); return torch.bmm(f, f)  # !"),
    ("matrix-product", "gram_matrix", "f = features[0].flatten(1).detach().numpy(); return f @ f  # !"),
    ("matrix-product", "gram_matrix", "f = features[0].flatten(1).detach().numpy(); return f.dot(f)  # !"),
    ("matrix-dimensions", "gram_matrix", "f = features.flatten(2); return torch.mm(f, f)  # !"),
    ("matrix-dimensions", "gram_matrix", "return torch.bmm(features[0].flatten(1), features)  # !"),
    ("matrix-dimensions", "gram_matrix", "return features.flatten(2).t()  # !"),
    ("matrix-dimensions", "gram_matrix", "return features.permute(0, 2, 1)  # !"),
    ("view-of-memory", "gram_matrix", "return features.transpose(1, 3).view(features.shape[0], -1)  # !"),
    ("reshape-size", "gram_matrix", "return features.view(features.shape[1], 7)  # !"),
    ("reshape-size", "gram_matrix", "return features.detach().numpy().reshape(features.shape[1], 7)  # !"),
    ("too-few-dimensions", "compute_saliency_maps", "return X.squeeze().sum().max(dim=1)  # !"),
    ("too-few-dimensions", "tv_loss", "return img.squeeze()[:, :, :, 1:]  # !"),
    ("too-few-dimensions", "tv_loss", "return img.squeeze().detach().numpy()[:, :, :, 1:]  # !"),
    ("too-few-dimensions", "tv_loss", "return np.abs(img.detach().numpy()).sum(axis=7)  # !"),
    ("too-few-dimensions", "tv_loss", "return img.sum()[0]  # !"),
    ("too-few-dimensions", "tv_loss", "return [pixel for pixel in img.sum()]  # !"),
    ("too-few-dimensions", "tv_loss", "return len(img.sum())  # !"),
    ("unpack", "gram_matrix", "C, H, W = features.shape  # !"),
    ("unpack", "gram_matrix", "N, C, H, W = features.flatten(2).shape  # !"),
    ("gather-dimensions", "compute_saliency_maps", "return model(X).gather(1, y)  # !"),
    ("index-range", "make_fooling_image", "return model(X)[1, target_y]  # !"),
    ("index-range", "tv_loss", "return img[0, 0, img.shape[2]]  # !"),
    ("index-range", "tv_loss", "return img.detach().numpy()[7]  # !"),
    ("norm-dimensions", "make_fooling_image", "return X / torch.linalg.norm(X, dim=(1, 2, 3))  # !"),
    ("norm-dimensions", "make_fooling_image", "return X / torch.linalg.norm(X, ord=2)  # !"),
    ("norm-dimensions", "class_visualization_update_step", "img /= torch.norm(img, dim=(1, 2, 3))  # !"),
    (
        "norm-dimensions",
        "gram_matrix",
        "return np.linalg.norm(features.detach().numpy(), axis=(1, 2, 3))  # !",
    ),
    ("tensor-of-tensors", "compute_saliency_maps", "return torch.LongTensor([torch.cat([y, y])])  # !"),
    ("no-index", "style_loss", "return feats[torch.ones(2, 2).long()]  # !"),
    ("list-range", "make_fooling_image", "return ['cat', 'dog'][target_y + 2]  # !"),
    ("list-range", "style_loss", "return style_targets[style_layers[-1] + 9]  # !"),
    ("index-range", "compute_saliency_maps", "return model(X).gather(1, y.view(-1, 1) + 5000)  # !"),
    (
        "index-range",
        "compute_saliency_maps",
        "return torch.nn.functional.cross_entropy(model(X), y + 5000)  # !",
    ),
    ("index-range", "tv_loss", "return img[0, 0, 0].topk(5000)  # !"),
    ("mask-shape", "tv_loss", "return img[torch.ones(77, dtype=torch.bool)]  # !"),
    ("mask-shape", "tv_loss", "return img.detach().numpy()[np.ones(77, dtype=bool)]  # !"),
    ("mask-shape", "compute_saliency_maps", "return model(X)[[0, 1], [0, 1, 2]]  # !"),
    ("network-input", "make_fooling_image", "return model(X[0, 0])  # !"),
    ("network-input", "make_fooling_image", "return model(X[:, :1])  # !"),
    ("index-dtype", "compute_saliency_maps", "return model(X).gather(1, y.view(-1, 1).float())  # !"),
    ("index-dtype", "compute_saliency_maps", "return model(X)[torch.tensor([0.0])]  # !"),
    ("index-dtype", "tv_loss", "return img[0, img.shape[1] / 3]  # !"),
    ("index-dtype", "tv_loss", "return img.detach().numpy()[0, 1.0]  # !"),
    (
        "index-dtype",
        "compute_saliency_maps",
        "return torch.nn.functional.cross_entropy(model(X), y.float())  # !",
    ),
    ("index-dtype", "tv_loss", "return [1, 2, 3][: 4 / 2]  # !"),
    ("index-dtype", "style_loss", "return style_targets[1.0]  # !"),
    ("index-dtype", "tv_loss", "return range(img.shape[2] / 2)  # !"),
    ("index-dtype", "tv_loss", "return torch.zeros(3, img.shape[2] / 2)  # !"),
    ("mixed-dtypes", "gram_matrix", "f = features[0].flatten(1); return f @ f.T.double()  # !"),
    ("mixed-dtypes", "make_fooling_image", "return model(torch.from_numpy(X.numpy() * np.ones(1)))  # !"),
    ("mixed-dtypes", "compute_saliency_maps", "return y.mean()  # !"),
    ("whole-number-total", "compute_saliency_maps", "y *= 0.5  # !"),
    ("whole-number-total", "style_loss", "loss = torch.tensor(0); loss += feats[0].sum()  # !"),
    ("two-devices", "tv_loss", "return img + torch.ones(img.shape, device='meta')  # !"),
    (
        "gradient-is-none",
        "class_visualization_update_step",
        """
        img.grad.zero_()  # !
        """,
    ),
    (
        "gradient-is-none",
        "make_fooling_image",
        """
        X_fooling = X.clone().requires_grad_() * 1
        model(X_fooling)[0, target_y].backward()
        X_fooling = X_fooling + X_fooling.grad / X_fooling.grad.norm()  # !
        """,
    ),
    (
        "none",
        "tv_loss",
        """
        loss = None
        loss += img.pow(2).sum()  # !
        """,
    ),
    ("none", "style_loss", "return (gram_matrix(feats[0]) - style_targets[0]).sum()  # !"),
    ("none", "tv_loss", "return torch.abs(None)  # !"),
    ("none", "tv_loss", "return [x for x in None]  # !"),
    ("tensorflow", "tv_loss", "import tensorflow as tf  # !"),
    ("undefined-name", "tv_loss", "return LAMBDA * img.sum()  # !"),
    ("misspelt-name", "tv_loss", "return tv_wieght * img.sum()  # !"),
    ("tensor-for-network", "compute_saliency_maps", "X.eval()  # !"),
    ("tensor-for-network", "make_fooling_image", "return X.features(model)  # !"),
    ("misspelt-attribute", "tv_loss", "return img.sqaure().sum()  # !"),
    ("misspelt-attribute", "tv_loss", "return torch.sqaure(img).sum()  # !"),
    (
        "unset-local",
        "style_loss",
        """
        for layer in style_layers:
            loss += feats[layer].sum()  # !
        return loss
        """,
    ),
    ("unset-local", "tv_loss", "def f(): return late  # !\n        f()\n        late = 1"),
    ("own-module", "tv_loss", "import my_losses  # !"),
    ("no-such-import", "tv_loss", "from torch.nn.functional import tv  # !"),
    ("numpys-method", "make_fooling_image", "X_fooling = X.copy()  # !"),
    ("numpys-method", "make_fooling_image", "return X.astype(float)  # !"),
    ("numpy-array", "make_fooling_image", "return X.numpy().unsqueeze(0)  # !"),
    ("numpy-array", "make_fooling_image", "np.ones(3).sum().backward()  # !"),
    ("plain-number", "make_fooling_image", "return model(X).gather(1, target_y.view(-1, 1))  # !"),
    ("plain-number", "tv_loss", "img.sum().item().backward()  # !"),
    ("values-and-indices", "compute_saliency_maps", "return X.abs().max(dim=1).detach()  # !"),
    ("values-and-indices", "compute_saliency_maps", "return X.max(dim=1) - X.min(dim=1)  # !"),
    ("missing-brackets", "tv_loss", "return img.pow(2).sum.item()  # !"),
    ("missing-brackets", "tv_loss", "return tv_weight * img.sum  # !"),
    ("missing-brackets", "tv_loss", "return torch.sum[img]  # !"),
    ("no-such-function", "tv_loss", "return torch.total_variation(img)  # !"),
    ("no-such-attribute", "style_loss", "return feats.shape  # !"),
    ("arguments", "style_loss", "def term(a, b): return a\n        return term(feats[0])  # !"),
    ("arguments", "style_loss", "def term(a): return a\n        return term(feats, style_targets)  # !"),
    ("arguments", "style_loss", "def term(a): return a\n        return term(a=1, b=2)  # !"),
    ("not-a-tensor", "compute_saliency_maps", "return model(X).gather(1, 5)  # !"),
    ("not-a-tensor", "tv_loss", "return torch.sqrt(2.0)  # !"),
    ("not-a-tensor", "tv_loss", "return torch.stack([1.0, 2.0])  # !"),
    ("not-a-tensor", "tv_loss", "img.data = np.ones(3)  # !"),
    ("not-a-tensor", "tv_loss", "return torch.from_numpy(img)  # !"),
    ("numpy-array", "make_fooling_image", "return model(X.numpy())  # !"),
    ("argument-types", "tv_loss", "return torch.sum(img, dims=1)  # !"),
    ("not-callable", "tv_loss", "return tv_weight(img.sum())  # !"),
    ("not-callable", "tv_loss", "return img(0)  # !"),
    ("no-parts", "make_fooling_image", "return model(X)[0, target_y[0]]  # !"),
    ("no-parts", "tv_loss", "return [x for x in 5]  # !"),
    ("no-parts", "tv_loss", "down, right = 5  # !"),
    ("operands", "style_loss", "return feats - style_targets  # !"),
    ("operands", "tv_loss", "return img.shape * 0.5  # !"),
    ("operands", "tv_loss", "return 'loss ' + 1  # !"),
    ("endless-recursion", "tv_loss", "def loss(x): return loss(x)  # !\n        return loss(img)"),
    ("exit", "tv_loss", "raise SystemExit  # !"),
    ("memory", "tv_loss", "return torch.zeros(10**15)  # !"),
    ("memory", "tv_loss", "return np.zeros(10**15)  # !"),
    ("nobody-answers", "tv_loss", "return float(input('weight? ')) * img.sum()  # !"),
    ("division-by-zero", "tv_loss", "return 1 / (img.shape[0] - img.shape[0])  # !"),
    (
        "no-download",
        "compute_saliency_maps",
        """
        import urllib.request
        urllib.request.urlopen("http://weights.invalid")  # !
        """,
    ),
    ("no-such-key", "style_loss", "return dict(enumerate(feats))['relu1']  # !"),
    ("not-written", "tv_loss", "raise NotImplementedError  # !"),
    ("own-assertion", "tv_loss", "assert img.shape == (1, 3, 7, 7)  # !"),
]
TOLD_OTHERWISE = {
    "failed-definition",  # of a name that is told with what failed: tests/grading/verdict/test_explained.py
    "no-python",  # of a cell that is never run: there, too
    "merge-conflict",  # the same: tests/grading/verdict/test_real_forms.py
    "look-alike-character",  # the same: below
    "changed-signature",  # raised by no line: below
    "no-gpu",  # what it says depends on the machine: below
}


def raised_by(source: str, function: str, **names: Any) -> dict[str, str]:
    """What is written down of the exception of a function in a cell, on its first public case."""
    text = textwrap.dedent(source)
    linecache.cache[CELL] = (len(text), None, [f"{line}\n" for line in text.split("\n")], CELL)
    namespace: dict[str, Any] = {"torch": torch, "np": np, "gram_matrix": lambda _: None, **names}
    exec(compile(text, CELL, "exec"), namespace)
    seen = observe(load_answers()[function].answers[0].trial, namespace, namespace)
    raised: dict[str, str] = seen.calls[-1]["raised"]
    assert raised, "nothing was raised"
    return raised


def hints_of(function: str) -> Mapping[str, str]:
    return function_named(function).hints


def written(function: str, body: str) -> str:
    return f"def {function}({HEADS[function]}):\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}\n"


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf")
@pytest.mark.parametrize(
    ("kind", "function", "body"), CASES, ids=[f"{k}-{n}" for n, (k, _, _) in enumerate(CASES)]
)
def test_an_exception_is_explained_with_the_students_line(
    kind: str, function: str, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())  # behind the walls nobody types either
    body = body.replace("\n        ", "\n")
    source = written(function, body)
    marked = next(n for n, line in enumerate(source.split("\n"), 1) if line.endswith("# !"))
    raised = raised_by(source, function)
    explanation = explain(raised, hints_of(function))
    assert explanation is not None, raised
    assert explanation.id == kind, raised
    assert raised["place"] == f"{CELL}, line {marked}"
    assert raised["line"].endswith("# !")
    told_lines = told(raised, hints_of(function)).split("\n")
    assert told_lines[0].startswith(raised["type"])
    assert told_lines[1] == f"({CELL}, line {marked}: `{raised['line']}`)."
    assert told_lines[2] == explanation.sentences()


def test_every_explanation_is_tried() -> None:
    assert {rule.id for rule in RULES} == {kind for kind, _, _ in CASES} | TOLD_OTHERWISE


@pytest.mark.parametrize("head", ["img", "img, tv_weight, size", "picture, *, tv_weight"])
def test_a_changed_def_line_is_explained_though_no_line_raised(head: str) -> None:
    raised = raised_by(f"def tv_loss({head}):\n    return 0\n", "tv_loss")
    explanation = explain(raised, {})
    assert explanation is not None
    assert (explanation.id, raised["place"], raised["line"]) == ("changed-signature", "", "")


def test_what_asks_for_a_graphics_card_that_is_not_there_is_explained() -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has one")
    for body in ("return img.cuda()  # !", "return img.to('cuda')  # !", "return img.to('mps')  # !"):
        explanation = explain(raised_by(written("tv_loss", body), "tv_loss"), {})
        assert explanation is not None
        assert explanation.id == "no-gpu"


@pytest.mark.parametrize(
    ("type", "message"),
    [
        (
            "RuntimeError",
            "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!",
        ),
        (
            "RuntimeError",
            "Expected all tensors to be on the same device, but got weight is on cpu, different from other tensors on "
            "cuda:0 (when checking argument in method wrapper_CUDA__cudnn_convolution)",
        ),
        (
            "RuntimeError",
            "Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same",
        ),
    ],
)
def test_what_is_said_on_a_machine_with_a_graphics_card_is_explained(type: str, message: str) -> None:
    raised = {
        "type": type,
        "message": message,
        "place": "line 3 of its cell",
        "line": "scores = model(X.cuda())",
    }
    explanation = explain(raised, {})
    assert explanation is not None
    assert explanation.id == "two-devices"


def test_a_hint_is_of_a_kind_that_there_is_and_the_student_has_those_of_the_grader() -> None:
    kinds, stored = {rule.id for rule in RULES}, load_answers()
    for asked in all_functions():
        assert asked.hints.keys() <= kinds
        assert stored[asked.name].hints == asked.hints


def test_a_hint_says_what_an_error_means_in_this_function() -> None:
    raised = {"type": "RuntimeError", "message": CASES_SCALAR, "place": "", "line": ""}
    texts = {
        function: told(raised, hints_of(function))
        for function in ("compute_saliency_maps", "make_fooling_image", "tv_loss")
    }
    assert "gradient of the sum of these scores" in texts["compute_saliency_maps"]
    assert "score of `target_y` alone" in texts["make_fooling_image"]
    assert len(set(texts.values())) == 3


CASES_SCALAR = "grad can be implicitly created only for scalar outputs"


def test_an_error_of_no_known_kind_is_told_without_an_explanation() -> None:
    raised = {
        "type": "MyError",
        "message": "seven",
        "place": "N.ipynb, cell 1, line 2",
        "line": "raise MyError(7)",
    }
    assert explain(raised, {}) is None
    assert told(raised, {}) == "MyError: seven\n(N.ipynb, cell 1, line 2: `raise MyError(7)`)."


def test_the_same_explanation_is_given_once() -> None:
    raised = {"type": "RuntimeError", "message": CASES_SCALAR, "place": "p", "line": "x.backward()"}
    explained: set[str] = set()
    first, second = (told(raised, {}, explained) for _ in range(2))
    assert first.split("\n")[:2] == second.split("\n")
    assert len(first.split("\n")) == 3


@pytest.mark.parametrize("part", ["type", "message", "place", "line"])
def test_a_forged_exception_is_three_short_plain_lines(part: str) -> None:
    forged = {"type": "RuntimeError", "message": CASES_SCALAR, "place": "p", "line": "x"}
    forged[part] += "\n\r\x1b[2J\x00\u202e\u2028`" + "y" * 100_000
    text = told(forged, {})
    assert len(text) < 2000
    assert all(line.isprintable() for line in text.split("\n"))
    assert text.count("\n") <= 2


@pytest.mark.parametrize("character", ["(", ": ", "'", "a", "{", "(a: ", "got (", "shape '"])
def test_no_message_takes_long_to_look_up(character: str) -> None:
    """By the number of steps and not by a clock: a regular expression that backtracks would not come back at all."""
    raised = {"type": "RuntimeError", "message": character * 400, "place": "p", "line": character * 160}
    for kind in ("NameError", "TypeError", "RuntimeError", "AttributeError", "IndexError", "ValueError"):
        told({**raised, "type": kind}, {})


@pytest.mark.parametrize("character", ["\uff08", "\u201c", "\u2013", "\u00a0", "\u3000", "\u200b"])
def test_a_character_that_looks_like_one_of_pythons_is_named_as_such(character):
    with pytest.raises(SyntaxError) as raised:
        compile(f"loss = {character}1", "cell", "exec")
    said = {"type": "SyntaxError", "message": str(raised.value), "place": "", "line": ""}
    assert explain(said, {}).id == "look-alike-character"
