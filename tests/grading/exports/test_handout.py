"""What is handed out is a student's own, called as the platform's upload takes it, and says what the course allows."""

from __future__ import annotations

import json
import re
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from grading.assignments.registry import file_patterns, rubric
from grading.course.policies import NOT_FINAL
from grading.errors import KitError
from grading.exports.handout import HandedOut, hand_out
from grading.results.definition import NOT_GRADED
from grading.results.download_names import FILE, add_download_names
from grading.submission.choice import Choice
from grading.submission.discover import discover
from grading.submission.people import ALIKE

from ..nbgrader.conftest import write_results
from ..submission.class_folders import tree

STYLE, VISUAL = "StyleTransfer.ipynb", "NetworkVisualization.ipynb"
MOODLE = (
    f"Ada Lovelace_501_assignsubmission_file/{STYLE}",
    "Ada Lovelace_501_assignsubmission_onlinetext/onlinetext.html",
    f"Grace Hopper_502_assignsubmission_file_/hw/{STYLE}",
    f"Alan Turing_503_文件提交_/{VISUAL}",
)
CANVAS = (
    f"lovelaceada_12345_678901_{STYLE}",
    f"lovelaceada_12345_678905_{STYLE.replace('.', '-1.')}",
    "hoppergrace_LATE_12346_678902_my_link.zip",
    f"turingalan_12347_678903_{VISUAL}",
)
PRIVATE = [check.title for asked in rubric() for check in asked.checks if not check.public]


def graded(folder: Path, *downloaded: str, **choice: object) -> Path:
    """What a class of a download leaves behind: each has failed all of `tv_loss`."""
    tree(folder / "download", *downloaded)
    found = discover([folder / "download"], file_patterns(), choice=Choice(**choice))
    out = write_results(folder / "graded", {one.student: {"tv_loss": 0} for one in found})
    add_download_names(out, {one.student: one.downloaded for one in found})
    return out


def handed_out(out: Path, form: str, *, private: bool = True) -> HandedOut:
    return hand_out(out, form, None, rubric(), private=private)


def change(out: Path, student: str, **changed: object) -> None:
    path = out / "results" / f"{student}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def as_moodle_reads(name: str) -> int | None:
    """The participant of a file: assignfeedback_file_zip_importer::is_valid_filename_for_import in Moodle 4."""
    for part in name.split("/"):
        info = part.split("_", 4)
        if len(info) >= 4 and info[1].isdecimal() and info[2:4] == ["assignsubmission", "file"]:
            return int(info[1])
    return None


def as_canvas_reads(name: str) -> tuple[str, ...]:
    """A person and an upload: Assignment#infer_comment_context_from_filename in Canvas."""
    parts = name.rpartition("/")[2].split("_")
    return () if parts[-1].startswith("link") else tuple([p for p in parts if re.fullmatch(r"\d+", p)][:2])


def test_numbers_in_the_name_of_a_students_file_are_not_taken_for_a_person_and_an_upload(
    tmp_path: Path,
) -> None:
    downloaded = ("anon_7Xk2P_678901_12345_StyleTransfer.ipynb", f"anon_9aB3c_678902_{STYLE}")
    out = graded(tmp_path, *downloaded)
    with zipfile.ZipFile(handed_out(out, "canvas").path) as archive:
        assert {as_canvas_reads(name) for name in archive.namelist()} == {("678901",), ("678902",)}


@pytest.mark.parametrize(("form", "downloaded"), [("moodle", MOODLE), ("canvas", CANVAS)])
def test_read_back_as_a_download_each_page_is_its_students_own_and_names_nobody_else(
    form: str, downloaded: tuple[str, ...], tmp_path: Path
) -> None:
    out = graded(tmp_path, *downloaded)
    done = handed_out(out, form)
    assert (done.count, done.held, done.unnamed) == (3, (), {})
    zipfile.ZipFile(done.path).extractall(tmp_path / "back")
    back = discover([tmp_path / "back"], file_patterns())
    students = [path.stem for path in (out / "results").iterdir()]
    assert sorted(one.student for one in back) == sorted(students)
    for one in back:
        (file,) = one.files
        page = file.path.read_text(encoding="utf-8")
        assert one.student in page
        assert not [other for other in students if other != one.student and other in page]


def test_moodle_finds_the_participant_of_each_page(tmp_path: Path) -> None:
    done = handed_out(graded(tmp_path, *MOODLE), "moodle")
    names = zipfile.ZipFile(done.path).namelist()
    assert {as_moodle_reads(name) for name in names} == {501, 502, 503}
    assert "Ada Lovelace_501_assignsubmission_file_/feedback-assignment3.html" in names


def test_a_name_with_an_underscore_hides_no_participant(tmp_path: Path) -> None:
    out = graded(tmp_path, f"Ann_Marie Smith_12_assignsubmission_file_{STYLE}", MOODLE[0])
    assert {as_moodle_reads(n) for n in zipfile.ZipFile(handed_out(out, "moodle").path).namelist()} == {
        12,
        501,
    }


def test_canvas_finds_the_upload_that_was_graded(tmp_path: Path) -> None:
    done = handed_out(graded(tmp_path, *CANVAS, f"group_3_12350_678910_{STYLE}"), "canvas")
    assert {as_canvas_reads(name) for name in zipfile.ZipFile(done.path).namelist()} == {
        ("12345", "678905"),
        ("12346", "678902"),
        ("12347", "678903"),
        ("12350", "678910"),
    }


def test_whose_page_a_platform_would_not_find_is_named_with_the_remedy(tmp_path: Path) -> None:
    out = graded(tmp_path, *CANVAS[2:], "lovelaceada_12345_text.html")
    done = handed_out(out, "canvas")
    assert done.count == 2
    assert done.unnamed == {
        "lovelaceada_12345": "has no file on Canvas, which takes pages back beside one: "
        "hand the page out with --as pages"
    }
    done = handed_out(out, "moodle")
    assert (done.count, len(done.unnamed), done.path.exists()) == (0, 3, False)
    (reason,) = {*done.unnamed.values()}
    assert "was not graded from a download of Moodle: grade that, or" in reason


def test_a_page_of_one_of_a_group_does_not_go_to_the_others(tmp_path: Path) -> None:
    group = f"Team 1_601_assignsubmission_file/{STYLE}"
    out = graded(tmp_path, group, MOODLE[0], groups={"Team 1": ("grace", "alan")})
    done = handed_out(out, "moodle")
    assert zipfile.ZipFile(done.path).namelist() == [
        "Ada Lovelace_501_assignsubmission_file_/feedback-assignment3.html"
    ]
    assert [*done.unnamed] == ["alan", "grace"]
    assert handed_out(out, "pages").count == 3


def test_each_student_has_a_zip_and_none_of_an_earlier_time_stays(tmp_path: Path) -> None:
    out = write_results(tmp_path, {"ada": {}, "grace": {}, "alan": {}})
    assert handed_out(out, "pages").count == 3
    change(out, "alan", notes=[f"{NOT_GRADED} (KeyError)"])
    done = handed_out(out, "pages")
    assert (done.count, done.held) == (2, (f"alan: {NOT_FINAL}",))
    assert sorted(path.name for path in done.path.iterdir()) == ["ada.zip", "grace.zip"]
    assert stat.S_IMODE((done.path / "ada.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(done.path / "ada.zip") as archive:
        (name,) = archive.namelist()
        page = archive.read(name).decode()
    assert name == "feedback-assignment3.html"
    links = re.findall(r'(?:href|src)="([^"]*)', page)
    assert [link for link in links if not link.startswith(("#", "data:"))] == []  # it stands alone


def test_a_note_that_names_others_is_not_handed_out(tmp_path: Path) -> None:
    out = write_results(tmp_path, {"ada-1": {}})
    arguments = {"entry": "ada", "student": "ada-1", "others": "the other Ada"}
    sentences = [{"id": ALIKE.id, "args": arguments}, None]
    change(out, "ada-1", notes=[ALIKE.id.format(**arguments), "graded a.ipynb"], note_sentences=sentences)
    page = page_of(handed_out(out, "pages"), "ada-1")
    assert "the other Ada" not in page
    assert "graded a.ipynb" in page


def page_of(done: HandedOut, student: str) -> str:
    with zipfile.ZipFile(done.path / f"{student}.zip") as archive:
        return archive.read(archive.namelist()[0]).decode()


def with_private_things(tmp_path: Path) -> Path:
    """Ada failed everything; a private check is named by a picture, a diagnosis and the course's points."""
    out = write_results(tmp_path, {"ada": {asked.name: 0 for asked in rubric()}}, message="expected 17 by 29")
    result = json.loads((out / "results" / "ada.json").read_text())
    private = next(c for c in rubric()[0].checks if not c.public)
    for function in result["functions"]:
        titles = ", ".join(f"“{check['title']}”" for check in function["checks"])
        function["diagnosis"] |= {"basis": "observed", "hint": f"These checks fail: {titles}."}
    change(out, "ada", functions=result["functions"])
    points = {"points": {rubric()[0].name: {private.id: private.points}}, "drop": [], "deadline": None}
    (out / "policies.json").write_text(json.dumps({**points, "overrides": [], "submitted": {}}))
    (out / "pictures" / "ada").mkdir(parents=True)
    values = np.zeros((1, 4, 4), np.float32)
    for name in ("gram_matrix", "tv_loss"):  # of a public check, and of none that students know
        path = out / "pictures" / "ada" / f"{name}.npz"
        np.savez(path, yours=values, expected=values + 1, kind="matrix", title=f"picture of {name}")
    return out


def test_a_page_says_of_private_checks_what_the_course_allows(tmp_path: Path) -> None:
    out = with_private_things(tmp_path)
    hidden = page_of(handed_out(out, "pages", private=False), "ada")
    shown = page_of(handed_out(out, "pages", private=True), "ada")
    private = next(check.id for check in rubric()[0].checks if not check.public)
    told_alone = [*map(plain, PRIVATE), "picture of tv_loss", f"its checks count otherwise: {private}"]
    assert [text for text in told_alone if text not in shown] == []
    assert [text for text in told_alone if text in hidden] == []
    public = [plain(c.title) for asked in rubric() for c in asked.checks if c.public]
    assert [text for text in [*public, "picture of gram_matrix"] if text not in hidden] == []
    assert hidden.count(">A private check") == len(PRIVATE)
    assert 0 < hidden.count("expected 17 by 29") < shown.count("expected 17 by 29")


def plain(title: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", title).replace("'", "&#39;").replace(">", "&gt;")


def test_the_names_are_private_and_those_of_an_earlier_run_stay(tmp_path: Path) -> None:
    add_download_names(tmp_path, {"ada": "a", "grace": "g"})
    add_download_names(tmp_path, {"grace": "h"})
    assert json.loads((tmp_path / FILE).read_text()) == {"ada": "a", "grace": "h"}
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_an_unknown_form_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="handed out as pages, moodle, canvas, not as 'blackboard'"):
        handed_out(write_results(tmp_path, {"ada": {}}), "blackboard")
