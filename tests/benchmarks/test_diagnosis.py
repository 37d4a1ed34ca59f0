"""Mistakes that others make are called by the names of ours."""

import io

import pytest
from rich.console import Console

from benchmarks import diagnosis
from benchmarks.diagnosis import PAIRS, Told, Wrong, diagnosed, examples, run, without_example
from grading.assignments.registry import all_functions

SAMPLE = (
    "the logarithm of the score",
    "accumulated, on the original",
    "as a decay of the new image",
    "half the mean",
    "view where two axes should be exchanged",
    "(C, C), detached",
    "the first, no weight",
)


def test_every_mistake_has_an_example_written_by_hand() -> None:
    assert without_example(examples()) == set()
    assert sum(wrong.is_pair for wrong in examples()) >= PAIRS


def test_every_function_has_examples_and_each_a_title_of_its_own() -> None:
    titles = [(wrong.function, wrong.title) for wrong in examples()]
    assert len(set(titles)) == len(titles)
    assert {function for function, _ in titles} == {asked.name for asked in all_functions()}


def test_an_example_may_say_that_two_mistakes_do_what_one_does() -> None:
    twice = next(wrong for wrong in examples() if wrong.title == "rows twice, halved, are rows")
    assert twice.ids == ("tv-wrong-axis", "tv-half")
    assert twice.called == ("tv-one-direction",)


@pytest.mark.long
def test_a_sample_is_called_by_its_names() -> None:
    chosen = [wrong for wrong in examples() if wrong.title in SAMPLE]
    assert len(chosen) == len(SAMPLE)
    wrong_names = {told.wrong.title: told.parts for told in diagnosed(chosen) if told.outcome != "right"}
    assert wrong_names == {}


def test_a_mistake_that_is_called_otherwise_is_told_and_fails_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = Wrong("tv_loss", ("tv-mean",), ("tv-mean",), "no mean at all", "")
    monkeypatch.setattr(diagnosis, "examples", lambda: [odd])
    monkeypatch.setattr(diagnosis, "diagnosed", lambda chosen, _: [Told(odd, ("tv-half",))])
    text = io.StringIO()
    assert not run(Console(file=text, width=120), only="wrong")
    assert "tv_loss, no mean at all: tv-mean is called tv-half" in text.getvalue()
    assert "without an example: " in text.getvalue()


@pytest.mark.parametrize(
    ("label", "parts", "observed", "outcome"),
    [
        (("a", "b"), ("b", "a"), False, "right"),
        (("a", "b"), ("a",), False, "partly"),
        (("a",), ("a", "b"), False, "partly"),
        (("a", "b"), ("a", "c"), False, "wrong"),
        (("a",), (), False, "nothing"),
        (("a",), ("observed-factor",), True, "observed"),
        (("?",), (), False, "nothing"),
        (("?",), ("a",), False, "wrong"),
        (("?",), ("observed-factor",), True, "observed"),
        (("?", "a"), ("a",), False, "partly"),
        (("?", "a"), ("b",), False, "wrong"),
    ],
)
def test_a_name_that_contradicts_the_heading_is_wrong_and_a_part_of_it_is_partly_right(
    label: tuple[str, ...], parts: tuple[str, ...], observed: bool, outcome: str
) -> None:
    assert Told(Wrong("tv_loss", label, label, "", ""), parts, observed).outcome == outcome


@pytest.mark.long
def test_mistakes_and_pairs_are_named_right() -> None:
    text = io.StringIO()
    assert run(Console(file=text, width=120)), text.getvalue()
