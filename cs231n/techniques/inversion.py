"""Feature inversion: a picture is optimised until a layer's features are those of another picture."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from cs231n.frozen import frozen
from cs231n.language import said
from cs231n.techniques.activations import activations
from cs231n.techniques.fourier import Parametrisation, SpectrumToImage, canvas
from cs231n.techniques.roughness import roughness

InversionLoss = Callable[[Tensor, Tensor], Tensor]
"""(feats, target) -> scalar: `inversion_loss`, written by the student."""

_VARIATION = 0.01  # for each pixel that a neuron of the layer is apart from the next


def invert(
    network: nn.Module,
    images: Tensor,
    target: str,
    *,
    loss: InversionLoss,
    parametrisation: Parametrisation = "fourier",
    spectrum_to_image: SpectrumToImage | None = None,
    variation: float | None = None,
    steps: int = 200,
    learning_rate: float = 0.05,
    seed: int = 0,
    progress: bool = True,
) -> Tensor:
    """Optimise a gray picture until a layer's features are those of another picture.

    Parameters
    ----------
    network : nn.Module
        Run only as far as the layer. Left as it was found.
    images : Tensor of shape (1, 3, H, W)
        The picture to be remembered, normalised as the network reads it.
    target : str
        The layer's name.
    loss : callable
        (feats, target) -> scalar, features (1, C, h, w) of the layer: `inversion_loss`, written by the
        student. It should be a share (1 for features of zeros), or a deep layer weighs more than a shallow one.
    parametrisation : {"fourier", "pixels"}
        "pixels" is good for the first layers; what deep ones leave open it fills with noise.
    spectrum_to_image : callable, optional
        Needed for "fourier": `spectrum_to_image`, written by the student.
    variation : float, optional
        Weight of the mean absolute difference of neighbouring pixels. If not given it grows with the depth:
        in proportion to how many pixels lie between two neurons of the layer.
    steps : int
        Steps of Adam.
    learning_rate : float
        Of Adam; over the second half of the steps it falls to nothing.
    seed : int
        Fixes the first noise, the same on every device.
    progress : bool
        Show a progress bar with the loss.

    Returns
    -------
    Tensor of shape (1, 3, H, W)
        Normalised.

    References
    ----------
    Mahendran, Vedaldi, "Understanding Deep Image Representations by Inverting Them", CVPR 2015; waves:
    Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> def difference(feats, target):
    ...     return (feats - target).abs().mean()  # your inversion_loss goes here
    >>> options = {"loss": difference, "parametrisation": "pixels", "steps": 2, "progress": False}
    >>> invert(network, torch.zeros(1, 3, 32, 32), "features.3", **options).shape
    torch.Size([1, 3, 32, 32])
    """
    gray = torch.zeros_like(images)
    painting = canvas(gray, parametrisation, seed=seed, spectrum_to_image=spectrum_to_image)
    optimizer = torch.optim.Adam([painting.parameters], lr=learning_rate)
    with frozen(network), torch.enable_grad():
        remembered = activations(network, images.detach(), target).detach()
        if variation is None:
            variation = _VARIATION * images.shape[-1] / remembered.shape[-1]
        bar = tqdm(range(steps), desc=said("inverting {target}", target=target), disable=not progress)
        for step in bar:
            optimizer.param_groups[0]["lr"] = learning_rate * min(1.0, 2 * (1 - step / steps))
            optimizer.zero_grad()
            picture = painting.picture()
            missed = loss(activations(network, picture, target), remembered)
            torch.autograd.backward(missed + variation * roughness(picture))
            optimizer.step()
            painting.settle()
            bar.set_postfix_str(
                said("{part:.3f} of the features missed", part=float(missed.detach())), refresh=False
            )
    return painting.picture().detach()
