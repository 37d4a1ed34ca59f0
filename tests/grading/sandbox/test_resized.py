"""Text written for images of one size: which of its numbers are replaced for another."""

from __future__ import annotations

import ast

import pytest

from grading.sandbox.inside.resized import names_size, resized


@pytest.mark.parametrize(
    ("text", "smaller"),
    [
        ("torch.zeros(1, 3, 224, 224)", "torch.zeros(1, 3, 32, 48)"),
        ("np.zeros((224, 224, 3))", "np.zeros((32, 48, 3))"),
        ("x[:, :, :224, :224] = 3 * 224 * 224", "x[:, :, :32, :48] = 3 * 32 * 48"),
        ("x.view(1, 150528); y.view(3, 50176)", "x.view(1, 4608)\ny.view(3, 1536)"),
        ("f(g(224, 224), 224, 224)", "f(g(32, 48), 32, 48)"),
        ("for row in range(224):\n    a = 224.0", "for row in range(32):\n    a = 224.0"),
        ("'224' + str(2240)", "'224' + str(2240)"),
    ],
)
def test_the_numbers_of_a_size_are_those_of_another(text: str, smaller: str) -> None:
    tree = resized((224, 224), (32, 48))(ast.parse(text))
    assert ast.unparse(tree) == smaller


def test_height_and_width_are_told_apart_where_they_differ() -> None:
    tree = resized((192, 256), (32, 48))(ast.parse("f(256, 192, 224)"))
    assert ast.unparse(tree) == "f(48, 32, 224)"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("X = torch.zeros(1, 3, 224, 224)", True),
        ("x.view(1, 150528)", True),
        ('"""X: (1, 3, 224, 224)"""\nx = 224.0 + 2240', False),
        ("x = (224", False),
    ],
)
def test_only_code_that_holds_a_size_is_of_that_size(text: str, named: bool) -> None:
    assert names_size(["y = 1", text], (224, 224)) is named
