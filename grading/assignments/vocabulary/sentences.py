"""Hints that mistakes in several functions share, so that one thing is said in one way."""

from __future__ import annotations

DETACHED = (
    "Your result carries no gradient, so style transfer cannot change the image. Use only tensor operations on the "
    "features: no .data, .detach(), .item(), numpy or new tensors made from their values."
)
NO_GRADIENT = (
    "Your result carries no gradient, so it cannot be used for gradient steps. Use only tensor operations on the "
    "arguments: no .data, .detach(), .item(), numpy or new tensors made from their values."
)
NO_WEIGHT = "You left out the weight: multiply the sum by it."
WEIGHT_SQUARED = "The weight is inside the square, so it counts twice. Multiply the sum of squares by it."
MEAN = "You averaged. Expected: the sum over all elements. A mean depends on the size of the features."
NOT_SQUARED = "You added absolute differences. Expected: their squares."
NOT_NORMALISED = (
    "You added the gradient as it is. Expected: a step of fixed length, the gradient divided by its norm."
)
SQUARED_NORM = (
    "You divided the gradient by the square of its norm, so the larger the gradient, the shorter the step. "
    "Expected: the gradient divided by its norm."
)
OTHER_NORM = (
    "You divided the gradient by another number than its Euclidean norm, so your steps have the wrong length. "
    "Expected: the square root of the sum of all squares, one number for the whole picture."
)
LOSS_IS_RETURNED = "Here the loss is only returned: whoever calls the function runs `backward()`."
GRADIENT_MUST_PASS = "Here a gradient must pass through the result, back to the picture."
