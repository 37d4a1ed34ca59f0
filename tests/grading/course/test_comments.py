"""A comment is written once: it reaches whom it concerns, counts in a fixed order, and names what it cannot find."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.assignments.registry import rubric
from grading.course.comments import check_groups, with_groups
from grading.course.course_toml import check_students, for_students, policies_of
from grading.course.diff import compare
from grading.course.policies import Grade, decisions, grade_of, read_policies, write_policies
from grading.course.settings import Comment, Override, Policies
from grading.errors import KitError
from grading.results.definition import CheckResult, Diagnosis, FunctionResult, Grader, Result
from grading.results.files import result_bytes
from grading.results.groups import Group

GRADER = Grader(version="1", code="sha256:1111", seed="sha256:0000", isolation="bubblewrap")
TV = "tv-border-dropped"
GROUP = Comment("as five others", -2, group="tv_loss-3", function="tv_loss", students=("ada", "alan"))


def function(name: str, score: float, *mistakes: str) -> FunctionResult:
    checks = (
        CheckResult("a", "A", "pass", score, score, ""),
        CheckResult("b", "B", "fail", 0, 10 - score, ""),
    )
    diagnosis = Diagnosis("+".join(mistakes), mistakes, "Known", "Look.") if mistakes else None
    return FunctionResult(name, name, "StyleTransfer", "S.ipynb", "partial", score, 10, (), diagnosis, checks)


def result(student: str = "ada") -> Result:
    """Of 10 points each: gram_matrix has 9, tv_loss 1, with two mistakes."""
    functions = (function("gram_matrix", 9), function("tv_loss", 1, TV, "tv-mean"))
    return Result(student, "assignment3", GRADER, 10, 20, (), functions)


def graded(*comments: Comment, student: str = "ada", **policies: object) -> Grade:
    return grade_of(result(student), Policies(comments=comments, **policies))  # type: ignore[arg-type]


def tv(grade: Grade) -> tuple[float, tuple[str, ...]]:
    return grade.functions[1].score, grade.functions[1].reasons


@pytest.mark.parametrize("mistake", [TV, "tv-mean", f"{TV}+tv-mean"])
def test_a_mistake_is_commented_on_in_whatever_function_it_was_made(mistake: str) -> None:
    grade = graded(Comment("look at H = 3", 2, mistake=mistake))
    assert tv(grade) == (3, ("comment (+2 points): look at H = 3",))
    assert (grade.score, grade.functions[0].reasons, grade.changed) == (12, (), True)
    assert not graded(Comment("x", 2, mistake=mistake, function="gram_matrix")).functions[1].reasons


def test_a_group_and_a_student_are_commented_on_in_one_function() -> None:
    one = Comment("well named", function="gram_matrix", students=("ada",))
    grade = graded(GROUP, one)
    assert [f.reasons for f in grade.functions] == [
        ("comment: well named",),
        ("comment (-1 points): as five others",),
    ]
    assert not graded(GROUP, one, student="grace").changed


def test_a_comment_without_points_changes_none_and_is_said() -> None:
    grade = graded(Comment("see week 3", mistake=TV))
    assert (grade.score, grade.changed, grade.functions[1].reasons) == (10, False, ("comment: see week 3",))


def test_points_of_comments_add_up_and_stay_within_the_function() -> None:
    """One point is there: the first comment takes it, the second finds none, the third gives all."""
    comments = [Comment(text, points, mistake=TV) for text, points in (("a", -5), ("b", -5), ("c", 25))]
    assert tv(graded(*comments)) == (
        10,
        ("comment (-1 points): a", "comment: b", "comment (+10 points): c"),
    )


def test_what_a_comment_gives_comes_after_points_and_before_lateness_and_what_is_graded_by_hand() -> None:
    comment = Comment("a", 2, mistake=TV)
    assert tv(graded(comment, points={"tv_loss": 20})) == (
        4,
        ("counts 20 points instead of 10", "comment (+2 points): a"),
    )
    assert tv(graded(comment, drop=("tv_loss",))) == (0, ("dropped: it counts for nobody", "comment: a"))
    by_hand = Override("ada", 5, "oral exam", "tv_loss")
    assert tv(graded(comment, overrides=(by_hand,))) == (5, ("set to 5 by hand: oral exam", "comment: a"))
    whole = graded(comment, overrides=(Override("ada", 7, "agreed"),))
    assert (whole.score, tv(whole)) == (7, (3, ("comment (+2 points): a",)))


def test_comments_are_stored_beside_the_results_and_said_once_for_the_class(tmp_path: Path) -> None:
    policies = Policies(comments=(GROUP, Comment("好\ntwo lines", mistake=TV)))
    write_policies(tmp_path, policies)
    assert read_policies(tmp_path) == policies
    assert list(decisions(policies)) == [
        "tv_loss-3: comment (-2 points): as five others",
        f"{TV}: comment: 好\ntwo lines",
    ]
    write_policies(tmp_path, Policies())
    assert not read_policies(tmp_path)


def test_the_difference_of_two_gradings_names_who_gets_a_comment_and_who_loses_one(tmp_path: Path) -> None:
    for name, comment in (("old", Comment("see week 3", mistake=TV)), ("new", GROUP)):
        (tmp_path / name / "results").mkdir(parents=True)
        for student in ("ada", "grace"):
            (tmp_path / name / "results" / f"{student}.json").write_bytes(result_bytes(result(student)))
        write_policies(tmp_path / name, Policies(comments=(comment,)))
    changes = {
        s.student: (s.difference, s.functions[0].why)
        for s in compare(tmp_path / "old", tmp_path / "new").students
    }
    assert changes == {
        "ada": (-1, ("comment (-1 points): as five others", "no longer: comment: see week 3")),
        "grace": (0, ("no longer: comment: see week 3",)),
    }  # fmt: skip


def read(folder: Path, text: str) -> Policies:
    file = folder / "course.toml"
    file.write_text(f'seed = "s"\n{text}', encoding="utf-8")
    return policies_of(file, rubric(), rubric("lecture"))


def test_the_documented_comments_are_understood(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "instructors.md").read_text(encoding="utf-8")
    (block,) = [
        part.partition("```")[0] for part in page.split("```toml\n") if part.startswith("[[comment]]")
    ]
    mistake, group, one = read(tmp_path, block).comments
    assert (mistake.mistake, mistake.points, mistake.function) == (TV, 0, "")
    assert (group.group, group.function, group.points) == ("gram_matrix-2", "gram_matrix", -1)
    assert len(group.text.splitlines()) == 2
    assert (one.students, one.function) == (("ada",), "style_loss")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("text = 'x'", r"comment 1 must name one of mistake, group, student; got none of them"),
        ("mistake = 'x'\ngroup = 'y'\ntext = 'x'", r"got mistake and group"),
        (f"mistake = '{TV}'", r"comment 1\.text must be a text in quotes, got nothing"),
        (f"mistake = '{TV}'\ntext = 'x'\nscore = 1", r"comment 1\.score is an unknown key"),
        ("mistake = 'tv-border-droped'\ntext = 'x'", rf"unknown mistake, 'tv-border-droped'; did you mean '{TV}'"),
        (f"mistake = '{TV}+nothing'\ntext = 'x'", r"unknown mistake, 'nothing'"),
        (f"mistake = '{TV}'\nfunction = 'gram_matrix'\ntext = 'x'", rf"unknown mistake, '{TV}'"),
        ("group = 'tv_los-1'\ntext = 'x'", r"comment 1\.group must be .* 'tv_los-1'; did you mean 'tv_loss-1'"),
        ("group = 'tv_loss'\ntext = 'x'", r"comment 1\.group must be a function, - and a number"),
        ("student = 'ada'\ntext = 'x'", r"comment 1\.function must be a text in quotes, got nothing"),
        ("student = 'ada'\nfunction = 'tv_los'\ntext = 'x'", r"unknown function, 'tv_los'; did you mean 'tv_loss'"),
        ("group = 'tv_loss-1'\ntext = 'x'\npoints = -11", r"comment 1\.points must be between -10 and 10, got -11"),
        ("group = 'tv_loss-1'\ntext = 'x'\npoints = nan", r"comment 1\.points must be between -10 and 10, got nan"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_its_key(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(KitError, match=rf"course\.toml: .*{words}"):
        read(tmp_path, f"[[comment]]\n{text}\n")


def test_points_on_what_counts_for_nobody_are_refused(tmp_path: Path) -> None:
    dropped = f'drop = ["tv_loss"]\n[[comment]]\nmistake = "{TV}"\ntext = "x"\n'
    assert read(tmp_path, dropped).comments
    with pytest.raises(KitError, match=r"comment 1\.points would be of a function that counts nothing"):
        read(tmp_path, f"{dropped}points = 1")


def test_what_is_another_assignments_is_known_and_not_commented_on_here(tmp_path: Path) -> None:
    (name, *_) = (asked.name for asked in rubric("lecture"))
    assert not read(tmp_path, f"[[comment]]\ngroup = '{name}-1'\ntext = 'x'").comments


def test_students_are_known_whatever_the_case_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    policies = read(tmp_path, "[[comment]]\nstudent = 'ADA'\nfunction = 'tv_loss'\ntext = 'x'")
    assert for_students(policies, {"ada"}).comments[0].students == ("ada",)
    check_students(Path("course.toml"), policies, {"ada"})
    with pytest.raises(KitError, match=r"comment names an unknown student, 'ADA'; "):
        check_students(Path("course.toml"), policies, {"grace"})


def test_a_group_is_whoever_is_in_it_now_and_an_unknown_one_is_refused_with_the_nearest(
    tmp_path: Path,
) -> None:
    groups = (Group("tv_loss-3", "tv_loss", ("grace",)), Group("gram_matrix-1", "gram_matrix", ("ada",)))
    assert with_groups(Policies(comments=(GROUP,)), groups).comments[0].students == ("grace",)
    assert with_groups(Policies(comments=(GROUP,)), ()).comments[0].students == ()
    check_groups(Path("course.toml"), [GROUP], groups, tmp_path)
    with pytest.raises(KitError, match="unknown group, 'tv_loss-3'; did you mean 'tv_loss-2'"):
        check_groups(Path("course.toml"), [GROUP], [Group("tv_loss-2", "tv_loss", ("ada",))], tmp_path)
    with pytest.raises(
        KitError, match=r"has no groups yet: grade without the comment first, or copy groups\.json"
    ):
        check_groups(Path("course.toml"), [GROUP], (), tmp_path)
