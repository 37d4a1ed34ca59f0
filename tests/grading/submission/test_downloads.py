"""Downloads of platforms: one person is one submission, and strays are graded or named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grading.assignments.registry import file_patterns
from grading.errors import SubmissionError
from grading.submission.contents import contents_of
from grading.submission.discover import discover, one_student

from .class_folders import found_in, people, tree, unpack

STYLE, VISUAL = "StyleTransfer.ipynb", "NetworkVisualization.ipynb"


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


def test_what_lies_beside_a_download_is_graded_or_named(tmp_path: Path) -> None:
    tree(tmp_path, f"lovelaceada_123_9001_{STYLE}", f"grace_{STYLE}", "alan.zip", f"kurt/{STYLE}", "list.csv")
    found = found_in(tmp_path)
    assert set(people(found)) == {"lovelaceada_123", "grace", "alan", "kurt"}
    assert [(out.label, out.why) for out in found.left_out] == [
        ("list.csv", "is neither a notebook nor an archive")
    ]
    assert found.layout == "a Canvas download, 1 person; beside it 3 people"


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


@pytest.mark.parametrize("form", ["{1} - {0}", "{0} - {1}"])
def test_where_all_are_called_after_a_person_so_is_an_archive(form: str, tmp_path: Path) -> None:
    files = [
        ("StyleTransfer", "Ada L", "ipynb"),
        ("StyleTransfer", "Alan T", "ipynb"),
        ("hw3", "Grace H", "zip"),
    ]
    files.append(("more", "Grace H", "zip"))
    tree(tmp_path, *(f"{form.format(file, person)}.{suffix}" for file, person, suffix in files))
    assert {name: len(files) for name, files in people(found_in(tmp_path)).items()} == {
        "Ada L": 1,
        "Alan T": 1,
        "Grace H": 2,
    }


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


def test_who_has_only_working_files_in_teams_has_a_note(tmp_path: Path) -> None:
    tree(tmp_path, f"Submitted files/Ada/A3/Version 1/{STYLE}", f"Working files/Ada/A3/{STYLE}")
    tree(tmp_path, f"Working files/Bob/A3/{STYLE}")
    ada, bob = found_in(tmp_path)
    assert not any("working files" in note for note in ada.notes)
    assert bob.notes == ("not handed in: graded are the working files",)
