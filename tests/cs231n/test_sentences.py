"""A sentence is a text that knows its template and its arguments, and both give it back."""

import pickle

import numpy as np
import pytest

from cs231n.sentences import Sentence, as_sentence, filled, joined, sentence

EXAMPLES = [
    (sentence("not filled in"), "not filled in"),
    (sentence("it has {x}", x="{y}"), "it has {y}"),
    (sentence("braces {stay} without arguments"), "braces {stay} without arguments"),
    (sentence("error {error:.2g}", error=np.float32(0.12345)), "error 0.12"),
    (sentence("error {error:.2g}", error=123456.0), "error 1.2e+05"),
    (sentence("total loss {loss:,.0f}", loss=121602.7), "total loss 121,603"),
    (sentence("error {error:.2g}", error=float("nan")), "error nan"),
    (
        sentence("{count} images of shape {shape}", count=np.int64(3), shape=(1, 2)),
        "3 images of shape (1, 2)",
    ),
    (sentence("no points: {reason}", reason=sentence("{what} is odd", what="it")), "no points: it is odd"),
    (joined([sentence("one {n}", n=1), "two {n}"], "; "), "one 1; two {n}"),
]


@pytest.mark.parametrize(("made", "text"), EXAMPLES, ids=[text for _, text in EXAMPLES])
def test_template_and_arguments_give_the_text(made: Sentence, text: str) -> None:
    assert made == text
    assert filled(made.id, made.args) == text


def test_numbers_are_stored_as_exactly_as_they_are_shown() -> None:
    one, other = (sentence("error {error:.2g}", error=error) for error in (0.12341, 0.12349))
    assert one.args == other.args == {"error": 0.12}


def test_a_template_without_its_argument_is_an_error() -> None:
    with pytest.raises(KeyError):
        sentence("{length} of {width}", length=1)


def test_a_sentence_stays_one_when_it_is_pickled_or_stands_alone() -> None:
    made = sentence("row {number}", number=2)
    assert joined([made], "; ") is as_sentence(made) is made
    again = pickle.loads(pickle.dumps(made))
    assert (again, again.id, again.args) == (made, made.id, made.args)
