"""Layouts in which classes are handed out: a table of patterns of paths, each with examples, tried in this order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """A path below the class's folder, and who handed it in as which file."""

    path: str
    student: str
    file: str = ""


@dataclass(frozen=True)
class Layout:
    """One way in which a class's files are called.

    Attributes
    ----------
    name : str
        For `--layout`.
    title : str
        "a Moodle download".
    pattern : str
        Matches a whole path below the class's folder; a folder's ends in "/". Named groups: `student`, `number` (which
        tells two of one name apart), `file`, `attempt` (of several, the last counts), `group`, `other` (what the
        platform adds), `feedback` (what the student was given, and has not handed in: never graded).
    examples : tuple of Example
    id : str
        A student's id, made of the named groups.
    evidence : str
        What must be found in some path of the class, and, where it lies in students' folders, in those of at least half
        of them; "" where a path says enough by itself.
    beside : str
        What the platform puts beside the students' files.
    shared_start : bool
        Whether the ids start with what all share, which is the assignment's name.
    by_folder : bool
        Whether all of a student lies in one folder: two folders are two students.
    """

    name: str
    title: str
    pattern: str
    examples: tuple[Example, ...]
    id: str = "{student}"
    evidence: str = ""
    beside: str = ""
    shared_start: bool = False
    by_folder: bool = False


# A word as platforms translate it.
_WORD = r"[^\W\d_]+"
_DAY = (
    rf"(?:\d{{1,2}} {_WORD}\.?,? \d{{4}},?|{_WORD}\.? \d{{1,2}}, \d{{4}}|\d{{4}}[-年]\d{{1,2}}[-月]\d{{1,2}}日?)"
    r"(?: at)? \d{3,4}(?: ?[AaPp]\.?[Mm]\.?)?"
)

# A day of this century and a time, at least as far as minutes: 2026-01-02 03_04_05.678901, 20260102030405.
MOMENT = (
    r"20\d\d(?P<dash>[-_.]?)(?:0[1-9]|1[0-2])(?P=dash)(?:0[1-9]|[12]\d|3[01])[T _-]{0,3}"
    r"(?:[01]\d|2[0-3])[-_.:：]?[0-5]\d(?:[-_.:：]?[0-5]\d(?:\.\d{3,6})?)?"
)
# A name before it, told once for each row of separators, however long; the moment with the zone of Greenwich; and what
# stands behind: what lies in the folder, the rest of a file's name, or a suffix.
_NAME = r"(?P<student>[^/]+?)(?<![ _-])[ _-]+"
_ZONED = rf"(?P<attempt>{MOMENT}(?:[^\w/]?(?:Z|UTC))?)"
_BEHIND = r"(?:(?:/|(?: - |[_ -])(?=[^/]))(?P<file>.*)|(?P<suffix>(?:\.[A-Za-z]\w*)+))"
# What a student has handed in, among what OpenOLAT keeps of the task: what was set, corrected and solved.
_OLAT_TURN = r"\d+_(?:submissions|revisions_\d+)"

PLATFORMS = (
    Layout(
        "moodle",
        "a Moodle download",
        # Who is in no group hands in as the default group, which has no number.
        rf"(?P<student>[^/]+?)(?:_(?P<number>\d+))?_(?:assignfeedback_{_WORD}(?:_?/|_)(?P<feedback>.*)"
        rf"|(?:assignsubmission_{_WORD}(?:_?/|_)|(?<=\d_){_WORD}_/)(?P<file>.*))",
        (
            Example(
                "Ada Lovelace_12345_assignsubmission_file/StyleTransfer.ipynb",
                "Ada Lovelace_12345",
                "StyleTransfer.ipynb",
            ),
            Example("Ada Lovelace_12345_assignsubmission_file_/a/b.ipynb", "Ada Lovelace_12345", "a/b.ipynb"),
            Example(
                "Ada Lovelace_12345_assignsubmission_onlinetext/onlinetext.html",
                "Ada Lovelace_12345",
                "onlinetext.html",
            ),
            Example(
                "Ada Lovelace_12345_assignsubmission_file_Style.ipynb", "Ada Lovelace_12345", "Style.ipynb"
            ),
            Example(
                "Ann_Marie Smith_12348_assignsubmission_file_Style_1.ipynb",
                "Ann_Marie Smith_12348",
                "Style_1.ipynb",
            ),
            Example("Participant_123_assignsubmission_file_Style.ipynb", "Participant_123", "Style.ipynb"),
            Example("Participant 123_45_assignsubmission_file/hw3.zip", "Participant 123_45", "hw3.zip"),
            Example("王 芳_12347_文件提交_/Style.ipynb", "王 芳_12347", "Style.ipynb"),
            Example("Ada Lovelace_12345_assignfeedback_file/Style.ipynb", "Ada Lovelace_12345"),
            Example("Default group_assignsubmission_file/Style.ipynb", "Default group", "Style.ipynb"),
        ),
        id="{student}_{number}",
    ),
    Layout(
        "blackboard",
        "a Blackboard download",
        rf"(?P<student>[^/]+?)_{_WORD}_(?P<attempt>\d{{4}}(?:-\d\d){{5}})(?:_(?P<file>[^/]+)|(?P<other>\.txt))",
        (
            Example(
                "Assignment 3_ada_attempt_2026-01-02-03-04-05_StyleTransfer.ipynb",
                "ada",
                "StyleTransfer.ipynb",
            ),
            Example("Assignment 3_ada_attempt_2026-01-02-03-04-05.txt", "ada"),
            Example("Assignment 3_ada_Versuch_2026-01-02-03-04-05_Style.ipynb", "ada", "Style.ipynb"),
        ),
        shared_start=True,
    ),
    Layout(
        "canvas",
        "a Canvas download",
        r"(?P<student>[^/]+?)_(?:(?i:late)_)?(?P<number>\d{2,})_(?:(?i:late)_)?(?:question_\d+_)?"
        r"(?:(?P<upload>\d{3,18})_(?P<file>[^/]+)|(?P<other>(?:text|link)\.html))",
        (
            Example(
                "lovelaceada_12345_678901_StyleTransfer.ipynb", "lovelaceada_12345", "StyleTransfer.ipynb"
            ),
            Example(
                "hoppergrace_LATE_12346_678902_StyleTransfer-2.ipynb",
                "hoppergrace_12346",
                "StyleTransfer-2.ipynb",
            ),
            Example("turingalan_late_12347_678903_hw3.zip", "turingalan_12347", "hw3.zip"),
            Example("turingalan_12347_question_55_678904_Style.ipynb", "turingalan_12347", "Style.ipynb"),
            Example("group_3_12350_678910_Style.ipynb", "group_3_12350", "Style.ipynb"),
            Example("studenttest_12399_678999_Style.ipynb", "studenttest_12399", "Style.ipynb"),
            Example("turingalan_12347_text.html", "turingalan_12347"),
        ),
        id="{student}_{number}",
    ),
    Layout(
        "canvas-anonymous",
        "an anonymous Canvas download",
        r"(?:LATE_)?(?P<student>[Aa]non(?:ymous)?_[0-9A-Za-z]+)_(?:LATE_)?"
        r"(?:(?P<upload>\d{3,18})_(?P<file>[^/]+)|(?P<other>(?:text|link)\.html))",
        (
            Example("anon_7Xk2P_678901_StyleTransfer.ipynb", "anon_7Xk2P", "StyleTransfer.ipynb"),
            Example("LATE_anon_9aB3c_678902_hw3.zip", "anon_9aB3c", "hw3.zip"),
            Example("anon_9aB3c_LATE_678902_hw3.zip", "anon_9aB3c", "hw3.zip"),
        ),
    ),
    Layout(
        "brightspace",
        "a Brightspace download",
        rf"(?P<number>\d+)-\d+ - (?P<student>[^/]+?) ?- (?P<attempt>{_DAY})(?:/| - )(?P<file>.*)",
        (
            Example(
                "12345-678 - Ada Lovelace - Jan 5, 2026 1023 AM/StyleTransfer.ipynb",
                "Ada Lovelace_12345",
                "StyleTransfer.ipynb",
            ),
            Example(
                "12346-678 - Grace Hopper - 5 January, 2026 0923 PM - hw3.zip",
                "Grace Hopper_12346",
                "hw3.zip",
            ),
            Example("12346-678 - Grace Hopper- 5 Jan 2026 923/hw3.zip", "Grace Hopper_12346", "hw3.zip"),
            Example("12347-678 - 王 芳 - 2026年1月5日 1023/hw3.zip", "王 芳_12347", "hw3.zip"),
        ),
        id="{student}_{number}",
        beside=r"index\.html?",
    ),
    Layout(
        "sakai",
        "a Sakai download",
        r"[^/]*\((?P<student>[^()/]+)\)/"
        r"(?:(?P<feedback>(?:Feedback Attachment\(s\)|feedback[^/]*)(?:/.*)?)"
        r"|(?P<other>(?:comments|timestamp)\.txt)"
        r"|(?:Submission attachment\(s\)/)?(?P<file>.*))",
        (
            Example(
                "Lovelace, Ada(ada)/Submission attachment(s)/StyleTransfer.ipynb",
                "ada",
                "StyleTransfer.ipynb",
            ),
            Example("Lovelace, Ada(ada)/timestamp.txt", "ada"),
        ),
        by_folder=True,
        evidence=r"[^/]*\([^()/]+\)/(Submission attachment\(s\)/.*|timestamp\.txt)",
        beside=r"grades\.(csv|xls)",
    ),
    Layout(
        "gradescope",
        "a Gradescope export",
        r"(?P<student>submission_\d+)(?:/(?P<file>.*)|(?P<suffix>\.\w+))",
        (Example("submission_1234/StyleTransfer.ipynb", "submission_1234", "StyleTransfer.ipynb"),),
        by_folder=True,
        evidence=r"submission_metadata\.yml",
        beside=r"submission_metadata\.yml",
    ),
    Layout(
        "ilias",
        "an ILIAS download",
        rf"(?![^/]*{MOMENT}/)"
        r"(?:(?P<group>(?:Team|Gruppe|Group)[ _]?[^/]*)/)?(?P<student>[^/_]+_[^/_]+_[^/]+_\d+)/(?P<file>.*)",
        (
            Example(
                "Lovelace_Ada_ada_1234/StyleTransfer.ipynb", "Lovelace_Ada_ada_1234", "StyleTransfer.ipynb"
            ),
            Example("Team 7/Hopper_Grace_grace_1235/hw3.zip", "Hopper_Grace_grace_1235", "hw3.zip"),
        ),
        by_folder=True,
        evidence=rf"(?![^/]*{MOMENT}/)(?:(?:Team|Gruppe|Group)[ _]?[^/]*/)?[^/_]+_[^/_]+_[^/]+_\d{{2,}}/.*",
        beside=r"status\.(xlsx?|csv)|.*\.xlsx?",
    ),
    Layout(
        "openolat",
        "an OpenOLAT download",
        rf"(?P<student>(?!solutions?/)[^/]+)/(?:(?P<attempt>{_OLAT_TURN})/(?P<file>.*)|(?P<other>.*))",
        (
            Example(
                "lovelace_ada_ada/2_submissions/StyleTransfer.ipynb",
                "lovelace_ada_ada",
                "StyleTransfer.ipynb",
            ),
            Example("lovelace_ada_ada/4_revisions_1/hw3.zip", "lovelace_ada_ada", "hw3.zip"),
        ),
        by_folder=True,
        evidence=rf"[^/]+/{_OLAT_TURN}/.*",
        beside=r"solutions?|.*\.xlsx?",
    ),
    Layout(
        "schoology",
        "a Schoology download",
        r"(?P<student>[^/]+)/(?:(?P<attempt>Revision \d+ - [^/]*)/(?P<file>.*)|(?P<other>.*))",
        (Example("Lovelace, Ada - s486002/Revision 2 - Late/hw3.zip", "Lovelace, Ada - s486002", "hw3.zip"),),
        by_folder=True,
        evidence=r"[^/]+/Revision \d+ - [^/]*/.*",
    ),
    Layout(
        "teams",
        "student work of Microsoft Teams",
        r"(?:(?:Submitted|Working) files/)?(?P<student>(?!(?:Submitted|Working) files/)[^/]+)/"
        r"(?:[^/]+/(?:(?P<attempt>Version \d+)/)?)?(?P<file>.*)",
        (
            Example("Submitted files/Ada Lovelace/Assignment 3/Version 2/hw3.zip", "Ada Lovelace", "hw3.zip"),
            Example("Ada Lovelace/Assignment 3/Version 1/a.zip", "Ada Lovelace", "a.zip"),
        ),
        evidence=r"Submitted files/[^/]+/[^/]+/.*|[^/]+/[^/]+/Version \d+/.*",
    ),
    Layout(
        "autolab",
        "an Autolab download",
        r"(?P<student>[^/@]+@[\w.-]+?)_(?P<attempt>\d+)_(?P<file>[^/]+)",
        (
            Example("ada@school.edu_2_StyleTransfer.ipynb", "ada@school.edu", "StyleTransfer.ipynb"),
            Example("ada@school.edu_10_handin.zip", "ada@school.edu", "handin.zip"),
        ),
    ),
    Layout(
        "nbgrader-inbound",
        "nbgrader's exchange",
        r"(?P<student>[^/+]+)\+[^/+]+\+(?P<attempt>\d{4}-\d\d-\d\d \d\d.\d\d.\d\d[^/+]*)(?:\+[^/]*)?/(?P<file>.*)",
        (Example("ada+assignment3+2026-01-02 03:04:05.678901 UTC+c2hh/hw3.zip", "ada", "hw3.zip"),),
    ),
)

# Told by a moment or an attempt's number in every path: of platforms that are not known by more.
BY_ATTEMPT = (
    Layout(
        "dated",
        "a download with the moment in each name",
        rf"{_NAME}{_ZONED}{_BEHIND}",
        (
            Example("2021001_王芳_20260102030405_Style.ipynb", "2021001_王芳", "Style.ipynb"),
            Example("Ada Lovelace - 2026-01-02T03_04_05.zip", "Ada Lovelace"),
            Example("ada-2026-01-02-03-04-05/a/Style.ipynb", "ada", "a/Style.ipynb"),
        ),
    ),
    Layout(
        "dated-first",
        "a download with the moment before each name",
        rf"{_ZONED}[ _-]+(?P<student>[^/]+?)(?:/(?P<file>.*)|(?P<suffix>(?:\.[A-Za-z]\w*)+))",
        (
            Example("2026-01-02T03_04 - Ada Lovelace/Style.ipynb", "Ada Lovelace", "Style.ipynb"),
            Example("20260102030405_2021001_王芳.zip", "2021001_王芳"),
        ),
    ),
    Layout(
        "numbered",
        "a download with the number of the attempt in each name",
        rf"{_NAME}(?P<attempt>(?i:submission|attempt|versuch)[ _-]?\d{{1,4}}|第\d{{1,4}}次(?:提交)?){_BEHIND}",
        (
            Example("Ada Lovelace_Submission_2/Style.ipynb", "Ada Lovelace", "Style.ipynb"),
            Example("2021001-王芳-第2次提交.zip", "2021001-王芳"),
        ),
    ),
)

# Told by what students call their files: only where no platform has named them.
BY_NAME = (
    Layout(
        "google",
        "files of Google Classroom, Forms or Drive",
        r"(?:Copy of |Kopie von )?(?P<student>[^/]+?) - (?:Copy of |Kopie von )?(?P<file>[^/]*{notebook}[^/]*)",
        (
            Example("Ada Lovelace - StyleTransfer.ipynb", "Ada Lovelace"),
            Example("Ada Lovelace - Copy of StyleTransfer.ipynb", "Ada Lovelace"),
        ),
    ),
    Layout(
        "notebook-name",
        "files called after notebook and student",
        r"(?P<file>{notebook})[ _.-]+(?P<student>[^/]*?)(?P<suffix>\.[A-Za-z][^/]*)",
        (
            Example("StyleTransfer_ada.ipynb", "ada"),
            Example("Style Transfer - Ada Lovelace.ipynb", "Ada Lovelace"),
        ),
    ),
    Layout(
        "name-notebook",
        "files called after student and notebook",
        r"(?P<student>[^/]+?)[ _.-]+(?P<file>{notebook}[^/]*)",
        (
            Example("ada_StyleTransfer.ipynb", "ada"),
            Example("ada.lovelace-NetworkVisualization(1).ipynb", "ada.lovelace"),
        ),
    ),
)

# Told by folders and files alone; GitHub Classroom's folders are called after assignment and student.
PLAIN = (
    Layout(
        "nbgrader",
        "nbgrader's folder of submissions",
        r"(?P<student>[^/]+)/(?P<assignment>[^/]+)/(?P<file>.*)",
        (Example("ada/assignment3/StyleTransfer.ipynb", "ada", "StyleTransfer.ipynb"),),
    ),
    Layout(
        "github-classroom",
        "a folder of GitHub Classroom",
        r"(?P<student>[^/]+)/(?P<file>.*)",
        (Example("assignment3-ada/StyleTransfer.ipynb", "assignment3-ada", "StyleTransfer.ipynb"),),
    ),
    Layout(
        "folders",
        "a folder of students",
        r"(?P<student>[^/]+)/(?P<file>.*)",
        (Example("ada/StyleTransfer.ipynb", "ada", "StyleTransfer.ipynb"),),
    ),
    Layout(
        "files",
        "a file for each student",
        r"(?P<student>[^/]+?)(?P<suffix>(?:\.[A-Za-z][A-Za-z0-9]*)+)",
        (Example("ada.zip", "ada"), Example("ada.tar.gz", "ada"), Example("ada.ipynb.txt", "ada")),
    ),
)
LAYOUTS = (*PLATFORMS, *BY_ATTEMPT, *BY_NAME, *PLAIN)
