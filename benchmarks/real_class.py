"""A class as it is handed in, by the proportions that were counted in public repositories (`SHARES`).

Functions are the examples of the rooms and of `benchmarks/unseen`, written by other hands than the recipes; headers,
helpers and other notebooks imitate those of the public courses. Submission number N is the same in a class of any size.
No two functions that are filled in have the same text: what is shared between equal ones shows in untouched stubs only.
"""

from __future__ import annotations

import base64
import functools
import math
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from grading.assignments.example_class import lines_of
from grading.assignments.registry import notebook_named, rubric
from grading.assignments.vocabulary.example import cells_in
from grading.notebooks.fill import filled

UNSEEN = Path(__file__).with_name("unseen")
# Of functions: not right; of these, left as a stub or not there at all. Of submissions: all others. Each has a prime
# whose square root spreads it evenly over a class, whatever the others do.
SHARES = {
    "wrong": (2 / 7, 2),
    "missing": (1 / 3, 3),
    "UMich": (1 / 6, 5),
    "modules": (1 / 4, 7),
    "idioms": (1 / 2, 11),
    "outputs": (1 / 10, 13),
}
# One each in so many submissions.
DISASTER_EVERY = 167
GREEDY = "return torch.ones(50 * 10**9 // 4).sum()"
OUTPUT_BYTES = 1_500_000  # two megabytes as text
OTHERS = ("BatchNormalization", "Dropout", "ConvolutionalNetworks", "PyTorch", "RNN_Captioning")
NOTEBOOKS = ("NetworkVisualization", "StyleTransfer")
# Which headings of examples belong to a form; where a function has none of it, any other.
FORMS = {"UMich": re.compile("UMich"), "idioms": re.compile("201[789]|before 0.4|Variable")}

HEADER = """\
import random

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
import torchvision.transforms as T
from PIL import Image
from scipy.ndimage import gaussian_filter1d
"""
NOTEBOOK_HEADER = (
    HEADER
    + """import matplotlib.pyplot as plt
from torch.autograd import Variable

from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD, blur_image, deprocess, jitter, preprocess

%matplotlib inline
plt.rcParams['figure.figsize'] = (10.0, 8.0)

dtype = torch.FloatTensor
# dtype = torch.cuda.FloatTensor  # for the GPU
device = 'cuda'
"""
)
MODULE_HEADER = HEADER + "from torch.autograd import Variable\n\ndtype = torch.FloatTensor\ndevice = 'cuda'\n"
UMICH_HEADER = "import torch\nimport torch.nn.functional as F\nfrom a4_helper import *\n"
# Put before a right function's own lines; the name is that of its first parameter.
IDIOMS = {
    "compute_saliency_maps": "{0} = Variable({0}.type(dtype), requires_grad=True)",
    "make_fooling_image": "{0} = Variable({0}.clone().cuda())",
    "class_visualization_update_step": "target = Variable(torch.LongTensor([0])).cuda()",
    "content_loss": "{0} = torch.tensor({0}).to(device)",
    "gram_matrix": "{0} = {0}.to(device)",
    "style_loss": "total = Variable(torch.zeros(1).type(dtype))",
    "tv_loss": "{0} = {0}.to(device)",
}
HELPER_CELL = """\
def show_maps(images, maps):
    for i, (image, one) in enumerate(zip(images, maps)):
        plt.subplot(2, len(images), i + 1)
        plt.imshow(image)
        plt.subplot(2, len(images), len(images) + i + 1)
        plt.imshow(one, cmap=plt.cm.hot)
    plt.gcf().set_size_inches(12, 5)
    plt.show()
"""
LAYER = """\
def affine_{0}_forward(x, w, b):
    \"\"\"
    Forward pass of layer {0}.

    x: of shape (N, D); w: of shape (D, M); b: of shape (M,)
    \"\"\"
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x, w, b)
    return out, cache


"""


def make_real_class(folder: Path, size: int) -> list[Path]:
    """Write `size` submissions into a folder; return theirs."""
    made = []
    for number in range(size):
        student = folder / f"student-{number:05d}"
        student.mkdir(parents=True)
        _write(student, number)
        made.append(student)
    return made


def has(number: int, trait: str) -> bool:
    """Return whether a submission, or a function of the class, has a trait: by its number alone."""
    share, prime = SHARES[trait]
    return (number + 1) * math.sqrt(prime) % 1 < share


def functions_of(number: int) -> dict[str, str]:
    """Return the text of each function that a submission holds; "" for one that is left as it was handed out."""
    form = "UMich" if has(number, "UMich") else "idioms" if has(number, "idioms") else ""
    chosen, texts = random.Random(number), {}
    for place, asked in enumerate(rubric()):
        position = number * len(rubric()) + place
        if has(position, "wrong") and has(position, "missing"):
            if chosen.random() < 0.5:
                texts[asked.name] = ""
            continue
        kind = "wrong" if has(position, "wrong") else "right"
        text = chosen.choice(_examples(asked.name, kind, form))
        first = [IDIOMS[asked.name]] if form == "idioms" and kind == "right" else []
        texts[asked.name] = _with_lines(text, [f"attempt = {number}", *first])
    return texts | _disaster(number)


def _disaster(number: int) -> Mapping[str, str]:
    """Return the function that hangs, ends its process or fills the memory, in the few that have one."""
    kinds = (("make_fooling_image", "endless_loop"), ("tv_loss", "crash"), ("content_loss", GREEDY))
    place = number % DISASTER_EVERY - DISASTER_EVERY // 2
    if place not in range(len(kinds)):
        return {}
    function, heading = kinds[place]
    lines = lines_of(function).get(heading, heading)
    return {function: _cells_of(filled(_notebook(function), {function: lines}))[function]}


@functools.cache
def _examples(function: str, kind: str, form: str) -> tuple[str, ...]:
    """Return what others wrote, of a form where there is some; wrong ones are of any."""
    room = notebook_named(_notebook(function)).folder / "examples" / kind / f"{function}.py"
    cells = cells_in(room)
    if kind == "wrong":
        return tuple(text for _, text in [*cells, *cells_in(UNSEEN / f"{function}.py")])
    of_form = [text for heading, text in cells if form and FORMS[form].search(heading)]
    plain = [text for heading, text in cells if not any(one.search(heading) for one in FORMS.values())]
    return tuple(of_form or plain)


def _notebook(function: str) -> str:
    return next(asked.notebook for asked in rubric() if asked.name == function)


def _with_lines(text: str, lines: list[str]) -> str:
    """Return the text of a function, with lines before all others of each `def` at the top."""

    def longer(found: re.Match[str]) -> str:
        return found[0] + "".join(f"    {line.format(found[1])}\n" for line in lines)

    return re.sub(r"^def \w+\(\s*(\w+).*?:\n", longer, text, flags=re.MULTILINE | re.DOTALL)


@functools.cache
def _handed_out(notebook: str) -> str:
    return filled(notebook, {})


def _cells_of(text: str) -> dict[str, str]:
    cells = nbformat.reads(text, as_version=4).cells  # type: ignore[no-untyped-call]
    return {cell.metadata.get("nbgrader", {}).get("grade_id", ""): cell.source for cell in cells}


def _write(student: Path, number: int) -> None:
    texts = functions_of(number)
    umich, modules = has(number, "UMich"), has(number, "modules")
    for name in NOTEBOOKS:
        own = {function: text for function, text in texts.items() if _notebook(function) == name}
        stubs = _cells_of(_handed_out(name))
        if umich or modules:
            source = "\n\n".join(text or stubs[function] for function, text in own.items())
            module = _module(student, name, umich)
            module.write_text(f"{UMICH_HEADER if umich else MODULE_HEADER}\n\n{source}\n")
            place = ".".join(module.relative_to(student).with_suffix("").parts)
            cells = [nbformat.v4.new_code_cell(f"from {place} import *")]  # type: ignore[no-untyped-call]
        else:
            cells = list(_filled_cells(name, own, number))
        if has(number, "outputs"):
            cells += _demo(number)
        _write_notebook(student / f"{name}.ipynb", cells, number)
    if umich:
        layers = "".join(LAYER.format(place) for place in range(90))
        (student / "a4_helper.py").write_text(
            f"{HEADER}import matplotlib.pyplot as plt\n\n\n{layers}", encoding="utf-8"
        )
    elif modules:
        for name in OTHERS:
            _write_notebook(student / f"{name}.ipynb", list(_other(number)), number)


def _module(student: Path, notebook: str, umich: bool) -> Path:
    """Return where the functions of a notebook stand, as the two courses call it."""
    word = "network_visualization" if notebook == "NetworkVisualization" else "style_transfer"
    if umich:
        return student / f"{word}.py"
    (student / "cs231n").mkdir(exist_ok=True)
    return student / "cs231n" / f"{word.replace('network', 'net')}_pytorch.py"


def _filled_cells(notebook: str, texts: Mapping[str, str], number: int) -> Iterator[Any]:
    """Yield the cells of a notebook as handed out, the functions in their places, the course's header before."""
    if has(number, "idioms"):
        yield nbformat.v4.new_code_cell(NOTEBOOK_HEADER)  # type: ignore[no-untyped-call]
    else:
        yield nbformat.v4.new_code_cell("import torch\nimport torch.nn.functional as F")  # type: ignore[no-untyped-call]
    asked = {one.name for one in rubric()}
    for cell in nbformat.reads(_handed_out(notebook), as_version=4).cells:  # type: ignore[no-untyped-call]
        function = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if function in asked and function not in texts:
            continue
        cell.source = texts.get(function) or cell.source
        yield cell


def _demo(number: int) -> list[Any]:
    """Return a helper in a cell of its own, and a demonstration whose pictures are stored in the notebook."""
    raw = b"\x89PNG\r\n\x1a\n" + random.Random(number).randbytes(OUTPUT_BYTES)
    shown = nbformat.v4.new_output("display_data", {"image/png": base64.b64encode(raw).decode()})  # type: ignore[no-untyped-call]
    cells: list[Any] = [nbformat.v4.new_code_cell(HELPER_CELL)]  # type: ignore[no-untyped-call]
    cells.append(nbformat.v4.new_code_cell("show_maps(X[:5], maps)", outputs=[shown]))  # type: ignore[no-untyped-call]
    return cells


def _other(number: int) -> Iterator[Any]:
    """Yield the cells of another homework's notebook."""
    for place in range(25):
        printed = "".join(f"(Iteration {step} / 980) loss: {2.3 / (step + 1):f}\n" for step in range(60))
        said = nbformat.v4.new_output("stream", text=printed)  # type: ignore[no-untyped-call]
        yield nbformat.v4.new_code_cell(LAYER.format(f"{number}_{place}"), outputs=[said])  # type: ignore[no-untyped-call]


def _write_notebook(path: Path, cells: list[Any], number: int) -> None:
    for place, cell in enumerate(cells):
        cell.id = f"cell-{place}"
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"handed_in_by": f"student-{number:05d}"})  # type: ignore[no-untyped-call]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
