"""Downloads of platforms: one person is one submission, the last attempt counts, and strays are graded or named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grading.assignments.registry import file_patterns
from grading.errors import SubmissionError
from grading.submission.contents import contents_of
from grading.submission.discover import Class, discover, one_student
from grading.submission.downloads import when
from grading.submission.layouts import Choice

from .class_folders import tree, unpack

STYLE, VISUAL = "StyleTransfer.ipynb", "NetworkVisualization.ipynb"


def found_in(*paths: Path, **choice: object) -> Class:
    return discover(paths, file_patterns(), choice=Choice(**choice))


def people(found: Class) -> dict[str, list[str]]:
    return {submission.student: [file.label for file in submission.files] for submission in found}


@pytest.mark.parametrize("slash", ["/", "_", "_/"])
def test_files_and_online_text_of_moodle_are_one_persons(slash: str, tmp_path: Path) -> None:
    start = "Ada Lovelace_501_assignsubmission_"
    tree(tmp_path, f"{start}file{slash}{STYLE}", f"{start}onlinetext{slash}onlinetext.html")
    tree(tmp_path, f"Grace Hopper_502_assignsubmission_onlinetext{slash}onlinetext.html")
    assert people(found_in(tmp_path)) == {
        "Ada Lovelace_501": [STYLE, "onlinetext.html"],
        "Grace Hopper_502": ["onlinetext.html"],
    }


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            ["王 芳_12347_文件提交_/{}", "李 娜_12348_assignsubmission_文件提交/{}"],
            {"王 芳_12347", "李 娜_12348"},
        ),
        (
            ["Aufgabe_ada_Versuch_2026-01-02-03-04-05_{}", "Aufgabe_grace_Versuch_2026-01-02-03-04-05_{}"],
            None,
        ),
        (["作业3_ada_尝试_2026-01-02-03-04-05_{}", "作业3_grace_尝试_2026-01-02-03-04-05_{}"], None),
        (["1-2 - ada - 2026年1月5日 1023/{}", "3-2 - grace - 2026-01-05 1123/{}"], {"ada_1", "grace_3"}),
        (["ada_501_LATE_9001_{}", "grace_502_9002_{}"], {"ada_501", "grace_502"}),
        (["ada - {}", "ada - “NetworkVisualization.ipynb”的副本.ipynb", "grace - Kopia av {}"], None),
        (["ada - {}", "ada - NetworkVisualization のコピー.ipynb", "grace - Cópia de {}"], None),
    ],
)
def test_words_that_platforms_translate_change_no_owner(
    files: list[str], expected: set[str] | None, tmp_path: Path
) -> None:
    tree(tmp_path, *(file.format(STYLE) for file in files))
    found = found_in(tmp_path)
    assert {submission.student for submission in found} == (expected or {"ada", "grace"})
    assert sum(len(submission.files) for submission in found) == len(files)


@pytest.mark.parametrize("around", ["Assignment 3", "hw3/all of them"])
def test_files_of_several_people_in_a_folder_by_itself_are_no_one_students(
    around: str, tmp_path: Path
) -> None:
    tree(tmp_path, f"{around}/Ada Lovelace - {STYLE}", f"{around}/Grace Hopper - Copy of {STYLE}")
    assert [submission.student for submission in found_in(tmp_path)] == ["Ada Lovelace", "Grace Hopper"]
    tree(tmp_path, f"{around}/{STYLE}")
    with pytest.raises(SubmissionError, match="can be read in two ways, and nothing is graded"):
        found_in(tmp_path)


def test_of_several_attempts_the_last_with_work_is_graded_and_the_others_are_named(tmp_path: Path) -> None:
    start = "HW3_ada_attempt_2026-01-"
    tree(tmp_path, f"{start}02-09-00-00_{VISUAL}", f"{start}10-08-00-00_{STYLE}", f"{start}10-08-00-00.txt")
    tree(tmp_path, f"{start}11-08-00-00.txt", f"HW3_grace_attempt_2026-01-01-00-00-00_{STYLE}")
    found = found_in(tmp_path)
    assert people(found) == {"ada": [f"{start}10-08-00-00.txt", STYLE], "grace": [STYLE]}
    assert found[0].notes == (
        f"3 attempts were handed in; graded is that of 2026-01-10-08-00-00, not {VISUAL}",
    )


@pytest.mark.parametrize(
    "moments",
    [
        ["Dec 31, 2025 1159 PM", "Jan 1, 2026 1205 AM", "Jan 1, 2026 1204 PM", "Jan 1, 2026 104 PM"],
        ["30 April 2026 0900", "1 Mai 2026 0800", "2 Mai 2026 0700"],
        ["2026-01-02-23-00-00", "2026-01-10-01-00-00"],
        ["9", "10", "1" * 18, "1" * 5000],  # of so many digits Python makes no number
    ],
)
def test_moments_are_sorted_as_time_goes(moments: list[str]) -> None:
    assert [when(moment) for moment in moments] == sorted(map(when, moments))


def test_a_notebook_uploaded_again_to_canvas_replaces_the_first(tmp_path: Path) -> None:
    start = "lovelaceada_123_"
    tree(tmp_path, f"{start}9001_{STYLE}", f"{start}9007_StyleTransfer-1.ipynb", f"{start}9002_part-1.py")
    tree(tmp_path, f"{start}9003_part-2.py")
    found = found_in(tmp_path)
    assert set(people(found)["lovelaceada_123"]) == {"StyleTransfer-1.ipynb", "part-1.py", "part-2.py"}
    assert found[0].notes == (f"uploaded again, and graded as uploaded last: not {start}9001_{STYLE}",)


def test_what_lies_beside_a_download_is_graded_or_named(tmp_path: Path) -> None:
    tree(tmp_path, f"lovelaceada_123_9001_{STYLE}", f"grace_{STYLE}", "alan.zip", f"kurt/{STYLE}", "list.csv")
    found = found_in(tmp_path)
    assert set(people(found)) == {"lovelaceada_123", "grace", "alan", "kurt"}
    assert [(out.label, out.why) for out in found.left_out] == [
        ("list.csv", "is neither a notebook nor an archive")
    ]
    assert found.layout == "a Canvas download, 1 person; beside it 3 people"


METADATA = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '00123'
    :email: ada@school.edu
  - :name: "Grace \\"G\\" Hopper"
    :sid:
    :email: grace@school.edu
  :created_at: 2026-01-05 10:23:00.000000000 Z
submission_12:
  :submitters:
  - :name: 'Alan O''Turing'
    :sid: alan7
"""


def test_people_and_groups_of_a_gradescope_export_are_those_of_its_list(tmp_path: Path) -> None:
    folder = tree(tmp_path, f"export/submission_11/{STYLE}", f"export/submission_12/a/{VISUAL}")
    (folder / "export" / "submission_metadata.yml").write_text(METADATA)
    found = found_in(folder)
    assert people(found) == {
        "Ada Lovelace_00123": [STYLE],
        "alan7": [f"a/{VISUAL}"],
        "grace@school.edu": [STYLE],
    }
    assert found[0].members == found[2].members == ("Ada Lovelace_00123", "grace@school.edu")
    assert found[0].notes == ("handed in by the group submission_11: Ada Lovelace_00123, grace@school.edu",)
    assert found[1].members == ()


def test_a_team_of_ilias_is_a_group(tmp_path: Path) -> None:
    tree(tmp_path, f"Team 7/Lovelace_Ada_ada_12/{STYLE}", f"Hopper_Grace_grace_14/{STYLE}")
    (tmp_path / "Team 7" / "Turing_Alan_alan_13").mkdir()
    assert people(found_in(tmp_path)) == {
        "Hopper_Grace_grace_14": [STYLE],
        "Lovelace_Ada_ada_12": [STYLE],
        "Turing_Alan_alan_13": [STYLE],
    }


def test_a_group_of_the_course_has_a_row_for_each(tmp_path: Path) -> None:
    tree(tmp_path, f"group3_123_9001_{STYLE}", f"lovelaceada_124_9002_{STYLE}")
    found = found_in(tmp_path, groups={"Group3": ("grace", "alan"), "group9": ("kurt",)})
    assert people(found) == {"alan": [STYLE], "grace": [STYLE], "lovelaceada_124": [STYLE]}
    assert [out.label for out in found.left_out] == ["group9"]


def test_who_has_a_submission_alone_and_one_in_a_group_is_refused(tmp_path: Path) -> None:
    tree(tmp_path, f"team/{STYLE}", f"ada/{STYLE}")
    with pytest.raises(SubmissionError, match="'ada' has two submissions, one in a group"):
        found_in(tmp_path, groups={"team": ("ada", "grace")})


def test_a_named_layout_or_pattern_goes_before_what_is_found_out(tmp_path: Path) -> None:
    tree(tmp_path, f"lovelaceada_123_9001_{STYLE}", f"ada-7-{VISUAL}", f"grace-8-{VISUAL}")
    own = found_in(tmp_path, layout=r"(?P<student>[a-z]+)-(?P<number>\d)-(?P<file>.*)")
    assert people(own)["ada_7"] == people(own)["grace_8"] == [VISUAL]
    assert len(own) == 3
    with pytest.raises(SubmissionError, match=r"nothing in .* is called as in a Moodle download"):
        found_in(tmp_path, layout="moodle")


def test_a_link_is_named_and_never_graded(tmp_path: Path) -> None:
    tree(tmp_path, f"class/ada/{STYLE}", f"class/grace/{STYLE}", "elsewhere/work.zip")
    (tmp_path / "class" / "alan").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "class" / "kurt.zip").symlink_to(tmp_path / "elsewhere" / "work.zip")
    (tmp_path / "class" / "ada" / "work.zip").symlink_to(tmp_path / "elsewhere" / "work.zip")
    found = found_in(tmp_path / "class")
    assert people(found) == {"ada": [STYLE], "grace": [STYLE]}
    assert [(out.label, out.why) for out in found.left_out] == [
        ("alan", "is a link, which is not followed"),
        ("kurt.zip", "is a link, which is not followed"),
    ]
    assert found[0].notes == ("work.zip is a link, which is not followed",)
    named = found_in(*sorted((tmp_path / "class").iterdir()))
    assert people(named) == {"ada": [STYLE], "grace": [STYLE]}
    assert len(named.left_out) == 2


def test_one_student_is_one_student_whatever_is_inside(tmp_path: Path) -> None:
    folder = tree(
        tmp_path / "ada", f"painting/{STYLE}", f"grace/{VISUAL}", f"alan_12_9001_{STYLE}", "report.pdf"
    )
    found = one_student(folder)
    assert (found.student, len(found.files)) == ("ada", 4)
    assert one_student(folder, "Grace/Hopper").student == "Grace_Hopper"
    assert people(found_in(folder, one_student=True)).keys() == {"ada"}


def test_archives_that_are_named_together_are_one_students_each(tmp_path: Path) -> None:
    tree(tmp_path, "ada.zip", "grace.tar.gz", "alan.ipynb.txt")
    paths = [tmp_path / name for name in ("ada.zip", "grace.tar.gz", "alan.ipynb.txt")]
    assert people(found_in(*paths)) == {
        "ada": ["ada.zip"],
        "alan": ["alan.ipynb.txt"],
        "grace": ["grace.tar.gz"],
    }


def test_among_named_folders_of_students_one_that_looks_like_a_class_is_an_odd_students(
    tmp_path: Path,
) -> None:
    tree(tmp_path, f"ada/{STYLE}", f"grace/{STYLE}", f"alan/ada/{STYLE}", f"alan/grace/{STYLE}")
    found = found_in(*(tmp_path / name for name in ("ada", "alan", "grace")))
    assert list(people(found)) == ["ada", "alan", "grace"]
    assert [bool(submission.notes) for submission in found] == [False, True, False]


@pytest.mark.parametrize(
    "files",
    [
        (STYLE, "StyleTransfer_ada.ipynb", "StyleTransfer_grace.ipynb"),
        (STYLE, "StyleTransfer_ada.ipynb"),
        ("StyleTransfer_ada.ipynb", "NetworkVisualization_grace.ipynb"),
        (f"painting/{STYLE}", f"saliency/{VISUAL}"),
        (STYLE, f"ada/{STYLE}", f"grace/{STYLE}"),
    ],
)
def test_where_two_readings_are_possible_nothing_is_graded_before_one_is_chosen(
    files: tuple[str, ...], tmp_path: Path
) -> None:
    tree(tmp_path / "in", *files)
    with pytest.raises(SubmissionError, match=r"in two ways.*say --class; .* say --one-student"):
        found_in(tmp_path / "in")
    assert list(people(found_in(tmp_path / "in", one_student=True))) == ["in"]
    assert len(found_in(tmp_path / "in", is_class=True)) >= 2


@pytest.mark.parametrize(
    "files",
    [
        (STYLE, "StyleTransfer-Copy1.ipynb", "Copy of StyleTransfer.ipynb", "StyleTransfer (1).ipynb"),
        ("StyleTransfer_final.ipynb", "StyleTransfer_v2.ipynb", VISUAL, "scratch.ipynb"),
        ("StyleTransfer-PyTorch.ipynb", "StyleTransfer-TensorFlow.ipynb"),
        ("StyleTransfer_ada.ipynb", "NetworkVisualization_ada.ipynb"),
    ],
)
def test_copies_and_versions_are_one_students(files: tuple[str, ...], tmp_path: Path) -> None:
    assert list(people(found_in(tree(tmp_path / "ada", *files)))) == ["ada"]


@pytest.mark.parametrize(
    "form",
    [
        "{notebook}_{name}.ipynb",
        "{name}_{notebook}.ipynb",
        "{name} - {notebook}.ipynb",
        "{notebook}-{name}.py",
    ],
)
def test_files_called_after_notebook_and_student_are_a_class(form: str, tmp_path: Path) -> None:
    for name in ("ada", "Grace Hopper", "alan_m_turing"):
        tree(tmp_path, form.format(notebook="StyleTransfer", name=name))
    tree(tmp_path, form.format(notebook="Network Visualization", name="ADA"))
    found = people(found_in(tmp_path))
    assert {name.lower() for name in found} == {"ada", "grace hopper", "alan_m_turing"}
    assert [len(files) for name, files in found.items() if name.lower() == "ada"] == [2]


def test_folders_that_differ_in_case_alone_are_two_students_who_name_each_other(tmp_path: Path) -> None:
    tree(tmp_path, f"ada/{STYLE}", f"Ada/{STYLE}")
    found = found_in(tmp_path)
    assert sorted(people(found)) == ["Ada-1", "ada-2"]
    assert all("are they one person?" in submission.notes[-1] for submission in found)


def test_what_says_nothing_is_left_to_the_disk_unless_it_is_all_there_is(tmp_path: Path) -> None:
    tree(tmp_path, f"ada/{STYLE}", "ada/cat.jpg", "ada/weights.pth", "grace/cat.jpg")
    assert people(found_in(tmp_path)) == {"ada": [STYLE], "grace": ["cat.jpg"]}


@pytest.mark.parametrize("folder", ["submitted/ada/assignment3", "class/ada"])
def test_the_only_student_of_a_class_is_nobody_else_by_the_names_of_files(
    folder: str, tmp_path: Path
) -> None:
    tree(tmp_path / folder, f"hoppergrace_12_9001_{STYLE}")
    assert list(people(found_in(tmp_path / folder.partition("/")[0]))) == ["ada"]


ATTEMPTS = {
    "a Schoology download, 2 people": (
        "Lovelace, Ada - s1/Revision 1 - On time/StyleTransfer.ipynb",
        "Lovelace, Ada - s1/Revision 10 - Late/StyleTransfer.ipynb",
        "Lovelace, Ada - s1/Revision 9 - Late/StyleTransfer.ipynb",
        "Hopper, Grace - s2/Revision 1 - On time/hw3.zip",
    ),
    "student work of Microsoft Teams, 2 people": (
        "Student Work/Working files/Ada/Assignment 3/StyleTransfer.ipynb",
        "Student Work/Submitted files/Ada/Assignment 3/Version 10/StyleTransfer.ipynb",
        "Student Work/Submitted files/Ada/Assignment 3/Version 9/StyleTransfer.ipynb",
        "Student Work/Submitted files/Grace/Assignment 3/Version 1/hw3.zip",
    ),
    "an Autolab download, 2 people": (
        "ada@school.edu_9_StyleTransfer.ipynb",
        "ada@school.edu_10_StyleTransfer.ipynb",
        "grace@school.edu_1_handin.zip",
    ),
    "nbgrader's exchange, 2 people": (
        "ada+a3+2026-01-02 10:00:00.000000 UTC+x/StyleTransfer.ipynb",
        "ada+a3+2026-01-10 10:00:00.000000 UTC+y/StyleTransfer.ipynb",
        "grace+a3+2026-01-02 10:00:00.000000 UTC+z/StyleTransfer.ipynb",
    ),
    "an OpenOLAT download, 2 people": (
        "Sheet_3/ada/1_task/StyleTransfer.ipynb",
        "Sheet_3/ada/2_submissions/StyleTransfer.ipynb",
        "Sheet_3/ada/3_corrections/StyleTransfer.ipynb",
        "Sheet_3/ada/10_revisions_1/StyleTransfer.ipynb",
        "Sheet_3/grace/1_task/StyleTransfer.ipynb",
        "Sheet_3/grace/2_submissions/hw3.zip",
        "Sheet_3/solutions/StyleTransfer.ipynb",
        "Sheet_3/points.xlsx",
    ),
}


@pytest.mark.parametrize("title", ATTEMPTS)
def test_of_numbered_attempts_the_last_is_graded_and_nobody_is_there_twice(title, tmp_path):
    tree(tmp_path, *ATTEMPTS[title])
    found = found_in(tmp_path)
    assert found.layout == title
    ada, grace = sorted(found, key=lambda one: "race" in one.student)
    assert "10" in ada.files[0].path.relative_to(tmp_path).as_posix()
    assert len(ada.files) == len(grace.files) == 1
    assert "graded is" in "".join(ada.notes)


def test_a_list_beside_the_folder_around_a_download_is_named_and_hides_nobody(tmp_path):
    start = "Sheet 3/Submissions"
    tree(
        tmp_path,
        *(f"{start}/{name}/StyleTransfer.ipynb" for name in ("Lovelace_Ada_a@b.de_12", "Hopper_G_g@b.de_13")),
    )
    tree(tmp_path, "Sheet 3/Sheet 3.xlsx")
    found = found_in(tmp_path)
    assert [one.student for one in found] == ["Hopper_G_g@b.de_13", "Lovelace_Ada_a@b.de_12"]
    assert [out.label for out in found.left_out] == ["Sheet 3.xlsx"]


def test_a_class_in_two_folders_that_are_nobodys_is_never_one_student(tmp_path):
    names = ("Late/Ada", "Late/Grace", "Release/Alan")
    tree(tmp_path, *(f"download/{name}/StyleTransfer.ipynb" for name in names))
    with pytest.raises(SubmissionError, match="looks like a class"):
        found_in(tmp_path)


def test_a_forms_number_of_a_second_file_of_one_name_is_nobodys_name(tmp_path):
    tree(tmp_path, "StyleTransfer - Ada Lovelace.ipynb", "StyleTransfer (1) - Grace Hopper.ipynb")
    assert [one.student for one in found_in(tmp_path)] == ["Ada Lovelace", "Grace Hopper"]


def test_work_among_the_folders_of_a_team_that_is_nobodys_by_its_name_is_named(tmp_path):
    tree(
        tmp_path, "Team 7/Hopper_Grace_gh_12/hw3.zip", "Team 7/Lovelace_Ada_al_13/hw3.zip", f"Team 7/{STYLE}"
    )
    assert [out.label for out in found_in(tmp_path).left_out] == [f"Team 7/{STYLE}"]


EMPTY = [
    (
        ("Submitted files/Ada/Assignment 3/Version 1/{}", "Submitted files/Bob/Assignment 3/"),
        {"Ada": 1, "Bob": 0},
    ),
    (
        (
            "Ada_1_assignsubmission_file/{}",
            "Bob_2_assignsubmission_file/",
            "Bob_2_assignsubmission_onlinetext/",
        ),
        {"Ada_1": 1, "Bob_2": 0},
    ),
    (("Ada(ada)/timestamp.txt", "Ada(ada)/{}", "Bob(bob)/Submission attachment(s)/"), {"ada": 2, "bob": 0}),
    (("ada/{}", "grace/{}", "bob/"), {"ada": 1, "bob": 0, "grace": 1}),
]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("entries", "expected"), EMPTY)
def test_who_handed_in_nothing_is_never_given_what_lies_around(
    entries: tuple[str, ...], expected: dict[str, int], packed: bool, tmp_path: Path
) -> None:
    for entry in (entry.format(STYLE) for entry in entries):
        if entry.endswith("/"):
            (tmp_path / "class" / entry).mkdir(parents=True)
        else:
            tree(tmp_path / "class", entry)
    root = tmp_path / "class"
    if packed:
        shutil.make_archive(str(tmp_path / "all"), "zip", root)
        root = tmp_path / "all.zip"
    found = discover([root], file_patterns(), unpack=unpack)
    assert {submission.student: len(submission.files or ()) for submission in found} == expected
    for submission in found:
        if not submission.files:
            contents = contents_of(submission)
            assert (contents.files, contents.notes) == ((), ())  # the reader says that nothing was handed in


def test_a_link_in_one_persons_folder_is_no_note_of_anothers(tmp_path: Path) -> None:
    tree(tmp_path, f"Submitted files/Ada/A3/Version 1/{STYLE}", f"Submitted files/Bob/A3/Version 1/{STYLE}")
    (tmp_path / "Submitted files/Bob/A3/Version 1/other.ipynb").symlink_to("/nowhere")
    ada, bob = found_in(tmp_path)
    assert (ada.notes, len(bob.notes)) == ((), 1)


@pytest.mark.parametrize(
    ("own", "given"),
    [
        ("Ada_1_assignsubmission_file/{}", "Ada_1_assignfeedback_file/{}"),
        ("Ada(ada)/Submission attachment(s)/{}", "Ada(ada)/Feedback Attachment(s)/{}"),
    ],
)
def test_what_a_student_was_given_back_is_not_graded_as_handed_in(
    own: str, given: str, tmp_path: Path
) -> None:
    tree(tmp_path, own.format(STYLE), given.format(STYLE))
    (ada,) = found_in(tmp_path)
    assert [file.path for file in ada.files or ()] == [tmp_path / own.format(STYLE)]
    assert ada.notes == (f"given back, not handed in, and not graded: {given.format(STYLE)}",)


PRINTED = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1'
  :results:
    tests:
    - output: |
        :submitters:
        - :name: Alan Turing
          :sid: '2'
  :history:
  - :id: 7
    :submitters:
    - :name: Grace Hopper
      :sid: '3'
  :submitters:
  - :name: Alan Turing
    :sid: '2'
"""


def test_nobody_joins_a_group_of_gradescope_by_what_code_printed_or_by_an_earlier_submission(
    tmp_path: Path,
) -> None:
    folder = tree(tmp_path, f"export/submission_11/{STYLE}")
    (folder / "export" / "submission_metadata.yml").write_text(PRINTED)
    assert list(people(found_in(folder / "export"))) == ["Ada Lovelace_1"]


def test_where_all_are_called_after_a_person_so_is_an_archive(tmp_path: Path) -> None:
    tree(tmp_path, f"Ada L - {STYLE}", f"Alan T - {STYLE}", "Grace H - hw3.zip", "Grace H - more.zip")
    assert {name: len(files) for name, files in people(found_in(tmp_path)).items()} == {
        "Ada L": 1,
        "Alan T": 1,
        "Grace H": 2,
    }


DATED = [
    (
        f"2021001_王芳_20240501120000_{STYLE}",
        f"2021001_王芳_20240502120000_{STYLE}",
        "2021002_李娜_20240501120000_作业.pdf",
    ),
    (
        "2021001_王芳-2024-05-01T12_00_00.zip",
        "2021001_王芳-2024-05-02T12_00_00.zip",
        f"2021002_李娜-2024-05-01T12_00_00/{STYLE}",
    ),
]


@pytest.mark.parametrize("files", DATED)
def test_a_moment_in_every_name_is_no_part_of_the_persons(files: tuple[str, ...], tmp_path: Path) -> None:
    found = found_in(tree(tmp_path / "class", *files))
    assert [submission.student for submission in found] == ["2021001_王芳", "2021002_李娜"]
    assert [file.path.name for file in found[0].files or ()] == [files[1]]
    assert "2 attempts were handed in" in found[0].notes[0]


def test_versions_of_one_notebook_with_moments_are_one_students(tmp_path: Path) -> None:
    tree(tmp_path / "ada", "StyleTransfer_20240501120000.ipynb", "StyleTransfer_20240502120000.ipynb")
    assert list(people(found_in(tmp_path / "ada"))) == ["ada"]


@pytest.mark.parametrize("around", ["", "assignment3/"])
def test_of_folders_called_after_moments_the_last_with_work_was_handed_in(
    around: str, tmp_path: Path
) -> None:
    for moment in ("2024-05-01 12:00:00", "2024-05-02 12:00:00"):
        tree(tmp_path / "class", f"ada/{around}{moment}/{STYLE}", f"ada/{around}{moment}/timestamp.txt")
    tree(tmp_path / "class", f"ada/{around}2024-05-03 12:00:00/report.pdf", f"grace/{around}{STYLE}")
    ada, _ = found_in(tmp_path / "class")
    assert [file.label for file in ada.files or ()] == [f"{around}{STYLE}", f"{around}timestamp.txt"]
    assert {file.path.parent.name for file in ada.files or ()} == {"2024-05-02 12:00:00"}
    assert ada.notes[0].startswith("2 attempts were handed in; graded is that of 2024-05-02 12:00:00")


def test_in_a_course_with_several_assignments_the_time_is_that_of_the_one_asked(tmp_path: Path) -> None:
    for name, notebook in (("assignment1", "knn.ipynb"), ("assignment3", STYLE)):
        tree(tmp_path / "submitted", f"ada/{name}/{notebook}", f"ada/{name}/timestamp.txt")
    (ada,) = found_in(tmp_path / "submitted")
    assert ada.assignment == "assignment3"


def test_copies_that_a_browser_numbered_name_each_other(tmp_path: Path) -> None:
    tree(tmp_path / "class", "王芳.zip", "王芳 (1).zip", "李娜.zip")
    notes = {submission.student: submission.notes for submission in found_in(tmp_path / "class")}
    assert [
        name for name, found in notes.items() if any("are they one person" in note for note in found)
    ] == [
        "王芳",
        "王芳 (1)",
    ]


@pytest.mark.parametrize(("users", "without"), [(("s_1", "s_2"), ["1", "2"]), (("grace_h",), ["h"])])
def test_blackboards_receipts_say_where_a_user_name_begins(
    users: tuple[str, ...], without: list[str], tmp_path: Path
) -> None:
    for user in users:
        tree(tmp_path, f"HW_3_{user}_attempt_2026-01-02-03-04-05_{STYLE}")
    assert [submission.student for submission in found_in(tmp_path)] == without  # by what all share
    for user in users:
        receipt = tmp_path / f"HW_3_{user}_attempt_2026-01-02-03-04-05.txt"
        receipt.write_text(f"Name: Ada (A.) Lovelace ({user})\nAssignment: HW_3\nComments: (x)\n")
    assert [submission.student for submission in found_in(tmp_path)] == list(users)
    (tmp_path / f"HW_3_{users[0]}_attempt_2026-01-02-03-04-05.txt").write_text("(elsewhere)")
    assert len(found_in(tmp_path)) == len(users)


@pytest.mark.parametrize(
    "names",
    [
        ("Section 1/ada_11_101_{}", "Section 2/grace_12_102_{}", "Section 2/alan_13_103_{}"),
        ("all/一班/ada_11_101_{}", "all/二班/grace_12_102_{}", "all/二班/alan_13_103_{}"),
        ("ada_11_101_{}", "Late/grace_12_102_{}", "Late/alan_13_103_{}"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_downloads_in_folders_beside_each_other_are_sections_of_a_class(
    names: tuple[str, ...], packed: bool, tmp_path: Path
) -> None:
    root = tree(tmp_path / "class", *(name.format(STYLE) for name in names))
    if packed:
        root = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", root))
    found = discover([root], file_patterns(), unpack=unpack)
    assert [submission.student for submission in found] == ["ada_11", "alan_13", "grace_12"]
    assert found[0].downloaded == f"ada_11_101_{STYLE}"


def test_who_is_in_two_sections_is_refused(tmp_path: Path) -> None:
    tree(tmp_path, *(f"{name}_12_102_{STYLE}" for name in ("One/ada", "One/alan", "Two/ada", "Two/emmy")))
    with pytest.raises(SubmissionError, match="two submissions are called 'ada_12'"):
        found_in(tmp_path)


def test_what_students_keep_in_their_own_folders_makes_no_sections(tmp_path: Path) -> None:
    tree(tmp_path, f"ada/ada_11_101_{STYLE}", f"grace/grace_12_102_{STYLE}")
    tree(tmp_path, f"eve/x_1_102_{STYLE}", f"eve/y_2_103_{STYLE}", f"alan/{STYLE}")
    assert list(people(found_in(tmp_path))) == ["ada", "alan", "eve", "grace"]


def test_a_later_version_in_chinese_is_nobodys_name(tmp_path: Path) -> None:
    tree(tmp_path / "王芳", STYLE, "StyleTransfer最终版2.ipynb", "StyleTransfer 修改版.ipynb")
    assert list(people(found_in(tmp_path / "王芳"))) == ["王芳"]
    tree(tmp_path / "class", "2021001王芳-StyleTransfer-最终版.ipynb", "李娜_StyleTransfer修改版.ipynb")
    assert set(people(found_in(tmp_path / "class"))) == {"2021001王芳", "李娜"}


def test_who_has_only_working_files_in_teams_has_a_note(tmp_path: Path) -> None:
    tree(tmp_path, f"Submitted files/Ada/A3/Version 1/{STYLE}", f"Working files/Ada/A3/{STYLE}")
    tree(tmp_path, f"Working files/Bob/A3/{STYLE}")
    ada, bob = found_in(tmp_path)
    assert not any("working files" in note for note in ada.notes)
    assert bob.notes == ("not handed in: graded are the working files",)


@pytest.mark.parametrize("own", ["Version 1", "1_submissions", "Revision 1 - Late"])
def test_what_one_student_calls_a_folder_is_no_layout_of_the_class(own: str, tmp_path: Path) -> None:
    for name in ("ada", "alan", "grace"):
        tree(tmp_path / "submitted", f"{name}/a3/{STYLE}", f"{name}/a3/timestamp.txt")
    tree(tmp_path / "submitted", f"eve/a3/{own}/{STYLE}", f"eve/{own}/{STYLE}", "eve/a3/timestamp.txt")
    found = found_in(tmp_path / "submitted")
    assert [submission.assignment for submission in found][:2] == ["a3", "a3"]


@pytest.mark.parametrize("version", ["", "Version 1/"])
def test_of_teams_few_have_handed_in_again(version: str, tmp_path: Path) -> None:
    for name in ("ada", "grace", "emmy"):
        tree(tmp_path, f"Submitted files/{name}/A3/{STYLE}", f"Working files/{name}/A3/{STYLE}")
    tree(tmp_path, f"Submitted files/alan/A3/{version}{STYLE}")
    assert list(people(found_in(tmp_path))) == ["ada", "alan", "emmy", "grace"]
    tree(tmp_path, f"Submitted files/alan/A3/Version 2/{STYLE}")
    below = found_in(tmp_path / "Submitted files")
    assert list(people(below)) == ["ada", "alan", "emmy", "grace"]
    if version:
        assert [file.path.parent.name for file in below[1].files or ()] == ["Version 2"]
