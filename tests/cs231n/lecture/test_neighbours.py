"""Nearest neighbours against scikit-learn."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from cs231n.classifiers.small import smooth_pictures
from cs231n.lecture.neighbours import features, nearest_neighbours


@pytest.fixture(scope="module")
def many() -> Tensor:
    return torch.from_numpy(smooth_pictures(np.random.Generator(np.random.PCG64(2)), 30, 32, 40))


def by_sklearn(described: Tensor) -> list[list[int]]:
    from sklearn.neighbors import NearestNeighbors  # takes a second, and not every worker comes here

    found: list[list[int]] = (
        NearestNeighbors(n_neighbors=4).fit(described.double().numpy()).kneighbors()[1].tolist()
    )
    return found


@pytest.mark.parametrize("layer", ["features", "classifier.1", ""])
def test_neighbours_in_a_layer_are_what_scikit_learn_says(
    network: nn.Module, many: Tensor, layer: str
) -> None:
    described = network.get_submodule("features")(many) if layer == "features" else network(many)
    expected = by_sklearn(described.flatten(1))
    assert nearest_neighbours(network, many, layer, count=4, batch_size=7).tolist() == expected


def test_neighbours_in_pixel_space_are_those_of_the_identity(many: Tensor) -> None:
    assert nearest_neighbours(nn.Identity(), many, "", count=4).tolist() == by_sklearn(many.flatten(1))


def test_a_copy_of_a_picture_is_its_nearest_neighbour(network: nn.Module, many: Tensor) -> None:
    doubled = torch.cat([many, many])
    nearest = nearest_neighbours(network, doubled, "features", count=1)[:, 0]
    assert nearest.tolist() == [*range(30, 60), *range(30)]


def test_features_leave_the_network_as_it_was(residual: nn.Module, many: Tensor) -> None:
    before = {name: value.clone() for name, value in residual.state_dict().items()}
    described = features(residual, many, "conv", batch_size=7)
    assert described.shape[0] == 30
    assert not described.requires_grad
    assert residual.training
    assert all(torch.equal(value, before[name]) for name, value in residual.state_dict().items())


@pytest.mark.parametrize("count", [0, 30])
def test_more_neighbours_than_pictures_are_refused(network: nn.Module, many: Tensor, count: int) -> None:
    with pytest.raises(ValueError, match="1 to 29 neighbours"):
        nearest_neighbours(network, many, "features", count=count)
