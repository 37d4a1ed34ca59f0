"""Description of the inputs for which a function is right, where it is wrong or raises for the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cs231n.trials.trial import Tensor
from grading.assignments.vocabulary.mistake import Mistake, described
from grading.verdict.diagnosis.seen_calls import SeenCall

# Id, what holds of a call for which the function is right, title, hint.
PARTS: tuple[tuple[str, Callable[[SeenCall], bool], str, str], ...] = (
    (
        "one-image",
        lambda call: call.images == 1,
        "Right for one image only",
        "Your results were right for each batch of one, and wrong or an error for each batch of several. What becomes "
        "of the first axis in your lines?",
    ),
    (
        "several-images",
        lambda call: call.images > 1,
        "Right for several images only",
        "Your results were right for each batch of several, and wrong or an error for each batch of one. What do your "
        "lines do with an axis of length one?",
    ),
    (
        "five-images",
        lambda call: call.images == 5,
        "Right for five images only",
        "Your results were right for batches of five, and wrong or an error for all others. Which of your numbers is "
        "written down where it should follow the batch?",
    ),
    (
        "square",
        lambda call: (
            call.input is not None and call.input.ndim >= 2 and call.input.shape[-1] == call.input.shape[-2]
        ),
        "Right for square inputs only",
        "Your results were right where height and width are the same, and wrong or an error elsewhere. Where do your "
        "lines take one for the other?",
    ),
    (
        "wide",
        lambda call: (
            call.input is not None and call.input.ndim >= 2 and call.input.shape[-1] > call.input.shape[-2]
        ),
        "Right for wide inputs only",
        "Your results were right where there are more columns than rows, and wrong or an error elsewhere. Where do "
        "your lines take rows for columns?",
    ),
    (
        "tall",
        lambda call: (
            call.input is not None and call.input.ndim >= 2 and call.input.shape[-1] < call.input.shape[-2]
        ),
        "Right for tall inputs only",
        "Your results were right where there are more rows than columns, and wrong or an error elsewhere. Where do "
        "your lines take rows for columns?",
    ),
    (
        "first-call",
        lambda call: call.number == 0,
        "Right in the first call only",
        "Your first results were right, and those of the calls after it were not. What does a call leave behind that "
        "the next one meets?",
    ),
    (
        "contiguous",
        lambda call: (
            not any(isinstance(v, Tensor) and v.layout != "contiguous" for v in call.trial.calls[call.number])
        ),
        "Wrong for a slice of a larger tensor",
        "Your results were right but for a tensor that is a view into a larger one, whose numbers do not lie in one "
        "piece. Which of your lines relies on that?",
    ),
    (
        "default-arguments",
        lambda call: False not in call.trial.calls[call.number][1:],
        "Right unless the flag is False",
        "Your results were right but where the last argument is False. What does your function do with it?",
    ),
    (
        "flag-false",
        lambda call: any(argument is False for argument in call.trial.calls[call.number][1:]),
        "Right only where the flag is False",
        "Your results were right where the last argument is False, and nowhere else. What does your function do with "
        "it?",
    ),
    (
        "no-zero-weight",
        lambda call: (
            not any(
                isinstance(v, list) and 0.0 in [w for w in v if isinstance(w, float)]
                for v in call.trial.calls[call.number]
            )
        ),
        "Wrong where a weight is zero",
        "Your results were right but where some of the weights are zero. What do your lines do with such a weight?",
    ),
)


def right_for_some(calls: Sequence[SeenCall]) -> Mistake | None:
    """Return of which inputs a function is right, None if nothing that can be said of inputs decides it."""
    for id, holds, title, hint in PARTS:
        inside = [call for call in calls if holds(call)]
        outside = [call for call in calls if not holds(call)]
        if inside and outside and all(c.right for c in inside) and not any(c.right for c in outside):
            return described(
                id,
                title,
                hint,
            )
    return None
