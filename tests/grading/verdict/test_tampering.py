"""What a function's text refers to of the program that tries it is named; honest code is not."""

from pathlib import Path

import pytest

from grading import assignments
from grading.submission.selection import Piece
from grading.verdict.tampering import tampering_note, ways_of


def note(source: str) -> str:
    return tampering_note(ways_of([Piece(source, "A.ipynb, cell 1", "definition", 1)])) or ""


@pytest.mark.parametrize(
    "sign",
    [
        "torch._C.DisableTorchFunction()",
        "torch._C._DisableTorchDispatch()",
        "sys.modules['cs231n.trials.observe']",
        "import cs231n.trials.observe",
        "gc.get_objects()",
        "sys._getframe(1)",
        "from grading.sandbox.inside import child",
    ],
)
def test_what_reaches_into_the_recorder_is_named(sign: str) -> None:
    assert "it looks at or changes the program that tries it" in note(f"def tv_loss(img, w):\n    {sign}")


def test_the_right_solutions_have_no_such_note() -> None:
    paths = Path(assignments.__file__).parent.glob("*/notebook.py")
    texts = [text for path in paths if (text := path.read_text("utf-8")).startswith("# ---")]
    assert len(texts) > 2
    assert not any(map(note, texts))


def test_a_long_text_is_named_in_few_words() -> None:
    assert len(note("gc.get_objects() sys.modules " * 100_000)) < 200
