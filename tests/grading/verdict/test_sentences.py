"""Every sentence of a result stands beside its text, and gives it back."""

import json
from collections.abc import Iterator

import pytest

from cs231n.sentences import sentence
from grading.results.definition import Result, Sentence
from grading.results.files import result_bytes, result_of
from grading.results.sentences import recorded, text_of
from grading.sandbox import Limits, Sandbox
from grading.submission.handed_in import Submission
from grading.verdict.grade import grade
from grading.verdict.questions import read_here

from ..conftest import HandIn

ONE_OF_EACH = {
    "compute_saliency_maps": "return torch.zeros(1)",
    "make_fooling_image": None,
    "class_visualization_update_step": "pass",
    "content_loss": "return content_weight * ((content_current - content_original) ** 2).mean() / 3.0",
    "gram_matrix": "return features @ rows",
    "style_loss": "while True: total = 0",
    "tv_loss": "return img.sum(",
}


def texts(result: Result) -> Iterator[tuple[str, Sentence | None]]:
    yield from zip(result.notes, result.note_sentences, strict=True)
    for function in result.functions:
        yield from zip(function.notes, function.note_sentences, strict=True)
        yield from ((check.message, check.sentence) for check in function.checks)
        if function.diagnosis:
            yield function.diagnosis.title, function.diagnosis.title_sentence
            yield function.diagnosis.hint, function.diagnosis.hint_sentence


def test_every_text_of_a_graded_submission_has_a_sentence_that_gives_it_back(
    hand_in: HandIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "limits", Limits(call_cpu_seconds=0.5))
    result = grade(read_here(Submission("grace", hand_in("grace", **ONE_OF_EACH))), "tests", sandbox).result
    assert {function.status for function in result.functions} >= {"missing", "stub", "error", "timeout"}
    found = list(texts(result))
    assert len(found) > 40
    assert [text for text, made in found if text and made is None] == []
    assert [text for text, made in found if made and text_of(made) != text] == []
    assert result_of(json.loads(result_bytes(result))) == result


def test_a_sentence_can_be_part_of_another() -> None:
    made = recorded(sentence("no points: {reason}", reason=sentence("{n} of {what}", n=2, what="3")))
    assert made == Sentence(
        "no points: {reason}", {"reason": Sentence("{n} of {what}", {"n": 2, "what": "3"})}
    )
    assert made is not None
    assert text_of(made) == "no points: 2 of 3"


def test_a_text_without_template_has_no_sentence() -> None:
    assert recorded("only a text") is None
