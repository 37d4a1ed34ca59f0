"""What ran in the course's years runs here, and is told; what runs today is not touched."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.verdicts import job
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.sandbox import Child, Sandbox
from grading.sandbox.inside import no_gpu, stand_ins, translations
from grading.sandbox.inside.namespace import provide
from grading.sandbox.shared import signs
from grading.sandbox.shared.notes import NOTES

TRIAL = Trial("tv_loss", ((Tensor(np.arange(48, dtype=np.float32).reshape(1, 3, 4, 4)), 0.5),))
HEAD = "import math\nimport numpy as np\nimport torch\nfrom torch.autograd import Variable\n"


@dataclass(frozen=True)
class Result:
    """What a body returned, or the exception it raised, and the notes on how it ran."""

    value: object
    raised: str
    notes: frozenset[str]


def run(sandbox: Sandbox, body: str, *cells: str) -> Result:
    text = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    child = sandbox.open(job("tv_loss", [HEAD, *cells, f"def tv_loss(img, tv_weight):\n{text}"]))
    assert isinstance(child, Child), child
    seen = child.observe(TRIAL)
    child.close()
    assert isinstance(seen, Observation), seen
    raised = seen.calls[0]["raised"]
    value = seen.arrays.get("0/output")
    return Result(
        None if value is None else value.tolist(),
        f"{raised['type']}: {raised['message']}" if raised else "",
        frozenset(child.notes),
    )


OLD_PYTORCH = {
    "img.sum().data[0]": (1128, "data[0]"),
    "img.view(1, 48).max(1)[1][0, 0]": (47, "index[0, 0]"),
    "Variable(torch.LongTensor([3]), requires_grad=True)[0]": (3, "Variable"),
    "torch.cat([img.sum(), img.max()]).sum()": (1175, "cat"),
    "(1 - (img > 40)).sum()": (41, "1 - mask"),
    "img.masked_fill((img > 40).byte(), 0).max()": (40, "byte mask"),
    "img.masked_select(mask=(img > 45).byte()).sum()": (93, "byte mask"),
    "torch.symeig(torch.eye(2) * 3)[0].sum()": (6, "symeig"),
    "img.sum().data.numpy()[0]": (1128, "data[0]"),
}
OLD_NUMPY = {
    "np.zeros(2, np.float).sum()": (0, "np.float"),
    "np.product([2, 3])": (6, "np.float"),
    "np.in1d([1, 2], [2]).sum()": (1, "np.float"),
    "np.trapz([1.0, 2.0])": (1.5, "np.float"),
    "np.float_(3) + (np.Inf > 2)": (4, "np.float"),
    "np.alltrue([True]) + np.sometrue([True])": (1, "np.float"),
    "float(np.array([1.5]))": (1.5, "float(array)"),
    "int(np.array([[7]]))": (7, "float(array)"),
    "math.sqrt(np.array([16.0]))": (4, "float(array)"),
    "float('%.1f' % np.array([1.25]))": (1.2, "float(array)"),
    "float('%d%.0f' % (3, np.array([4.0])))": (34, "float(array)"),
    "np.array([1, 2], copy=False).sum()": (3, "copy=False"),
    "np.arange(3.0).ptp()": (2, "array methods"),
    "np.vstack(np.ones(2) for _ in range(3)).sum()": (6, "generator"),
}


@pytest.mark.parametrize("expression", [*OLD_PYTORCH, *OLD_NUMPY])
def test_an_old_idiom_means_what_it_meant_and_is_noted(sandbox: Sandbox, expression: str) -> None:
    value, note = {**OLD_PYTORCH, **OLD_NUMPY}[expression]
    assert run(sandbox, f"return {expression}") == Result(value, "", frozenset({note}))


@pytest.mark.parametrize(
    ("body", "value", "note"),
    [
        ("x[0, 0, 0, 1].backward(torch.ones(1)); return img.grad.sum()", 2, "backward(ones(1))"),
        ("x.sum().backward(gradient=torch.ones(1, 1)); return img.grad.sum()", 96, "backward(ones(1))"),
        ("return torch.autograd.grad(x.sum(), img, torch.ones(1))[0].sum()", 96, "backward(ones(1))"),
        ("x.sum().backward(retain_variables=True); return img.grad.sum()", 96, "retain_variables"),
        (
            "torch.autograd.backward(x.sum(), retain_variables=True); return img.grad[0, 0, 0, 0]",
            2,
            "retain_variables",
        ),
        ("m = torch.zeros(2); m[torch.ByteTensor([0, 1])] = 3; return m.sum()", 3, "byte mask"),
        ("losses = np.zeros(2); losses[1] = np.array([4.0]); return losses.sum()", 4, "float(array)"),
    ],
)
def test_an_old_statement_does_what_it_did(sandbox: Sandbox, body: str, value: float, note: str) -> None:
    found = run(sandbox, f"img.requires_grad_(); x = img * 2; {body}")
    assert found == Result(value, "", frozenset({note}))


def test_what_works_as_it_is_written_is_not_noted_beside_what_does_not(sandbox: Sandbox) -> None:
    body = """
    some = np.zeros(3)
    some[0:1] = np.array([1.0])
    some[1], some[2] = float(3), np.array(4.0)
    return np.float(some.sum() + len("%d" % 5) - 1)
    """
    assert run(sandbox, body) == Result(8, "", frozenset({"np.float"}))


def test_what_squeeze_made_of_the_scores_of_one_image_still_fails(sandbox: Sandbox) -> None:
    """It is a mistake with a name, "saliency-squeeze-one", whatever the year."""
    body = "x = torch.ones(1, 1, requires_grad=True)\n(x * 2).squeeze().backward(torch.ones(1))"
    assert run(sandbox, body).raised.startswith("RuntimeError: Mismatch in shape")


@pytest.mark.parametrize(
    ("body", "raised"),
    [
        ("return float(np.array([1.0, 2.0]))", "TypeError: only 0-dimensional arrays"),
        ("return img[0, 0, 0, 0, 0]", "IndexError: too many indices for tensor of dimension 4"),
        (
            "return torch.cat([img, torch.ones(2)])",
            "RuntimeError: Tensors must have same number of dimensions",
        ),
        ("return np.no_such_name", "AttributeError: module 'numpy' has no attribute 'no_such_name'"),
        ("return img.masked_fill(img, 0)", "RuntimeError: "),
        ("return (img > 0) - torch.ones(7)", "NotImplementedError: Subtraction"),
    ],
)
def test_what_was_always_wrong_fails_with_the_librarys_own_words(
    sandbox: Sandbox, body: str, raised: str
) -> None:
    found = run(sandbox, body)
    assert (found.raised[: len(raised)], found.notes) == (raised, frozenset())


def test_a_definition_that_fails_for_its_age_is_made_again(sandbox: Sandbox) -> None:
    cell = "KIND = np.float\ndef weight(w, kind=np.float):\n    return kind(w)\n"
    found = run(sandbox, "return weight(tv_weight) + KIND(1)", cell)
    assert found == Result(1.5, "", frozenset({"np.float"}))


@pytest.mark.parametrize("name", ["own_helper", "cs231n.own_helper"])
@pytest.mark.parametrize("inside", [True, False], ids=["imported inside", "imported before"])
def test_a_module_that_fails_for_its_age_is_imported_again(sandbox: Sandbox, name: str, inside: bool) -> None:
    package, _, short = name.rpartition(".")
    line = f"from {package} import {short} as helper" if package else f"import {short} as helper"
    text = f"def tv_loss(img, w):\n    {line if inside else 'pass'}\n    return helper.WIDTH * w"
    told = job("tv_loss", [line, text])
    sources = ["import numpy as np", "WIDTH = np.float(3)"]
    told["modules"] = {name: [{"source": s, "place": "own_helper.py", "kind": "assignment"} for s in sources]}
    child = sandbox.open(told)
    assert isinstance(child, Child), child
    seen = child.observe(TRIAL)
    child.close()
    assert isinstance(seen, Observation), seen
    assert (seen.calls[0]["raised"], seen.arrays.get("0/output"), child.notes) == (None, 1.5, {"np.float"})


def test_no_function_is_changed_before_anything_has_failed_for_its_age(sandbox: Sandbox) -> None:
    body = """
    before = hasattr(np, "float_")
    try:
        np.float
    except AttributeError:
        pass
    return int(before or hasattr(np, "float_"))
    """
    assert run(sandbox, body).value == 0


def test_the_place_of_an_exception_is_the_students_line_in_translated_text_too(sandbox: Sandbox) -> None:
    child = sandbox.open(
        job("tv_loss", [HEAD, "def tv_loss(img, w):\n    a = np.float(1)\n    return float(img)"])
    )
    assert isinstance(child, Child)
    seen = child.observe(TRIAL)
    child.close()
    assert isinstance(seen, Observation)
    assert seen.calls[0]["raised"]["place"].endswith("cell 2, line 3")


def test_what_a_translation_raises_is_a_failure_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> None:
        raise AssertionError("two of one name")

    monkeypatch.setattr(translations, "_BY_SIGN", {signs.GPU: breaks})
    monkeypatch.setattr(translations, "_installed", set())
    (failure,) = translations.install(["# on cuda"])
    assert (failure["type"], failure["message"]) == ("AssertionError", "two of one name")
    assert failure["unit"] == "the translation breaks"


def test_what_cannot_be_provided_is_told_with_its_name() -> None:
    namespace: dict[str, object] = {}
    provided = {"T": "sys:exit()", "answers": "builtins:dict()", "not_used": "no.such.module:it"}
    (failure,) = provide(namespace, ["T", "answers", "mine"], provided)
    assert (failure["type"], failure["unit"]) == ("SystemExit", "the notebook's T")
    assert namespace == {"answers": {}}


def test_every_stand_in_is_an_object_of_its_own() -> None:
    class Library:
        """Two functions of one meaning."""

        @staticmethod
        def first() -> None:
            """The first."""

        @staticmethod
        def second() -> None:
            """The second."""

    def nothing() -> None:
        return None

    for name in ("first", "second", "third"):
        stand_ins.stand_in(Library, name, nothing)
    assert len({Library.first, Library.second, Library.third}) == 3  # type: ignore[attr-defined]
    assert (Library.first.__name__, Library.second.__doc__) == ("first", "The second.")


@pytest.mark.parametrize(
    "first",
    [
        "import torchvision.models",  # and with it all the others
        *(
            pytest.param(one, marks=pytest.mark.long)
            for one in ("import torchvision", "import torch._dynamo")
        ),
    ],
)
def test_torchvision_is_imported_before_and_after_the_translation_for_gpus(
    sandbox: Sandbox, first: str
) -> None:
    """In one child: a function that imports it, one that names a GPU, and one that does both."""
    plain = job("tv_loss", [HEAD, f"def tv_loss(img, w):\n    {first}\n    return img.sum()"])
    gpu = job(
        "tv_loss", [HEAD, "def tv_loss(img, w):\n    torch.cuda.synchronize()\n    return img.cuda().sum()"]
    )
    both = f"def tv_loss(img, w):\n    {first}\n    with torch.cuda.device(0):\n        return img.to('cuda').sum()"
    for order in ([plain, gpu], [gpu, plain], [job("tv_loss", [HEAD, both])]):
        child = sandbox.open(order[0])
        for told in order:
            assert isinstance(child, Child), child
            assert child.load(told) is None
            seen = child.observe(TRIAL)
            assert isinstance(seen, Observation), seen
            assert (seen.calls[0]["raised"], seen.arrays.get("0/output")) == (None, 1128)
        child.close()


@pytest.mark.parametrize(
    "expression",
    [
        "img.cuda(0)", "img.to('cuda:0', non_blocking=True)", "img.to(torch.device('cuda', 0))",
        "img.to(device='cuda')", "img.type(torch.cuda.FloatTensor)", "img.to(0) + 0 * torch.zeros(1, device='cuda')",
        "img + torch.zeros(4, device=0).to('cuda')", "img.pin_memory().cuda()", "img.to('mps')",
        "torch.nn.DataParallel(torch.nn.Identity()).cuda()(img)",
    ],
)  # fmt: skip
def test_whatever_asks_for_a_gpu_gets_the_processor(sandbox: Sandbox, expression: str) -> None:
    assert run(sandbox, f"return ({expression}).sum()") == Result(1128, "", frozenset({"cuda"}))


def test_the_word_alone_changes_nothing(sandbox: Sandbox) -> None:
    words = "# not on cuda: no gpu\n'cuda'\nprint('cuda', file=open('/dev/null', 'w'))\ncuda = 'gpu'"
    import_inside = "import torchvision.transforms as T, torch._dynamo"
    found = run(sandbox, f"{words}\n{import_inside}\nreturn T.Normalize(0, 2)(img).sum()")
    assert found == Result(564, "", frozenset())


def test_every_note_can_be_told() -> None:
    assert {note for _, note in [*OLD_PYTORCH.values(), *OLD_NUMPY.values()]} <= NOTES.keys()
    assert signs.signs_in(["# a gpu", "re.compile"]) == set(translations._BY_SIGN)
    assert no_gpu.stay_on_cpu in translations._BY_SIGN.values()
