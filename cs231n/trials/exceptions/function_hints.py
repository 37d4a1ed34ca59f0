"""What an error means in one function: added to the explanation that holds everywhere."""

from __future__ import annotations

from collections.abc import Mapping

_LOSS_IS_RETURNED = "Here the loss is only returned: whoever calls the function runs `backward()`."
_GRADIENT_MUST_PASS = "Here a gradient must pass through the result, back to the picture."
_ONE_PICTURE = "Here the batch holds one picture: its scores have shape (1, C), and its row is number 0."
_FOUR_DIMENSIONS = "Here a picture has four, (1, 3, H, W)."
_TARGET_IS_A_NUMBER = "Here `target_y` is one integer, not a list and not a tensor."

_SALIENCY = {
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

_FOOLING = {
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

_STEP = {
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

_GRAM = {
    "numpy-cuts-graph": _GRADIENT_MUST_PASS,
    "matrix-product": "Here the features of one picture are C rows of H * W numbers, and the other factor is the "
    "same with rows and columns exchanged.",
    "matrix-dimensions": "Here every picture of the batch has a matrix of its own, so it is a product of batches.",
    "reshape-size": "Here N pictures are in the features, (N, C, H, W), and each keeps its own C rows of H * W "
    "numbers.",
    "unpack": "Here the features have four, (N, C, H, W).",
    "too-few-dimensions": "Here the features have four, (N, C, H, W), also for N = 1.",
}

_STYLE = {
    "second-backward": _LOSS_IS_RETURNED,
    "numpy-cuts-graph": _GRADIENT_MUST_PASS,
    "broadcast": "Here `style_targets[i]` is the Gram matrix of layer `style_layers[i]`: is it compared with that "
    "of the same layer?",
    "index-range": "Here the numbers in `style_layers` are indices into `feats`; `style_targets` and "
    "`style_weights` go by their place in the list.",
    "no-such-key": "Here `feats`, `style_targets` and `style_weights` are lists.",
    "none": "Here it may be what your `gram_matrix` returns.",
}

_CONTENT = {
    "second-backward": _LOSS_IS_RETURNED,
    "no-graph": _LOSS_IS_RETURNED,
    "numpy-cuts-graph": _GRADIENT_MUST_PASS,
    "broadcast": "Here both tensors of features come with one shape, (1, C, H, W): is only one of them reshaped?",
    "unpack": "Here the features have four, (1, C, H, W).",
}

_TV = {
    "second-backward": _LOSS_IS_RETURNED,
    "no-graph": _LOSS_IS_RETURNED,
    "numpy-cuts-graph": _GRADIENT_MUST_PASS,
    "broadcast": "Here the two slices of one difference must be equally long. Differences downwards, (H - 1, W), "
    "and to the right, (H, W - 1), can be added only after each is summed to one number.",
    "index-range": "Here the last row has no row below it, and the last column none to its right.",
    "unpack": _FOUR_DIMENSIONS,
    "too-few-dimensions": _FOUR_DIMENSIONS,
}

_DREAM = {
    "scalar-output": "Here it is half the sum of the squared activations.",
    "no-graph": "Here the layers must see a copy of `img` that has `requires_grad`.",
    "gradient-is-none": "Here it is the gradient of your copy of `img`.",
}

_INVERSION = {
    "second-backward": _LOSS_IS_RETURNED,
    "numpy-cuts-graph": _GRADIENT_MUST_PASS,
    "broadcast": "Here both tensors of features come with one shape, (1, C, H, W).",
}

_BY_FUNCTION = {
    "compute_saliency_maps": _SALIENCY,
    "make_fooling_image": _FOOLING,
    "class_visualization_update_step": _STEP,
    "content_loss": _CONTENT,
    "gram_matrix": _GRAM,
    "style_loss": _STYLE,
    "tv_loss": _TV,
    "dream_gradient": _DREAM,
    "inversion_loss": _INVERSION,
}

# By the id of an explanation and the name of a function.
HINTS: Mapping[tuple[str, str], str] = {
    (id, function): hint for function, hints in _BY_FUNCTION.items() for id, hint in hints.items()
}
