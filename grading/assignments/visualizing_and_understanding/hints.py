"""What an exception means in one function: added to the explanation that holds everywhere, by its id."""

from __future__ import annotations

from grading.assignments.vocabulary.sentences import GRADIENT_MUST_PASS, LOSS_IS_RETURNED

DREAM = {
    "scalar-output": "Here it is half the sum of the squared activations.",
    "no-graph": "Here the layers must see a copy of `img` that has `requires_grad`.",
    "gradient-is-none": "Here it is the gradient of your copy of `img`.",
}

INVERSION = {
    "second-backward": LOSS_IS_RETURNED,
    "numpy-cuts-graph": GRADIENT_MUST_PASS,
    "broadcast": "Here both tensors of features come with one shape, (1, C, H, W).",
}
