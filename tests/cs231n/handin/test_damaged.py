"""Claims about damaged notebooks: what is whole is read, what is not is said, and nothing else is believed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs231n.handin import notebook as notebooks
from cs231n.handin.cells import CELL_SIZE_LIMIT, CODE_LIMIT, read_cells
from cs231n.handin.conflicts import conflicts_in, sides
from cs231n.handin.decode import decode
from cs231n.handin.errors import UnreadableError

TV = "def tv_loss(img, w):\n    return w * img.sum()  # 总变差, é\n"
GRAM = 'def gram_matrix(x):\n    return "{[,]}\\\\" + x\n'


def code(source: object, kind: str = "code", **metadata: object) -> dict[str, object]:
    return {"cell_type": kind, "metadata": metadata, "outputs": [], "source": source}


def notebook(*cells: object) -> str:
    written = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return json.dumps(
        {"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1, ensure_ascii=False
    )


def read(text: str, *asked: str) -> tuple[list[str], list[str]]:
    document = read_cells(text.encode(), "Style.ipynb", asked)
    return [cell.source for cell in document.cells], list(map(str, document.notes))


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
without_surrogates = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.sampled_from(ENCODINGS), without_surrogates)
def test_a_notebook_is_the_same_in_every_encoding(encoding: str, text: str) -> None:
    raw = notebook(f"x = {text!r}", TV).encode(encoding)
    assert [cell.source for cell in read_cells(raw, "Style.ipynb").cells] == [f"x = {text!r}", TV]


@given(st.sampled_from(ENCODINGS), without_surrogates)
def test_a_script_is_the_same_in_every_encoding(encoding: str, text: str) -> None:
    source = f"# {text!a}\nx = {text!r}\n"
    assert decode(source.encode(encoding), source=True) == source


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "gbk", "shift_jis", "koi8-r"])
def test_code_outlives_an_encoding_that_nobody_named(encoding: str) -> None:
    comment = {"latin-1": "é", "cp1252": "“", "koi8-r": "тест"}.get(encoding, "表示总")
    comment = comment.encode(encoding, "ignore").decode(encoding)
    text = notebook(f"x = 1  # {comment}\ny = '{comment}'\nz = 3", TV.replace("总变差, é", "")).encode(
        encoding
    )
    (first, second) = read_cells(text, "Style.ipynb").cells
    assert first.source.startswith("x = 1  # ")
    assert first.source.endswith("\nz = 3")
    assert second.source.startswith("def tv_loss")


@given(st.integers(1, 10_000))
def test_a_notebook_that_is_cut_off_gives_its_whole_cells_and_a_note(length: int) -> None:
    text = notebook(*(f"x{n} = '{'}]' * n}'" for n in range(9)), GRAM).rstrip("}\n ]")
    raw = text.encode()[:length]
    if raw.count(b'"cell_type"') < 2:
        with contextlib.suppress(UnreadableError):  # perhaps the first is whole
            read_cells(raw, "Style.ipynb")
        return
    document = read_cells(raw, "Style.ipynb")
    assert "cut off" in document.notes[0]
    whole = [f"x{n} = '{'}]' * n}'" for n in range(9)] + [GRAM]
    assert [cell.source for cell in document.cells] == whole[: len(document.cells)]
    assert len(document.cells) >= raw.count(b'"cell_type"') - 1


@pytest.mark.parametrize("order", [("cell_type", "metadata"), ("metadata", "cell_type")])
def test_marks_of_nbgrader_or_an_order_of_keys_cost_no_cell_of_a_broken_notebook(
    order: tuple[str, str],
) -> None:
    marks = {"nbgrader": {"cell_type": "code", "grade_id": "tv_loss", "solution": True}, "tags": ["a"]}
    for metadata in (marks, {"trusted": True}) if order[0] == "cell_type" else ({"trusted": True}, {}):
        cells = [code(text, **metadata) for text in (TV, GRAM, "x = 1")]
        cells = [{key: cell[key] for key in (*order, "outputs", "source")} for cell in cells]
        for indent in (1, None):
            text = json.dumps({"cells": cells, "nbformat": 4}, indent=indent, ensure_ascii=False)
            sources, notes = read(text[: text.index('"x = 1')])
            assert sources == [TV, GRAM]
            assert "cut off" in notes[0]
            assert notes[1:] == ["Style.ipynb is broken in cell 3: not graded"]


def test_a_cell_that_is_broken_costs_itself_and_keeps_the_numbers_of_the_others() -> None:
    text = notebook(TV, GRAM, "x = 1").replace('"def gram', "def gram")
    document = read_cells(text.encode(), "Style.ipynb")
    assert [cell.place for cell in document.cells] == ["Style.ipynb, cell 1", "Style.ipynb, cell 3"]
    assert "its JSON is broken" in document.notes[0]
    assert document.notes[1] == "Style.ipynb is broken in cell 2: not graded"


@given(st.text(alphabet=',]}[{"\\ \n a', max_size=20))
def test_commas_too_many_are_let_pass_outside_of_strings(text: str) -> None:
    written = notebook(code([TV, text]), GRAM).replace("\n  }", ",\n  },").replace("\n ]", ",\n ]")
    with pytest.raises(json.JSONDecodeError):
        json.loads(written)
    assert read(written)[0] == [TV + text, GRAM]


def test_garbage_before_and_behind_a_notebook_is_let_pass() -> None:
    for text in (
        "Content-Type: application/json\n" + notebook(TV),
        notebook(TV) + "}\n",
        notebook(TV) + "\0" * 99,
    ):
        assert read(text)[0] == [TV]


def conflict(ours: str, theirs: str) -> str:
    return f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> 1a2b3c\n"


def test_a_merge_conflict_is_named_with_its_lines_and_a_remedy() -> None:
    lines = notebook(TV, GRAM).split("\n")
    here = next(n for n, line in enumerate(lines) if "def gram" in line)
    sources, (note,) = read(
        "\n".join([*lines[:here], conflict(lines[here], '"source": "y = 2"') + "\n".join(lines[here + 1 :])])
    )
    assert sources == [TV, "def gram_matrix <<<<<<< merge conflict"]
    assert f"Style.ipynb has a merge conflict (lines {here + 1} to {here + 5}): open it" in note
    assert "keep one side" in note


def test_a_merge_conflict_about_outputs_alone_costs_nothing() -> None:
    ours, theirs = notebook(code(TV, a=1), GRAM), notebook(code(TV, a=2), GRAM)
    assert read(conflict(ours, theirs))[0] == [TV, GRAM]


def test_of_two_sides_neither_is_believed() -> None:
    sources, _ = read(conflict(notebook(TV, GRAM), notebook(TV.replace("sum", "mean"), GRAM)))
    assert sources == ["def tv_loss <<<<<<< merge conflict", GRAM, "def tv_loss <<<<<<< merge conflict"]


STUB_KEPT = "one side of a merge conflict is a stub; the other was graded"
TV_STUB = "def tv_loss(img, w):\n    # TODO\n    loss = None\n    return loss\n"


@pytest.mark.parametrize(("ours", "theirs"), [(TV, TV_STUB), (TV_STUB, TV)])
def test_of_work_and_a_stub_the_work_is_believed(ours: str, theirs: str) -> None:
    sources, notes = read(conflict(notebook(ours, GRAM), notebook(theirs, GRAM)))
    assert sorted(sources) == sorted([TV, GRAM])
    assert notes[1:] == [f"Style.ipynb: {STUB_KEPT}"]
    (source,), notes = read(notebook(f"x = 1\n{conflict(ours, theirs)}{GRAM}"))
    assert source.split() == f"x = 1\n{TV}{GRAM}".split()
    assert source.index(GRAM) > len(TV)
    assert source.count("\n") == f"x = 1\n{conflict(ours, theirs)}{GRAM}".count("\n")
    assert notes[1:] == [f"Style.ipynb, cell 1: {STUB_KEPT}"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("    return loss", "    return loss * w"),  # what stubs hold as well, and nothing that holds a place
        ("    # half of it", "    return img / 2"),
        ("    pass", "    ..."),
    ],
)
def test_a_side_is_a_stub_only_where_something_holds_the_place_of_work(ours: str, theirs: str) -> None:
    (source,), notes = read(notebook(f"def tv_loss(img, w):\n{conflict(ours, theirs)}"))
    assert "<<<<<<< merge conflict" in source
    assert len(notes) == 1


@given(st.lists(st.tuples(*[st.lists(st.sampled_from(["a", "b", "<<", "=="]), max_size=3)] * 4), max_size=4))
def test_the_sides_of_conflicts_are_those_that_were_merged(parts: list[tuple[list[str], ...]]) -> None:
    merged, ours, theirs = [], [], []
    for both, left, base, right in parts:
        merged += [*both, "<<<<<<< HEAD", *left, "||||||| base", *base, "=======", *right, ">>>>>>> x"]
        ours += [*both, *left]
        theirs += [*both, *right]
    text = "\n".join([*merged, "end"])
    assert len(conflicts_in(text)) == len(parts)
    assert sides(text, conflicts_in(text)) == ("\n".join([*ours, "end"]), "\n".join([*theirs, "end"]))


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_cell_that_was_code_counts_as_code_with_a_note(kind: str) -> None:
    text = notebook(
        code(TV, kind), code("helper = 1", kind, nbgrader={"cell_type": "code", "solution": True}), "x = 1"
    )
    sources, notes = read(text, "tv_loss")
    assert sources == [TV, "helper = 1", "x = 1"]
    assert notes == [f"Style.ipynb, cell {n} is no longer a code cell: it was graded as code" for n in (1, 2)]
    assert [cell.kind for cell in read_cells(text.encode(), "S.ipynb", ["tv_loss"]).cells] == [
        "was code",
        "was code",
        "code",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        code("Write `def tv_loss(img, w)` below.", "markdown"),
        code(f"```python\n{TV}```", "markdown"),
        code(TV.replace("tv_loss", "tv_loss_of_mine"), "raw"),
        code("Text", "markdown", nbgrader={"cell_type": "markdown", "solution": True}),
        {"cell_type": "raw", "metadata": {}},
        {"cell_type": "raw", "metadata": {"nbgrader": []}, "source": 3},
    ],
)
def test_text_is_no_code(cell: dict[str, object]) -> None:
    assert read(notebook(cell, "x = 1"), "tv_loss") == (["x = 1"], [])


def test_a_function_that_a_code_cell_fills_is_not_looked_for_elsewhere() -> None:
    assert read(notebook(TV, code(TV.replace("sum", "mean"), "raw")), "tv_loss") == ([TV], [])


def test_of_very_many_notes_the_number_is_said() -> None:
    sources, notes = read(notebook(*[code(TV, "raw")] * 60), "tv_loss")
    assert len(sources) == 60
    assert notes[-1] == "10 more notes on Style.ipynb are left out"


def test_a_cell_of_megabytes_is_left_out_with_a_note() -> None:
    sources, notes = read(notebook("x = 1" + " " * CELL_SIZE_LIMIT, TV))
    assert sources == [TV]
    assert notes == ["Style.ipynb, cell 1 holds more than 1 MB of code: it was not graded"]


@settings(max_examples=200)
@given(
    st.text(alphabet='{}[]",:\\ \n<=>|cel_typ', max_size=60), st.sampled_from(["Style.ipynb", "a.py", "x"])
)
def test_any_text_is_read_or_named(text: str, label: str) -> None:
    for raw in (
        text.encode(),
        notebook(TV).replace("def tv", text).encode(),
        text.encode() + notebook(TV).encode(),
    ):
        with contextlib.suppress(UnreadableError):
            read_cells(raw, label, ["tv_loss"])


def looked_at(monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    """Return how many characters of a broken notebook are looked at as JSON."""
    count = 0
    first_object = notebooks._first_object

    def counted(part: str) -> object:
        nonlocal count
        count += len(part)
        return first_object(part)

    with monkeypatch.context() as context:
        context.setattr(notebooks, "_first_object", counted)
        with contextlib.suppress(UnreadableError):
            read_cells(text.encode(), "Style.ipynb")
    return count


@pytest.mark.parametrize(
    "broken",
    [
        lambda n: '{"cell_type": [' * n,
        lambda n: '{"cell_type": "code", "source": "' * n,
        lambda n: '{"cell_type": "code", "source": "x"}, ' * n,
        lambda n: '{"cells": [' + '{"a": "\\"' * n,
    ],
)
def test_of_a_broken_notebook_every_character_is_looked_at_once(
    broken: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (100, 1_600):
        assert looked_at(monkeypatch, broken(n)) <= len(broken(n))


def test_a_script_of_very_many_cells_stays_within_the_limit_on_code() -> None:
    cells = read_cells(b"x = 1\n# %%\n" * 4_000 + b"\n" * 1_000, "a.py").cells
    assert sum(len(cell.source) for cell in cells) <= 2 * CODE_LIMIT
    assert "".join(cell.source for cell in cells).count("x = 1") == 4_000
