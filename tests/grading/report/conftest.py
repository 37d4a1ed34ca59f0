"""So that the report's tests share a class that looks real: every status, named mistakes, pictures."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Document = dict[str, Any]

POINTS = {
    "compute_saliency_maps": 20,
    "make_fooling_image": 15,
    "class_visualization_update_step": 20,
    "content_loss": 10,
    "gram_matrix": 10,
    "style_loss": 15,
    "tv_loss": 10,
}
CHECKS = {
    "compute_saliency_maps": [
        ("five_pictures", "The course's five pictures"),
        ("batch_of_one", "A batch of one picture keeps its first axis"),
        ("non_square", "Right on pictures that are wider than tall"),
        ("raw_score", "The raw score is differentiated, not a loss or a probability"),
        ("independent", "Each picture's map does not depend on the others in its batch"),
    ],
    "make_fooling_image": [
        ("fools", "The network is fooled"),
        ("step_length", "Each step has length 1"),
        ("stops", "It stops as soon as the network is fooled"),
    ],
    "tv_loss": [
        ("public", "The course's own case, tv_out"),
        ("non_square_images", "Right on an image that is wider than tall"),
        ("vectorised", "The work does not grow as a Python loop over pixels"),
        ("differentiable", "The gradient reaches the image"),
    ],
}
NAMES = [
    "ada", "alan", "annie", "barbara", "cynthia", "donald", "dorothy", "edsger", "emmy", "evelyn", "frances",
    "george", "hedy", "john", "joan", "katherine", "kurt", "leslie", "margaret", "mary",
    "niklaus", "radia", "shafi",
]  # fmt: skip
MISTAKES = {
    "saliency-cross-entropy": (
        "The gradient of the loss, not of the score",
        "You differentiated the cross-entropy. Its gradient is the score's gradient weighed by how sure the "
        "network already is, so confident pictures fade to black. A saliency map asks how the raw score "
        "`s_y` of the right class changes: look at which number you call `backward()` on.",
    ),
    "saliency-no-abs": (
        "The sign of the gradient was kept",
        "Pixels that lower the score matter as much as those that raise it. Look at what happens to negative "
        "gradients before the maximum over the channels is taken.",
    ),
    "tv-border-dropped": (
        "The last row and column are left out",
        "An image of height H has H − 1 pairs of vertical neighbours. Yours compares one pair less. Look at "
        "where your slices end.",
    ),
    "gram-detached": (
        "Your Gram matrix is cut off from the image",
        "Its values are right, but no gradient flows through it, so style transfer cannot move the image. "
        "Look for `.data`, `.detach()` or a copy into a new tensor.",
    ),
}


def check(name: str, title: str, status: str = "pass", most: float = 2.5, message: str = "") -> Document:
    points = most if status == "pass" else 0
    return {
        "id": name,
        "title": title,
        "status": status,
        "points": points,
        "max_points": most,
        "message": message,
    }


def function(
    name: str, status: str = "correct", mistakes: tuple[str, ...] = (), message: str = ""
) -> Document:
    """One function's verdict that hangs together: checks, points, diagnosis after the status."""
    titles = CHECKS.get(name, [("public", "The course's own case"), ("random", "Right on random inputs")])
    most = POINTS[name] / len(titles)
    bad = {"wrong": "fail", "partial": "fail", "error": "error", "timeout": "timeout"}.get(status, "skipped")
    states = ["pass"] * len(titles) if status == "correct" else [bad] * len(titles)
    if status == "partial":
        states = ["pass", *states[1:]]
    if status == "timeout" and len(titles) > 2:
        states = [*states[:2], *["skipped"] * (len(titles) - 2)]
    checks = [
        check(i, title, state, most, "" if state in ("pass", "skipped") else message)
        for (i, title), state in zip(titles, states, strict=True)
    ]
    style = name in ("content_loss", "gram_matrix", "style_loss", "tv_loss")
    missing = status == "missing"
    return {
        "name": name,
        "defined_as": None if missing else name,
        "notebook": "StyleTransfer" if style else "NetworkVisualization",
        "file": None if missing else ("StyleTransfer.ipynb" if style else "NetworkVisualization.ipynb"),
        "status": status,
        "score": sum(c["points"] for c in checks),
        "max_score": POINTS[name],
        "notes": [],
        "diagnosis": diagnosis(*mistakes) if mistakes else None,
        "checks": [] if status in ("missing", "stub") else checks,
    }


def diagnosis(*parts: str) -> Document:
    return {
        "id": "+".join(parts),
        "parts": list(parts),
        "title": ", and ".join(MISTAKES[part][0] for part in parts),
        "hint": "\n".join(MISTAKES[part][1] for part in parts),
    }


def result(
    student: str,
    *different: Document,
    isolation: str = "bubblewrap",
    code: str = "sha256:90ab12cd34ef5678",
    notes: tuple[str, ...] = (),
) -> Document:
    """A submission with everything right but the functions given."""
    by_name = {f["name"]: f for f in different}
    functions = [by_name.get(name) or function(name) for name in POINTS]
    return {
        "student": student,
        "assignment": "assignment3",
        "grader": {
            "version": "0.1.0",
            "code": code,
            "seed": "sha256:4f1c9ae07b3355d2",
            "isolation": isolation,
        },
        "score": sum(f["score"] for f in functions),
        "max_score": 100,
        "notes": list(notes),
        "functions": functions,
    }


def grace() -> Document:
    """A submission with every status a function can have."""
    saliency = function(
        "compute_saliency_maps",
        "partial",
        ("saliency-cross-entropy", "saliency-no-abs"),
        "Your maps differ from the expected ones by 84 % (relative L2 norm); float noise stays below 1 %.",
    )
    saliency["notes"] = ["an old PyTorch idiom was translated: `Variable`"]
    fooling = function("make_fooling_image", "timeout", (), "No answer after 20 s of CPU time.")
    fooling["defined_as"] = "make_adversarial_attack"
    step = function(
        "class_visualization_update_step",
        "error",
        (),
        "RuntimeError: a leaf Variable that requires grad "
        "is being used in an in-place operation\n  line 12: img += learning_rate * dX",
    )
    tv = function("tv_loss", "wrong", ("tv-border-dropped",), "Yours is 0.98 times what was expected.")
    note = "graded StyleTransfer.ipynb; StyleTransfer-Copy1.ipynb holds only stubs"
    return result(
        "grace",
        saliency,
        fooling,
        step,
        function("gram_matrix", "stub"),
        function("style_loss", "missing"),
        tv,
        notes=(note,),
    )


def the_class() -> list[Document]:
    """Twenty-four submissions with the mistakes spread as they are in life."""
    documents = [grace()]
    for i, name in enumerate(NAMES):
        different = []
        if i % 3 == 1:
            different.append(
                function("compute_saliency_maps", "partial", ("saliency-cross-entropy",), "Off by 81 %.")
            )
        if i % 5 == 2:
            different.append(
                function("gram_matrix", "wrong", ("gram-detached",), "No gradient reaches the image.")
            )
        if i % 7 == 3:
            different.append(
                function("tv_loss", "partial", ("tv-border-dropped",), "0.98 times what was expected.")
            )
        if i % 11 == 4:
            different += [function(n, "stub") for n in list(POINTS)[3:]]
        if i % 8 == 6:
            different.append(function("make_fooling_image", "timeout", (), "No answer after 20 s."))
        documents.append(result(name, *different))
    return documents


def write_out(out: Path, documents: list[Document]) -> Path:
    (out / "results").mkdir(parents=True, exist_ok=True)
    for i, document in enumerate(documents):
        name = document["student"] if document["student"].isalnum() else f"odd-{i:03}"
        (out / "results" / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return out


def blobs(count: int, height: int, width: int, seed: int) -> np.ndarray:
    """Maps that look like saliency: a few soft spots with fine grain, (count, height, width)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    y, x = np.mgrid[:height, :width] / max(height, width)
    maps = np.zeros((count, height, width))
    for i in range(count):
        for cy, cx, size in rng.uniform((0.2, 0.2, 0.02), (0.8, 0.8, 0.15), (4, 3)):
            maps[i] += np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (2 * size**2))
    return (maps * rng.gamma(0.7, 1.0, maps.shape)).astype(np.float32)


def save_pictures(out: Path, student: str, name: str, kind: str, **arrays: np.ndarray) -> Path:
    path = out / "pictures" / student / f"{name}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, kind=np.array(kind), title=np.array("Five pictures of the validation set"), **arrays)
    return path


def save_evidence(out: Path, student: str, *functions: Document) -> Path:
    path = out / "evidence" / f"{student}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"student": student, "functions": list(functions)}), encoding="utf-8")
    return path


def function_evidence(
    name: str, source: str, place: str, line: int = 1, raised_at: str = "", check: str = "public"
) -> Document:
    """The text of a function, and one call of it, for one check, that ended in an exception somewhere."""
    raised = {"type": "ValueError", "message": "SECRET 0.123", "place": raised_at, "line": "?"}
    output = {
        "name": "output",
        "shape": [1],
        "dtype": "float32",
        "smallest": "SECRET",
        "largest": "",
        "first": [],
    }
    call = {"type": "Tensor", "raised": raised if raised_at else None, "arrays": [output]}
    return {
        "name": name,
        "text": [{"place": place, "line": line, "source": source}],
        "text_is_cut": False,
        "observed": [{"checks": [check], "ended": "", "calls": [call]}],
    }


@pytest.fixture
def class_folder(tmp_path: Path) -> Path:
    """The results of a class of 24, with pictures for grace."""
    return fill(tmp_path / "out")


@pytest.fixture(scope="session")
def shared_class_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same class for tests that only read what is made of it."""
    return fill(tmp_path_factory.mktemp("class") / "out")


def fill(out: Path) -> Path:
    write_out(out, the_class())
    expected = blobs(5, 224, 224, 1)
    yours = expected * np.array([0.9, 0.2, 0.6, 0.05, 1.4], np.float32)[:, None, None]
    save_pictures(out, "grace", "compute_saliency_maps", "map", yours=yours, expected=expected)
    rng = np.random.Generator(np.random.PCG64(3))
    start = np.cumsum(rng.normal(0, 0.2, (1, 3, 64, 64)), axis=3).astype(np.float32)
    step = rng.normal(0, 0.2, start.shape).astype(np.float32)
    save_pictures(
        out,
        "grace",
        "class_visualization_update_step",
        "image",
        yours=start + step,
        expected=start,
        input=start,
    )
    step_code = (
        "def class_visualization_update_step(img):\n    dX = img.grad / img.grad.norm()\n    img += 5 * dX"
    )
    place = "NetworkVisualization.ipynb, cell 12"
    evidence = function_evidence("class_visualization_update_step", step_code, place, 1, f"{place}, line 3")
    save_evidence(out, "grace", evidence)
    features = rng.gamma(1.0, 1.0, (2, 24, 200))
    gram = (features @ features.transpose(0, 2, 1) / 4800).astype(np.float32)
    save_pictures(out, "annie", "gram_matrix", "matrix", yours=gram * 24, expected=gram)
    return out


@pytest.fixture
def build() -> "type[Build]":
    """Hand tests the makers of documents above (a conftest cannot be imported from)."""
    return Build


class Build:
    """The makers of documents, under one name."""

    result = staticmethod(result)
    grace = staticmethod(grace)
    function = staticmethod(function)
    diagnosis = staticmethod(diagnosis)
    check = staticmethod(check)
    the_class = staticmethod(the_class)
    write_out = staticmethod(write_out)
    save_pictures = staticmethod(save_pictures)
    save_evidence = staticmethod(save_evidence)
    function_evidence = staticmethod(function_evidence)
    blobs = staticmethod(blobs)
