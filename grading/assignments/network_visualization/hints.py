"""What an exception means in one function: added to the explanation that holds everywhere, by its id."""

from __future__ import annotations

_ONE_PICTURE = "Here the batch holds one picture: its scores have shape (1, C), and its row is number 0."
_TARGET_IS_A_NUMBER = "Here `target_y` is one integer, not a list and not a tensor."

SALIENCY = {
    "scalar-output": "Here it holds one score for each picture. A picture's score depends on no other picture, so "
    "the gradient of the sum of these scores holds the gradient of each.",
    "gradient-shape": "Here `y` says which of the scores of each picture counts: pick these scores out first.",
    "no-graph": "Here the network must see `X` after it has got `requires_grad`, and the way back begins at the "
    "scores of the classes in `y`.",
    "second-backward": "Here one backward pass from the sum of the scores is enough for the whole batch.",
    "not-in-graph": "Here the scores must come from the very `X` whose gradient is asked for.",
    "whole-number-gradient": "Here it is `X` that needs it; `y` holds classes.",
    "too-few-dimensions": "Here a batch of one picture loses the dimension of the batch as well, if `squeeze()` is "
    "not told which one to remove.",
    "index-range": "Here the batch may hold any number of pictures, also one.",
    "gradient-is-none": "Here it is the gradient of `X`.",
    "values-and-indices": "Here the largest value over the three colours is asked for, not where it is.",
}

FOOLING = {
    "scalar-output": "Here it is the score of `target_y` alone: one of the (1, C) scores.",
    "leaf-in-place": "Here it is the step of `X_fooling`.",
    "no-graph": "Here the network must see `X_fooling` after it has got `requires_grad`, and the way back begins at "
    "the score of `target_y`.",
    "second-backward": "Here each step of the loop needs scores of its own: compute them inside the loop.",
    "changed-before-backward": "Here `X_fooling` changes only after `backward()`, and then the scores are computed "
    "again.",
    "not-in-graph": "Here the scores must come from the very `X_fooling` whose gradient is asked for.",
    "ambiguous-truth": "Here the question is whether the class with the largest score is `target_y`.",
    "one-element": "Here the class with the largest score is one number: `argmax` along dimension 1.",
    "too-few-dimensions": _ONE_PICTURE,
    "index-range": _ONE_PICTURE,
    "gradient-is-none": "Here it is the gradient of `X_fooling`. If a step makes a new tensor of it (`X_fooling = "
    "X_fooling + ...`), that one records no gradient of its own.",
    "no-parts": _TARGET_IS_A_NUMBER,
    "plain-number": _TARGET_IS_A_NUMBER,
}

STEP = {
    "scalar-output": "Here it is the score of `target_y` minus the penalty, and each of them is one number.",
    "leaf-in-place": "Here it is the step of `img`, which must stay the same tensor.",
    "no-graph": "Here `img` comes with `requires_grad`: compute the objective from `img` itself.",
    "second-backward": "Here the penalty is part of the objective: one number, and one `backward()`.",
    "not-in-graph": "Here the objective must come from `img` itself.",
    "too-few-dimensions": _ONE_PICTURE,
    "index-range": _ONE_PICTURE,
    "gradient-is-none": "Here it is the gradient of `img`, and in the first step nobody has computed one before: go "
    "back from the objective first, clear the gradient last.",
    "no-parts": _TARGET_IS_A_NUMBER,
    "plain-number": _TARGET_IS_A_NUMBER,
}
