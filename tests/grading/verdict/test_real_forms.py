"""Claims about what real students hand in: each form in `real_forms` gets the verdict of a careful person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grading.results.files import result_bytes
from grading.sandbox import Sandbox
from grading.sandbox.shared.notes import NOTES
from grading.submission.handed_in import Submission
from grading.submission.old_python import TRANSLATIONS
from grading.verdict.grade import grade
from grading.verdict.questions import read_here

FORMS = Path(__file__).parent / "real_forms"
# What the first cells of the course's notebooks hold, in all years.
PRELUDE = """
from __future__ import print_function
import torch
from torch.autograd import Variable
import torchvision
import torchvision.transforms as T
import torch.nn as nn
import torch.nn.functional as F
import random
import numpy as np
import matplotlib.pyplot as plt
from scipy.ndimage.filters import gaussian_filter1d
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD
from PIL import Image
"""
# The course's loop around the step, as the notebooks of 2017 (a tensor and its Variable) and 2018 had it.
LOOP = Path(__file__).parent / "spec_rows" / "loop_2017.txt"
LOOP_2017, LOOP_END = LOOP.read_text(encoding="utf-8").split("{BODY}\n")
_BY_2018 = (
    ("mul_(1.0).type(dtype)\n", "mul_(1.0).type(dtype).requires_grad_()\n"),
    ("    img_var = Variable(img, requires_grad=True)\n", ""),
    ("img.copy_(jitter(img,", "img.data.copy_(jitter(img.data,"),
    ("img[:, c]", "img.data[:, c]"),
    ("img.clone().cpu()", "img.data.clone().cpu()"),
)
PIECES = {"LOOP_2017": LOOP_2017, "LOOP_END": LOOP_END}
for _name, _piece in (("LOOP_2018", LOOP_2017), ("LOOP_END_2018", LOOP_END)):
    for _old, _new in _BY_2018:
        _piece = _piece.replace(_old, _new)
    PIECES[_name] = _piece


@dataclass(frozen=True)
class Form:
    """One way to write a function: `status` and `diagnosis` are what a careful person says of it."""

    function: str
    status: str
    diagnosis: str
    title: str
    code: str


def forms() -> Iterator[Form]:
    for path in sorted(FORMS.glob("*.txt")):
        parts = re.split(r"^=== (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for head, code in zip(parts[1::2], parts[2::2], strict=True):
            status, diagnosis, title = (part.strip() for part in head.split("|"))
            for name, piece in PIECES.items():
                code = code.replace(f"{{{name}}}\n", piece)
            yield Form(path.stem, status, diagnosis, title, code)


def write_notebook(path: Path, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    return path


def graded(path: Path, sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    result = json.loads(result_bytes(grade(read_here(Submission("ada", path)), "tests", sandbox).result))
    return {function["name"]: function for function in result["functions"]}


@pytest.mark.sample("form.function", every=15)
@pytest.mark.parametrize("form", [pytest.param(f, id=f"{f.function}: {f.title}") for f in forms()])
def test_a_form_gets_the_verdict_of_a_careful_person(form: Form, sandbox: Sandbox, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "Notebook.ipynb", PRELUDE, form.code)
    seen = graded(path, sandbox)[form.function]
    told = [(c["id"], c["status"], c["message"]) for c in seen["checks"] if c["status"] != "pass"]
    assert seen["status"] == form.status, told
    assert (seen["diagnosis"] or {"id": ""})["id"] in form.diagnosis.split(","), told
    if form.status == "correct":
        assert seen["score"] == seen["max_score"]


# Whole submissions: the functions of the forms above, in the files in which they were handed in.


def code_of(function: str, title: str) -> str:
    return next(form.code for form in forms() if (form.function, form.title) == (function, title))


LOSSES = {
    "content_loss": "one line, parameters renamed",
    "gram_matrix": "bmm",
    "style_loss": "enumerate",
    "tv_loss": "slices",
}


def statuses(path: Path, sandbox: Sandbox) -> dict[str, str]:
    return {name: function["status"] for name, function in graded(path, sandbox).items()}


def right(*missing: str) -> dict[str, str]:
    names = ("compute_saliency_maps", "make_fooling_image", "class_visualization_update_step", *LOSSES)
    return {name: "missing" if name in missing else "correct" for name in names}


def test_since_2021_the_functions_sit_in_modules_that_the_notebooks_import(sandbox, tmp_path):
    """`from .image_utils import`, a star import, and a stale copy of the kit's own module beside them."""
    package = tmp_path / "assignment3" / "cs231n"
    package.mkdir(parents=True)
    head = "import torch\nimport numpy as np\nfrom .image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD\n"
    names = ["a leftover pass, prints in Chinese, type hints", "2020: no_grad and zero_", "2020: in place"]
    functions = ["compute_saliency_maps", "make_fooling_image", "class_visualization_update_step"]
    network = "\n".join(map(code_of, functions, names))
    (package / "net_visualization_pytorch.py").write_text(
        f"import torch.nn as nn\n{head}{network}", encoding="utf-8"
    )
    style = "\n".join(code_of(*item) for item in LOSSES.items())
    (package / "style_transfer_pytorch.py").write_text(f"{head}{style}")
    (package / "image_utils.py").write_text("raise RuntimeError('from another year')")
    write_notebook(
        tmp_path / "assignment3" / "StyleTransfer.ipynb",
        "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content\n%load_ext autoreload",
        "from cs231n.style_transfer_pytorch import *\nfrom cs231n.net_visualization_pytorch import preprocess",
        "cl_out = 0\nassert False, 'a demo'",
    )
    assert statuses(tmp_path, sandbox) == right()


def test_a_notebook_may_define_a_loss_with_the_gram_matrix_of_its_module(sandbox, tmp_path):
    write_notebook(
        tmp_path / "StyleTransfer.ipynb",
        "from style_transfer import *",
        code_of("style_loss", LOSSES["style_loss"]),
    )
    (tmp_path / "style_transfer.py").write_text(code_of("gram_matrix", LOSSES["gram_matrix"]))
    seen = statuses(tmp_path, sandbox)
    assert (seen["style_loss"], seen["gram_matrix"]) == ("correct", "correct")


def test_a_notebook_may_hand_on_to_functions_of_other_names_in_a_module(sandbox, tmp_path):
    tv = code_of("tv_loss", LOSSES["tv_loss"]).replace("def tv_loss", "def total_variation")
    (tmp_path / "my_losses.py").write_text(tv)
    wrapper = "def tv_loss(img, tv_weight):\n    return L.total_variation(img, tv_weight)\n"
    write_notebook(tmp_path / "StyleTransfer.ipynb", "import my_losses as L", wrapper)
    assert statuses(tmp_path, sandbox)["tv_loss"] == "correct"


def test_a_package_may_gather_functions_from_modules_that_import_each_other(sandbox, tmp_path):
    package = tmp_path / "cs231n" / "losses"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from .gram import gram_matrix\nfrom .style import style_loss\n")
    (package / "gram.py").write_text("import torch\n" + code_of("gram_matrix", LOSSES["gram_matrix"]))
    style = code_of("style_loss", LOSSES["style_loss"])
    (package / "style.py").write_text(f"import torch\nfrom .gram import gram_matrix\n{style}")
    write_notebook(tmp_path / "StyleTransfer.ipynb", "from cs231n.losses import gram_matrix, style_loss")
    seen = statuses(tmp_path, sandbox)
    assert (seen["style_loss"], seen["gram_matrix"]) == ("correct", "correct")


def test_umich_hands_in_modules_with_names_and_imports_of_its_own(sandbox, tmp_path):
    head = '"""\nImplements a network visualization in PyTorch.\n"""\nimport torch\nfrom eecs598.utils import *\n'
    head += "\ndef hello():\n  print('Hello from network_visualization.py!')\n\n"
    names = [
        "squeeze before the sum is harmless",
        "UMich: make_adversarial_attack",
        "UMich: returns the image, in place",
    ]
    functions = ["compute_saliency_maps", "make_fooling_image", "class_visualization_update_step"]
    (tmp_path / "network_visualization.py").write_text(head + "\n".join(map(code_of, functions, names)))
    (tmp_path / "style_transfer.py").write_text(head + "\n".join(code_of(*item) for item in LOSSES.items()))
    seen = graded(tmp_path, sandbox)
    assert {name: one["status"] for name, one in seen.items()} == right()
    assert seen["make_fooling_image"]["defined_as"] == "make_adversarial_attack"
    assert seen["class_visualization_update_step"]["defined_as"] == "class_visualization_step"


def test_a_notebook_of_nbformat_3_in_utf_16_with_a_file_of_macos_beside_it(sandbox, tmp_path):
    cells = [{"cell_type": "code", "language": "python", "input": [PRELUDE]}]
    cells += [{"cell_type": "code", "language": "python", "input": code_of(*item)} for item in LOSSES.items()]
    text = json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells[::-1]}]})
    (tmp_path / "StyleTransfer.ipynb").write_bytes(text.encode("utf-16"))
    (tmp_path / "._StyleTransfer.ipynb").write_bytes(b"\x00\x05\x16\x07")
    names = ("compute_saliency_maps", "make_fooling_image", "class_visualization_update_step")
    assert statuses(tmp_path, sandbox) == right(*names)


def test_an_exported_script_with_demos_and_prose_is_graded(sandbox, tmp_path):
    parts = [
        "# coding: utf-8\n\n# # Style transfer\n# In[1]:\n",
        PRELUDE.replace("from __future__ import print_function", ""),
    ]
    parts += [f"# In[{n}]:\n\n{code_of(*item)}\n" for n, item in enumerate(LOSSES.items())]
    parts.insert(
        3,
        "The content loss, it's measured below:\nget_ipython().run_line_magic('cd', '..')\nstyle_transfer(**params1)\n",
    )
    (tmp_path / "StyleTransfer.py").write_text("\n".join(parts))
    seen = statuses(tmp_path, sandbox)
    assert {name: seen[name] for name in LOSSES} == dict.fromkeys(LOSSES, "correct")


def test_what_was_translated_is_said_and_nothing_else(sandbox, tmp_path):
    """`Variable` works to this day: it is not named."""
    titles = {
        "2017: Variables and index[0]": [],
        "before 0.2: index[0, 0], while True, numbers taken with data[0]": [
            "data[0]",
            "index[0, 0]",
            "retain_variables",
        ],
        "all on the GPU": ["cuda"],
        "a network of its own from torchvision, with the weights of today's names": ["pretrained"],
    }
    for title, keys in titles.items():
        path = write_notebook(tmp_path / "N.ipynb", PRELUDE, code_of("make_fooling_image", title))
        assert graded(path, sandbox)["make_fooling_image"]["notes"] == [NOTES[key] for key in keys]
    title = "cuda with async, Variable of labels that requires a gradient"
    path = write_notebook(tmp_path / "N.ipynb", PRELUDE, code_of("compute_saliency_maps", title))
    notes = graded(path, sandbox)["compute_saliency_maps"]["notes"]
    assert notes == [TRANSLATIONS["async"], *(NOTES[key] for key in ("retain_variables", "Variable", "cuda"))]


def test_what_asks_whether_there_is_a_gpu_asks_for_none(sandbox, tmp_path):
    choice = "device = 'cuda' if torch.cuda.is_available() else 'cpu'\ntorch.cuda.manual_seed_all(0)\n"
    move = "    img = img.to(device)  # to the GPU, where there is one\n"
    code = code_of("tv_loss", LOSSES["tv_loss"])
    signature, body = code.split("\n", 1)
    path = write_notebook(tmp_path / "N.ipynb", PRELUDE, choice, f"{signature}\n{move}{body}")
    seen = graded(path, sandbox)["tv_loss"]
    assert (seen["status"], seen["notes"]) == ("correct", [])


def test_an_error_of_syntax_is_told_with_its_place(sandbox, tmp_path):
    good = code_of("tv_loss", LOSSES["tv_loss"])
    path = write_notebook(tmp_path / "N.ipynb", good, code_of("content_loss", "an error of syntax"))
    seen = graded(path, sandbox)
    assert (seen["tv_loss"]["status"], seen["content_loss"]["status"]) == ("correct", "error")
    first, second, *_ = (entry["message"] for entry in seen["content_loss"]["checks"])
    assert second == "SyntaxError: '(' was never closed (line 2), in N.ipynb, cell 2"
    assert first.startswith(f"{second}\nPython cannot read this cell")


def test_of_a_function_with_a_merge_conflict_no_bracket_is_blamed(sandbox, tmp_path):
    body = "<<<<<<< HEAD\n    return img\n=======\n    return tv_weight * img.sum()\n>>>>>>> backup\n"
    path = tmp_path / "style_transfer_pytorch.py"
    path.write_text(f"import torch\n\n\ndef tv_loss(img, tv_weight):\n{body}")
    first, *_ = graded(path, sandbox)["tv_loss"]["checks"]
    assert first["message"].startswith("SyntaxError: a merge conflict (line 5)")
    assert "Keep one of them" in first["message"]
    assert "bracket" not in first["message"]


def test_of_a_function_in_conflict_with_its_stub_the_work_is_graded(sandbox, tmp_path):
    signature, body = code_of("tv_loss", LOSSES["tv_loss"]).split("\n", 1)
    conflict = f"<<<<<<< HEAD\n    loss = None\n    pass\n    return loss\n=======\n{body}>>>>>>> backup\n"
    (tmp_path / "style_transfer.py").write_text(f"import torch\n\n\n{signature}\n{conflict}")
    found = read_here(Submission("ada", tmp_path))
    result = json.loads(result_bytes(grade(found, "tests", sandbox).result))
    assert {f["name"]: f["status"] for f in result["functions"]}["tv_loss"] == "correct"
    assert (
        "style_transfer.py: one side of a merge conflict is a stub; the other was graded" in result["notes"]
    )


def test_a_bracket_of_a_chinese_keyboard_is_named_as_what_it_is(sandbox, tmp_path):
    path = write_notebook(
        tmp_path / "N.ipynb", "def tv_loss\uff08img, tv_weight\uff09\uff1a\n    return img\n"
    )
    first, *_ = graded(path, sandbox)["tv_loss"]["checks"]
    assert "U+FF08" in first["message"]
    assert "This character only looks like one of Python's" in first["message"]


def test_the_place_of_an_exception_is_told_for_notebooks_and_scripts(sandbox, tmp_path):
    crash = "def tv_loss(img, tv_weight):\n    x = img\n    return x.nothing\n"
    write_notebook(tmp_path / "N.ipynb", crash)
    (tmp_path / "style.py").write_text(crash)
    for name, place in (
        ("N.ipynb", "(N.ipynb, cell 1, line 3: `return x.nothing`)."),
        ("style.py", "(style.py (submitted), line 3: `return x.nothing`)."),
    ):
        message = graded(tmp_path / name, sandbox)["tv_loss"]["checks"][0]["message"]
        assert message.startswith("AttributeError:")
        assert message.split("\n")[1] == place


def test_an_exception_in_the_right_gram_matrix_is_told_where_the_student_called_it(sandbox, tmp_path):
    title = "the Gram matrix of a Gram matrix: the message names a line of the student's"
    path = write_notebook(tmp_path / "N.ipynb", code_of("style_loss", title))
    message = graded(path, sandbox)["style_loss"]["checks"][0]["message"]
    assert message.split("\n")[1].startswith("(N.ipynb, cell 1, line 4: `")


def test_a_function_that_looks_at_the_notebooks_pictures_is_told_so(sandbox, tmp_path):
    source = "def compute_saliency_maps(images, y, model):\n    return X_tensor.abs().max(1)[0] + images.sum() * 0\n"
    path = write_notebook(tmp_path / "N.ipynb", source)
    notes = graded(path, sandbox)["compute_saliency_maps"]["notes"]
    assert notes == ["it uses X_tensor of the notebook instead of its arguments"]
