"""L-BFGS on the pixels of a picture, counted in evaluations: cleaner than Adam for the same number."""

from collections.abc import Callable

import torch
from torch import Tensor

_ROUND = 20  # evaluations; between rounds the picture is brought back to visible colours


def lbfgs(
    img: Tensor, objective: Callable[[Tensor], Tensor], evaluations: int, settle: Callable[[Tensor], object]
) -> None:
    """Change a picture in place until an objective is small.

    Parameters
    ----------
    img : Tensor
        A contiguous leaf that requires a gradient.
    objective : callable
        img -> scalar, evaluated exactly `evaluations` times.
    evaluations : int
    settle : callable
        Limits `img` in place; called, without a graph, after every twenty evaluations.

    References
    ----------
    Liu, Nocedal, "On the limited memory BFGS method for large scale optimization", 1989.

    Examples
    --------
    >>> img = torch.full((3,), 5.0, requires_grad=True)
    >>> lbfgs(img, lambda x: (x - 1).square().sum(), 40, lambda x: None)
    >>> img.detach().round(decimals=3)
    tensor([1., 1., 1.])
    """
    for done in range(0, evaluations, _ROUND):
        budget = min(_ROUND, evaluations - done)
        optimizer = torch.optim.LBFGS(
            [img], max_iter=budget, max_eval=budget, tolerance_grad=0, tolerance_change=0
        )

        def evaluate(optimizer: torch.optim.LBFGS = optimizer) -> Tensor:
            optimizer.zero_grad()
            loss = objective(img)
            torch.autograd.backward(loss)
            return loss

        optimizer.step(evaluate)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            settle(img)
