"""`check(function)` is what a student sees: green when right, and when not a sentence that says what to do."""

import json
import linecache
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cs231n.self_check import check, show
from cs231n.self_check.check import outcomes
from grading.verdict.reference import reference_functions

NAMES = [
    "compute_saliency_maps",
    "make_fooling_image",
    "class_visualization_update_step",
    "content_loss",
    "gram_matrix",
    "style_loss",
    "tv_loss",
]
NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


def stub(name: str) -> Callable[..., Any]:
    """The function as a student receives it, from the released notebook."""
    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and f"def {name}(" in source:
                namespace: dict[str, Any] = {"torch": torch, "nn": torch.nn, "gram_matrix": lambda _: 0}
                exec(source, namespace)
                return namespace[name]  # type: ignore[no-any-return]
    raise AssertionError(f"{name} is in no notebook")


def named(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    function.__name__ = name
    return function


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_solution_is_green(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    check(reference_functions()[name])
    said = capsys.readouterr().out
    assert "FAIL" not in said
    assert re.search(rf"{name}: (\d+) of \1 checks pass", said)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("content_loss", "cl_out"),
        ("gram_matrix", "gm_out"),
        ("style_loss", "sl_out"),
        ("tv_loss", "tv_out"),
        ("compute_saliency_maps", "saliency"),
    ],
)
def test_the_courses_own_line_comes_first(name: str, answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    check(reference_functions()[name])
    assert capsys.readouterr().out.startswith(f"{answer}: Error is 0.000\n")


@pytest.mark.parametrize("name", NAMES)
def test_a_stub_is_told_where_to_write(name: str) -> None:
    with pytest.raises(
        AssertionError, match=rf"{name} .*is not filled in yet.*Write your lines between START"
    ):
        check(stub(name))


def tv_without_border(img: torch.Tensor, tv_weight: float) -> torch.Tensor:
    down, right = img[:, :, 1:, :-1] - img[:, :, :-1, :-1], img[:, :, :-1, 1:] - img[:, :, :-1, :-1]
    return tv_weight * ((down**2).sum() + (right**2).sum())


def squeezed_saliency(X: torch.Tensor, y: torch.Tensor, model: torch.nn.Module) -> torch.Tensor:
    return reference_functions()["compute_saliency_maps"](X, y, model).squeeze()  # type: ignore[no-any-return]


def step_without_zeroing(
    img: torch.Tensor, model: torch.nn.Module, target_y: int, l2_reg: float, learning_rate: float
) -> None:
    (model(img)[0, target_y] - l2_reg * img.norm() ** 2).backward()
    assert img.grad is not None
    img.data += learning_rate * img.grad / img.grad.norm()


WRONG: dict[str, tuple[Callable[..., Any], str]] = {
    "half of it": (
        named("content_loss", lambda w, a, b: 0.5 * w * ((a - b) ** 2).sum()),
        r"relative error of the result: 0\.5 \(at most 0\.001\)",
    ),
    "cut off": (
        named("content_loss", lambda w, a, b: w * ((a - b).detach() ** 2).sum()),
        "no gradient reaches the image, because the result is cut off from the graph",
    ),
    "a number": (
        named(
            "gram_matrix",
            lambda f, normalize=True: (
                f.flatten(2) @ f.flatten(2).mT / (f[0].numel() if normalize else 1)
            ).numpy(),
        ),
        "numpy",
    ),
    "no batch axis": (
        named(
            "gram_matrix",
            lambda f, normalize=True: (
                f[0].flatten(1) @ f[0].flatten(1).T / (f[0].numel() if normalize else 1)
            ),
        ),
        r"expected shape \(3, 5, 5\), got \(5, 5\)",
    ),
    "border": (named("tv_loss", tv_without_border), "relative error of the result"),
    "nothing": (named("tv_loss", lambda img, w: print(end="")), "or the return of your result is missing"),
    "batch of one": (
        named("compute_saliency_maps", squeezed_saliency),
        r"expected shape \(1, 48, 80\), got \(48, 80\)",
    ),
    "an error": (named("make_fooling_image", lambda X, t, m: m(X)[7, 7]), "IndexError"),
    "not fooled": (named("make_fooling_image", lambda X, t, m: (m(X), X)[1]), "no step was made"),
    "accumulates": (
        named("class_visualization_update_step", step_without_zeroing),
        r"(?s)1 of 3 checks fail.*img\.grad",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_function_stops_the_notebook_with_what_is_wrong(mistake: str) -> None:
    function, words = WRONG[mistake]
    with pytest.raises(AssertionError, match=words) as told:
        check(function)
    assert str(told.value).startswith(function.__name__)


def test_a_broken_batch_axis_of_one_does_not_hide_the_error_of_the_course(
    capsys: pytest.CaptureFixture[str],
) -> None:
    function, _ = WRONG["no batch axis"]
    with pytest.raises(AssertionError):
        check(function)
    assert "gm_out: Error is 0.000" in capsys.readouterr().out


def test_style_uses_the_gram_matrix_written_beside_it_also_below_a_decorator() -> None:
    solved = reference_functions()["style_loss"]
    namespace: dict[str, Any] = {"gram_matrix": reference_functions()["gram_matrix"], "solved": solved}
    namespace["torch"] = torch
    exec("@torch.enable_grad()\ndef style_loss(*args):\n    return solved(*args)", namespace)
    check(namespace["style_loss"])


def test_style_without_a_gram_matrix_says_which_cell_to_run() -> None:
    def style_loss(feats: Any, layers: Any, targets: Any, weights: Any) -> torch.Tensor:
        return torch.zeros(())

    with pytest.raises(
        AssertionError, match="style_loss needs your gram_matrix: fill it in and run its cell first"
    ):
        check(style_loss)


def test_another_function_is_told_what_can_be_checked() -> None:
    def saliency() -> None: ...

    with pytest.raises(ValueError, match=r"called 'saliency'.*compute_saliency_maps"):
        check(saliency)


def spendthrift(img: torch.Tensor, tv_weight: float) -> torch.Tensor:
    torch.rand(3), np.random.rand(3), random.random()
    torch.set_grad_enabled(False)
    return img.sum()


@pytest.mark.parametrize("function", [named("tv_loss", spendthrift), None], ids=["careless", "right"])
@pytest.mark.parametrize("grad", [True, False])
def test_random_state_and_grad_mode_stay_as_they_were(
    function: Callable[..., Any] | None, grad: bool
) -> None:
    def state() -> tuple[object, ...]:
        kept = np.random.get_state()
        return (torch.get_rng_state().tolist(), kept[1].tolist(), kept[2:], random.getstate())

    before = state()
    with torch.set_grad_enabled(grad):
        outcomes(function or reference_functions()["tv_loss"])
        assert torch.is_grad_enabled() is grad
    assert state() == before


def test_a_hung_check_can_be_interrupted() -> None:
    def tv_loss(img: torch.Tensor, tv_weight: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(tv_loss)


def test_what_the_students_code_says_is_escaped_in_the_notebook() -> None:
    def tv_loss(img: torch.Tensor, tv_weight: float) -> None:
        raise ValueError("<script>alert(1)</script> & <b>")

    page = show.as_html("tv_loss", outcomes(tv_loss))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in page
    assert page.count("✗ fail") == len(outcomes(tv_loss))


def test_the_notebook_shows_maps_beside_the_expected_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib.pyplot as plt

    drawn = []
    monkeypatch.setattr(plt, "show", lambda: drawn.append([len(a.images) for a in plt.gcf().axes]))
    maps = np.abs(np.random.default_rng(0).standard_normal((5, 24, 24))).astype(np.float32)
    holed = maps.copy()
    holed[2] = np.nan
    show.maps(holed, maps, np.zeros((5, 3, 24, 24), np.float32))
    assert drawn == [[1] * 20]
    assert not plt.get_fignums()


def vector_backward(X: torch.Tensor, y: torch.Tensor, model: Any) -> torch.Tensor:
    X.requires_grad_()
    model(X).gather(1, y.view(-1, 1)).backward()
    return X.grad.abs().amax(1)


def test_an_exception_is_told_with_its_line_what_it_means_and_where_to_look(
    capsys: pytest.CaptureFixture[str],
) -> None:
    function = named("compute_saliency_maps", vector_backward)
    with pytest.raises(AssertionError) as told:
        check(function)
    message = str(told.value)
    look = outcomes(function)[0].answer.look
    for words in (
        "RuntimeError: grad can be implicitly created only for scalar outputs\n(test_check.py, line ",
        ": `model(X).gather(1, y.view(-1, 1)).backward()`).\n`backward()` starts from one number",
        look,
    ):
        assert words in message
    assert look
    assert capsys.readouterr().out.count("starts from one number") == 1


def transposed_batch(features: torch.Tensor, normalize: bool = True) -> torch.Tensor:
    flat = features.flatten(2)
    return flat @ flat.permute(2, 1, 0)


def test_an_error_in_one_line_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AssertionError, match="Next: change the cell of gram_matrix"):
        check(named("gram_matrix", transposed_batch))
    shown = capsys.readouterr().out
    assert shown.count("RuntimeError") == 1
    assert (
        shown.count("the same error as in “The Gram matrix of the style picture")
        == shown.count("FAIL") - 1
        > 0
    )


def test_a_stub_is_told_so_without_a_list_of_failed_checks(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AssertionError):
        check(stub("tv_loss"))
    assert capsys.readouterr().out == ""


def test_the_place_in_a_notebook_is_the_line_of_the_cell() -> None:
    """As IPython and Colab name cells; a number of the process in it would differ from run to run."""
    source = "def tv_loss(img, tv_weight):\n    return tv_wieght * img.sum()\n"
    for file in ("/tmp/ipykernel_77/1234.py", "<ipython-input-3-0a1b2c>", "/tmp/ipython-input-2-99.py"):
        namespace: dict[str, Any] = {}
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        exec(compile(source, file, "exec"), namespace)
        assert outcomes(namespace["tv_loss"])[0].verdict.message.split("\n")[:2] == [
            "NameError: name 'tv_wieght' is not defined. Did you mean: 'tv_weight'?",
            "(line 2 of its cell: `return tv_wieght * img.sum()`).",
        ]


@pytest.mark.parametrize(
    ("given", "kind"), [(torch.zeros(()), "Tensor"), ("tv_loss", "str"), (None, "NoneType")]
)
def test_what_is_no_function_is_told_so(given: Any, kind: str) -> None:
    for told in (check, outcomes):
        with pytest.raises(ValueError, match=rf"check takes the function itself.*got a value of type {kind}"):
            told(given)
