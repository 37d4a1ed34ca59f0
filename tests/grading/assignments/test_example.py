"""A cell of examples may be written as another with a text replaced."""

from pathlib import Path

import pytest

from grading.assignments.vocabulary.example import cells_in

TWO = """\
# %% tv-mean: the mean
a = img
b = a.mean()

# %% tv-sum: the sum
# as "the mean", with
#     {} => b = a.sum()
"""


def test_a_cell_may_be_another_with_a_text_replaced(tmp_path: Path) -> None:
    path = tmp_path / "tv_loss.py"
    path.write_text(TWO.format("b = a.mean()"))
    assert cells_in(path) == [
        ("tv-mean: the mean", "a = img\nb = a.mean()"),
        ("tv-sum: the sum", "a = img\nb = a.sum()"),
    ]


def test_a_cell_may_be_another_with_other_lines(tmp_path: Path) -> None:
    path = tmp_path / "tv_loss.py"
    loop = "for a in img:\n    b += a\n    b /= 2"
    path.write_text(
        f'# %% sum: half\n{loop}\n\n# %% max: all\n# as "half", from "b +=" to "/= 2"\n    b = a\n'
    )
    assert cells_in(path) == [("sum: half", loop), ("max: all", "for a in img:\n    b = a")]


@pytest.mark.parametrize("text", ["a.max()", "a"])
def test_what_is_replaced_stands_exactly_once_in_the_other(text: str, tmp_path: Path) -> None:
    path = tmp_path / "tv_loss.py"
    path.write_text(TWO.format(text))
    with pytest.raises(ValueError, match="expected once"):
        cells_in(path)
