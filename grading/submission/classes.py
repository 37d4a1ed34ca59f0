"""Rules that tell one student's files from a class's, by the names of folders and files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cs231n.handin.choose import is_copy
from grading.submission.files import code_files, entries

# What the names of an assignment's notebooks contain.
Patterns = Sequence[re.Pattern[str]]

# Folders beside those of students that are nobody's if they hold no work: what graders and people keep there.
_NOBODYS = re.compile(
    r"results?|pictures?|reports?|grades?|graded|grading|feedback|autograded|release|source|figures?|images?|img|docs?"
    r"|data|logs?|node_modules",
    re.IGNORECASE,
)


def is_nobodys(name: str) -> bool:
    """Whether a folder without work is no student's, by its name."""
    return bool(_NOBODYS.fullmatch(name)) or name.startswith(".")


def holds_results(folder: Path) -> bool:
    """Whether the results of a grading lie in a folder."""
    if any((folder / name).is_file() for name in ("run.json", "grades.csv")):
        return True
    results = folder / "results"  # of a grading that was stopped
    return results.is_dir() and all(entry.suffix == ".json" for entry in entries(results))


# Words of which students make the names of copies of their own work: "final_version2", "old", "Colab (1)".
_VERSION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    my mine me own old new older newer back up ups backup backups bak copy copies orig original final
    draft tmp temp test tests work works workspace attempt attempts try tries version versions v ver rev
    archive archives starter hand handout handouts out given template skeleton release code file files
    done finished complete completed clean latest current misc other extra output html pdf local drive
    google pytorch torch tensorflow tf keras jupyter colab kaggle gpu cpu python py week module unit
    lesson class cs n deep learning vision cv cnn course main master branch spring fall winter summer
        """,
    )
)


def class_in(folder: Path, patterns: Patterns) -> tuple[Path, int] | None:
    """Return the folder, in what was taken for one student's, that seems to hold a folder for each of so many people.

    There no notebook lies beside the folders, and two or more that are not called like a part or a version of an
    assignment hold the same notebook.
    """
    files = [file.relative_to(folder).parts for file in code_files(folder) if file != folder]
    while files and all(len(parts) > 1 for parts in files) and len({parts[0] for parts in files}) == 1:
        folder, files = folder / files[0][0], [parts[1:] for parts in files]
    below = {parts[0] for parts in files if len(parts) > 1}
    if "cs231n" in below or any(len(parts) == 1 and parts[0].lower().endswith(".ipynb") for parts in files):
        return None
    notebooks = [parts for parts in files if parts[0] in below and parts[-1].lower().endswith(".ipynb")]
    people = max(
        (_people_with(pattern, notebooks, patterns) for pattern in patterns),
        default=0,
    )
    return (folder, people) if people > 1 else None


def _people_with(pattern: re.Pattern[str], files: Sequence[tuple[str, ...]], patterns: Patterns) -> int:
    return len(
        {parts[0] for parts in files if pattern.search(parts[-1]) and _may_be_a_person(parts[0], patterns)}
    )


def _may_be_a_person(folder: str, patterns: Patterns) -> bool:
    named = _is_part(folder, patterns) or _named_after_notebook(folder, patterns)
    if folder.startswith(".") or named or is_copy(folder):
        return False
    words = re.split(r"[\W\d_]+", folder.lower())
    # a number may be that of a student, but "2023" and "3" are not
    return bool(set(words) - _VERSION_WORDS - {""}) or bool(re.search(r"\d{5}", folder))


# What parts of one assignment are called, as opposed to students: assignment3, hw3, a5, cs231n, src, part2.
_PART = re.compile(
    r"(assignments?|ass?n?|ps|hw|homework|project|lab|week|part|q|problem|spring|fall)[ _-]?\d{0,4}"
    r"([ _-]?(colab|jupyter|solutions?|pytorch|code|v\d))*|cs231n.*|eecs.*"
    r"|src|code|notebooks?|submission|solutions?",
    re.IGNORECASE,
)


def is_one_student(files: Sequence[tuple[str, ...]], patterns: Patterns) -> bool:
    """Tell one student's folder from a folder of students, given the paths (as parts) of the code in it.

    One student's has notebooks of its own beside the package, or below folders that are called like parts of an
    assignment or like the notebooks. A flat folder of one notebook per student has no file called after a notebook,
    and more than one notebook.
    """
    own = [parts[0] for parts in files if len(parts) == 1]
    folders = {parts[0] for parts in files if len(parts) > 1}
    if "cs231n" in folders or any(_named_after_notebook(name, patterns) for name in own):
        return True
    if folders:
        return all(_is_part(folder, patterns) for folder in folders)
    return len(own) == 1 or sum(name.lower().endswith(".ipynb") for name in own) == 1


def _is_part(folder: str, patterns: Patterns) -> bool:
    return bool(_PART.fullmatch(folder)) or any(pattern.fullmatch(folder) for pattern in patterns)


def _named_after_notebook(name: str, patterns: Patterns) -> bool:
    return any(pattern.search(name) for pattern in patterns)
