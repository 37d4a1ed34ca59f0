"""What Gradescope gets is in its form: scores that count, a test for each check, plain text; an autograder to run."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import grimp
import jsonschema
import numpy as np
import pytest

from grading.assignments.registry import all_functions, assignments, rubric
from grading.cli import main
from grading.course.policies import write_policies
from grading.course.settings import Comment, Policies
from grading.course.visibility import VISIBILITIES
from grading.errors import KitError
from grading.exports.gradescope import export_gradescope
from grading.exports.gradescope_autograder import (
    NOT_FOR_GRADING,
    image_size,
    requirements,
    write_autograder,
)
from grading.exports.gradescope_autograder import __main__ as autograder
from grading.locations import KIT
from grading.sandbox.isolation import why_not
from grading.verdict.provenance import code_hash

from ..nbgrader.conftest import write_results

# From Gradescope's page on the output format: what is known there, and nothing else.
FORM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number", "minimum": 0},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "test_output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "test_name_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "visibility": {"enum": list(VISIBILITIES)},
        "stdout_visibility": {"enum": list(VISIBILITIES)},
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": {"type": "string"},
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": {"type": "string"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": {"enum": list(VISIBILITIES)},
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}


def exported(out: Path, student: str, visibility: str = "after_published") -> dict[str, Any]:
    export_gradescope(out, all_functions(), visibility)
    results: dict[str, Any] = json.loads((out / "gradescope" / student / "results.json").read_text())
    jsonschema.validate(results, FORM)
    return results


def test_the_tests_are_the_checks_and_their_scores_add_up(tmp_path: Path) -> None:
    results = exported(write_results(tmp_path, {"ada": {"tv_loss": 2}}), "ada")
    assert results["score"] == sum(test["score"] for test in results["tests"]) == 94
    assert sum(test["max_score"] for test in results["tests"]) == 100
    assert len(results["tests"]) == sum(len(asked.checks) for asked in rubric())
    assert "tv_loss: partial, 4 of 10 points" in results["output"]
    assert "Not squared. Asked are squares." in results["output"]


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_private_checks_are_seen_when_the_course_says_so(tmp_path: Path, visibility: str) -> None:
    results = exported(write_results(tmp_path, {"ada": {}}), "ada", visibility)
    public = [check.public for asked in rubric() for check in asked.checks]
    assert [test["visibility"] for test in results["tests"]] == [
        "visible" if known else visibility for known in public
    ]


def test_the_course_says_once_what_is_seen_and_from_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = write_results(tmp_path / "out", {"ada": {"tv_loss": 0}})

    def exported_where(students: str) -> tuple[str, set[str]]:
        (tmp_path / "course.toml").write_text(f"[students]\n{students}\n")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", ["grading", "export", "gradescope", str(out)])
        with pytest.raises(SystemExit):
            main()
        results = json.loads((out / "gradescope" / "ada" / "results.json").read_text())
        return results["output"], {test["visibility"] for test in results["tests"]} - {"visible"}

    output, unseen = exported_where('private_checks = "visible"\nrelease = 2999-01-01T00:00:00Z')
    assert unseen == {"after_published"}
    assert output.startswith("Points are shown when grades are published.")
    assert " of 100 points" not in output
    assert "tv_loss: wrong\n" in output
    output, unseen = exported_where('private_checks = "visible"\nrelease = 2020-01-01T00:00:00Z')
    assert unseen == set()
    assert output.startswith("90 of 100 points")
    assert exported_where('private_checks = "hidden"')[1] == {"hidden"}


@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_what_an_unseen_check_raised_is_in_no_text_that_all_see(tmp_path: Path, visibility: str) -> None:
    out = write_results(tmp_path, {"ada": {"tv_loss": 0}})
    path = out / "results" / "ada.json"
    result = json.loads(path.read_text())
    tv = next(function for function in result["functions"] if function["name"] == "tv_loss")
    private = next(check for check in tv["checks"] if check["id"] == "non_square_images")
    private |= {"status": "error", "message": "ValueError: 17 by 29\nIt is not square."}
    tv["diagnosis"] = None
    path.write_text(json.dumps(result))
    assert ("17 by 29" in exported(out, "ada", visibility)["output"]) == (visibility == "visible")


def test_what_the_course_decided_counts(tmp_path: Path) -> None:
    out = write_results(tmp_path, {"ada": {}})
    decided = {
        "points": {"tv_loss": 20}, "drop": ["content_loss"], "deadline": None, "submitted": {},
        "overrides": [{"student": "ada", "function": "", "score": 61.5, "reason": "oral exam"}],
    }  # fmt: skip
    (out / "policies.json").write_text(json.dumps(decided))
    results = exported(out, "ada")
    assert results["score"] == 61.5
    assert "oral exam" in results["output"]
    assert sum(test["max_score"] for test in results["tests"]) == 100
    assert {test["max_score"] for test in results["tests"] if test["name"].startswith("content_loss")} == {0}


def test_what_a_student_wrote_is_short_plain_text(tmp_path: Path) -> None:
    out = write_results(tmp_path, {"ada": {"tv_loss": 0}}, message="\x1b[2J<script>" + "x" * 100_000)
    results = exported(out, "ada")
    assert results["output_format"] == results["test_output_format"] == results["test_name_format"] == "text"
    outputs = [test["output"] for test in results["tests"]]
    assert max(map(len, outputs)) < 3_000
    assert not any("\x1b" in output for output in outputs)


def test_an_unknown_visibility_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="visibility must be one of visible, after_due_date"):
        export_gradescope(write_results(tmp_path, {"ada": {}}), all_functions(), "secret")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    path = tmp_path / "course.toml"
    path.write_text('seed = "a private seed"\n')
    path.chmod(0o600)
    return path


def test_the_zip_holds_what_gradescope_runs_and_no_examples(tmp_path: Path, course: Path) -> None:
    path = tmp_path / "autograder.zip"
    assert write_autograder(path, course) > 100
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        modes = {name: archive.getinfo(name).external_attr >> 16 for name in names}
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert {
        "kit/course.toml",
        "kit/requirements.txt",
        "kit/constraints.txt",
        "kit/grading/assignments/style_transfer/notebook.py",
    } <= set(names)
    left_out = (
        "example_class",
        "/examples/",
        "/attacks/",
        "tests/",
        "__pycache__",
        "/cli/",
        "/nbgrader/",
        ".md",
    )
    assert not [name for name in names if any(part in name for part in left_out)]
    before = path.read_bytes()
    write_autograder(path, course)
    assert path.read_bytes() == before


def test_the_zip_holds_every_module_that_grading_an_upload_imports(tmp_path: Path, course: Path) -> None:
    write_autograder(tmp_path / "autograder.zip", course)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        files = {name for name in archive.namelist() if name.endswith(".py")}
    packed = {name.removeprefix("kit/").removesuffix(".py").removesuffix("/__init__") for name in files}
    graph = grimp.build_graph("grading", "cs231n", exclude_type_checking_imports=True, cache_dir=None)
    starts = (
        autograder.__name__,
        "grading.exports.gradescope_autograder.grade_upload",
        "grading.sandbox.inside.main",
        "grading.submission.reader",
    )
    needed = {*starts}.union(*(graph.find_upstream_modules(start) for start in starts))
    assert {"grading.verdict.grade", "grading.sandbox.inside.child", "cs231n.trials.observe"} <= needed
    assert {name.replace(".", "/") for name in needed} <= packed
    assert [name for name in NOT_FOR_GRADING if not (KIT / name).exists()] == []


def test_an_autograder_is_for_the_assignment_that_was_named(tmp_path: Path, course: Path) -> None:
    for name in assignments():
        path = tmp_path / f"{name}.zip"
        write_autograder(path, course, name)
        with zipfile.ZipFile(path) as archive:
            assert archive.read("run_autograder").decode().endswith(f'"$root" {name}\n')


def test_a_course_without_a_seed_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="python -m grading course"):
        write_autograder(tmp_path / "autograder.zip", tmp_path / "course.toml")


@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_the_scripts_are_sound(script: str) -> None:
    folder = Path(sys.modules[write_autograder.__module__].__file__ or "").parent
    subprocess.run(["bash", "-n", str(folder / script)], check=True)


@pytest.fixture
def container(tmp_path: Path, course: Path) -> Path:
    """Gradescope's folders, made from the zip alone, with an installation in place of what setup.sh makes."""
    root = tmp_path / "autograder"
    write_autograder(tmp_path / "autograder.zip", course)
    shutil.unpack_archive(tmp_path / "autograder.zip", root / "source")
    shutil.copyfile(root / "source" / "run_autograder", root / "run_autograder")
    (root / "run_autograder").chmod(0o755)
    (root / "venv").symlink_to(sys.prefix)
    return root


def run_in(root: Path, **changed: str) -> tuple[dict[str, Any], str]:
    """Return results.json, and what instructors are shown."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    } | changed
    done = subprocess.run(
        [str(root / "run_autograder")], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((root / "results" / "results.json").read_text())
    jsonschema.validate(results, FORM)
    return results, done.stdout


@pytest.mark.long
def test_the_autograder_runs_as_gradescope_runs_it(container: Path, examples: Path) -> None:
    shutil.copytree(examples / "tv_border_dropped", container / "submission")
    results, said = run_in(container)
    assert 90 < results["score"] < 100
    assert results["extra_data"]["grader"]["seed"].startswith("sha256:")
    assert results["extra_data"]["grader"]["code"] == code_hash()
    assert results["extra_data"]["grader"]["isolation"] == "bubblewrap"
    assert "a private seed" not in json.dumps(results)
    drawn = [test["name"] for test in results["tests"] if "data:image/png;base64," in test["output"]]
    assert len(drawn) >= 3
    assert not said


@pytest.mark.long
def test_without_bubblewrap_the_next_strongest_isolation_stands_and_is_named(
    container: Path, examples: Path, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("bash", "env", "dirname"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or "")
    upload = container / "submission"
    for notebook, folder in {"NetworkVisualization": "week 1/grace", "StyleTransfer": "week 2/<ada>"}.items():
        (upload / folder).mkdir(parents=True)
        shutil.copy(examples / "all_right" / f"{notebook}.ipynb", upload / folder)
    results, said = run_in(container, PATH=str(tmp_path / "bin"))
    assert results["score"] == 100  # and two folders of any names are one student's
    isolation = "process" if why_not("landlock") else "landlock"
    assert results["extra_data"]["grader"]["isolation"] == isolation
    assert f"isolation: {isolation}" in results["output"]
    assert ("does not allow walls" in said) == (isolation == "process")


def test_where_no_walls_are_possible_instructors_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("grading.sandbox.isolation.why_not", lambda name: f"{name} is forbidden")
    assert autograder.chosen_isolation() == "process"
    assert "does not allow walls" in capsys.readouterr().out


@pytest.mark.long
def test_an_upload_with_nothing_to_grade_is_a_0_that_says_what_was_found(container: Path) -> None:
    upload = container / "submission"
    (upload / "my work").mkdir(parents=True)
    (upload / "my work" / "report\x1b[2J.pdf").write_bytes(b"%PDF-1.7")
    results, _ = run_in(container)
    assert results["score"] == 0
    assert results["output"].startswith(
        "None of the functions that are asked was found. The upload holds my work/report⟨U+001B⟩[2J.pdf. "
        "Upload NetworkVisualization.ipynb and StyleTransfer.ipynb, with your code.\n"
    )


@pytest.mark.parametrize("fails", ["ends", "writes nothing", "is no JSON"])
def test_a_walled_run_that_fails_is_no_grade_and_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fails: str
) -> None:
    runs = []

    def run(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        runs.append(command[-1])
        if fails == "is no JSON":
            Path(command[-3]).write_text("{")
        return subprocess.CompletedProcess(command, -9 if fails == "ends" else 0)

    monkeypatch.setattr(autograder, "strongest", lambda: "bubblewrap")
    monkeypatch.setattr("grading.exports.gradescope_autograder.__main__.subprocess.run", run)
    assert autograder.main(tmp_path, "assignment3") == 1
    assert runs == ["bubblewrap"]
    results = json.loads((tmp_path / "results" / "results.json").read_text())
    assert {"score", "tests"}.isdisjoint(results)
    assert "no fault of yours" in results["output"]
    assert capsys.readouterr().out


def test_a_public_check_shows_its_picture_and_a_private_one_does_not(tmp_path: Path) -> None:
    out = write_results(tmp_path, {"ada": {"gram_matrix": 0}}, message="<script>")
    folder = out / "pictures" / "ada"
    folder.mkdir(parents=True)
    values = np.zeros((1, 4, 4), np.float32)
    for name in ("gram_matrix", "tv_loss"):
        np.savez(folder / f"{name}.npz", yours=values, expected=values + 1, kind="matrix", title="a <title>")
    with_picture = [test for test in exported(out, "ada")["tests"] if test.get("output_format") == "html"]
    (shown,) = with_picture
    assert shown["name"].startswith("gram_matrix")
    assert shown["visibility"] == "visible"
    assert shown["output"].count('src="data:image/png;base64,') == 3
    assert "<script>" not in shown["output"]
    assert "a &lt;title&gt;" in shown["output"]


def test_the_image_holds_the_packages_that_grading_needs() -> None:
    wanted = requirements()
    assert any(line.startswith("torch==") for line in wanted)
    assert not [line for line in wanted if line.startswith(("jupyterlab", "nbgrader", "pytest"))]
    assert 5e8 < image_size() < 4e9


def test_a_comment_on_a_group_is_in_the_output_of_its_members(tmp_path: Path) -> None:
    out = write_results(tmp_path, {"ada": {"tv_loss": 2}, "grace": {"tv_loss": 2}})
    comment = Comment(
        "Count the pairs.\nOn paper.", -1, group="tv_loss-1", function="tv_loss", students=("ada",)
    )
    write_policies(out, Policies(comments=(comment,)))
    ada, grace = (exported(out, student) for student in ("ada", "grace"))
    assert "Note: comment (-1 points): Count the pairs.\nOn paper.\n" in ada["output"]
    assert (ada["score"], grace["score"]) == (93, 94)
    assert "comment" not in grace["output"]
