"""What an exception means in one function: added to the explanation that holds everywhere, by its id."""

from __future__ import annotations

from grading.assignments.vocabulary.sentences import GRADIENT_MUST_PASS, LOSS_IS_RETURNED

_FOUR_DIMENSIONS = "Here a picture has four, (1, 3, H, W)."

CONTENT = {
    "second-backward": LOSS_IS_RETURNED,
    "no-graph": LOSS_IS_RETURNED,
    "numpy-cuts-graph": GRADIENT_MUST_PASS,
    "broadcast": "Here both tensors of features come with one shape, (1, C, H, W): is only one of them reshaped?",
    "unpack": "Here the features have four, (1, C, H, W).",
}

GRAM = {
    "numpy-cuts-graph": GRADIENT_MUST_PASS,
    "matrix-product": "Here the features of one picture are C rows of H * W numbers, and the other factor is the "
    "same with rows and columns exchanged.",
    "matrix-dimensions": "Here every picture of the batch has a matrix of its own, so it is a product of batches.",
    "reshape-size": "Here N pictures are in the features, (N, C, H, W), and each keeps its own C rows of H * W "
    "numbers.",
    "unpack": "Here the features have four, (N, C, H, W).",
    "too-few-dimensions": "Here the features have four, (N, C, H, W), also for N = 1.",
}

STYLE = {
    "second-backward": LOSS_IS_RETURNED,
    "numpy-cuts-graph": GRADIENT_MUST_PASS,
    "broadcast": "Here `style_targets[i]` is the Gram matrix of layer `style_layers[i]`: is it compared with that "
    "of the same layer?",
    "list-range": "Here the numbers in `style_layers` are indices into `feats`; `style_targets` and "
    "`style_weights` go by their place in the list.",
    "no-such-key": "Here `feats`, `style_targets` and `style_weights` are lists.",
    "none": "Here it may be what your `gram_matrix` returns.",
}

TV = {
    "second-backward": LOSS_IS_RETURNED,
    "no-graph": LOSS_IS_RETURNED,
    "numpy-cuts-graph": GRADIENT_MUST_PASS,
    "broadcast": "Here the two slices of one difference must be equally long. Differences downwards, (H - 1, W), "
    "and to the right, (H, W - 1), can be added only after each is summed to one number.",
    "index-range": "Here the last row has no row below it, and the last column none to its right.",
    "unpack": _FOUR_DIMENSIONS,
    "too-few-dimensions": _FOUR_DIMENSIONS,
}
