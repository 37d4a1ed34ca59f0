"""Rules that tell one student's files from a class's, by the names of folders and files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cs231n.handin.choose import COPY, is_copy
from grading.submission.layouts import MOMENT
from grading.submission.listing import Listing, is_notebook, is_script, is_work, stem

# What the names of an assignment's notebooks contain.
Patterns = Sequence[re.Pattern[str]]
# A path below a folder, as its parts.
Parts = tuple[str, ...]

# Folders beside those of students that are nobody's if they hold no work: what graders and people keep there.
_NOBODYS = re.compile(
    r"results?|pictures?|reports?|grades?|graded|grading|feedback|autograded|release|source|figures?|images?|img|docs?"
    r"|data|logs?|node_modules",
    re.IGNORECASE,
)
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
    submission submissions submit submitted solution solutions solved answer answers of and the ipynb kopie von
        """,
    )
)
# What Google Drive writes around the name of a copy.
_COPY_OF = re.compile(
    r"(?<![^ _-])(copy of|kopie v[ao]n|kopia (av|pliku)|copie de|c[oó]pia d[ei]|копия( файла)?)\b"
    r"|的?副本|のコピー|의 사본",
    re.IGNORECASE,
)
_MOMENT = re.compile(rf"(?<!\d){MOMENT}(?!\d)")
# What people write behind the name of a later version: 最终版2.
_VERSION_OF = re.compile(r"(?:最?终|最新|修[改订]|更新|提交|完整|定)[版稿]\d*")
# What the notebook's own name has behind it: Google Forms writes "StyleTransfer (1) - Ada Lovelace.ipynb" and
# "StyleTransfer.ipynb - Ada Lovelace.ipynb".
_INNER_SUFFIX = re.compile(r"^( ?\(\d+\))?(\.ipynb)*(?![^ _\-”\"])", re.IGNORECASE)
# What parts of one assignment are called, as opposed to students: assignment3, hw3, a5, cs231n, src, part2.
_PART = re.compile(
    r"(assignments?|ass?n?|ps|hw|homework|project|lab|week|part|q|problem|spring|fall)[ _-]?\d{0,4}"
    r"([ _-]?(colab|jupyter|solutions?|pytorch|code|v\d))*|cs231n.*|eecs.*"
    r"|src|code|notebooks?|submission|solutions?",
    re.IGNORECASE,
)


def is_nobodys(name: str) -> bool:
    """Whether a folder without work is no student's, by its name."""
    return bool(_NOBODYS.fullmatch(name)) or name.startswith(".")


def holds_results(folder: Listing) -> bool:
    """Whether the results of a grading lie in a folder."""
    labels = {file.label for file in folder.files}
    if labels & {"run.json", "grades.csv"}:
        return True
    results = [label for label in labels if label.startswith("results/")]  # of a grading that was stopped
    return "results" in folder.folders and all(label.endswith(".json") for label in results)


def notebook_in(name: str, patterns: Patterns) -> tuple[int, str] | None:
    """Return which notebook a file is called after, and what else its name says: whose it is, or "" ("_final", "(1)").

    None, if it is called after none.
    """
    for number, pattern in enumerate(patterns):
        if found := pattern.search(stem(name)):
            before, after = stem(name)[: found.start()], stem(name)[found.end() :]
            around = (before, _INNER_SUFFIX.sub("", after))
            return number, owner_in(" ".join(filter(None, (part.strip(" _-.") for part in around))))
    return None


def owner_in(rest: str) -> str:
    """Return the person that what remains of a file's name names; "", if it says only which copy or version it is."""
    rest = COPY.sub(" ", _COPY_OF.sub("", _VERSION_OF.sub(" ", _MOMENT.sub(" ", f" {rest}")))).strip(
        ' _-+.,，—–()“”"'
    )
    words = re.split(r"[\W\d_]+", rest.lower())
    if _PART.fullmatch(rest) or not (set(words) - _VERSION_WORDS - {""} or re.search(r"\d{5}", rest)):
        return ""
    return rest


def people_in(files: Iterable[Parts], patterns: Patterns) -> tuple[Parts, list[str]]:
    """Return the folder, in what is taken for one student's, that seems to hold a folder for each of so many people.

    There no notebook lies beside the folders, and two or more that are not called like a part or a version of an
    assignment hold the same notebook. Else nobody is returned.
    """
    code = [parts for parts in files if is_work(parts[-1])]
    around: Parts = ()
    while code and all(len(parts) > 1 for parts in code) and len({parts[0] for parts in code}) == 1:
        around, code = (*around, code[0][0]), [parts[1:] for parts in code]
    if any(parts[0] == "cs231n" and len(parts) > 1 for parts in code):
        return around, []
    if any(len(parts) == 1 and is_notebook(parts[0]) for parts in code):
        return around, []
    # The people may lie a folder deeper, beside each other in several that are nobody's: "Section 1", "Late".
    for folders in (code, [parts[1:] for parts in code]):
        if len(people := same_notebook(folders, patterns)) > 1:
            return around, people
    return around, []


def same_notebook(files: Iterable[Parts], patterns: Patterns) -> list[str]:
    """Return the folders, called like people, that hold one and the same notebook."""
    below = [parts for parts in files if len(parts) > 1 and is_notebook(parts[-1])]
    found = [
        sorted({p[0] for p in below if pattern.search(p[-1]) and may_be_a_person(p[0], patterns)})
        for pattern in patterns
    ]
    return max(found, key=len, default=[])


def may_be_a_person(folder: str, patterns: Patterns) -> bool:
    """Whether a folder may be called after its owner: not like a part, a notebook, a copy or a version.

    After a notebook and its owner it may: style-transfer-ada, as GitHub Classroom calls it.
    """
    if folder.startswith(".") or is_part(folder, patterns) or is_copy(folder):
        return False
    if found := notebook_in(folder, patterns):
        return bool(found[1])
    words = re.split(r"[\W\d_]+", folder.lower())
    # a number may be that of a student, but "2023" and "3" are not
    return bool(set(words) - _VERSION_WORDS - {""}) or bool(re.search(r"\d{5}", folder))


def is_part(folder: str, patterns: Patterns) -> bool:
    """Whether a folder is called like a part of an assignment."""
    return bool(_PART.fullmatch(folder)) or any(pattern.fullmatch(folder) for pattern in patterns)


def scattered(files: Sequence[Parts], patterns: Patterns) -> bool:
    """Whether folders hold each asked notebook once in all: one student's parts, or people who did not do all."""
    notebooks = [parts[-1] for parts in files if not is_script(parts[-1])]
    named = [notebook_in(name, patterns) for name in notebooks]
    numbers = [found[0] for found in named if found]
    every_one = bool(named) and len(numbers) == len(named) == len({*numbers})
    return every_one and len({parts[0] for parts in files if len(parts) > 1}) > 1
