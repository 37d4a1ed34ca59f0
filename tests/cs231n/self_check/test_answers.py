"""The stored answers are what the reference solution says, and stay small."""

from pathlib import Path

import numpy as np
import pytest

from cs231n.classifiers.squeezenet import WEIGHTS_SHA256
from cs231n.self_check.answers import ANSWERS, Answer, PublicChecks, load_answers, read_answers, save_answers
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial, trial_key
from grading.assignments.registry import shipped_notebooks
from grading.verdict.stored_answers import stale_answers

FILES = sorted(ANSWERS.glob("*.npz"))


def test_the_stored_answers_hold() -> None:
    assert stale_answers(shipped_notebooks()) == []


def altered(folder: Path, change: dict[str, np.ndarray], words: tuple[str, str] = ("", "")) -> Path:
    """A copy of the answers with some arrays, or words of the header, changed."""
    folder.mkdir()
    for path in FILES:
        with np.load(path) as stored:
            arrays = dict(stored)
        arrays |= {name: array for name, array in change.items() if name in arrays}
        arrays["header"] = np.array(
            str(arrays["header"]).replace(*words) if words[0] else str(arrays["header"])
        )
        np.savez_compressed(folder / path.name, **arrays)
    return folder


def stored(name: str) -> np.ndarray:
    return next(read_answers(path)[1][name] for path in FILES if name in read_answers(path)[1])


@pytest.mark.parametrize("name", ["cl_out", "gm_out", "sl_out", "tv_out", "saliency"])
def test_an_answer_off_by_less_than_a_student_may_be_is_noticed(name: str, tmp_path: Path) -> None:
    tolerance = 2e-2 if name == "saliency" else 1e-3
    complaints = stale_answers(
        shipped_notebooks(), altered(tmp_path / "answers", {name: stored(name) * (1 + tolerance / 2)})
    )
    assert len(complaints) == 1
    assert "0/output differs from the stored one" in complaints[0]


def test_a_changed_check_makes_its_answer_stale(tmp_path: Path) -> None:
    complaints = stale_answers(
        shipped_notebooks(), altered(tmp_path / "answers", {}, ("No Python loop", "No loop"))
    )
    assert len(complaints) == 1
    assert "the check in StyleTransfer.npz is another one" in complaints[0]


def test_a_changed_hint_makes_the_answers_stale(tmp_path: Path) -> None:
    folder = altered(tmp_path / "answers", {}, ("the last row has no row below", "no row is below"))
    complaints = stale_answers(shipped_notebooks(), folder)
    assert complaints == ["tv_loss: StyleTransfer.npz says something else of it (needs, hints or maps)"]


def test_missing_answers_are_noticed(tmp_path: Path) -> None:
    folder = altered(tmp_path / "answers", {})
    (folder / "StyleTransfer.npz").unlink()
    assert len(stale_answers(shipped_notebooks(), folder)) == 1
    assert "StyleTransfer.npz is missing" in stale_answers(shipped_notebooks(), folder)[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_what_made_it(path: Path) -> None:
    made_with = read_answers(path)[0]["made_with"]
    assert made_with["weights"] == f"sha256:{WEIGHTS_SHA256}"
    assert {"kit", "torch", "numpy", "settings"} <= made_with.keys()


def test_the_courses_names_are_arrays_in_the_files() -> None:
    assert stored("saliency").shape == (5, 128, 128)
    assert stored("gm_out").shape[0] == 1
    assert stored("gm_out").shape[1] == stored("gm_out").shape[2]
    for name in ("cl_out", "sl_out", "tv_out"):
        assert stored(name).size == 1
        assert float(stored(name)) > 0


def test_the_files_are_small() -> None:
    assert sum(path.stat().st_size for path in FILES) < 2.5e6


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    data = np.arange(6, dtype=np.float32)
    trial = Trial("f", ((Tensor(data), 2.0),), watch=("gradient",))
    call = {"raised": None, "type": "Tensor", "graph": True}
    expected = Observation(
        [call], {"0/output": np.float32([np.nan, 1]), "0/after/0": data.copy(), "0/shown": data}
    )
    answer = Answer("f", "first", "Right", "same_output", 1e-3, "Look here.", "f_out", trial, expected)
    other = Answer("f", "second", "Right again", "same_output", 1e-2, "", "", trial, expected)
    written = PublicChecks((answer, other), needs="g", hints={"none": "Here it is `g`."}, maps="first")
    save_answers(tmp_path / "F.npz", {"f": written}, {"kit": "0"})
    stored = load_answers(tmp_path)["f"]
    assert (stored.needs, stored.hints, stored.maps) == (written.needs, written.hints, written.maps)
    first, second = stored.answers
    assert (first.id, second.title, first.tolerance, first.expected.calls) == (
        "first",
        "Right again",
        1e-3,
        [call],
    )
    assert trial_key(first.trial) == trial_key(trial)
    assert first.expected.arrays.keys() == {"0/output", "0/after/0"}  # the way to the result is not stored
    np.testing.assert_array_equal(first.expected.arrays["0/output"], expected.arrays["0/output"])
    np.testing.assert_array_equal(second.expected.arrays["0/after/0"], data)


def test_a_folder_without_answers_says_what_to_get(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="get the folder cs231n/answers of the course kit again"):
        load_answers(tmp_path)
