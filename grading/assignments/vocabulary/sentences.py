"""Sentences that mistakes and hints of several functions share, so that one thing is said in one way."""

from __future__ import annotations

DETACHED = (
    "Your result carries no gradient, so style transfer cannot move the image. Keep to tensor operations on the "
    "features: no .data, .detach(), .item(), numpy or new tensors made from their values."
)
NO_GRADIENT = (
    "Your result carries no gradient, so nothing can be moved along it. Keep to tensor operations on what you were "
    "given: no .data, .detach(), .item(), numpy or new tensors made from its values."
)
NO_WEIGHT = "You left out the weight: multiply the sum by it."
MEAN = "You averaged. Asked is the sum over all elements: the mean depends on the size of the features."
NOT_SQUARED = "You added absolute differences. Asked are their squares."
NOT_NORMALISED = (
    "You added the gradient as it is. Asked is a step of fixed length: the gradient divided by its norm."
)
SQUARED_NORM = (
    "You divided the gradient by the square of its norm, so the larger the gradient, the shorter the step. Asked is "
    "the gradient divided by its norm."
)
OTHER_NORM = (
    "You divided the gradient by another number than its Euclidean norm, so your steps have another length. Asked is "
    "the root of the sum of all its squares: one number for the whole picture."
)
LOSS_IS_RETURNED = "Here the loss is only returned: whoever calls the function runs `backward()`."
GRADIENT_MUST_PASS = "Here a gradient must pass through the result, back to the picture."
