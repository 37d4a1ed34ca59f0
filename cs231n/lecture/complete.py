"""The techniques that take a function of the student's, with the complete formulas filled in."""

from functools import partial

from cs231n import techniques
from cs231n.lecture.formulas import (
    dream_gradient,
    gram_matrix,
    guided_relu_backward,
    inversion_loss,
    spectrum_to_image,
    target_margin,
)

adversarial = partial(techniques.adversarial, margin=target_margin)
deepdream = partial(techniques.deepdream, gradient=dream_gradient)
guided_backprop = partial(techniques.guided_backprop, rule=guided_relu_backward)
invert = partial(techniques.invert, loss=inversion_loss, spectrum_to_image=spectrum_to_image)
texture = partial(techniques.texture, gram=gram_matrix, loss=inversion_loss)
visualize = partial(techniques.visualize, spectrum_to_image=spectrum_to_image)
