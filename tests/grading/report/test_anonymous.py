"""Anonymous pages show the verdicts, and nothing by which a student could be known."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from cs231n.sentences import sentence
from grading.course.policies import write_policies
from grading.course.settings import DEMO_SEED, Override, Policies
from grading.errors import KitError
from grading.report import pseudonyms
from grading.report.anonymous import FOLDER, write_anonymous_report
from grading.report.pages import write_report
from grading.report.pseudonyms import FILE, pseudonyms_of
from grading.report.redaction import CUT, Redaction, words_of
from grading.results.evidence import Attempt, Call, Evidence, FunctionEvidence, Piece, Raised
from grading.results.files import evidence_bytes, json_bytes, result_of
from grading.results.groups import Group, write_groups
from grading.results.sentences import recorded

# The ids of a class, and the words by which each is known.
STUDENTS = {
    "zorblaxquix": ["zorblaxquix"],
    "Wexfordina, Petronelka": ["wexfordina", "petronelka"],
    "王小明": ["王小明"],
    "Åsagunn_Müsterfrau_4711998": ["åsagunn", "müsterfrau", "4711998"],
    "vantroppe.k7": ["vantroppe"],
}
WORDS = [word for words in STUDENTS.values() for word in words]
IDIOM = "an old PyTorch idiom was translated: retain_variables"


def in_a_result(text: str) -> Any:
    """A sentence as a result's file holds it."""
    return json.loads(json_bytes({"id": text.id, "args": text.args}))  # type: ignore[attr-defined]


def submission(build: Any, student: str, other: str) -> Any:
    """A result in which the student's and another's name stand wherever a student's words, files or people can."""
    name = "/".join((student, f"{student} homework.ipynb"))
    function = build.function("tv_loss", "error", (), f"FileNotFoundError: /home/{student}/x.jpg of {other}")
    told = sentence(
        "{part0}\n{part1}",
        part0=f"ValueError: {student.upper()} or {other.split()[0]}",
        part1=sentence("({place}: `{code}`).", place=f"{name}, cell 3, line 4", code=f"load('{student}')"),
    )
    function["file"] = name
    function["checks"][0] |= {"message": str(told), "sentence": recorded(told)}
    function["notes"] = [IDIOM, f"handed in twice by {student}"]
    function["note_sentences"] = [in_a_result(sentence(IDIOM)), None]
    notes = [
        sentence(
            "handed in by the group {group}: {people}", group=f"team {student}", people=f"{student}, {other}"
        ),
        sentence(f"{name} is a notebook that was exported as HTML"),
        sentence("graded {file}", file=name),
    ]
    document = build.result(student, function, notes=tuple(str(note) for note in notes))
    document["note_sentences"] = [in_a_result(note) for note in notes]
    document["functions"][-1]["checks"][0]["sentence"] = json.loads(
        json_bytes(
            {"id": told.id, "args": {"part0": told.args["part0"], "part1": in_a_result(told.args["part1"])}}
        )  # type: ignore[arg-type]
    )
    return document


def evidence(student: str) -> Evidence:
    raised = Raised("ValueError", f"of {student}", f"{student}.ipynb, cell 3, line 4", f"load('{student}')")
    seen = Attempt(("public",), f"ended by {student}", (Call("Tensor", raised, ()),))
    text = Piece(f"{student}/{student} homework.ipynb, cell 3", 1, f"def tv_loss():\n    load('{student}')\n")
    return Evidence(student, (FunctionEvidence("tv_loss", (text,), False, (seen,)),))


@pytest.fixture
def named(build: Any, tmp_path: Path) -> Path:
    """A graded folder in which names stand everywhere."""
    out, students = tmp_path / "out", [*STUDENTS]
    documents = [
        submission(build, student, other)
        for student, other in zip(students, [*students[1:], students[0]], strict=True)
    ]
    (out / "results").mkdir(parents=True)
    (out / "evidence").mkdir()
    for document in documents:
        student = document["student"]
        (out / "results" / f"{student}.json").write_text(json.dumps(document), encoding="utf-8")
        (out / "evidence" / f"{student}.json").write_bytes(evidence_bytes(evidence(student)))
        arrays = {"yours": build.blobs(1, 9, 9, 1), "expected": build.blobs(1, 9, 9, 2)}
        build.save_pictures(out, student, "tv_loss", "map", **arrays)
    overrides = tuple(Override(student, 3, f"{student} was ill", "tv_loss") for student in STUDENTS)
    write_policies(out, Policies(points={"tv_loss": 12}, overrides=overrides))
    write_groups(out, [Group("tv_loss-1", "tv_loss", tuple(STUDENTS))])
    not_graded = {"left out": [f"{student}.zip" for student in STUDENTS]}
    (out / "run.json").write_bytes(json_bytes({"not_graded": not_graded}))
    return out


def everything(folder: Path) -> str:
    """Every name and every byte of a folder, percent-encoding undone, in lower case."""
    return "\n".join(
        f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}" if path.is_file() else str(path)
        for path in sorted(folder.rglob("*"))
    ).casefold()


def test_nothing_in_the_anonymous_folder_leads_to_a_student(named: Path) -> None:
    write_report(named)
    shown = everything(named / "report")
    pages = write_anonymous_report(named, DEMO_SEED).parent
    assert pages == named / FOLDER
    leaked = everything(pages).replace(str(named).casefold(), "")
    for word in WORDS:
        assert word in shown  # or this test could not fail
        assert word not in leaked
        assert quote(word).casefold() not in leaked
    assert not (named / ".anonymous").exists()


def test_the_verdicts_are_all_there(named: Path) -> None:
    pages = write_anonymous_report(named, DEMO_SEED).parent
    students = [path for path in pages.glob("*.html") if path.name != "index.html"]
    assert len(students) == len(STUDENTS)
    page = students[0].read_text()
    assert "<img" in page
    assert IDIOM in page
    assert "Found in <code>file1.ipynb</code>." in page
    assert "Found in <code>NetworkVisualization.ipynb</code>." in page
    assert "file1.ipynb, cell 3, line 4" in page
    assert "graded file1.ipynb" in page
    assert f"handed in by the group {CUT}: {CUT}" in page
    assert "a note that may tell whose this is: left out" in page
    index = (pages / "index.html").read_text()
    assert "<code>tv_loss</code> counts 12 points" in index
    assert "was ill" not in index
    of_function = (pages / "functions" / "tv_loss.html").read_text()
    assert all(path.stem in of_function for path in students)


def test_students_stand_in_the_order_of_their_pseudonyms_and_so_do_the_times_of_their_pages(
    named: Path,
) -> None:
    index = write_anonymous_report(named, DEMO_SEED)
    listed = re.findall(r'href="./(student-[\d-]+\.html)"><bdi>', index.read_text())
    table = listed[-len(STUDENTS) :]
    assert table == sorted(table)
    times = [(index.parent / name).stat().st_mtime_ns for name in table]
    assert times == sorted(times)


def test_named_pages_stay_as_they_are(named: Path) -> None:
    write_report(named)
    before = {path: path.read_bytes() for path in named.rglob("*") if path.is_file()}
    write_anonymous_report(named, DEMO_SEED)
    assert all(path.read_bytes() == content for path, content in before.items())


def test_who_is_who_lies_in_a_private_file(named: Path) -> None:
    write_anonymous_report(named, DEMO_SEED)
    key = named / FILE
    assert key.stat().st_mode & 0o777 == 0o600
    who = json.loads(key.read_bytes())["students"]
    assert {*who.values()} == {*STUDENTS}
    assert {f"{name}.html" for name in who} | {"index.html"} == {
        path.name for path in (named / FOLDER).glob("*.html")
    }


def test_a_student_has_one_pseudonym_in_every_run_and_in_all_folders_of_a_course(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    first = pseudonyms_of(tmp_path / "a", ["ada", "grace"], "the seed")
    assert pseudonyms_of(tmp_path / "a", ["grace", "alan", "Ada"], "another") | {} == {
        "Ada": first["ada"],
        "grace": first["grace"],
        "alan": pseudonyms_of(tmp_path / "b", ["alan"], "the seed")["alan"],
    }
    assert pseudonyms_of(tmp_path / "b", ["ada"], "the seed")["ada"] == first["ada"]


def test_pseudonyms_cannot_be_computed_from_the_public_seed(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    found = [pseudonyms_of(tmp_path / name, ["ada"], DEMO_SEED)["ada"] for name in "ab"]
    assert found[0] != found[1]


def test_no_two_students_share_a_pseudonym(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudonyms, "_DIGITS", 1)
    students = [f"student {i}" for i in range(60)]
    found = pseudonyms_of(tmp_path, students, DEMO_SEED)
    assert len({*found.values()}) == 60
    assert pseudonyms_of(tmp_path, students, DEMO_SEED) == found


def test_a_broken_key_is_named_and_nothing_is_written(named: Path) -> None:
    (named / FILE).write_text("{")
    with pytest.raises(KitError, match=r"pseudonyms\.json cannot be read.*restore it, or remove it"):
        write_anonymous_report(named, DEMO_SEED)
    assert not (named / FOLDER).exists()


def test_the_page_of_a_student_who_is_gone_goes(named: Path) -> None:
    write_anonymous_report(named, DEMO_SEED)
    (named / "results" / "zorblaxquix.json").unlink()
    pages = write_anonymous_report(named, DEMO_SEED).parent
    assert len([*pages.glob("*.html")]) == len(STUDENTS)


def test_what_the_grader_failed_on_is_not_graded_under_a_pseudonym_either(build: Any) -> None:
    note = "not graded, by a fault of the grader (of zorblaxquix)"
    result = result_of(build.result("zorblaxquix", notes=(note,)))
    redacted = Redaction("zorblaxquix", "student-1", words_of(["zorblaxquix"])).result(result)
    assert not redacted.graded
    assert redacted.notes == ("not graded, by a fault of the grader",)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("ada.ipynb, cell 4, line 2", "file1.ipynb, cell 4, line 2"),
        ("ada, cell 4, b.ipynb, cell 2", "file1.ipynb, cell 2"),
        ("ada/work.py (submitted), line 7", "file1.py (submitted), line 7"),
        ("ada.zip/a.ada", "file1"),
    ],
)
def test_a_place_keeps_its_cell_and_line(place: str, shown: str) -> None:
    piece = Piece(place, 1, "x = 1")
    whole = Evidence("ada", (FunctionEvidence("tv_loss", (piece,), False, ()),))
    redacted = Redaction("ada", "student-1", words_of(["ada"])).evidence(whole)
    assert redacted.functions[0].text[0].place == shown


def test_code_stays_but_for_the_id(build: Any) -> None:
    source = "def f(grace):\n    return grace, 'lovelace77', '# ada'\n"
    whole = Evidence("Lovelace77", (FunctionEvidence("f", (Piece("a.py", 1, source),), False, ()),))
    words = words_of(["Lovelace77", "grace", "ada"])
    piece = Redaction("Lovelace77", "student-1", words).evidence(whole).functions[0].text[0]
    assert piece.source == source.replace("lovelace77", CUT)


def test_files_that_are_called_as_parts_of_new_names_do_not_make_a_text_grow() -> None:
    # code may be compiled under any name: "/i" is shown as "i, line 1"
    names = [*"file0123456789"]
    calls = tuple(
        Call("Tensor", Raised("ValueError", "i" * 400, f"{name}, line 1", ""), ()) for name in names
    )
    text = Evidence("ada", (FunctionEvidence("tv_loss", (), False, (Attempt(("public",), "", calls),)),))
    redaction = Redaction("ada", "student-1", words_of(["ada"]))
    redaction.evidence(text)
    (function,) = redaction.evidence(text).functions
    assert {call.raised.message for call in function.observed[0].calls if call.raised} == {"file2" * 400}
