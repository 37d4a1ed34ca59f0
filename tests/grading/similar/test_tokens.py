"""Tokens leave out what a student can change without work: names, literals, comments, spaces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.similar.fingerprints import RUN, WINDOW, runs, winnowed
from grading.similar.tokens import read

ONE = '''
def tv_loss(img, tv_weight):
    """Roughness."""
    down = img[:, :, 1:] - img[:, :, :-1]  # vertical
    return tv_weight * down.pow(2).sum(dim=(1, 2))
'''


def code(source: str) -> list[str]:
    return [token.text for token in read(source).code]


def test_other_names_numbers_comments_and_spaces_are_the_same_code() -> None:
    other = re.sub(r"\bdown\b", "d", ONE).replace("img", "x").replace("1:", "7:").replace("  # vertical", "")
    assert code(other.replace(" - ", "-").replace('    """Roughness."""\n', "\n\n")) == code(ONE)


@pytest.mark.parametrize(("old", "new"), [("pow(2)", "square()"), ("dim=", "axis="), (" - ", " + ")])
def test_what_a_library_offers_and_operators_are_told_apart(old: str, new: str) -> None:
    assert code(ONE.replace(old, new)) != code(ONE)


def test_a_function_of_ones_own_may_have_any_name() -> None:
    one = "def half(a):\n    return a / 2\nb = half(c)\n"
    assert code(one.replace("half", "f")) == code(one)
    assert code("b = half(c)\n") != code("b = third(c)\n")


def test_a_parameter_may_have_any_name_also_where_it_is_called() -> None:
    one = "def saliency(X, *, model=None):\n    return model(X).max()\n"
    assert code(one.replace("model", "net")) == code(one)
    assert code(one.replace("max", "sum")) != code(one)


def test_comments_and_empty_lines_around_the_code_are_no_part_of_it() -> None:
    assert code("# mine\n\n" + ONE + "    # end\n\n# of it\n") == code(ONE)


def test_names_and_words_are_kept_with_their_lines() -> None:
    reading = read(ONE)
    assert [(token.text, token.line) for token in reading.words] == [("roughness", 2), ("vertical", 3)]
    assert ("down", 3) in [(token.text, token.line) for token in reading.names]


@given(st.text(alphabet="ab ='\"#\\\n()[].1:", max_size=200))
def test_any_text_is_read_with_lines_that_it_has(source: str) -> None:
    reading = read(source)
    last = source.count("\n")
    assert all(0 <= token.line <= last for token in (*reading.code, *reading.names, *reading.words))


passages = st.lists(st.sampled_from("abcdefgh"), min_size=RUN + WINDOW - 1, max_size=30)
around = st.lists(st.sampled_from("xyzabc"), max_size=30)


@given(passages, around, around, around, around)
def test_a_common_passage_always_gives_a_common_fingerprint(passage, before, after, before2, after2) -> None:
    def kept(tokens):
        hashes = runs(tokens)
        return {hashes[place] for place in winnowed(hashes)}

    assert kept(before + passage + after) & kept(before2 + passage + after2)
