"""Groups and sections of a download: each of their people has a line, and nobody joins by what students wrote."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grading.assignments.registry import file_patterns
from grading.errors import SubmissionError
from grading.submission.discover import discover

from .class_folders import archive, found_in, people, tree, unpack

STYLE, VISUAL = "StyleTransfer.ipynb", "NetworkVisualization.ipynb"


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


def test_work_among_the_folders_of_a_team_that_is_nobodys_by_its_name_is_named(tmp_path):
    tree(
        tmp_path, "Team 7/Hopper_Grace_gh_12/hw3.zip", "Team 7/Lovelace_Ada_al_13/hw3.zip", f"Team 7/{STYLE}"
    )
    assert [out.label for out in found_in(tmp_path).left_out] == [f"Team 7/{STYLE}"]


def test_a_link_in_one_persons_folder_is_no_note_of_anothers(tmp_path: Path) -> None:
    tree(tmp_path, f"Submitted files/Ada/A3/Version 1/{STYLE}", f"Submitted files/Bob/A3/Version 1/{STYLE}")
    (tmp_path / "Submitted files/Bob/A3/Version 1/other.ipynb").symlink_to("/nowhere")
    ada, bob = found_in(tmp_path)
    assert (ada.notes, len(bob.notes)) == ((), 1)


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


@pytest.mark.parametrize("archives", [False, True])
def test_who_is_in_two_sections_has_one_line_with_all_and_a_note(archives: bool, tmp_path: Path) -> None:
    sections = {
        "submissions": ("ada", "alan"),
        "submissions (1)": ("ada", "emmy"),
        "submissions (2)": ("a", "b"),
    }
    for section, names in sections.items():
        files = [f"{name}_12_102_{STYLE}" for name in names]
        if archives:
            archive(tmp_path / f"{section}.zip", *files)
        else:
            tree(tmp_path / section, *files)
    found = found_in(tmp_path)
    assert [one.student for one in found] == ["a_12", "ada_12", "alan_12", "b_12", "emmy_12"]
    assert len({file.path for file in found[1].files or ()}) == 2
    assert "is in several sections" in found[1].notes[0]


@pytest.mark.parametrize("archives", [False, True])
def test_so_has_who_is_in_two_downloads_that_are_named_together(archives: bool, tmp_path: Path) -> None:
    for section, names in {"A": ("ada_1", "alan_2"), "B": ("ada_1", "emmy_3")}.items():
        files = [f"{name}_assignsubmission_file/{STYLE}" for name in names]
        if archives:
            archive(tmp_path / f"{section}.zip", *files)
        else:
            tree(tmp_path / section, *files)
    found = found_in(*tmp_path.iterdir(), is_class=archives)
    assert [one.student for one in found] == ["ada_1", "alan_2", "emmy_3"]
    assert "is in several sections" in found[0].notes[0]
    assert found.layout == "a Moodle download, 2 people; a Moodle download, 2 people"


def test_each_class_that_is_named_is_said_with_its_people(tmp_path: Path) -> None:
    tree(tmp_path, *(f"{path}/{STYLE}" for path in ("A/ada", "A/alan", "B/emmy", "B/grace")))
    assert found_in(tmp_path / "A", tmp_path / "B").layout == (
        "a folder of students, 2 people; a folder of students, 2 people"
    )
    assert found_in(*(tmp_path / "A").iterdir()).layout == "one student"


def test_of_two_sections_the_last_attempt_counts_where_the_platform_says_when(tmp_path: Path) -> None:
    tree(tmp_path, *(f"One/hw_{name}_attempt_2026-02-01-00-00-00_{STYLE}" for name in ("ada", "alan")))
    tree(tmp_path, *(f"Two/hw_{name}_attempt_2026-01-01-00-00-00_{STYLE}" for name in ("ada", "emmy")))
    ada = found_in(tmp_path)[0]
    assert [file.path for file in ada.files or ()] == [
        tmp_path / f"One/hw_ada_attempt_2026-02-01-00-00-00_{STYLE}"
    ]
    assert ada.notes == ("is in several sections; graded is what was handed in last, that of One, not Two",)


def test_a_section_called_like_the_download_that_it_lies_in_hides_nobody(tmp_path: Path) -> None:
    root = tree(
        tmp_path / "Late", f"ada_11_101_{STYLE}", f"Late/alan_13_103_{STYLE}", f"Late/emmy_14_104_{STYLE}"
    )
    assert [one.student for one in found_in(root)] == ["ada_11", "alan_13", "emmy_14"]


def test_what_students_keep_in_their_own_folders_makes_no_sections(tmp_path: Path) -> None:
    tree(tmp_path, f"ada/ada_11_101_{STYLE}", f"grace/grace_12_102_{STYLE}")
    tree(tmp_path, f"eve/x_1_102_{STYLE}", f"eve/y_2_103_{STYLE}", f"alan/{STYLE}")
    assert list(people(found_in(tmp_path))) == ["ada", "alan", "eve", "grace"]


PARTS = {
    "A3-20260102T030405Z-1-001": (f"A3/Ada Lovelace/{STYLE}", f"A3/Grace Hopper/{STYLE}"),
    "A3-20260102T030405Z-1-002": (f"A3/Ada Lovelace/{VISUAL}", f"A3/Alan Turing/{STYLE}"),
}


@pytest.mark.parametrize("how", ["named", "in a folder", "unpacked"])
def test_the_parts_of_a_download_of_google_drive_are_one_class(how: str, tmp_path: Path) -> None:
    if how == "unpacked":
        for part, files in PARTS.items():
            tree(tmp_path / part, *files)
    else:
        for part, files in PARTS.items():
            archive(tmp_path / f"{part}.zip", *files)
    found = found_in(*(sorted(tmp_path.iterdir()) if how == "named" else [tmp_path]))
    assert people(found) == {
        "Ada Lovelace": [VISUAL, STYLE],
        "Alan Turing": [STYLE],
        "Grace Hopper": [STYLE],
    }
